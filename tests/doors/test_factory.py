"""What all connections share is found where people look for it: in the factory."""

from __future__ import annotations

from tests.network import Network
from tests.talkers import JsonTalker, SecureTextTalker, TextTalker


def test_user_map_and_broadcast_are_reached_in_the_factory() -> None:
    """The factory knows everybody by folded nick, and speaks to all of them."""
    network = Network()
    people = [TextTalker(network, "Alice"), JsonTalker(network, "bob"), SecureTextTalker(network, "carol")]
    for person in people:
        person.enters()
    for person in people:
        person.hears()
    assert {key: member.nick for key, member in network.factory.users.items()} == {
        "alice": "Alice",
        "bob": "bob",
        "carol": "carol",
    }
    network.factory.broadcast("one\ntwo")
    assert [person.hears() for person in people] == [["-- one", "-- two"]] * 3


def test_connections_are_counted_once_inside_tls() -> None:
    """The door before TLS makes place for the one inside."""
    network = Network()
    TextTalker(network, "alice").enters()
    SecureTextTalker(network, "bob").enters()
    assert len(network.factory.connections) == len(network.factory.doors) == 2
    assert network.factory.admission.live == 2


def test_server_without_a_certificate_has_no_tls() -> None:
    """Only a certificate makes TLS."""
    assert Network(tls=False).factory.tls is None
