"""Bans and mutes: whom they fit, how long, and what they take away."""

from __future__ import annotations

import pytest

from lanchat.core.governing import change, sweep
from lanchat.core.modes import Change, Mode
from tests.governed import Governed, Person
from tests.logins import account


@pytest.fixture
def governed() -> Governed:
    return Governed()


def notice(person: Person, line: str) -> str:
    person.hears()
    person.says(line)
    return "".join([each["text"] for each in person.hears_of("notice")])


def test_a_ban_ends_by_itself(governed: Governed) -> None:
    """From the moment on that was said, and not before; the server says so when it looks."""
    founder, target = governed["founder"], governed["target"]
    assert founder.asks("/ban 10m target adverts") == ""
    target.hears()
    target.says("/join #dev")
    (refusal,) = target.hears_of("refused")
    assert refusal["text"].startswith("You are banned from #dev until 2026-")
    assert refusal["text"].endswith("(adverts). Only its ops can lift that.")
    governed.chat.seconds += 599
    sweep(governed.hub)
    assert target.asks("/join #dev") == "banned"
    governed.chat.seconds += 1
    assert "adverts" not in notice(founder, "/bans").replace("banned (adverts)", "")
    assert target.asks("/join #dev") == ""
    founder.hears()
    sweep(governed.hub)
    (changed,) = founder.hears()
    assert changed["nick"] == ""
    assert changed["changes"] == [{"mode": "ban", "on": False, "value": f"*!*@{target.member.host}", "whom": "target"}]
    sweep(governed.hub)
    assert founder.hears() == []


def test_a_ban_says_who_was_named(governed: Governed) -> None:
    """The mask of a machine tells people nothing: not those in the room, nor who reads the list or the log later."""
    founder, target = governed["founder"], governed["target"]
    mask = f"*!*@{target.member.host}"
    founder.says("/ban target adverts")
    assert [each["changes"][0]["whom"] for each in founder.hears_of("changed")] == ["target"]
    assert f"target ({mask}) is banned (adverts), by founder" in notice(founder, "/bans")
    founder.says("/audit")
    (audit,) = founder.hears_of("audit")
    assert f"target ({mask})" in [line["whom"] for line in audit["lines"] if line["act"] == "ban"]


def test_a_ban_is_lifted_by_the_nick_that_was_named(governed: Governed) -> None:
    """Whoever is called so by now, and whether anybody knows where they were."""
    founder, target = governed["founder"], governed["target"]
    founder.says("/ban target")
    target.says("/nick other")
    governed.hub.people.former.clear()
    governed.comes("target")
    assert founder.asks("/unban target") == ""
    assert target.asks("/join #dev") == ""


def test_a_mute_ends_by_itself(governed: Governed) -> None:
    """Nobody has to come in again for it."""
    governed["founder"].says("/mute 30s target")
    assert governed["target"].asks("hello") == "may-not-speak"
    governed.chat.seconds += 30
    assert governed["target"].asks("hello") == ""


def test_an_exemption_that_ends_lets_the_ban_hold_again(governed: Governed) -> None:
    """And whom it fits has to leave; the server did it."""
    founder, member = governed["founder"], governed["member"]
    founder.says("/exempt 1h member")
    founder.says("/ban @member")
    assert member.member in governed.room.members
    governed.chat.seconds += 3_600
    member.hears()
    sweep(governed.hub)
    assert member.member not in governed.room.members
    (kicked,) = member.hears_of("kicked")
    assert (kicked["nick"], kicked["reason"]) == ("", "banned")


@pytest.mark.parametrize("time", ["0s", "10x", "10", "99999w", "1y"])
def test_a_time_that_is_none(governed: Governed, time: str) -> None:
    """It is no nick either: those do not begin with a digit."""
    assert governed["founder"].asks(f"/ban {time} target") == "bad-arguments"
    assert governed["target"].member in governed.room.members


def test_a_ban_may_be_given_another_end(governed: Governed) -> None:
    """And another reason; the same once more changes nothing."""
    founder = governed["founder"]
    for line in ("/ban 10m target", "/ban 20m target", "/ban 20m target why", "/ban target why"):
        assert notice(founder, line) == "", line
    assert notice(founder, "/ban target why") == "That is so in #dev already."
    assert notice(founder, "/ban target") == "That is so in #dev already."


def test_a_banned_guest_has_no_other_name(governed: Governed) -> None:
    """From the same machine, whatever they are called, and logged in too."""
    governed["founder"].says("/ban target")
    target = governed["target"]
    target.says("/nick other")
    assert target.asks("/join #dev") == "banned"
    target.says("/quit")
    target.connects()
    target.session.account = account(governed.hub, "fresh")
    target.enters()
    assert target.asks("/join #dev") == "banned"


