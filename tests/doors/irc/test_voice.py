"""How one IRC session is answered."""

from __future__ import annotations

import pytest

from lanchat.core.replies import (
    Absent,
    Acknowledged,
    AnyReply,
    Closed,
    Inviting,
    Missed,
    Notice,
    Ping,
    Pong,
    Refusal,
    Watched,
)
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network

REPLIES = [
    (Ping(), "PING room-1.lan"),
    (Pong(), ":room-1.lan PONG room-1.lan room-1.lan"),
    (Closed(text="Bye."), "ERROR :Closing link: (HOST) [Bye.]"),
    (Absent(nick="bob", text="lunch"), ":room-1.lan 301 alice bob :lunch"),
    (Watched(nick="bob", present=False), ":room-1.lan 731 alice :bob"),
    (Watched(nick="alice", present=True), ":room-1.lan 730 alice :alice!alice@HOST"),
    (Inviting(nick="alice", to="bob", room="#dev"), ":alice!alice@HOST INVITE bob #dev"),
    (Refusal(code="no-text", text="There is nothing."), ":room-1.lan 412 alice :There is nothing."),
    (Refusal(code="odd-one", text="No."), ":room-1.lan FAIL PING ODD_ONE No."),
    (Acknowledged(id=7), ""),
    (Notice(text="one\ntwo"), ":room-1.lan NOTICE alice :-- one\r\n:room-1.lan NOTICE alice :-- two"),
    (
        Notice(text="x" * 470 + " " + "y" * 20),
        f":room-1.lan NOTICE alice :-- {'x' * 470}\r\n:room-1.lan NOTICE alice :{'y' * 20}",
    ),
    (
        Missed(since=1, until=5),
        ":room-1.lan NOTICE alice :-- Some messages are missing here: they are not kept any more.",
    ),
]


@pytest.mark.parametrize(("reply", "lines"), REPLIES)
def test_replies_are_lines(network: Network, reply: AnyReply, lines: str) -> None:
    """Numerics where IRC has one; what it knows nothing of is a notice of the server."""
    alice = Irc(network, "alice", "invite-notify standard-replies")
    alice.says("PING x")
    alice.hears()
    (session,) = network.hub.people.find("alice").sessions
    host = host_of(network, "alice").partition("@")[2]
    session.tell(reply)
    assert "\r\n".join(alice.hears()) == lines.replace("HOST", host)


def test_what_was_not_asked_for_is_not_told(network: Network) -> None:
    """ircv3.net, invite-notify: only who asked for it hears of them; without standard-replies there is a notice."""
    alice = Irc(network, "alice")
    (session,) = network.hub.people.find("alice").sessions
    session.tell(Inviting(nick="alice", to="bob", room="#dev"))
    session.tell(Refusal(code="odd-one", text="No."))
    assert alice.hears() == [":room-1.lan NOTICE alice :-- No."]


def test_capabilities_change_what_is_heard_at_once(network: Network) -> None:
    """ircv3.net, capability negotiation: what is switched on or off holds from the next line on."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.hears()
    said = f":alice!{host_of(network, 'alice')} PRIVMSG #lobby :x"
    bob.says("CAP REQ :server-time")
    alice.says("PRIVMSG #lobby x")
    bob.says("CAP REQ :-server-time")
    alice.says("PRIVMSG #lobby x")
    _, timed, _, plain = bob.hears()
    assert timed.startswith("@time=2026-")
    assert timed.endswith(f"Z {said}")
    assert plain == said


def test_notices_say_what_to_type_in_an_irc_client(network: Network) -> None:
    """A command that clients have not, or do by themselves, reaches the server by /quote."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks("IGNORE bob") == [
        ":room-1.lan NOTICE alice :-- You hear nothing from bob any more. /quote UNIGNORE bob takes it back."
    ]
