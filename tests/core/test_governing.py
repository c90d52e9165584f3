"""What ops do with a room: every change is checked, stands in one form, and is heard by all."""

from __future__ import annotations

import pytest

from lanchat.core import governing
from lanchat.core.errors import Refused
from lanchat.core.events import Changed
from lanchat.core.modes import FLAGS, LISTS, Change, Mode
from lanchat.core.room import Room
from tests.fakes import Chat, Talker
from tests.governed import Governed
from tests.logins import account

ON = [Change(mode, True, value) for mode, value in ((Mode.KEY, "sesame"), (Mode.LIMIT, "5"), (Mode.SLOW, "30"))]
ON += [Change(mode, True, "x!*@*") for mode in LISTS] + [Change(mode) for mode in FLAGS if mode != Mode.MEMBERS_ONLY]
ON += [Change(Mode.MEMBERS_ONLY, False)]
RANKED = [Change(mode, True, "other") for mode in (Mode.OP, Mode.VOICE)]


class Dev:
    """A room with one of each kind."""

    def __init__(self) -> None:
        self.chat = Chat()
        self.hub = self.chat.hub
        op, voiced, member, other = self.chat.talkers("op", "voiced", "member", "other", room="#dev")
        outsider, admin = self.chat.talkers("outsider", "admin")
        admin.member.admin = True
        self.room: Room = self.hub.rooms["#dev"]
        self.people: dict[str, Talker] = {each.nick: each for each in (op, voiced, member, other, outsider, admin)}
        self.does("op", Change(Mode.VOICE, True, "voiced"))
        for each in self.people.values():
            each.hears()

    def settles(self, who: str, change: Change, *pending: Change) -> Change | None:
        return governing.settle(self.hub, self.people[who].session, self.room, change, pending)

    def does(self, who: str, *changes: Change) -> None:
        settled: list[Change] = []
        for change in changes:
            if one := self.settles(who, change, *settled):
                settled.append(one)
        governing.change(self.hub, self.people[who].session, self.room, settled)


@pytest.fixture
def dev() -> Dev:
    return Dev()


@pytest.mark.parametrize("change", [*ON, *RANKED], ids=lambda change: change.mode.value)
@pytest.mark.parametrize(
    ("who", "may"), [("op", True), ("admin", True), ("voiced", False), ("member", False), ("outsider", False)]
)
def test_ops_and_admins_change_everything_and_nobody_else_anything(
    dev: Dev, change: Change, who: str, may: bool
) -> None:
    """Whatever it is: switched on, seen by all in the room, switched off."""
    off = Change(change.mode, not change.on, change.value)
    if not may:
        for wanted in (change, off):
            with pytest.raises(Refused) as refused:
                dev.settles(who, wanted)
            assert refused.value.code == "not-op"
        return
    assert dev.settles(who, off) is None
    assert dev.settles(who, change) == change
    dev.does(who, change)
    assert len(dev.people["member"].hears()) == 1
    assert dev.settles(who, change) is None
    shown = dev.settles(who, off)
    assert shown is not None
    dev.does(who, off)
    assert dev.settles(who, off) is None
    assert len(dev.people["member"].hears()) == 1


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (Change(Mode.OP, True, "OTHER"), Change(Mode.OP, True, "other")),
        (Change(Mode.BAN, True, "bob"), Change(Mode.BAN, True, "bob!*@*")),
        (Change(Mode.BAN, True, " *@h\x1b[31mi "), Change(Mode.BAN, True, "*!*@hi")),
        (Change(Mode.ALLOWED, True, "x" * 196), Change(Mode.ALLOWED, True, "x" * 196 + "!*@*")),
        (Change(Mode.KEY, True, "ß" * 23), Change(Mode.KEY, True, "ß" * 23)),
        (Change(Mode.LIMIT, True, "007"), Change(Mode.LIMIT, True, "7")),
        (Change(Mode.LIMIT, True, "1000000"), Change(Mode.LIMIT, True, "1000000")),
        (Change(Mode.SLOW, True, "030"), Change(Mode.SLOW, True, "30")),
        (Change(Mode.SLOW, True, "2m"), Change(Mode.SLOW, True, "120")),
        (Change(Mode.SLOW, True, "6h"), Change(Mode.SLOW, True, "21600")),
        (Change(Mode.MUTE, True, "ACCOUNT:bob"), Change(Mode.MUTE, True, "account:bob")),
        (Change(Mode.BAN, True, "address:192.168.7.9/24"), Change(Mode.BAN, True, "address:192.168.7.0/24")),
        (Change(Mode.HIDDEN, True, "whatever"), Change(Mode.HIDDEN)),
    ],
)
def test_a_change_has_one_form(dev: Dev, change: Change, shown: Change) -> None:
    """Names as they are shown, masks whole, numbers plain."""
    assert dev.settles("op", change) == shown


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(Mode.OP, True, "nobody"), "no-such-nick"),
        (Change(Mode.VOICE, True, "outsider"), "not-in-room"),
        (Change(Mode.BAN, True, " "), "bad-mode-value"),
        (Change(Mode.BAN, True, "a b"), "bad-mode-value"),
        (Change(Mode.BAN, True, ":x"), "bad-mode-value"),
        (Change(Mode.BAN, True, "x" * 197), "bad-mode-value"),
        (Change(Mode.BAN, True, "address:192.168.7.0/99"), "bad-mode-value"),
        *[
            (Change(Mode.SLOW, True, pause), "bad-mode-value")
            for pause in ("", "0", "-1", "x", "7h", "21601", "9" * 999, "²", "0s")
        ],
        *[(Change(Mode.KEY, True, key), "bad-mode-value") for key in ("", "a b", "a,b", ":a", "a\x07", "x" * 24)],
        *[
            (Change(Mode.LIMIT, True, many), "bad-mode-value")
            for many in ("", "0", "-1", "x", "²", "1000001", "9" * 99)
        ],
    ],
)
def test_what_means_nothing_is_refused(dev: Dev, change: Change, code: str) -> None:
    """With what it should be."""
    with pytest.raises(Refused) as refused:
        dev.settles("op", change)
    assert refused.value.code == code


