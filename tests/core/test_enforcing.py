"""A ban may come to fit somebody who is there already."""

from __future__ import annotations

import pytest

from lanchat.core import devices
from lanchat.core.admins import resign
from tests.governed import Governed, Person
from tests.logins import account


@pytest.fixture
def governed() -> Governed:
    return Governed()


def test_who_logs_in_to_a_banned_account_leaves(governed: Governed) -> None:
    """And is told why."""
    known = account(governed.hub, "fresh")
    governed["founder"].says("/ban account:fresh")
    member = governed["member"]
    member.session.account = known
    devices.identify(governed.hub, member.session)
    assert member.member not in governed.room.members
    assert member.hears_of("notice")[-1]["text"] == "You are banned from #dev, and have left it."


def test_one_more_device_from_a_banned_machine(governed: Governed) -> None:
    """The new one hears nothing of the room, nor does the one that was there."""
    person, banned = governed["account"], governed["banned"]
    second = Person(governed.chat, "account", banned.address)
    second.session.account = person.session.account
    second.enters()
    governed["founder"].says("psst")
    assert not [each for each in second.hears() if each.get("room") == "#dev" and each["event"] != "notice"]
    assert [each["event"] for each in person.hears() if each.get("room") == "#dev"] == ["parted"]
    assert person.session.view is governed.hub.lobby


def test_nobody_takes_a_banned_name(governed: Governed) -> None:
    """As long as they are where it is banned; elsewhere they may."""
    governed["founder"].says("/ban bad*!*@*")
    member = governed["member"]
    assert member.asks("/nick badly") == "may-not-rename"
    member.says("/part #dev")
    assert member.asks("/nick badly") == ""
    assert member.asks("/join #dev") == "banned"


def test_who_has_to_be_called_otherwise(governed: Governed) -> None:
    """A guest whose nick is somebody's by now may get one that is banned."""
    governed["founder"].says("/ban target2!*@*")
    devices.dislodge(governed.hub, governed["target"].member)
    assert governed["target"].member.nick == "target2"
    assert governed["target"].member not in governed.room.members


def test_who_is_no_admin_any_more(governed: Governed) -> None:
    """Bans hold for them again."""
    admin = governed["admin"]
    assert governed["founder"].asks("/ban adm*!*@*") == ""
    assert admin.member in governed.room.members
    resign(governed.hub, admin.session)
    assert admin.member not in governed.room.members


def test_who_is_muted_says_nothing_by_the_way(governed: Governed) -> None:
    """Neither why they are away, nor why they leave, nor by a name; outside of the room they may again."""
    muted, founder = governed["muted"], governed["founder"]
    muted.says("/away buy this")
    assert [each["text"] for each in founder.hears_of("away")] == ["away"]
    assert muted.asks("/nick buy_this") == "may-not-rename"
    muted.says("/part #dev buy this")
    assert [each["reason"] for each in founder.hears_of("parted")] == [""]
    muted.says("/away lunch")
    assert [each["text"] for each in founder.hears_of("away")] == ["lunch"]


def test_who_is_banned_is_not_invited(governed: Governed) -> None:
    """It would lift nothing."""
    assert governed["founder"].asks("/invite banned #dev") == "is-banned"
    assert governed["banned"].hears() == []
