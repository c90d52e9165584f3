"""What is refused, in IRC's own words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lanchat
from lanchat.doors.irc.message import parse
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import BARE, NUMERICS, for_clients, word
from tests.doors.irc.clients import Irc
from tests.doors.irc.people import doors
from tests.logins import account
from tests.network import Network, SecureLine


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (
            "No #a. /rooms lists them, /join makes one.",
            "No #a. /list lists them, /join makes one.",
        ),
        ("There is no command /foo. /help lists them all.", "There is no command /foo. /quote HELP lists them all."),
        (
            "Not ignored. /ignore lists whom you do.",
            "Not ignored. /quote IGNORE lists whom you do.",
        ),
        ("Type it like this: /lock limit 20", "Type it like this: /quote LOCK limit 20"),
        ("Name a folder/search or (/bans)", "Name a folder/search or (/quote BANS)"),
    ],
)
def test_a_sentence_says_what_to_type_in_an_irc_client(sentence: str, shown: str) -> None:
    """What clients have they keep; what they have not, or do by themselves, goes to the server by /quote."""
    assert for_clients(sentence) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bob", "bob"),
        ("", "*"),
        (":)", ")"),
        ("  bob", "bob"),
        ("two words", "two"),
        ("x" * 200, "x" * 100),
        (" :", "*"),
    ],
)
def test_what_is_repeated_is_one_word(text: str, shown: str) -> None:
    """RFC 2812, 2.3.1: a parameter before the last one has no space, no colon in front, and is not empty."""
    assert word(text) == shown


def raised() -> set[str]:
    """Give the codes of all that is refused anywhere."""
    return {
        node.args[0].value
        for path in Path(lanchat.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and isinstance(node.args[0], ast.Constant)
    }


def test_only_what_is_refused_has_a_numeric() -> None:
    """A code that nobody raises any more would stand for nothing."""
    assert NUMERICS.keys() <= raised()
    assert {*NUMERICS.values(), Numeric.ERR_YOUREBANNEDCREEP} >= BARE


@pytest.mark.parametrize("code", sorted(raised()))
@pytest.mark.parametrize("caps", ["", "standard-replies"])
def test_whatever_is_refused_can_be_told(network: Network, code: str, caps: str) -> None:
    """By a numeric; else by FAIL (ircv3.net, standard-replies: a code in capitals), or a notice; never half a numeric.

    A numeric names what it is about, so where nothing was named it is none: clients would take the text for that.
    """
    Irc(network, "alice", caps)
    (irc,) = doors(network)
    irc.command = "BAN"
    for subject in ((), ("#dev",)):
        irc.subject = subject
        told = parse(irc.refused(code, "Not so. Type /names for that.").decode().removesuffix("\r\n"))
        assert told is not None
        *words, text = told.params
        assert text.removeprefix("-- ") == "Not so. Type /names for that."
        if told.command == "FAIL":
            assert words == ["BAN", code.upper().replace("-", "_"), *subject]
        elif told.command == "NOTICE":
            assert words == ["alice"]
        else:
            numeric = Numeric(told.command)
            assert words == ["alice", *(() if numeric in BARE else subject)]
            assert len(words) == 2 or numeric in BARE


def test_banned_from_the_server_or_from_a_room(network: Network) -> None:
    """RFC 2812, 5.2: 474 names the room; where there is none it is the server, which is 465."""
    account(network.hub, "eve")
    root, guest = Irc(network, "root"), Irc(network, "guest", line=SecureLine)
    network.hub.people.find("root").admin = True
    root.says("SERVERBAN account:eve adverts", "JOIN #dev", "MODE #dev +b guest")
    (told,) = guest.asks("LOGIN eve :correct horse")[-1:]
    assert told.startswith(":room-1.lan 465 guest :You are banned from this server")
    assert guest.asks("JOIN #dev")[0].startswith(":room-1.lan 474 guest #dev :You are banned from #dev")


def test_words_of_all_doors_are_refused_in_words(network: Network) -> None:
    """`/quote BAN` is answered by a notice, whether it succeeds or not."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev")
    bob.says("JOIN #dev")
    (told,) = bob.asks("BAN #dev alice")
    assert told.startswith(":room-1.lan NOTICE bob :-- Only an op of #dev may ")
