"""What a client is told first: 001 to 004, LUSERS, the motd (modern.ircdocs.horse, "Connection Registration")."""

from __future__ import annotations

from lanchat.core.limits import Limits
from tests.doors.irc.clients import Irc
from tests.doors.irc.newcomers import Newcomer, numerics
from tests.doors.irc.people import Device, secure
from tests.logins import account
from tests.network import Network
from tests.talkers import TextTalker


def test_the_first_lines(network: Network) -> None:
    """RFC 2812, 5.1: 001 to 004 as clients read them, the letters in 004.

    modern.ircdocs.horse, RPL_WELCOME: no host that is none at the end of 001, where some clients would look it up.
    """
    greeted = Irc(network, "alice").greeted
    created = greeted[2].rpartition(" created ")[2]
    assert greeted[:4] == [
        ":room-1.lan 001 alice :Welcome to room-1, alice",
        ":room-1.lan 002 alice :Your host is room-1.lan, running version lanchat-1.0",
        f":room-1.lan 003 alice :This server was created {created}",
        ":room-1.lan 004 alice room-1.lan lanchat-1.0 Bio AWbeIiklmnoqstv WbeIkloqv",
    ]
    assert created.startswith(("Saturday 2026-11-21 ", "Sunday 2026-11-22 "))


def test_the_order(network: Network) -> None:
    """modern.ircdocs.horse, "Connection Registration": 001 to 005, LUSERS, the motd, and the lobby behind them."""
    lusers = ["251", "252", "253", "254", "255", "265", "266"]
    assert numerics(Irc(network, "alice").greeted) == [
        *["001", "002", "003", "004", "005", "005", "005"],
        *lusers,
        "422",
        *["JOIN", "353", "366"],
    ]


def test_how_many_are_here(network: Network) -> None:
    """RFC 2812, 3.4.2: people of all doors; the invisible, admins, connections without a name, rooms."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), TextTalker(network, "carol")
    carol.enters()
    Newcomer(network).says("NICK dave")
    Newcomer(network).says("NICK erin")
    alice.says("JOIN #dev")
    carol.says("/quit")
    member = network.hub.people.find("bob")
    member.invisible = member.admin = True
    network.hub.people.mark(member)
    assert alice.asks("LUSERS") == [
        ":room-1.lan 251 alice :There are 1 users and 1 invisible on 1 servers",
        ":room-1.lan 252 alice 1 :operator(s) online",
        ":room-1.lan 253 alice 2 :unknown connection(s)",
        ":room-1.lan 254 alice 2 :channels formed",
        ":room-1.lan 255 alice :I have 2 clients and 0 servers",
        ":room-1.lan 265 alice 2 3 :Current local users 2, max 3",
        ":room-1.lan 266 alice 2 3 :Current global users 2, max 3",
    ]
    bob.says("QUIT")
    assert alice.asks("LUSERS")[0] == ":room-1.lan 251 alice :There are 1 users and 0 invisible on 1 servers"
    assert alice.asks("LUSERS")[1] == ":room-1.lan 252 alice 0 :operator(s) online"


def test_connections_without_a_name_are_counted_and_not_devices(network: Network) -> None:
    """RFC 2812, 3.4.2, RPL_LUSERUNKNOWN: nobody takes the place of one who has no name by having two clients."""
    account(network.hub, "alice")
    Newcomer(network).says("NICK dave")
    secure(network).says("NICK erin")
    Device(network, "alice")
    alice = Device(network, "alice")
    assert alice.asks("LUSERS")[0] == ":room-1.lan 251 alice :There are 1 users and 0 invisible on 1 servers"
    assert alice.asks("LUSERS")[2] == ":room-1.lan 253 alice 2 :unknown connection(s)"


def test_no_message_of_the_day(network: Network) -> None:
    """RFC 2812, 3.4.1, ERR_NOMOTD."""
    assert ":room-1.lan 422 alice :There is no message of the day" in Irc(network, "alice").greeted


def test_the_message_of_the_day(network: Network) -> None:
    """RFC 2812, 3.4.1: a line each, empty ones too; a long one in several, cut between words."""
    words = " ".join(["word"] * 200)
    network.hub.motd = f"Be kind.\n\n{words}"
    greeted = Irc(network, "alice").greeted
    start = greeted.index(":room-1.lan 375 alice :- room-1.lan Message of the day -")
    end = greeted.index(":room-1.lan 376 alice :End of /MOTD command.")
    shown = [line.removeprefix(":room-1.lan 372 alice :- ") for line in greeted[start + 1 : end]]
    assert shown[:2] == ["Be kind.", ""]
    assert len(shown) == 5
    assert " ".join(shown[2:]) == words


def test_a_long_nick_leaves_room_for_what_is_supported() -> None:
    """RFC 2812, 2.3: no line of 005 is longer than 512 bytes, and no token is cut."""
    network = Network(Limits(rate=0, nick=0))
    newcomer = Newcomer(network)
    greeted = newcomer.asks(f"NICK {'n' * 300}", "USER n 0 * :N")
    lines = [line for line in greeted if line.split(" ")[1] == "005"]
    assert len(lines) > 3
    assert all(line.endswith(" :are supported by this server") for line in lines)
