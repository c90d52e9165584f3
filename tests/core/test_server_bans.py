"""Who is kept out of the whole server."""

from __future__ import annotations

import pytest

from lanchat.core import server_bans as module
from lanchat.core.errors import Refused
from lanchat.core.governing import sweep
from lanchat.core.masks import Matcher, matcher
from lanchat.core.modes import Listed
from lanchat.core.server_bans import NoStore, ServerBans
from tests.governed import Governed, Person


class Store:
    def __init__(self) -> None:
        self.kept: dict[str, Listed] = {}

    def put(self, ban: Listed) -> None:
        self.kept[ban.mask] = ban

    def drop(self, mask: str) -> None:
        del self.kept[mask]


def ban(mask: str, until: str = "") -> Listed:
    return Listed(mask, "al", "1", until)


def test_bans_hold_for_their_time_and_are_kept() -> None:
    """What has had its time keeps nobody out, and is dropped when somebody looks."""
    now, store = ["1"], Store()
    bans = ServerBans(lambda: now[0])
    bans.restore([ban("old!*@*")])
    bans.store = store
    bans.add(ban("bob!*@*", "5"))
    bans.add(ban("account:carol"))
    assert [each.mask for each in bans.listed()] == ["old!*@*", "bob!*@*", "account:carol"]
    with pytest.raises(Refused, match="You are banned from this server"):
        bans.check(["account:CAROL"])
    bans.check(["dave!x@y", "account:dave"])
    assert bans.fitting(["BOB!x@y"])
    now[0] = "5"
    assert not bans.fitting(["bob!x@y"])
    assert "bob!*@*" in store.kept
    bans.sweep()
    assert list(store.kept) == ["account:carol"]
    assert bans.remove("ACCOUNT:carol").mask == "account:carol"
    with pytest.raises(Refused, match="is not banned"):
        bans.remove("account:carol")


def test_there_is_room_for_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are over make room; the same one again needs none."""
    monkeypatch.setattr(module, "MOST", 2)
    bans = ServerBans(lambda: "5")
    bans.add(ban("a!*@*", "4"))
    bans.add(ban("b!*@*"))
    bans.add(ban("c!*@*"))
    bans.add(ban("c!*@*", "9"))
    with pytest.raises(Refused) as refused:
        bans.add(ban("d!*@*"))
    assert refused.value.code == "list-full"
    NoStore().put(ban("x"))


def test_a_mask_is_made_ready_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes in is held against all of them, so that must not cost anew what it costs to read a mask."""
    made: list[str] = []

    def counted(mask: str) -> Matcher:
        made.append(mask)
        return matcher(mask)

    monkeypatch.setattr(module, "matcher", counted)
    bans = ServerBans()
    for mask in ("a!*@*", "b!*@*"):
        bans.add(ban(mask))
    for _ in range(3):
        assert not bans.fitting(["c!x@y"])
    assert made == ["a!*@*", "b!*@*"]
    bans.remove("A!*@*")
    bans.add(ban("a!*@*"))
    assert bans.fitting(["a!x@y"])
    assert made == ["a!*@*", "b!*@*", "a!*@*"]


@pytest.fixture
def governed() -> Governed:
    return Governed()


def test_who_is_banned_is_gone_and_stays_out(governed: Governed) -> None:
    """From that machine, under whatever name, until the time is over; the reason is said at the door."""
    admin, target = governed["admin"], governed["target"]
    target.hears()
    assert admin.asks("/serverban 1h target adverts") == ""
    assert target.hears()[-1]["text"] == "You were banned from this server by admin: adverts"
    assert target.outlet.finished
    target.connects()
    with pytest.raises(Refused, match=r"You are banned from this server until .* \(adverts\)\. Ask who runs it\."):
        target.enters("other")
    admin.says("/serverbans")
    (notice,) = admin.hears_of("notice")
    assert "is banned until" in notice["text"]
    governed.chat.seconds += 3_600
    sweep(governed.hub)
    target.enters("other")
    assert admin.asks("/serverunban target") == "not-listed"
    admin.says("/serverbans")
    assert admin.hears_of("notice")[0]["text"] == "Nobody is banned from this server."


def test_who_was_named_is_said(governed: Governed) -> None:
    """The mask of a machine tells people nothing; nobody has to know it to lift the ban."""
    admin, target = governed["admin"], governed["target"]
    shown = f"target (*!*@{target.member.host})"
    admin.says("/serverban target adverts")
    governed.hub.people.former.clear()
    admin.says("/serverbans")
    admin.says("/serverunban target")
    banned, listed, lifted = admin.hears_of("notice")
    assert banned["text"] == f"{shown} may not come in any more; 1 connection ended."
    assert listed["text"].startswith(f"{shown} is banned (adverts), by admin, ")
    assert lifted["text"] == f"{shown} may come in again."
    assert [line.whom for line in governed.hub.audit.of("", 2)] == [shown, shown]


def test_only_the_sessions_that_it_fits_are_ended(governed: Governed) -> None:
    """An account is here from elsewhere still; it is named itself if it is meant."""
    person, admin = governed["account"], governed["admin"]
    second = Person(governed.chat, "account", "10.9.8.7")
    second.session.account = person.session.account
    second.enters()
    admin.says("/serverban 10.9.8.7")
    assert (second.session.present, person.session.present) == (False, True)
    assert admin.hears_of("notice")[-1]["text"] == "address:10.9.8.7/32 may not come in any more; 1 connection ended."
    admin.says("/serverban account")
    assert not person.session.present
    assert admin.asks("/serverunban account") == ""
    person.connects()
    person.session.account = governed.hub.accounts.find("account")
    person.enters()


def test_admins_are_not_kept_out(governed: Governed) -> None:
    """Nor do they ban themselves by mistake."""
    admin, other = governed["admin"], governed["member"]
    governed.hub.admins.appoint(governed.hub, other.session)
    assert admin.asks("/serverban 192.168.0.0/16") == "own-machine"
    assert admin.asks("/serverban member!*@*") == ""
    assert other.session.present
    assert admin.asks("/serverban 10x target") == "bad-arguments"
