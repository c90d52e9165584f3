"""What holds in a room, and what is found out of it."""

from __future__ import annotations

import pytest

from lanchat.core import modes as module
from lanchat.core.modes import FLAGS, LISTS, Change, Listed, Mode, Modes, why
from lanchat.core.times import local_clock, local_day

NOON = "2026-11-21T12:00:00.000Z"
BOB = ("bob!text@1234abcd.lan",)


def take(modes: Modes, *changes: Change) -> None:
    for change in changes:
        modes.take(change, "alice", NOON)


def test_a_new_room_is_plain() -> None:
    """Nobody speaks from outside, and that is all."""
    modes = Modes()
    assert modes.plain
    assert modes.all_may_speak
    assert modes.flags == {Mode.MEMBERS_ONLY}
    assert not modes.bars(BOB)


@pytest.mark.parametrize("mode", [*FLAGS, Mode.KEY, Mode.LIMIT, Mode.SLOW, *LISTS])
def test_every_change_makes_a_room_another_one_until_it_is_taken_back(mode: Mode) -> None:
    """What was changed is known, and what was changed back is as it was."""
    modes = Modes()
    on = Change(mode, True, "5" if mode in (Mode.LIMIT, Mode.SLOW) else "x")
    before = Change(mode, mode is Mode.MEMBERS_ONLY, on.value)
    take(modes, Change(mode, not before.on, on.value))
    assert not modes.plain
    take(modes, before)
    assert modes.plain


def test_bans_and_exemptions() -> None:
    """A ban bars whom it fits, unless they are exempt; who put it there is known."""
    modes = Modes()
    take(modes, Change(Mode.BAN, True, "*!*@1234abcd.lan"))
    assert modes.lists[Mode.BAN] == {"*!*@1234abcd.lan": Listed("*!*@1234abcd.lan", "alice", NOON)}
    assert not modes.all_may_speak
    assert modes.bars(BOB)
    assert modes.bars(BOB)
    assert not modes.bars(("carol!text@x.lan",))
    take(modes, Change(Mode.EXEMPT, True, "BOB!*@*"))
    assert not modes.bars(BOB)
    take(modes, Change(Mode.EXEMPT, False, "bob!*@*"))
    assert modes.bars(BOB)
    take(modes, Change(Mode.BAN, False, "*!*@1234ABCD.lan"))
    assert not modes.bars(BOB)
    assert modes.all_may_speak


def test_who_is_barred_is_not_remembered_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come and ask."""
    monkeypatch.setattr(module, "_REMEMBERED", 3)
    modes = Modes()
    take(modes, Change(Mode.BAN, True, "bob!*@*"))
    for number in range(10):
        assert not modes.bars((f"n{number}!x@y",))
    assert modes.bars(BOB)
    assert len(modes._fitting) <= 3


def test_silence_is_known() -> None:
    """Whether everybody may speak follows from what holds now."""
    modes = Modes()
    take(modes, Change(Mode.MODERATED))
    assert not modes.all_may_speak
    take(modes, Change(Mode.MODERATED, False))
    assert modes.all_may_speak


def test_what_is_shown_makes_a_new_room_one_like_it() -> None:
    """Of a new room nothing is shown; lists and ranks never are."""
    modes, other = Modes(), Modes()
    assert modes.shown() == []
    take(modes, *[Change(mode) for mode in FLAGS if mode is not Mode.MEMBERS_ONLY])
    take(modes, Change(Mode.MEMBERS_ONLY, False), Change(Mode.KEY, True, "sesame"), Change(Mode.LIMIT, True, "20"))
    take(modes, Change(Mode.SLOW, True, "30"), Change(Mode.BAN, True, "mallory!*@*"))
    take(other, *modes.shown())
    assert (other.flags, other.key, other.limit, other.slow) == (modes.flags, "sesame", 20, 30)
    assert not other.lists[Mode.BAN]


def test_what_has_had_its_time_fits_nobody() -> None:
    """From the very moment on, whether anybody has taken it away by then or not."""
    modes = Modes()
    moment = [NOON]
    modes.now = lambda: moment[0]
    take(modes, Change(Mode.BAN, True, "bob!*@*", "2026-11-21T12:10:00.000Z", "adverts"))
    take(modes, Change(Mode.MUTE, True, "bob!*@*", "2026-11-21T12:20:00.000Z"))
    take(modes, Change(Mode.MUTE, True, "carol!*@*"))
    assert modes.bars(BOB)
    moment[0] = "2026-11-21T12:09:59.999Z"
    assert modes.bars(BOB)
    assert modes.over(moment[0]) == []
    moment[0] = "2026-11-21T12:10:00.000Z"
    assert not modes.bars(BOB)
    assert modes.mutes(BOB)
    assert modes.over(moment[0]) == [Change(Mode.BAN, False, "bob!*@*")]
    moment[0] = "2026-11-21T12:20:00.000Z"
    assert not modes.mutes(BOB)
    assert modes.mutes(("carol!x@y",))


def test_why_something_holds() -> None:
    """As far as it was said."""
    listed = Listed("bob!*@*", "alice", NOON)
    assert why(listed) == ""
    until = f" until {local_day(NOON)} {local_clock(NOON)}"
    assert why(listed._replace(until=NOON)) == until
    assert why(listed._replace(until=NOON, reason="adverts")) == f"{until} (adverts)"


def test_the_highest_rank_that_is_kept_counts() -> None:
    """Whether they are there or not; a rank that is not kept is not known here."""
    modes = Modes()
    take(modes, Change(Mode.VOICE, True, "bob"))
    assert modes.kept_rank("bob") is None
    assert not modes.ranked
    take(modes, Change(Mode.VOICE, True, "bob", kept=True), Change(Mode.OP, True, "Bob", kept=True))
    assert modes.kept_rank("BOB") is Mode.OP
    assert modes.ranked
    take(modes, Change(Mode.OP, False, "bob"))
    assert modes.kept_rank("bob") is Mode.VOICE