def test_what_is_taken_away_needs_no_value(dev: Dev) -> None:
    """A key goes without its being known, and a mask as it was written."""
    dev.does("op", Change(Mode.KEY, True, "sesame"), Change(Mode.LIMIT, True, "5"), Change(Mode.BAN, True, "Bob"))
    assert dev.settles("op", Change(Mode.KEY, False, "wrong")) == Change(Mode.KEY, False)
    assert dev.settles("op", Change(Mode.LIMIT, False)) == Change(Mode.LIMIT, False)
    assert dev.settles("op", Change(Mode.BAN, False, "BOB")) == Change(Mode.BAN, False, "Bob!*@*")


def test_changes_are_settled_one_after_the_other(dev: Dev) -> None:
    """What comes later in the same event knows what came before it."""
    key, limit, ban = Change(Mode.KEY, True, "a"), Change(Mode.LIMIT, True, "5"), Change(Mode.BAN, True, "x!*@*")
    voice = Change(Mode.VOICE, True, "other")
    pending = (key, limit, ban, voice, Change(Mode.HIDDEN))
    assert dev.settles("op", Change(Mode.KEY, True, "b"), *pending) == Change(Mode.KEY, True, "b")
    assert dev.settles("op", Change(Mode.KEY, True, "a"), *pending) is None
    assert dev.settles("op", Change(Mode.LIMIT, False), *pending) == Change(Mode.LIMIT, False)
    assert dev.settles("op", Change(Mode.BAN, True, "X"), *pending) is None
    assert dev.settles("op", Change(Mode.BAN, False, "X"), *pending) == Change(Mode.BAN, False, "x!*@*")
    assert dev.settles("op", Change(Mode.BAN, True, "y"), *pending) == Change(Mode.BAN, True, "y!*@*")
    assert dev.settles("op", Change(Mode.VOICE, True, "OTHER"), *pending) is None
    assert dev.settles("op", Change(Mode.VOICE, False, "other"), *pending) == Change(Mode.VOICE, False, "other")
    assert dev.settles("op", Change(Mode.HIDDEN), *pending) is None
    dev.does("op", Change(Mode.KEY, True, "a"), Change(Mode.KEY, True, "b"), Change(Mode.KEY, False))
    assert dev.room.modes.plain


def test_a_rank_can_be_laid_down(dev: Dev) -> None:
    """Everybody may take away their own, and nobody give themselves one."""
    assert dev.settles("voiced", Change(Mode.VOICE, False, "voiced")) == Change(Mode.VOICE, False, "voiced")
    assert dev.settles("member", Change(Mode.OP, False, "member")) is None
    with pytest.raises(Refused):
        dev.settles("voiced", Change(Mode.VOICE, True, "voiced"))
    dev.does("op", Change(Mode.OP, False, "op"))
    assert not dev.room.ranked[Mode.OP]
    assert dev.people["other"].hears() == ["-- op took op in #dev from op"]


