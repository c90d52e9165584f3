"""OPER, KILL, REHASH, WALLOPS (RFC 2812, 3.1.4, 3.7.1, 4.2, 4.7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.core.admins import Admins
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network, SecureLine
from tests.talkers import TextTalker

Question = tuple[str, str, Callable[[bool], None]]
NOT_ADMIN = (
    "481 {} :Only admins of the server may do that: /quote LOGIN NICK PASSWORD, or /oper NAME PASSWORD, "
    "if you have been given one."
)


@pytest.fixture
def asked(network: Network) -> list[Question]:
    """Let passwords be checked when the test says so; these are the ones that were given."""
    questions: list[Question] = []
    network.hub.admins = Admins(lambda *question: questions.append(question))
    return questions


def root(network: Network, nick: str = "root", caps: str = "") -> Irc:
    """Give an admin."""
    admin = Irc(network, nick, caps)
    network.hub.people.find(nick).admin = True
    return admin


def answers(asked: list[Question], *, right: bool) -> None:
    """Check the one password that was given."""
    (question,) = asked
    asked.clear()
    question[2](right)


# -- OPER --------------------------------------------------------------------------------------------------


def test_the_right_password_makes_an_admin(network: Network, asked: list[Question]) -> None:
    """RFC 2812, 3.1.4: 381 and the mode; nothing more is heard until the password is checked."""
    alice = Irc(network, "alice", line=SecureLine)
    mask = f"alice!{host_of(network, 'alice')}"
    assert alice.asks("OPER root :correct horse", "PING 7") == []
    assert asked[0][:2] == ("root", "correct horse")
    answers(asked, right=True)
    assert alice.hears() == [
        ":room-1.lan 381 alice :You are now an IRC operator: KILL, REHASH and WALLOPS are yours",
        f":{mask} MODE alice +o",
        ":room-1.lan PONG room-1.lan 7",
    ]
    assert network.hub.people.find("alice").admin


def test_admins_are_shown_with_a_host_of_their_own(network: Network, asked: list[Question]) -> None:
    """ircv3.net, chghost: who has it is told, the admin too; it happens once."""
    alice = Irc(network, "alice", "chghost", line=SecureLine)
    bob, carol = Irc(network, "bob", "chghost"), Irc(network, "carol")
    mask = f"alice!{host_of(network, 'alice')}"
    for one in (alice, bob, carol):
        one.hears()
    for _ in range(2):
        alice.says("OPER root secret")
        answers(asked, right=True)
    moved = f":{mask} CHGHOST alice admin.lan"
    assert [line for line in alice.hears() if "CHGHOST" in line] == [moved]
    assert bob.hears() == [moved]
    assert carol.asks("PING 7") == [":room-1.lan PONG room-1.lan 7"]
    assert host_of(network, "alice") == "alice@admin.lan"


def test_who_is_no_admin_any_more_has_their_host_again(network: Network, asked: list[Question]) -> None:
    """ircv3.net, chghost; RFC 2812, 3.1.5: MODE -o, and what came with OPER goes."""
    alice = Irc(network, "alice", "chghost", line=SecureLine)
    before = host_of(network, "alice")
    host = before.partition("@")[2]
    alice.says("OPER root secret")
    answers(asked, right=True)
    assert alice.asks("MODE alice -o") == [
        ":alice!alice@admin.lan MODE alice -o",
        f":alice!alice@admin.lan CHGHOST alice {host}",
    ]
    assert host_of(network, "alice") == before


def test_the_answer_carries_the_label(network: Network, asked: list[Question]) -> None:
    """ircv3.net, labeled-response: an answer that comes later is labelled all the same."""
    alice = Irc(network, "alice", "labeled-response batch", line=SecureLine)
    alice.asks("@label=x OPER root secret")
    answers(asked, right=False)
    (line,) = alice.hears()
    assert line.startswith("@label=x :room-1.lan 464 alice :")


def test_the_wrong_password(network: Network, asked: list[Question]) -> None:
    """RFC 2812, 3.1.4, ERR_PASSWDMISMATCH."""
    alice = Irc(network, "alice", line=SecureLine)
    alice.asks("OPER root wrong")
    answers(asked, right=False)
    assert alice.hears() == [":room-1.lan 464 alice :There is no such name, or another password."]
    assert not network.hub.people.find("alice").admin


def test_who_is_gone_by_then_is_told_nothing(network: Network, asked: list[Question]) -> None:
    """RFC 2812, 3.1.4: a password that is checked while another admin ends the connection."""
    admin, alice = root(network), Irc(network, "alice", line=SecureLine)
    alice.asks("OPER root secret")
    admin.says("KILL alice")
    answers(asked, right=True)
    assert [line.split(" ")[0] for line in alice.hears()] == ["ERROR"]
    assert list(network.hub.people.members) == ["root"]


def test_there_are_no_admins(network: Network) -> None:
    """RFC 2812, 3.1.4, ERR_NOOPERHOST."""
    assert Irc(network, "alice").asks("OPER root secret") == [
        ":room-1.lan 491 alice :This server has no admins. Who runs it can name some: --admins FILE."
    ]


def test_passwords_are_not_taken_where_others_can_read_them(network: Network, asked: list[Question]) -> None:
    """ircv3.net, standard-replies: FAIL where the client knows it, or else a notice."""
    text = "Others could read the password on this connection. Use TLS."
    assert Irc(network, "alice").asks("OPER root secret") == [f":room-1.lan NOTICE alice :-- {text}"]
    knowing = Irc(network, "bob", "standard-replies")
    assert knowing.asks("OPER root secret") == [f":room-1.lan FAIL OPER NOT_SECURE :{text}"]
    assert asked == []


def test_too_many_tries(network: Network, asked: list[Question]) -> None:
    """RFC 2812, 3.1.4: who guesses has to wait, and is told for how long."""
    alice = Irc(network, "alice", line=SecureLine)
    for _ in range(5):
        alice.says("OPER root wrong")
        answers(asked, right=False)
    (line,) = alice.asks("OPER root wrong")
    assert line.startswith(":room-1.lan NOTICE alice :-- Too many passwords were tried. Wait ")
    assert asked == []


def test_oper_needs_two_words(network: Network) -> None:
    """RFC 2812, 3.1.4, ERR_NEEDMOREPARAMS."""
    assert Irc(network, "alice").asks("OPER root") == [":room-1.lan 461 alice OPER :Not enough parameters"]


# -- what only admins may do -------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["KILL bob :spam", "KILL zoe", "REHASH", "WALLOPS :hi"])
def test_only_admins_may(network: Network, line: str) -> None:
    """RFC 2812, 3.7.1, 4.2, 4.7, ERR_NOPRIVILEGES: before it is looked at whom it is about."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks(line) == [f":room-1.lan {NOT_ADMIN.format('alice')}"]


