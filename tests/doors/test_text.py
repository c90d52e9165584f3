"""The text door: what people with nc and telnet meet that programs do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.core.errors import Refused
from lanchat.core.events import Renamed, Said
from lanchat.core.limits import Limits
from lanchat.core.logins import Logins
from lanchat.core.masks import ACCOUNT
from lanchat.core.modes import Listed
from lanchat.core.proving import WRONG
from lanchat.doors.text import TEXT, refusal
from tests.logins import account, logins
from tests.network import Network
from tests.talkers import JsonTalker, SecureTextTalker, TextTalker


@pytest.fixture
def network() -> Network:
    return Network()


def talkers(network: Network, *nicks: str) -> list[TextTalker]:
    people = [TextTalker(network, nick) for nick in nicks]
    for person in people:
        person.enters()
    for person in people:
        person.hears()
    return people


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_end_in_either_way(network: Network, end: bytes) -> None:
    """LF and CRLF both end a line; ours end in CRLF."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"hello" + end + b"again" + end)
    assert bob.wire.receives().count(b"\r\n") == 2


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        (b"\n", ["-- Type your name to join."]),
        (b"  \r\n", ["-- Type your name to join."]),
        (b"/msg bob hi\n", ["-- Type your name first, then commands."]),
        (b"/nick\n", ["-- Type a name, for example: alice"]),
        (b"/nick alice\n", ["-- You are alice, in #lobby, alone for now."]),
        (b" alice \n", ["-- You are alice, in #lobby, alone for now."]),
        (b"\x1b[Aalice\n", ["-- You are alice, in #lobby, alone for now."]),
    ],
)
def test_before_there_is_a_name(network: Network, typed: bytes, answers: list[str]) -> None:
    """Somebody without a name is told what to type, and /nick gives one, too."""
    person = TextTalker(network, "alice")
    person.wire.sends(typed)
    assert person.hears() == answers


@pytest.mark.parametrize("word", [b"/help\n", b"/?\n"])
def test_help_before_there_is_a_name(network: Network, word: bytes) -> None:
    """The greeting promises help, and help says how to go on."""
    person = TextTalker(network, "alice")
    person.wire.sends(word)
    *listed, last = person.hears()
    assert listed
    assert last == "-- Type your name to join."


@pytest.mark.parametrize("word", [b"exit\n", b"QUIT\n", b"/quit\n", b"/exit\n", b"/bye now\n", b"\x04", b"\xff\xf4"])
def test_leaving_before_there_is_a_name(network: Network, word: bytes) -> None:
    """Whoever came by mistake gets out by any usual way."""
    person = TextTalker(network, "alice")
    person.wire.sends(word)
    assert person.hears()[-1] == "-- Bye."
    assert person.wire.ended


@pytest.mark.parametrize("keys", [b"\x04", b"\xff\xf4", b"\xff\xec", b"  EXIT \n", b"Quit\r\n"])
def test_keys_that_leave(network: Network, keys: bytes) -> None:
    """Ctrl-D, telnet's interrupt, and a bare exit or quit leave."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(keys)
    assert alice.hears() == ["-- Bye."]
    assert bob.hears() == ["-- alice left"]


def test_ctrl_d_behind_text_ends_the_line(network: Network) -> None:
    """As on a terminal, Ctrl-D after text sends it, and only alone it leaves."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"hello\x04")
    assert bob.hears() == ["<alice> hello"]
    assert not alice.wire.ended


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (b"hellp\x08o\n", "hello"),
        (b"hellp\x7fo\n", "hello"),
        (b"\x08\x08hi\n", "hi"),
        ("caf\u00e9\x08e\n".encode(), "cafe"),
    ],
)
def test_backspace(network: Network, typed: bytes, said: str) -> None:
    """Terminals that send each key as it is typed send the corrections, too."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(typed)
    assert bob.hears() == [f"<alice> {said}"]


def test_telnet_may_negotiate_at_any_time(network: Network) -> None:
    """Telnet's commands are taken out wherever they stand, and never answered."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"hel\xff\xfb")
    alice.wire.sends(b"\x1flo\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\r\nplain\r\n")
    assert bob.hears() == ["<alice> hello", "<alice> plain"]
    assert alice.wire.receives() == b""


