"""Logging in at the JSON door: with a password, with the token of an earlier login, with several clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lanchat.core.accounts import key_of
from lanchat.core.logins import Logins
from lanchat.core.modes import Listed
from lanchat.core.proving import Credentials
from tests.doors.test_lines import Program
from tests.logins import account, logins
from tests.network import Line, Network, SecureLine
from tests.talkers import TextTalker

PASSWORD = "correct horse"
HERE = "127.0.0.1"


class Late:
    """Logins whose passwords are checked when the test says so."""

    def __init__(self, network: Network) -> None:
        self.hub = network.hub
        self.waiting: list[Callable[[], None]] = []
        real = logins(self.hub)

        def check(credentials: Credentials, then: Callable[[Any], None]) -> None:
            assert real._check is not None
            self.waiting.append(lambda: real._check(credentials, then))  # type: ignore[misc]

        self.hub.logins = Logins(self.hub.accounts, check)

    def answers(self) -> None:
        self.waiting.pop(0)()


@pytest.fixture
def network() -> Network:
    network = Network()
    account(network.hub, "alice")
    return network


def program(network: Network, host: str = HERE, line: type[Line] = Line) -> Program:
    """A program that has said nothing yet."""
    found = Program.__new__(Program)
    found.wire = network.connect(host, line=line)
    return found


def login(network: Network, **hello: Any) -> tuple[Program, str]:
    """A program that has come in with the password, and the token that it was given."""
    alice = program(network)
    alice.asks(op="hello", **{"nick": "alice", "password": PASSWORD, **hello})
    first, *_ = alice.gets()
    return alice, first["token"]


def codes(found: Program) -> list[str]:
    return [event.get("code") or event["event"] for event in found.gets()]


def test_a_password_in_the_hello_logs_in(network: Network) -> None:
    """The account's own spelling of the nick is what one is called, and a token comes with it."""
    alice = program(network)
    alice.asks(op="hello", nick="ALICE", password=PASSWORD, ref="1")
    logged_in, welcome, *_ = alice.gets()
    assert (logged_in["event"], logged_in["account"], logged_in["ref"]) == ("loggedin", "alice", "1")
    assert key_of(logged_in["token"]) in network.hub.accounts.find("alice").tokens  # type: ignore[union-attr]
    assert (welcome["event"], welcome["nick"]) == ("welcome", "alice")


def test_a_token_comes_back_without_a_nick(network: Network) -> None:
    """It is not given anew, and no password is needed."""
    first, token = login(network)
    first.wire.drops()
    again = program(network)
    again.asks(op="hello", token=token)
    logged_in, welcome, *_ = again.gets()
    assert "token" not in logged_in
    assert welcome["nick"] == "alice"


def test_a_wrong_password_leaves_another_try(network: Network) -> None:
    """The one who is refused is nobody yet, and may come in as a guest."""
    alice = program(network)
    alice.asks(op="hello", nick="alice", password="wrong horse", ref="1")
    (refused,) = alice.gets()
    assert (refused["code"], refused["ref"]) == ("bad-password", "1")
    alice.asks(op="hello", nick="alice")
    assert codes(alice) == ["nick-registered"]
    alice.asks(op="hello", nick="alicia")
    assert codes(alice)[0] == "welcome"


@pytest.mark.parametrize("how", ["logged out", "removed", "made up"])
def test_a_token_that_is_not_good_any_more(network: Network, how: str) -> None:
    """Whether it was taken back, its account is gone, or there never was one: log in again."""
    first, token = login(network)
    if how == "logged out":
        first.asks(op="logout")
        assert codes(first) == ["closed"]
    elif how == "removed":
        first.wire.drops()
        found = network.hub.accounts.find("alice")
        assert found is not None
        network.hub.accounts.remove(found, lambda refused: None)
    else:
        token = "x" * 43
    again = program(network)
    again.asks(op="hello", nick="alice", token=token)
    (refused,) = again.gets()
    assert refused["code"] == "bad-token"
    again.asks(op="hello", nick="carol")
    assert codes(again)[0] == "welcome"


def test_the_second_client_of_an_account_is_one_with_the_first(network: Network) -> None:
    """It is shown the rooms, comes into those that it names besides, and the first one follows."""
    first, token = login(network, rooms=["#dev"])
    first.gets()
    second = program(network)
    second.asks(op="hello", token=token, rooms=["#dev", "#x"])
    heard = second.gets()
    assert [each["room"] for each in heard if each["event"] == "joined"] == ["#x"]
    assert {each["room"] for each in heard if each["event"] == "entered"} == {"#lobby", "#dev", "#x"}
    aside = [each for each in first.gets() if each["event"] == "entered"]
    assert [(each["room"], each["aside"]) for each in aside] == [("#x", True)]
    second.asks(op="say", room="#x", text="hi", ref="1")
    second.gets()
    (said,) = first.gets()
    assert (said["nick"], said["text"]) == ("alice", "hi")
    assert "ref" not in said


def test_a_client_that_dropped_resumes_while_another_one_is_there(network: Network) -> None:
    """It hears what it missed, once, and its marks are its own."""
    first, token = login(network, client="one")
    heard = first.gets()
    second = program(network)
    second.asks(op="hello", token=token, client="two")
    seen = max(event.get("id", 0) for event in [*heard, *second.gets()])
    second.wire.drops()
    first.asks(op="say", text="meanwhile", ref="1")
    again = program(network)
    again.asks(op="hello", token=token, client="two", since=seen, journal=network.journal.identity)
    again.asks(op="say", text="mine", ref="1")
    assert [event["text"] for event in again.gets() if event["event"] == "said"] == ["meanwhile", "mine"]


