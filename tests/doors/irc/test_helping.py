"""HELP (modern.ircdocs.horse, "HELP message"): read off the commands themselves."""

from __future__ import annotations

import pytest

from lanchat.core.verbs import TABLE
from lanchat.doors.irc.verbs import VERBS
from tests.doors.irc.clients import Irc
from tests.logins import account
from tests.network import Network


@pytest.mark.parametrize("line", ["HELP", "HELP :", "HELPOP"])
def test_all_commands(network: Network, line: str) -> None:
    """modern.ircdocs.horse, "HELP message": each of IRC's commands in one line, and each of those of all doors."""
    alice = Irc(network, "alice")
    network.hub.people.find("alice").admin = True
    account(network.hub, "alice")
    network.hub.people.find("alice").account = network.hub.accounts.find("alice")
    first, *rest, last = alice.asks(line)
    assert first == ":room-1.lan 704 alice * :The commands that you may use. HELP JOIN explains one."
    assert last == ":room-1.lan 706 alice * :End of /HELP"
    shown = [line.removeprefix(":room-1.lan 705 alice * :") for line in rest]
    assert "QUIT: Leave." in shown
    assert "REPLY TEXT: Answer whoever wrote to you in private last." in shown
    words = [line.partition(":")[0].split(" ")[0] for line in shown]
    assert sorted(words) == sorted({*VERBS, *[command.name.upper() for command in TABLE.commands]})


def test_the_commands_that_one_may_use(network: Network) -> None:
    """What only ops and admins may do is shown to them alone, whether it is a command of IRC or of all doors."""

    def shown() -> set[str]:
        return {line.partition(" * :")[2].split(":")[0].split(" ")[0] for line in alice.asks("HELP")[1:-1]}

    alice = Irc(network, "alice")
    guest = shown()
    assert guest.isdisjoint({"KICK", "BAN", "KILL", "KLINE", "SERVERBAN", "REHASH", "LOGOUT", "FOUNDER"})
    alice.asks("JOIN #dev")
    assert {"KICK", "BAN", "AUDIT"} <= shown() - guest
    network.hub.people.find("alice").admin = True
    assert {"KILL", "KLINE", "SERVERBAN", "REHASH", "FOUNDER"} <= shown() - guest
    assert "LOGOUT" not in shown()


def test_every_command_says_what_it_is_for(network: Network) -> None:
    """modern.ircdocs.horse, "HELP message": a sentence, without the rules that it comes from."""
    alice = Irc(network, "alice")
    network.hub.people.find("alice").admin = True
    for line in alice.asks("HELP")[1:-1]:
        text = line.partition(" :")[2].partition(": ")[2]
        assert text
        assert "RFC" not in text
        assert "`" not in text


@pytest.mark.parametrize("asked", ["KILL", "kill", "/kill"])
def test_one_command(network: Network, asked: str) -> None:
    """modern.ircdocs.horse, RPL_HELPSTART: by its name, in any case."""
    assert Irc(network, "alice").asks(f"HELP {asked}") == [
        ":room-1.lan 704 alice KILL :KILL: Admins: end all connections of somebody, and say why.",
        ":room-1.lan 706 alice KILL :End of /HELP",
    ]


def test_one_word_of_all_doors(network: Network) -> None:
    """modern.ircdocs.horse, RPL_HELPTXT: with an example, as an IRC client types it."""
    assert Irc(network, "alice").asks("HELP reply") == [
        ":room-1.lan 704 alice REPLY :REPLY TEXT: Answer whoever wrote to you in private last.",
        ":room-1.lan 705 alice REPLY :For example: REPLY yes, I am",
        ":room-1.lan 706 alice REPLY :End of /HELP",
    ]


def test_no_such_subject(network: Network) -> None:
    """modern.ircdocs.horse, ERR_HELPNOTFOUND: with the nearest name."""
    assert Irc(network, "alice").asks("HELP serch", "HELP ::a b") == [
        ":room-1.lan 524 alice SERCH :There is no command /SERCH. Did you mean /quote SEARCH?",
        ":room-1.lan 524 alice A :There is no command /:A B. /quote HELP lists them all.",
    ]