def test_lists_have_a_bound(dev: Dev) -> None:
    """A hundred masks in all of them together, those of the same event too."""
    dev.does("op", *[Change(LISTS[number % 3], True, f"n{number}") for number in range(98)])
    one = Change(Mode.BAN, True, "one!*@*")
    assert dev.settles("op", Change(Mode.BAN, True, "two"), one) == Change(Mode.BAN, True, "two!*@*")
    dev.does("op", one, Change(Mode.BAN, True, "two"))
    with pytest.raises(Refused) as refused:
        dev.settles("op", Change(Mode.EXEMPT, True, "three"))
    assert refused.value.code == "list-full"
    assert dev.settles("op", Change(Mode.EXEMPT, True, "three"), Change(Mode.BAN, False, "one!*@*"))


def test_many_changes_are_several_events(dev: Dev) -> None:
    """Twenty at most in each, and none for nothing."""
    events: list[int] = []
    dev.hub.submit = lambda session, event: events.append(len(event.changes))  # type: ignore[method-assign,attr-defined]
    session = dev.people["op"].session
    governing.change(dev.hub, session, dev.room, [Change(Mode.HIDDEN)] * 41)
    governing.change(dev.hub, session, dev.room, [])
    assert events == [20, 20, 1]


def test_the_lobby_cannot_be_locked(dev: Dev) -> None:
    """An admin may silence it, and not keep people out of the chat."""
    dev.room = dev.hub.lobby
    for change in (Change(Mode.INVITE_ONLY), Change(Mode.KEY, True, "x"), Change(Mode.LIMIT, True, "1")):
        with pytest.raises(Refused) as refused:
            dev.settles("admin", change)
        assert refused.value.code == "lobby-open"
        assert dev.settles("admin", Change(change.mode, False)) is None
    assert dev.settles("admin", Change(Mode.MODERATED)) == Change(Mode.MODERATED)


# -- making somebody leave -------------------------------------------------------------------------------


def test_who_is_kicked_hears_it_and_looks_elsewhere(dev: Dev) -> None:
    """At the lobby, where that is the last room; the others hear it too."""
    member = dev.people["member"]
    governing.kick(dev.hub, dev.people["op"].session, dev.room, member.member, "adverts")
    said = "-- op removed member from #dev (adverts)"
    assert dev.people["op"].hears() == dev.people["other"].hears() == [said]
    named = "op, voiced, other, outsider, admin"
    assert member.hears() == [said, f"-- You are member, in #lobby with {named}."]
    assert member.session.view is dev.hub.lobby
    member.says("/say #dev hello?")
    assert member.hears() == ["-- You are not in #dev. /join #dev goes there."]


def test_who_is_kicked_out_of_the_last_room_comes_into_the_lobby(dev: Dev) -> None:
    """But for a client that shows no room where it is in none."""
    member, other = dev.people["member"], dev.people["other"]
    for each in (member, other):
        each.says("/part #lobby")
        each.hears()
    other.session.one_view = False
    for each in (member, other):
        governing.kick(dev.hub, dev.people["op"].session, dev.room, each.member)
    assert member.hears()[-1].startswith("-- You are member, in #lobby with ")
    assert other.hears() == ["-- op removed member from #dev", "-- op removed other from #dev"]
    assert not other.member.rooms


def test_a_room_that_is_not_looked_at_goes_quietly(dev: Dev) -> None:
    """Whoever looks at another room goes on looking at it."""
    member = dev.people["member"]
    member.says("/join #lobby")
    member.hears()
    governing.kick(dev.hub, dev.people["op"].session, dev.room, member.member)
    assert member.hears() == ["-- op removed member from #dev"]


@pytest.mark.parametrize(
    ("by", "who", "room", "code"),
    [
        ("member", "other", "#dev", "not-op"),
        ("outsider", "other", "#dev", "not-op"),
        ("op", "outsider", "#dev", "not-in-room"),
        ("op", "admin", "#dev", "is-admin"),
        ("op", "other", "#lobby", "not-op"),
        ("admin", "outsider", "#lobby", "last-room"),
        ("admin", "other", "#lobby", ""),
        ("admin", "other", "#dev", ""),
        ("op", "op", "#dev", ""),
    ],
)
def test_who_may_kick_whom(dev: Dev, by: str, who: str, room: str, code: str) -> None:
    """Ops those in their room, admins everybody, and nobody out of the chat."""
    if who == "admin":
        dev.people["admin"].says("/join #dev")
    there, member = dev.hub.rooms[room], dev.people[who].member
    if code:
        with pytest.raises(Refused) as refused:
            governing.kick(dev.hub, dev.people[by].session, there, member)
        assert refused.value.code == code
    else:
        governing.kick(dev.hub, dev.people[by].session, there, member)
    assert (there in member.rooms) is (code not in ("", "not-in-room"))


