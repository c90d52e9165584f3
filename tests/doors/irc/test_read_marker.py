"""MARKREAD (ircv3.net/specs/extensions/read-marker)."""

from __future__ import annotations

import pytest

from lanchat.doors.irc import read_marker
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network

CAP = "draft/read-marker"
SERVER = ":room-1.lan"
EARLY, LATE = "timestamp=2026-11-20T21:00:00.000Z", "timestamp=2026-11-20T22:00:00.000Z"


def test_markers_only_move_forward(network: Network) -> None:
    """ircv3.net, read-marker, "Read timestamp notes": who names an earlier moment is told the later one."""
    alice = Irc(network, "alice", CAP)
    assert alice.asks("MARKREAD #lobby") == [f"{SERVER} MARKREAD #lobby *"]
    assert alice.asks(f"MARKREAD #LOBBY {EARLY}") == [f"{SERVER} MARKREAD #lobby {EARLY}"]
    assert alice.asks(f"MARKREAD #lobby {LATE}") == [f"{SERVER} MARKREAD #lobby {LATE}"]
    assert alice.asks(f"MARKREAD #lobby {EARLY}") == [f"{SERVER} MARKREAD #lobby {LATE}"]
    assert alice.asks("MARKREAD #lobby") == [f"{SERVER} MARKREAD #lobby {LATE}"]


def test_nobody_has_read_the_future(network: Network) -> None:
    """ircv3.net, read-marker, "Implementation Considerations": a marker is not later than now."""
    alice = Irc(network, "alice", CAP)
    now = network.hub.stamp()
    asked = "MARKREAD #lobby timestamp=2099-01-01T00:00:00.000Z"
    assert alice.asks(asked) == [f"{SERVER} MARKREAD #lobby timestamp={now}"]


def test_people_have_markers_too(network: Network) -> None:
    """ircv3.net, read-marker: a target is a room or a nick; nobody learns of another's."""
    alice, bob = Irc(network, "alice", CAP), Irc(network, "bob", CAP)
    alice.hears()
    assert alice.asks(f"MARKREAD Bob {LATE}") == [f"{SERVER} MARKREAD Bob {LATE}"]
    assert alice.asks("MARKREAD bob") == [f"{SERVER} MARKREAD bob {LATE}"]
    assert bob.hears() == []
    assert bob.asks("MARKREAD bob") == [f"{SERVER} MARKREAD bob *"]


def test_told_on_coming_in(network: Network) -> None:
    """ircv3.net, read-marker, "Command flows": after JOIN and before the end of the names."""
    alice = Irc(network, "alice", CAP)
    assert f"{SERVER} MARKREAD #lobby *" in alice.greeted
    alice.says(f"MARKREAD #dev {LATE}")
    assert alice.asks("JOIN #Dev") == [
        f":alice!{host_of(network, 'alice')} JOIN #Dev",
        f"{SERVER} MARKREAD #Dev {LATE}",
        f"{SERVER} 353 alice = #Dev :@alice",
        f"{SERVER} 366 alice #Dev :End of /NAMES list",
    ]


def test_who_did_not_ask_is_told_nothing(network: Network) -> None:
    """ircv3.net, read-marker: without the capability only a MARKREAD is answered."""
    alice = Irc(network, "alice")
    assert not [line for line in alice.greeted if "MARKREAD" in line]
    assert alice.asks(f"MARKREAD #lobby {LATE}") == [f"{SERVER} MARKREAD #lobby {LATE}"]


def test_all_clients_of_one_person_share_markers(network: Network) -> None:
    """ircv3.net, read-marker, "Command flows": the others are told when a marker moves, as far as they know of it."""
    alice, second, third = Irc(network, "alice", CAP), Irc(network, "a2", CAP), Irc(network, "a3")
    member = network.hub.people.find("alice").sessions
    for nick in ("a2", "a3"):
        member.update(network.hub.people.find(nick).sessions)
    for each in (alice, second, third):
        each.hears()
    alice.says(f"MARKREAD #lobby {LATE}", f"MARKREAD #lobby {EARLY}")
    assert alice.hears() == [f"{SERVER} MARKREAD #lobby {LATE}"] * 2
    assert second.hears() == [f"{SERVER} MARKREAD #lobby {LATE}"]
    assert third.hears() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("MARKREAD", "NEED_MORE_PARAMS :Say where you have read: MARKREAD #room"),
        (
            "MARKREAD #lobby *",
            "INVALID_PARAMS * :That is no moment: write it as timestamp=2026-11-21T21:04:05.123Z",
        ),
        (
            "MARKREAD #lobby timestamp=now",
            "INVALID_PARAMS timestamp=now :That is no moment: write it as timestamp=2026-11-21T21:04:05.123Z",
        ),
        (
            "MARKREAD #lobby msgid=7",
            "INVALID_PARAMS msgid=7 :That is no moment: write it as timestamp=2026-11-21T21:04:05.123Z",
        ),
    ],
)
def test_errors(network: Network, line: str, answer: str) -> None:
    """ircv3.net, read-marker, "Errors and Warnings": standard replies."""
    alice = Irc(network, "alice", CAP)
    assert alice.asks(line) == [f"{SERVER} FAIL MARKREAD {answer}"]
    assert alice.asks("MARKREAD #lobby") == [f"{SERVER} MARKREAD #lobby *"]


def test_markers_have_a_bound(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one has read longest ago is forgotten first."""
    monkeypatch.setattr(read_marker, "MOST", 2)
    alice = Irc(network, "alice", CAP)
    for target in ("#a", "#b", "#a", "#c"):
        alice.says(f"MARKREAD {target} {EARLY}")
    assert alice.asks("MARKREAD #a", "MARKREAD #b", "MARKREAD #c") == [
        f"{SERVER} MARKREAD #a {EARLY}",
        f"{SERVER} MARKREAD #b *",
        f"{SERVER} MARKREAD #c {EARLY}",
    ]
    long = "n" * 300
    assert alice.asks(f"MARKREAD {long} {EARLY}") == [f"{SERVER} MARKREAD {long[:100]} {EARLY}"]


def test_markers_have_labels(network: Network) -> None:
    """ircv3.net, labeled-response: the answer has the label, errors too."""
    alice = Irc(network, "alice", f"{CAP} batch labeled-response")
    assert alice.asks("@label=x MARKREAD #lobby") == [f"@label=x {SERVER} MARKREAD #lobby *"]
    assert alice.asks("@label=x MARKREAD")[0].startswith(f"@label=x {SERVER} FAIL MARKREAD NEED_MORE_PARAMS :")
