"""What is taken away is nowhere any more; and who may take what away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lanchat.core.deleting import delete_number
from lanchat.core.errors import Refused
from lanchat.core.events import Shared
from lanchat.core.files import File
from tests.governed import Governed, Person
from tests.logins import account


@pytest.fixture
def governed() -> Governed:
    return Governed()


def says(person: Person, text: str) -> int:
    """Say something, and give its number."""
    person.says(text)
    return person.chat.hub.journal.last


def kept(governed: Governed) -> set[int]:
    return {event.id for event in governed.hub.journal.kept}


def test_the_newest_of_ones_own(governed: Governed) -> None:
    """Everybody in the room hears of it, and nobody finds it any more."""
    member = governed["member"]
    first, second = says(member, "one"), says(member, "two")
    governed["founder"].hears()
    assert member.asks("/delete") == ""
    (deleted,) = governed["founder"].hears_of("deleted")
    assert (deleted["nick"], deleted["room"], deleted["of"]) == ("member", "#dev", second)
    assert second not in kept(governed)
    assert second not in {event.id for event in governed.room.recent}
    assert member.asks("/delete #dev member oops") == ""
    (deleted,) = governed["founder"].hears_of("deleted")
    assert (deleted["of"], deleted["reason"]) == (first, "oops")
    assert member.asks("/delete") == "no-such-message"


def test_ops_take_away_what_others_said(governed: Governed) -> None:
    """By number, or the newest of a nick; with their reason."""
    one, two = says(governed["member"], "one"), says(governed["member"], "two")
    op = governed["op"]
    assert op.asks(f"/delete {one} adverts") == ""
    assert op.asks("/delete #dev member") == ""
    assert kept(governed).isdisjoint({one, two})
    op.hears()
    op.says("/delete member")
    (refusal,) = op.hears_of("refused")
    assert refusal["text"] == "member has said nothing in #dev that is kept still."
    line, _ = governed.hub.audit.of("#dev", 2)
    assert (line.act, line.nick, line.whom, line.reason) == ("delete", "op", f"{one} of member", "adverts")


def test_others_may_not(governed: Governed) -> None:
    """Whoever asks by number learns whose it is not."""
    number = says(governed["target"], "hello")
    assert governed["member"].asks(f"/delete {number}") == "not-yours"
    assert governed["member"].asks("/delete target") == "not-yours"
    assert governed["outsider"].asks(f"/delete {number}") == "no-such-message"
    assert governed["banned"].asks(f"/delete {number}") == "no-such-message"
    assert governed["admin"].asks(f"/delete {number}") == ""


def test_a_nick_proves_nothing(governed: Governed) -> None:
    """Who is called so now cannot take away what somebody said who was called so before."""
    target = governed["target"]
    number = says(target, "hello")
    target.says("/nick other")
    member = governed["member"]
    member.says("/nick target")
    assert member.asks(f"/delete {number}") == "not-yours"
    assert member.asks("/delete") == "no-such-message"
    target.says("/quit")
    member.says("/quit")
    target.connects()
    target.enters()
    target.says("/join #dev")
    assert target.asks(f"/delete {number}") == "not-yours"
    assert target.asks("/delete #dev target") == "no-such-message"


def test_other_letters_are_no_other_nick(governed: Governed) -> None:
    """It is the same one."""
    member = governed["member"]
    number = says(member, "hello")
    member.says("/nick Member")
    assert member.asks(f"/delete {number}") == ""


def test_an_account_has_what_it_said(governed: Governed) -> None:
    """Whenever it comes again, from wherever; but nothing from before there was such an account."""
    person = governed["account"]
    known = person.session.account
    number = says(person, "hello")
    old = says(governed["target"], "mine")
    person.says("/quit")
    person.connects()
    person.session.account = known
    person.enters()
    person.says("/join #dev")
    assert person.asks(f"/delete {number}") == ""
    governed["target"].says("/quit")
    governed.chat.seconds += 1
    late = governed["target"]
    late.connects()
    late.session.account = account(governed.hub, "target")
    late.enters()
    late.says("/join #dev")
    assert late.asks(f"/delete {old}") == "not-yours"
    assert late.asks("/delete") == "not-yours"


def test_private_words_are_their_authors(governed: Governed) -> None:
    """No admin takes them away; and nobody reads of it in the audit log."""
    founder, person = governed["founder"], governed["account"]
    number = says(founder, "/msg account psst")
    lines = len(governed.hub.audit.of("", 1_000))
    assert person.asks(f"/delete {number}") == "not-yours"
    assert governed["admin"].asks(f"/delete {number}") == "no-such-message"
    assert founder.asks(f"/delete {number}") == ""
    (deleted,) = person.hears_of("deleted")
    assert (deleted["to"], deleted["of"]) == ("account", number)
    assert number not in kept(governed)
    assert len(governed.hub.audit.of("", 1_000)) == lines


def test_private_words_may_be_looked_for_by_whom_they_were_told(governed: Governed) -> None:
    """Nothing that was told anybody else goes by that."""
    founder = governed["founder"]
    account(governed.hub, "other")
    number = says(founder, "/msg account psst")
    delete_number(governed.hub, founder.session, number, nick="other")
    assert [each["code"] for each in founder.hears_of("refused")] == ["no-such-message"]
    delete_number(governed.hub, founder.session, number, nick="ACCOUNT")
    assert founder.hears_of("refused") == []
    assert number not in kept(governed)


@pytest.mark.parametrize("which", ["0", "12x", "9" * 20])
def test_a_number_that_is_none(governed: Governed, which: str) -> None:
    """It is no nick either."""
    assert governed["op"].asks(f"/delete {which}") == "bad-arguments"


def test_what_is_not_there(governed: Governed) -> None:
    """Who came in is no message; what is not kept any more is called so."""
    op = governed["op"]
    assert op.asks("/delete 1") == "no-such-message"
    assert op.asks("/delete #dev 99999") == "no-such-message"
    assert op.asks("/delete #lobby nobody") == "not-yours"
    governed.hub.journal._forgotten = 5
    op.says("/delete 3")
    (refusal,) = op.hears_of("refused")
    assert refusal["text"] == "Message 3 is not kept any more."


def test_who_is_muted_gives_no_reason(governed: Governed) -> None:
    """Everybody would read it."""
    target = governed["target"]
    number = says(target, "hello")
    governed["founder"].says("/mute target")
    governed["founder"].hears()
    assert target.asks(f"/delete {number} and buy this") == ""
    (deleted,) = governed["founder"].hears_of("deleted")
    assert "reason" not in deleted


def test_a_file_goes_with_its_message(governed: Governed) -> None:
    """And one that is gone already is no reason not to."""
    file = File(id="x1", name="plan.pdf", size=1, kind="k", time="", until="")

    class Files:
        off = ""
        found: File | None = file

        def find(self, key: str) -> File | None:
            return self.found if key == "x1" else None

        def remove(self, key: str) -> None:
            assert key == "x1"
            self.found = None

    files: Any = Files()
    governed.hub.files = files
    member = governed["member"]
    for _ in range(2):
        governed.hub.submit(
            member.session,
            Shared(
                time=governed.hub.stamp(),
                room="#dev",
                nick="member",
                file="x1",
                name="plan.pdf",
                size=1,
                kind="",
                url="",
            ),
        )
        assert member.asks("/delete") == ""
        assert files.found is None


class Later:
    """A journal that takes its time."""

    def __init__(self, governed: Governed) -> None:
        self.calls: list[Callable[[], None]] = []
        journal = governed.hub.journal
        find, delete = journal.find, journal.delete
        journal.find = lambda *asked: self.calls.append(lambda: find(*asked))
        journal.delete = lambda *asked: self.calls.append(lambda: delete(*asked))

    def goes_on(self) -> None:
        calls, self.calls = self.calls, []
        for call in calls:
            call()


def test_nobody_hears_of_it_before_it_is_gone(governed: Governed) -> None:
    """Until then nothing more is heard from who asked for it; and the answer has their reference."""
    member = governed["member"]
    number = says(member, "hello")
    held: list[str] = []
    member.session.hold, member.session.release = lambda: held.append("hold"), lambda: held.append("release")
    later = Later(governed)
    assert member.asks("/delete") == ""
    later.goes_on()
    governed["founder"].hears()
    assert held == ["hold"]
    later.goes_on()
    assert held == ["hold", "release"]
    assert [each["of"] for each in governed["founder"].hears_of("deleted")] == [number]


def test_who_has_left_meanwhile(governed: Governed) -> None:
    """What was found is not asked for any more; what was deleted is told all the same."""
    member = governed["member"]
    later = Later(governed)
    one = says(member, "one")
    member.says("/delete")
    member.says("/quit")
    later.goes_on()
    assert not later.calls
    assert one in kept(governed)
    target = governed["target"]
    two = says(target, "two")
    target.says("/delete")
    later.goes_on()
    target.says("/quit")
    governed["founder"].hears()
    later.goes_on()
    (deleted,) = governed["founder"].hears()
    assert (deleted["event"], deleted["nick"], deleted["of"]) == ("deleted", "target", two)


def test_a_private_one_of_somebody_who_has_left_meanwhile(governed: Governed) -> None:
    """The other one is told."""
    founder, later = governed["founder"], Later(governed)
    number = says(founder, "/msg account psst")
    founder.says(f"/delete {number}")
    later.goes_on()
    founder.says("/quit")
    governed["account"].hears()
    later.goes_on()
    assert [each["of"] for each in governed["account"].hears_of("deleted")] == [number]


def test_a_room_that_is_gone_meanwhile(governed: Governed) -> None:
    """There is nobody to be told."""
    member, later = governed["member"], Later(governed)
    says(member, "hello")
    member.says("/delete")
    later.goes_on()
    del governed.hub.rooms["#dev"]
    member.hears()
    later.goes_on()
    assert member.hears() == []


def test_a_journal_that_cannot(governed: Governed) -> None:
    """It is said, and nobody takes anything off the screen."""
    member, no = governed["member"], Refused("not-saved", "The disk is full.")
    says(member, "hello")
    governed["founder"].hears()
    governed.hub.journal.delete = lambda event, then: then(no)
    assert member.asks("/delete") == "not-saved"
    governed.hub.journal.find = lambda query, then: then(no)
    assert member.asks("/delete") == "not-saved"
    assert governed["founder"].hears() == []


def test_private_words_that_are_not_kept(governed: Governed) -> None:
    """Between guests nothing is, so nothing can be taken away."""
    number = says(governed["member"], "/msg target psst")
    assert governed["member"].asks(f"/delete {number}") == "no-such-message"
