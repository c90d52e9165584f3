"""Slow mode: once in so many seconds, whoever somebody says that they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lanchat.core import slow as module
from lanchat.core.errors import Refused
from lanchat.core.files import File
from tests.governed import Governed, Person
from tests.logins import account


@pytest.fixture
def governed() -> Governed:
    found = Governed()
    assert found["founder"].asks("/slow #dev 30s") == ""
    return found


def test_who_has_no_rank_speaks_once(governed: Governed) -> None:
    """It is said how long that lasts; what is refused does not count."""
    member = governed["member"]
    assert member.asks("one") == ""
    governed.chat.seconds += 10.5
    member.says("two")
    (refusal,) = member.hears_of("refused")
    assert refusal["code"] == "too-soon"
    assert refusal["text"] == "#dev is slow: you may speak there again in 20 seconds."
    governed.chat.seconds += 18.6
    member.says("/me waves")
    (refusal,) = member.hears_of("refused")
    assert refusal["text"].endswith("in 1 second.")
    governed.chat.seconds += 0.9
    assert member.asks("/me waves") == ""
    assert member.asks("three") == "too-soon"


@pytest.mark.parametrize("kind", ["voiced", "op", "founder", "admin"])
def test_who_has_a_rank_speaks_at_any_time(governed: Governed, kind: str) -> None:
    """Ops answer many."""
    assert governed[kind].asks("one") == governed[kind].asks("two") == ""


def test_a_topic_and_a_question_to_programs_are_said_to_everybody_too(governed: Governed) -> None:
    """They wait as words do, and words wait for them."""
    member = governed["member"]
    governed["founder"].says("/unlock #dev topic")
    assert member.asks("/topic #dev one") == ""
    assert member.asks("/topic #dev two") == member.asks("three") == "too-soon"
    governed.chat.seconds += 31
    room = governed.hub.rooms["#dev"]
    governed.hub.signal(member.session, room, "VERSION")
    for text in ("VERSION", "TIME"):
        with pytest.raises(Refused, match="#dev is slow"):
            governed.hub.signal(member.session, room, text)
    governed.hub.signal(member.session, governed["op"].session.member, "VERSION")


def test_nobody_speaks_by_leaving(governed: Governed) -> None:
    """Who may not speak yet leaves without a word; so does who comes back to leave again."""
    member = governed["member"]
    member.says("/part #dev one")
    (parted,) = governed["op"].hears_of("parted")
    assert parted["reason"] == "one"
    member.says("/join #dev")
    member.says("/part #dev two")
    (parted,) = governed["op"].hears_of("parted")
    assert parted["reason"] == ""
    member.says("/join #dev")
    member.says("/quit three")
    assert [each["reason"] for each in governed["op"].hears_of("quit")] == [""]
    governed["target"].says("/quit one")
    assert [each["reason"] for each in governed["op"].hears_of("quit")] == ["one"]


def test_a_reason_that_nobody_hears_does_not_count(governed: Governed) -> None:
    """Who has another client stays in the room."""
    first = governed["account"]
    second = Person(governed.chat, "account", first.address)
    second.session.account = first.session.account
    second.enters()
    second.says("/quit see you")
    assert first.asks("one") == ""


def test_other_rooms_are_not_slow(governed: Governed) -> None:
    """Each has a clock of its own, and off is off."""
    member = governed["member"]
    assert member.asks("one") == ""
    assert member.asks("/say #lobby one") == member.asks("/say #lobby two") == ""
    governed["founder"].says("/slow off")
    assert member.asks("two") == ""


def test_leaving_begins_nothing_anew(governed: Governed) -> None:
    """Nor does another name from the same machine."""
    member = governed["member"]
    member.says("one")
    member.says("/part #dev")
    member.says("/join #dev")
    assert member.asks("two") == "too-soon"
    member.says("/nick other")
    assert member.asks("two") == "too-soon"
    member.says("/quit")
    member.connects()
    member.enters("third")
    member.says("/join #dev")
    assert member.asks("two") == "too-soon"


def test_another_device_begins_nothing_anew(governed: Governed) -> None:
    """From another machine neither."""
    person = governed["account"]
    person.says("one")
    second = Person(governed.chat, "account", "10.9.8.7")
    second.session.account = person.session.account
    second.enters()
    assert second.asks("/say #dev two") == "too-soon"
    third = Person(governed.chat, "guest", "10.9.8.7")
    third.enters()
    third.says("/join #dev")
    assert third.asks("two") == ""


def test_two_accounts_at_one_machine_are_two(governed: Governed) -> None:
    """Each has a turn; a guest beside them waits."""
    second = Person(governed.chat, "second", governed["account"].address)
    second.session.account = account(governed.hub, "second")
    second.enters()
    guest = Person(governed.chat, "guest", governed["account"].address)
    guest.enters()
    for each in (second, guest):
        each.says("/join #dev")
    assert governed["account"].asks("one") == second.asks("one") == ""
    assert guest.asks("one") == "too-soon"


def test_not_everybody_is_remembered(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who spoke longest ago is forgotten first."""
    monkeypatch.setattr(module, "MOST", 1)
    for kind in ("member", "target"):
        assert governed[kind].asks("one") == ""
    assert governed["member"].asks("two") == ""


def test_a_clock_that_is_set_back_holds_nobody_for_longer(governed: Governed) -> None:
    """The pause is the most that is waited."""
    governed["member"].says("one")
    governed.chat.seconds -= 1_000
    governed["member"].says("two")
    (refusal,) = governed["member"].hears_of("refused")
    assert refusal["text"].endswith("in 30 seconds.")


def test_a_file_is_something_that_is_said(governed: Governed) -> None:
    """It waits as words do, and words wait for it."""
    member = governed["member"]
    files: Any = SimpleNamespace(off="")
    governed.hub.files = files
    member.says("/send #dev")
    (upload,) = member.hears_of("upload")
    permit = governed.hub.sharing.take(upload["path"].split("/")[-2])
    file = File(id="x1", name="plan.pdf", size=1, kind="k", time="", until="")
    governed.hub.sharing.tell(permit, file)
    assert member.asks("hello") == "too-soon"
    assert member.asks("/send #dev") == "too-soon"
    with pytest.raises(Refused, match="#dev is slow"):
        governed.hub.sharing.tell(permit, file)
