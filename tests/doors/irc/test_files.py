"""Files, as IRC clients hear of them."""

from __future__ import annotations

from lanchat.core.files import TEXT, File, NoFiles
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network

FILE = File(id="x1", name="a.txt", size=5, kind=TEXT, time="", until="")
SENT = "sent a.txt (5 bytes): http://room-1:5555/files/x1/a.txt"


class Kept(NoFiles):
    """A place for files."""

    off = ""


def sends(network: Network, sender: Irc, command: str) -> None:
    """Ask where a file goes, and put one there."""
    *_, line = sender.asks(command)
    token = line.rstrip("/").rpartition("/")[2]
    network.hub.sharing.tell(network.hub.sharing.take(token), FILE)


def test_an_irc_client_sends_a_file(network: Network) -> None:
    """It went by another way, so its sender hears of it too: as an echo, or in a notice of the server."""
    network.hub.files = Kept()
    network.hub.url = "http://room-1:5555/"
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol", "echo-message")
    bob.hears()
    sends(network, alice, "SEND #lobby")
    (notice,) = alice.hears()
    assert notice.startswith(":room-1.lan NOTICE alice :[")
    assert notice.endswith(f"] <alice> {SENT}")
    assert bob.hears()[-1] == f":alice!{host_of(network, 'alice')} PRIVMSG #lobby :{SENT}"
    carol.hears()
    sends(network, carol, "SEND bob")
    line = f":carol!{host_of(network, 'carol')} PRIVMSG bob :{SENT}"
    assert (carol.hears(), bob.hears()) == ([line], [line])
    sends(network, alice, "SEND bob")
    (notice,) = alice.hears()
    assert notice.endswith(f"] (private to bob) <alice> {SENT}")