def test_a_reason_has_a_length(dev: Dev) -> None:
    """As everywhere."""
    with pytest.raises(Refused, match="A reason has at most 390 characters"):
        governing.kick(dev.hub, dev.people["op"].session, dev.room, dev.people["other"].member, "x" * 391)


def test_who_is_behind_hears_of_it_afterwards(dev: Dev) -> None:
    """What was missed in that room is not theirs any more; where they are is told when they have caught up."""
    member = dev.people["member"]
    member.session.behind = dev.hub.journal.last
    governing.kick(dev.hub, dev.people["op"].session, dev.room, member.member)
    assert member.session.owed == [
        b"-- op removed member from #dev\n",
        b"-- You are member, in #lobby with op, voiced, other, outsider, admin.\n",
    ]


def test_an_event_names_who_did_it(dev: Dev) -> None:
    """With all that was changed at once."""
    heard: list[object] = []
    dev.hub.journal.submit = lambda event, happen, mark: heard.append(event)  # type: ignore[method-assign]
    dev.does("op", Change(Mode.HIDDEN), Change(Mode.VOICE, True, "other"))
    (event,) = heard
    assert isinstance(event, Changed)
    assert (event.room, event.nick, len(event.changes)) == ("#dev", "op", 2)


@pytest.fixture
def governed() -> Governed:
    return Governed()


def settled(governed: Governed, who: str, change: Change, *pending: Change) -> Change | None:
    return governing.settle(governed.hub, governed[who].session, governed.room, change, pending)


def test_ranks_of_accounts_are_kept(governed: Governed) -> None:
    """Whether they are there, elsewhere, or not here at all; those of guests are theirs while they are there."""
    account(governed.hub, "Absent")
    assert settled(governed, "founder", Change(Mode.OP, True, "absent")) == Change(Mode.OP, True, "Absent", kept=True)
    assert settled(governed, "founder", Change(Mode.OP, True, "member")) == Change(Mode.OP, True, "member")
    for name in ("account", "absent"):
        assert governed["founder"].asks(f"/op {name}") == ""
    assert set(governed.room.modes.ranks[Mode.OP]) == {"account", "absent"}
    assert governed["account"].member in governed.room.ranked[Mode.OP]
    governed["account"].says("/part #dev")
    governed["account"].says("/join #dev")
    assert governed["account"].member in governed.room.ranked[Mode.OP]
    assert governed["founder"].asks("/deop absent") == governed["founder"].asks("/deop account") == ""
    assert not governed.room.modes.ranks[Mode.OP]
    assert governed["account"].member not in governed.room.ranked[Mode.OP]
    assert governed["founder"].asks("/op outsider") == "not-in-room"
    assert governed["founder"].asks("/op acount") == "no-such-nick"


def test_a_room_keeps_its_last_founder(governed: Governed) -> None:
    """Unless an admin says otherwise, or somebody else is one by then, in the same breath too."""
    off, other = Change(Mode.FOUNDER, False, "founder", kept=True), Change(Mode.FOUNDER, True, "account", kept=True)
    with pytest.raises(Refused) as refused:
        settled(governed, "founder", off)
    assert refused.value.code == "last-founder"
    assert settled(governed, "founder", off, other) == off
    back = Change(Mode.FOUNDER, False, "account", kept=True)
    with pytest.raises(Refused):
        settled(governed, "founder", off, other, back)
    assert settled(governed, "admin", off) == off
    assert governed["founder"].asks("/founder account") == ""
    assert governed["account"].asks("/unfounder founder") == ""
    assert governed["founder"].member not in governed.room.ranked[Mode.FOUNDER]


def test_a_guest_may_be_a_founder_for_a_while(governed: Governed) -> None:
    """No account is lost with them."""
    assert governed["founder"].asks("/founder member") == ""
    assert governed["op"].asks("/kick member") == "is-founder"
    assert settled(governed, "member", Change(Mode.FOUNDER, False, "member")) == Change(Mode.FOUNDER, False, "member")


def test_an_account_that_is_an_admin_is_protected_when_it_is_not_here(governed: Governed) -> None:
    """As when it is."""
    account(governed.hub, "boss", admin=True)
    assert governed["founder"].asks("/ban boss") == "is-admin"
    assert governed["admin"].asks("/ban boss") == ""
