"""What is said to be let in, and what is done where that was not enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from twisted.internet.task import Clock

from lanchat.client.conversation import Conversation
from lanchat.client.endings import CannotConnect, NickRefused
from lanchat.client.introducing import Again, Ask, Introduction, Later
from lanchat.client.known_logins import KnownLogins
from lanchat.client.outbox import Outbox
from lanchat.client.own_nick import OwnNick
from lanchat.client.proof import Proof, Secret
from lanchat.client.resume import Resume
from lanchat.core.replies import Refusal

REGISTERED = "ann is registered. If that is you: /login ann PASSWORD."


@pytest.fixture
def proof(tmp_path: Path) -> Proof:
    return Proof(KnownLogins(tmp_path / "logins"), lambda: "s", {Secret.PASSWORD: "at hand"})


def introduction(proof: Proof, *, private: bool = True) -> Introduction:
    nick = OwnNick("ann", Clock(), lambda nick: None)
    nick.arrive(0)
    resume = Resume("client", Outbox(10), lambda text: None)
    return Introduction(nick, proof, resume, Conversation("ann"), ["#dev", "#ops"], private=private)


def refusal(code: str, text: str = "No.") -> Refusal:
    return Refusal(ref="hello", code=code, text=text)


def test_rooms_are_asked_for_until_there_is_an_answer(proof: Proof) -> None:
    ours = introduction(proof)
    op, wait = ours.hello("ann")
    assert (op["op"], op["nick"], op["rooms"], op["client"], wait) == ("hello", "ann", ["#dev", "#ops"], "client", 30)
    ours.answered("#DEV")
    assert ours.hello("ann").op["rooms"] == ["#ops"]


def test_who_sends_a_password_waits_for_longer(proof: Proof) -> None:
    proof.give(Secret.PASSWORD, "pw")
    op, wait = introduction(proof).hello("ann")
    assert (op["password"], wait) == ("pw", 180)


def test_a_token_that_is_not_taken_is_forgotten_and_we_come_as_anybody(proof: Proof) -> None:
    proof.logged_in("ann", "t-" + "x" * 30)
    ours = introduction(proof)
    assert "token" in ours.hello("ann").op
    assert ours.refused(refusal("bad-token"), known=False) == Again("ann")
    assert "token" not in ours.hello("ann").op


def test_a_password_at_hand_is_tried_once_and_then_a_person_is_asked(proof: Proof) -> None:
    ours = introduction(proof)
    ours.hello("ann")
    assert ours.refused(refusal("nick-registered", REGISTERED), known=False) == Again("ann")
    ours.hello("ann")
    wrong = refusal("bad-password", "There is no such name. Or another password.")
    assert ours.refused(wrong, known=False) == Ask(Secret.PASSWORD, wrong.text)


def test_a_person_is_not_told_how_a_command_would_be_typed(proof: Proof) -> None:
    asked = introduction(proof, private=False).refused(refusal("nick-registered", REGISTERED), known=False)
    assert asked == Ask(Secret.PASSWORD, "ann is registered.")


@pytest.mark.parametrize(
    ("code", "known", "ending"),
    [
        ("not-secure", False, CannotConnect),
        ("banned", True, CannotConnect),
        ("busy", False, CannotConnect),
        ("bad-nick", False, NickRefused),
        ("nick-taken", False, NickRefused),
    ],
)
def test_some_refusals_are_the_end(proof: Proof, code: str, known: bool, ending: type[Exception]) -> None:
    assert type(introduction(proof).refused(refusal(code), known=known)) is ending


def test_who_comes_back_takes_another_nick_while_there_is_one(proof: Proof) -> None:
    ours = introduction(proof)
    found = [ours.refused(refusal("nick-taken"), known=True) for _ in range(11)]
    assert found[:2] == [Again("ann_"), Again("ann__")]
    assert found[-1] == Later("No.")


def test_who_comes_back_tries_again_whatever_else_it_is(proof: Proof) -> None:
    assert introduction(proof).refused(refusal("too-many-devices"), known=True) == Later("No.")