def test_a_banned_account_is_banned_everywhere(governed: Governed) -> None:
    """But not the machine: that was not asked for."""
    governed["founder"].says("/ban account")
    person = governed["account"]
    known = person.session.account
    assert person.asks("/join #dev") == "banned"
    person.says("/quit")
    person.connects()
    person.enters("guest")
    assert person.asks("/join #dev") == ""
    second = Person(governed.chat, "account", "10.9.8.7")
    second.session.account = known
    second.enters()
    assert second.asks("/join #dev") == "banned"


def test_a_machine_is_banned_with_all_who_are_there(governed: Governed) -> None:
    """Accounts and guests alike."""
    second = governed.comes("second", governed["account"].address)
    second.says("/join #dev")
    second.hears()
    governed["founder"].says("/ban @account adverts")
    assert {second.member, governed["account"].member}.isdisjoint(governed.room.members)
    (kicked,) = [each for each in second.hears_of("kicked") if each["who"] == "second"]
    assert (kicked["nick"], kicked["reason"]) == ("founder", "adverts")


def test_who_is_named_loses_the_rank_that_would_stand_against_it(governed: Governed) -> None:
    """A ban that a rank overrides would be none; whom a mask happens to fit keeps theirs."""
    founder, op = governed["founder"], governed["op"]
    founder.says("/op account")
    founder.says("/ban *!*@*")
    assert {person.nick for person in governed.room.members} == {"founder", "op", "account", "admin"}
    founder.says("/unban *!*@*")
    founder.says("/ban op")
    founder.says("/mute account")
    assert op.member not in governed.room.members
    assert op.asks("/join #dev") == "banned"
    assert governed["account"].asks("/say #dev hello") == "may-not-speak"
    assert not governed.room.modes.ranks[Mode.OP]


def test_ops_who_ban_themselves_stay(governed: Governed) -> None:
    """A slip does not cost them the room."""
    assert governed["founder"].asks("/ban founder") == ""
    assert governed["op"].asks("/ban op") == ""
    assert governed["op"].asks("/ban target") == ""


def test_in_the_lobby_a_ban_silences(governed: Governed) -> None:
    """Everybody comes in there."""
    assert governed["admin"].asks("/ban #lobby target") == ""
    assert governed["target"].member in governed.hub.lobby.members
    assert governed["target"].asks("/say #lobby hello") == "may-not-speak"


def test_what_somebody_loses_bans_them(governed: Governed) -> None:
    """An op whom a ban fits has to leave when they are none any more."""
    founder, op = governed["founder"], governed["op"]
    founder.says("/ban o*!*@*")
    assert op.member in governed.room.members
    founder.says("/deop op")
    assert op.member not in governed.room.members


def test_bans_are_listed_with_all_that_is_known(governed: Governed) -> None:
    """Addresses to those alone who could have typed them."""
    governed["founder"].says("/ban 10m 10.1.2.0/24 adverts")
    governed["founder"].says("/allow outsider")
    shown = notice(governed["founder"], "/bans")
    assert "address:10.1.2.0/24 is banned until" in shown
    assert "(adverts), by founder, " in shown
    assert "is muted (noise), by founder" in shown
    assert "needs no invitation, by founder" in shown
    governed["member"].says("/join #dev")
    assert "an address is banned until" in notice(governed["member"], "/bans")
    assert "10.1.2" not in notice(governed["member"], "/bans")


def test_what_is_lifted_is_lifted(governed: Governed) -> None:
    """For a nick every mask that fits them."""
    founder, banned = governed["founder"], governed["banned"]
    founder.says("/ban banned!*@*")
    assert founder.asks("/unban banned") == ""
    assert banned.asks("/join #dev") == ""
    assert founder.asks("/unban banned") == "not-listed"
    assert founder.asks("/unmute @muted") == ""
    assert governed["muted"].asks("hello") == ""


def test_the_server_bans_nobody_by_name(governed: Governed) -> None:
    """What it does has no nick."""
    change(governed.hub, governed["founder"].session, governed.room, [])
    assert governed["founder"].hears() == []
    change(governed.hub, governed["founder"].session, governed.room, [Change(Mode.MODERATED)])
    (changed,) = governed["founder"].hears()
    assert changed["nick"] == "founder"


def test_a_ban_takes_a_rank_however_the_name_was_written_when_it_was_given(governed: Governed) -> None:
    """An account may be called in other letters since, and not be here."""
    founder = governed["founder"]
    founder.says("/op account")
    assert governed["account"].asks("/nick ACCOUNT") == ""
    governed["account"].says("/quit")
    assert founder.asks("/ban account") == ""
    assert governed.state()["kept"][Mode.OP] == ()