def test_empty_lines_say_nothing(network: Network) -> None:
    """Whoever leans on Enter bothers nobody."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"\n\r\n   \n\x1b[A\n")
    assert alice.hears() == bob.hears() == []


def test_text_of_several_lines_cannot_pass_for_the_server(network: Network) -> None:
    """Each line of a text that came by JSON shows who said it."""
    (bob,) = talkers(network, "bob")
    alice = JsonTalker(network, "alice")
    alice.enters()
    bob.hears()
    alice.wire.sends(b'{"op":"say","text":"one\\n-- The server stops.\\r\\n[21:04] <bob> three"}\n')
    alice.wire.sends(b'{"op":"msg","nick":"bob","text":"one\\n-- two"}\n')
    alice.wire.sends(b'{"op":"me","text":"waves\\nand waves"}\n')
    alice.wire.sends(b'{"op":"topic","text":"one\\n-- two"}\n')
    alice.wire.sends(b'{"op":"away","text":"one\\u2028-- two"}\n')
    assert bob.hears() == [
        "<alice> one",
        "<alice> -- The server stops.",
        "<alice> <bob> three",
        "(private) <alice> one",
        "(private) <alice> -- two",
        "* alice waves",
        "* alice and waves",
        "-- alice set the topic of #lobby: one -- two",
        "-- alice is away: one-- two",
    ]


def test_newcomer_to_a_full_room_is_told_some_names(network: Network) -> None:
    """The first dozen are named, the others are counted."""
    for number in range(15):
        TextTalker(network, f"p{number}".replace("1", "x").replace("0", "o")).enters()
    person = TextTalker(network, "zoe")
    person.enters()
    (line,) = person.hears()
    assert line.count(",") == 1 + 11
    assert line.endswith(" and 3 others (/names).")


def test_dialect_remembers_one_event() -> None:
    """A broadcast encodes once: the same event gives the very same bytes."""
    event = Said(id=1, time="2026-11-21T21:04:05.123Z", room="#lobby", nick="bob", text="hi")
    first = TEXT.encode(event)
    assert TEXT.encode(event) is first
    assert TEXT.encode(Renamed(time="", nick="a", new="b")) == b"-- a is now b\r\n"
    assert b"] #lobby <bob> hi\r\n" in TEXT.aside.encode(event)
    assert TEXT.own(event, "7") == b""


def test_refusal_is_a_line_of_the_server() -> None:
    """Whoever is not served is told so in a line that looks like all others of the server."""
    assert refusal("No.") == b"-- No.\r\n"


def test_long_commands_fit_where_messages_do() -> None:
    """A name that is longer than allowed is refused as a name."""
    network = Network(Limits(nick=4, rate=0, per_address=0))
    person = TextTalker(network, "alice")
    person.enters()
    assert person.hears() == ["-- A name has at most 4 characters. Type a shorter one."]


# -- logging in before there is a name -------------------------------------------------------------------------

HERE = "127.0.0.1"
"""From there a password may be given without TLS."""


@pytest.mark.parametrize(
    "typed", ["/login alice correct horse", "/identify ALICE correct horse", "login alice correct horse"]
)
def test_whose_name_it_is_comes_in_by_the_password(network: Network, typed: str) -> None:
    """Without the slash too: as a name it would be answered with itself, password and all."""
    account(network.hub, "alice")
    alice = TextTalker(network, "alice", HERE)
    alice.says(typed)
    assert alice.hears() == ["-- You are logged in as alice.", "-- You are alice, in #lobby, alone for now."]
    alice.says("hello")
    assert alice.hears() == []


def test_who_has_shown_a_certificate_needs_no_password(network: Network) -> None:
    """It has to be one of that account."""
    found = account(network.hub, "alice")
    found.certificates = ["aa"]
    network.hub.accounts.save(found)
    alice = SecureTextTalker(network, "alice")
    alice.says("")
    alice.hears()
    (door,) = network.factory.doors
    for shown in ("bb", "aa"):
        door.session.certificate = shown
        alice.says("/login alice")
    assert alice.hears() == [
        "-- Nobody has this certificate. Log in with your password, then /cert add.",
        "-- You are logged in as alice.",
        "-- You are alice, in #lobby, alone for now.",
    ]


def test_nobody_is_led_to_send_a_password_that_others_could_read(network: Network) -> None:
    """Who comes with the name of an account over a plain connection from another machine."""
    account(network.hub, "alice")
    guest = TextTalker(network, "alice", "192.168.7.2")
    guest.enters()
    guest.says("bob")
    guest.says("/nick alice")
    told = (
        "-- alice is registered. If that is you, log in over TLS: others could read a password here. "
        "If not, type another name."
    )
    assert guest.hears() == [told, "-- You are bob, in #lobby, alone for now.", told]


def test_a_name_that_is_somebodys_is_asked_for_the_password(network: Network) -> None:
    """Whoever it is may take another name, or log in, on the same connection."""
    account(network.hub, "alice")
    guest = TextTalker(network, "alice", HERE)
    guest.enters()
    guest.says("/login alice wrong horse")
    assert guest.hears() == [
        "-- alice is registered. If that is you: /login alice PASSWORD. If not, type another name.",
        "-- There is no such name, or another password.",
    ]
    guest.says("bob")
    assert guest.hears() == ["-- You are bob, in #lobby, alone for now."]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/login", "-- Type it like this: /login alice correct horse battery (/login NAME PASSWORD)"),
        ("/login alice", "-- Type it like this: /login alice correct horse battery (/login NAME PASSWORD)"),
        ("/register secret words", "-- Type your name first, then /register PASSWORD."),
        ("register secret words", "-- Type your name first, then /register PASSWORD."),
        ("/register", "-- Type your name first, then /register PASSWORD."),
        ("/passwd secret words", "-- Type your name first, then commands."),
        ("/password", "-- Type it like this: /password PASSWORD"),
        ("/password secret words", "-- Type your name to join."),
        ("password secret words", "-- Type your name to join."),
    ],
)
def test_what_is_typed_wrong_is_told_without_the_password(network: Network, typed: str, told: str) -> None:
    guest = TextTalker(network, "", HERE)
    guest.says(typed)
    assert guest.hears() == [told]


def test_where_nobody_may_make_an_account_nobody_is_told_how(network: Network) -> None:
    network.hub.logins = logins(network.hub, guests=False, open_=False)
    guest = TextTalker(network, "", HERE)
    guest.says("/register secret words")
    assert guest.hears() == ["-- Accounts are made by who runs this server. Ask them for one."]


@pytest.mark.parametrize("word", ["login", "password", "register"])
def test_the_words_alone_are_names(network: Network, word: str) -> None:
    guest = TextTalker(network, word, HERE)
    guest.enters()
    assert guest.hears() == [f"-- You are {word}, in #lobby, alone for now."]


def test_who_is_banned_stays_out_after_the_password(network: Network) -> None:
    """And is told so, and may go on asking."""
    account(network.hub, "alice")
    network.hub.server_bans.add(Listed(f"{ACCOUNT}alice", "root", network.hub.stamp(), reason="spam"))
    alice = TextTalker(network, "alice", HERE)
    alice.says("/login alice correct horse")
    (told,) = alice.hears()
    assert told.startswith("-- You are banned from this server")
    assert not alice.wire.ended


def test_a_private_server_is_told_its_password_first(network: Network) -> None:
    """The greeting asks for it, and so does every name that is given before."""
    network.hub.logins = logins(network.hub, welcomes=lambda given: given == "open sesame")
    alice = TextTalker(network, "alice", HERE)
    network.reactor.wait(0.3)
    alice.enters()
    for line in ("", "/password open barley", "password open sesame"):
        alice.says(line)
    alice.enters()
    assert alice.hears() == [
        "-- lanchat on room-1 is private. Type /password PASSWORD, and then your name; /help for help.",
        "-- This server is private. Give its password first: /password PASSWORD",
        "-- Type /password PASSWORD, and then your name. Who has an account types /login NICK PASSWORD.",
        "-- That is not the password of this server. Ask who runs it.",
        "-- Type your name to join.",
        "-- You are alice, in #lobby, alone for now.",
    ]


def test_a_server_for_accounts_alone_asks_for_one(network: Network) -> None:
    network.hub.logins = logins(network.hub, guests=False, open_=False)
    account(network.hub, "alice")
    alice = TextTalker(network, "bob", HERE)
    network.reactor.wait(0.3)
    alice.says("")
    alice.enters()
    alice.says("/login alice correct horse")
    assert alice.hears() == [
        "-- lanchat on room-1: nobody is here yet. Type /login NICK PASSWORD to join, /help for help.",
        "-- Type /login NICK PASSWORD to join.",
        "-- Only who has an account may come in here: /login NICK PASSWORD",
        "-- You are logged in as alice.",
        "-- You are alice, in #lobby, alone for now.",
    ]


class Later:
    """Checks what it is shown when the test says so."""

    def __init__(self, network: Network) -> None:
        self.asked: list[Callable[[str | Refused], None]] = []
        network.hub.logins = Logins(network.hub.accounts, lambda shown, then: self.asked.append(then))
        account(network.hub, "alice")


def test_nobody_is_thrown_out_while_their_password_waits(network: Network) -> None:
    """They gave their name in time; what they typed meanwhile is heard after it."""
    later = Later(network)
    alice = TextTalker(network, "alice", HERE)
    alice.wire.sends(b"/login alice correct horse\r\n/version\r\n")
    network.reactor.wait(100.0)
    assert alice.hears() == []
    later.asked[0]("alice")
    assert alice.hears() == [
        "-- You are logged in as alice.",
        "-- You are alice, in #lobby, alone for now.",
        "-- lanchat 1.0",
    ]


def test_who_has_not_given_a_name_is_thrown_out_after_a_wrong_password(network: Network) -> None:
    later = Later(network)
    alice = TextTalker(network, "alice", HERE)
    alice.wire.sends(b"/login alice wrong horse\r\n")
    network.reactor.wait(40.0)
    later.asked[0](WRONG)
    network.reactor.wait(31.0)
    assert alice.hears()[-1] == "-- No name within 30 seconds. Connect again when you are ready."
    assert alice.wire.ended


@pytest.mark.parametrize("end", ["drops", "hangs_up"])
@pytest.mark.parametrize("proved", ["alice", WRONG])
def test_who_goes_while_a_password_is_checked_leaves_nothing(
    network: Network, end: str, proved: str | Refused
) -> None:
    """Not among those who are here, nor among those who wait; half a connection is answered before it ends."""
    later = Later(network)
    alice = TextTalker(network, "alice", HERE)
    alice.wire.sends(b"/login alice correct horse\r\n")
    getattr(alice.wire, end)()
    later.asked[0](proved)
    network.reactor.wait(5.0)
    assert alice.wire.gone
    assert not network.factory.users
    assert not network.factory.doors
    assert not network.hub.logins._asked
    if end == "hangs_up":
        assert alice.hears()[0] in ("-- You are logged in as alice.", "-- There is no such name, or another password.")


def test_a_password_is_not_said_to_everybody_by_a_blank_before_it(network: Network) -> None:
    """Any other line may begin with one."""
    alice, bob = talkers(network, "alice", "bob")
    for line in (" /login bob correct horse", "\t/IDENTIFY bob correct horse"):
        bob.says(line)
        assert bob.hears() == ["-- Type it without the blank before it: everybody would read your password."]
    assert alice.hears() == []
    for line in ("  /me", " /nothing like that", " hello"):
        bob.says(line)
    assert [each.partition("<bob> ")[2] for each in alice.hears()] == ["  /me", " /nothing like that", " hello"]