def test_passwords_and_tokens_are_for_connections_that_nobody_can_read(network: Network) -> None:
    """From another machine without TLS they are refused; with TLS they are taken."""
    plain = program(network, "192.168.7.9")
    plain.asks(op="hello", nick="alice", password=PASSWORD)
    plain.asks(op="hello", token="x")
    assert codes(plain) == ["not-secure", "not-secure"]
    safe = program(network, "192.168.7.9", SecureLine)
    safe.asks(op="hello", nick="alice", password=PASSWORD)
    assert codes(safe)[:2] == ["loggedin", "welcome"]


def test_a_private_server_wants_its_password_of_guests(network: Network) -> None:
    """Who has it is let in; who has an account needs none; a wrong one is told."""
    network.hub.logins = logins(network.hub, welcomes="sesame".__eq__)
    guest = program(network)
    guest.asks(op="hello", nick="bob")
    guest.asks(op="hello", nick="bob", server_password="wrong")
    guest.asks(op="hello", nick="bob", server_password="sesame")
    assert codes(guest)[:3] == ["no-password", "bad-password", "welcome"]
    login(network)


def test_a_server_without_guests(network: Network) -> None:
    """Only who has an account comes in."""
    network.hub.logins = logins(network.hub, guests=False)
    guest = program(network)
    guest.asks(op="hello", nick="bob")
    assert codes(guest) == ["no-guests"]
    login(network)


def test_nothing_behind_the_hello_is_heard_before_it_is_answered(network: Network) -> None:
    """Not a word, and not a second hello; then all of it, in order."""
    late = Late(network)
    alice = program(network)
    alice.asks(op="hello", nick="alice", password=PASSWORD, ref="1")
    alice.asks(op="say", text="hi", ref="2")
    alice.asks(op="hello", nick="bob", ref="3")
    assert alice.gets() == []
    late.answers()
    refs = [(event["event"], event["ref"]) for event in alice.gets() if event.get("ref") in ("2", "3")]
    assert refs == [("said", "2"), ("refused", "3")]


def test_who_hangs_up_while_the_password_is_checked(network: Network) -> None:
    """Is gone when the answer comes, and nothing is left of them."""
    late = Late(network)
    alice = program(network)
    alice.asks(op="hello", nick="alice", password=PASSWORD)
    alice.wire.drops()
    late.answers()
    network.reactor.settle()
    assert not network.hub.people.members
    assert not network.factory.doors


def test_who_may_not_come_in_with_an_account_is_nobody_afterwards(network: Network) -> None:
    """The next hello on that connection is a guest's."""
    network.hub.server_bans.add(Listed("account:alice", "root", ""))
    alice = program(network)
    alice.asks(op="hello", nick="alice", password=PASSWORD)
    assert codes(alice) == ["banned"]
    alice.asks(op="hello", nick="bob")
    assert codes(alice)[0] == "welcome"
    assert network.hub.people.members["bob"].account is None


def test_an_error_while_coming_in_ends_that_connection_alone(
    network: Network, monkeypatch: pytest.MonkeyPatch, tracebacks: list[Any]
) -> None:
    """It is told so, and logged."""
    bob = TextTalker(network, "bob")
    bob.enters()
    monkeypatch.setattr(network.hub, "enter", lambda *arguments: 1 / 0)
    alice = program(network)
    alice.asks(op="hello", nick="alice", password=PASSWORD)
    (closed,) = alice.gets()
    assert closed["event"] == "closed"
    assert alice.wire.ended
    assert len(tracebacks) == 1
    tracebacks.clear()
    bob.hears()
    bob.says("/ping")
    assert bob.hears() != []


@pytest.mark.parametrize(
    "line",
    [
        b'{"op":"hello","nick":"alice","password":["hunter2"]}',
        b'{"op":"hello","nick":"alice","token":{"hunter2":1}}',
        b'{"op":"hello","nick":"alice","password":"' + b"hunter2" * 200 + b'"}',
        b'{"op":"login","name":"hunter2","password":["hunter2"]}',
        b'{"op":"register","password":["hunter2"]}',
        b'{"op":"passwd","old":"hunter2","new":{"hunter2":"hunter2"}}',
        b'{"op":"hello","password":"hunter2"}',
    ],
)
def test_what_is_wrong_with_a_password_does_not_repeat_it(network: Network, line: bytes) -> None:
    """The refusal says what is wrong, and how it is right."""
    found = program(network)
    found.sends(line)
    (refused,) = found.gets()
    assert refused["code"] == "bad-arguments"
    assert "hunter2" not in refused["text"]


def test_private_words_come_to_the_other_clients_too(network: Network) -> None:
    """Without the reference: it is not theirs."""
    bob = TextTalker(network, "bob")
    bob.enters()
    first, token = login(network)
    second = program(network)
    second.asks(op="hello", token=token)
    second.gets()
    first.asks(op="msg", nick="bob", text="psst", ref="1")
    (told,) = second.gets()
    assert (told["event"], told["nick"], told["to"], told["text"]) == ("told", "alice", "bob", "psst")
    assert "ref" not in told