@pytest.mark.parametrize("line", ["KILL", "WALLOPS"])
def test_too_few_parameters(network: Network, line: str) -> None:
    """RFC 2812, 3.7.1, 4.7, ERR_NEEDMOREPARAMS."""
    assert root(network).asks(line) == [f":room-1.lan 461 root {line} :Not enough parameters"]


def test_kill(network: Network) -> None:
    """RFC 2812, 3.7.1: the connection is ended with ERROR, and everybody learns by whom and why."""
    admin, bob, carol = root(network), Irc(network, "bob"), TextTalker(network, "carol")
    carol.enters()
    mask = f"bob!{host_of(network, 'bob')}"
    carol.hears(), bob.hears()
    assert admin.asks("KILL Bob :too much spam") == [f":{mask} QUIT :killed by root: too much spam"]
    host = mask.partition("@")[2]
    assert bob.hears() == [f"ERROR :Closing link: ({host}) [You were killed by root: too much spam]"]
    assert bob.wire.ended
    assert carol.hears() == ["-- bob left (killed by root: too much spam)"]


def test_kill_without_a_reason(network: Network) -> None:
    """RFC 2812, 3.7.1: clients that send none are not refused; somebody of another door is killed like everybody."""
    admin, carol = root(network), TextTalker(network, "carol")
    carol.enters()
    carol.hears()
    admin.says("KILL carol")
    assert carol.hears() == ["-- You were killed by root"]


def test_who_cannot_be_killed(network: Network) -> None:
    """RFC 2812, 3.7.1, ERR_NOSUCHNICK, ERR_CANTKILLSERVER."""
    admin = root(network)
    nobody, server = admin.asks("KILL ::zoe :spam", "KILL ROOM-1.lan")
    assert nobody.startswith(":room-1.lan 401 root zoe :There is no ")
    assert server == ":room-1.lan 483 root :You can't kill a server: name somebody who is on it"


def test_rehash(network: Network) -> None:
    """RFC 2812, 4.2: 382, and what became of it as notices."""
    admin = root(network)
    assert admin.asks("REHASH") == [
        ":room-1.lan 382 root lanchat :Rehashing",
        ":room-1.lan NOTICE root :Everything was read again.",
    ]
    network.hub.rehash = lambda: ["--motd m.txt not reloaded", "--admins a.txt not reloaded"]
    assert admin.asks("REHASH")[1:] == [
        ":room-1.lan NOTICE root :--motd m.txt not reloaded",
        ":room-1.lan NOTICE root :--admins a.txt not reloaded",
    ]


def test_wallops(network: Network) -> None:
    """RFC 2812, 4.7: all admins hear it, whoever sent it too, and nobody else."""
    admin, second, bob = root(network), root(network, "second"), Irc(network, "bob")
    mask = f"root!{host_of(network, 'root')}"
    for one in (second, bob):
        one.hears()
    assert admin.asks("WALLOPS :Down at nine", "WALLOPS :") == [
        f":{mask} WALLOPS :Down at nine",
        ":room-1.lan 412 root :There is nothing to send. Type a text.",
    ]
    assert second.hears() == [f":{mask} WALLOPS :Down at nine"]
    assert bob.hears() == []


def test_long_wallops_take_several_lines(network: Network) -> None:
    """RFC 2812, 4.7: what an admin says through another door may be longer than a line, and nothing of it is lost."""
    admin, carol = root(network), TextTalker(network, "carol")
    carol.enters()
    network.hub.people.find("carol").admin = True
    admin.hears()
    words = " ".join(["word"] * 200)
    carol.says(f"/wallops {words}")
    told = [line.partition(" WALLOPS :")[2] for line in admin.hears()]
    assert len(told) == 3
    assert " ".join(told) == words
