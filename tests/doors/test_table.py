"""The table of doors: no two lines of it can be meant by the same first bytes."""

from __future__ import annotations

from itertools import permutations

from lanchat.doors.front import TLS
from lanchat.doors.table import DOORS
from tests.network import Network
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, TextTalker


def test_first_bytes_are_never_ambiguous() -> None:
    """No entrance's first bytes begin another's, nor look like TLS."""
    starts = [start for door in DOORS for start in door.first]
    assert not [pair for pair in permutations(starts, 2) if pair[1].startswith(pair[0])]
    assert not [start for start in starts if start.startswith(TLS)]


def test_last_door_takes_whoever_is_left() -> None:
    """Only the last line of the table has no first bytes."""
    assert [door.name for door in DOORS if not door.first] == [DOORS[-1].name] == ["text"]


def test_every_door_can_refuse() -> None:
    """Each protocol has words for no."""
    assert all(b"Not now" in door.refusal("Not now") for door in DOORS)


def test_doors_are_named_with_their_encryption() -> None:
    """/whois and the log say by which door somebody came, and whether it is encrypted."""
    network = Network()
    people = [kind(network, "alice") for kind in (TextTalker, SecureTextTalker, JsonTalker, SecureJsonTalker)]
    for number, person in enumerate(people):
        person.nick = "abcd"[number]
        person.enters()
        assert person.session.door == person.door
        assert person.session.address == "192.168.7.2"
