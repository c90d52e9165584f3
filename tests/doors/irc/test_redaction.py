"""REDACT (ircv3.net/specs/extensions/message-redaction), and what clients without it are told."""

from __future__ import annotations

import pytest

from lanchat.doors.irc import dialect
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.people import Device
from tests.logins import account
from tests.network import Network
from tests.talkers import TextTalker

CAPS = "message-tags echo-message draft/message-redaction"


@pytest.fixture
def alice(network: Network) -> Irc:
    """Give the op of #dev."""
    alice = Irc(network, "alice", CAPS)
    alice.says("JOIN #dev")
    alice.hears()
    return alice


@pytest.fixture
def bob(network: Network, alice: Irc) -> Irc:
    """Give somebody else in #dev."""
    bob = Irc(network, "bob", CAPS)
    bob.says("JOIN #dev")
    bob.hears(), alice.hears()
    return bob


def said(who: Irc, text: str, to: str = "#dev") -> str:
    """Say something, and give its msgid."""
    who.hears()
    who.says(f"PRIVMSG {to} :{text}")
    return who.reads()[0].tags["msgid"]


def test_all_who_know_it_take_it_off_the_screen(network: Network, alice: Irc, bob: Irc) -> None:
    """message-redaction, "Command": from who did it, with the reason; others get a notice that says so."""
    carol, dave = Irc(network, "carol"), TextTalker(network, "dave")
    carol.says("JOIN #dev")
    msgid = said(bob, "buy this")
    carol.hears()
    alice.says(f"REDACT #dev {msgid} :no adverts")
    mask = f"alice!{host_of(network, 'alice')}"
    for one in (alice, bob):
        redacted = one.reads()[-1]
        assert (redacted.source, redacted.command) == (mask, "REDACT")
        assert redacted.params == ["#dev", msgid, "no adverts"]
        assert int(redacted.tags["msgid"]) > int(msgid)
    assert carol.hears() == [":room-1.lan NOTICE #dev :-- alice took a message of bob away in #dev (no adverts)"]
    dave.enters()
    dave.says("/history #dev")
    assert "buy this" not in " ".join(dave.hears())


def test_ones_own_words(network: Network, alice: Irc, bob: Irc) -> None:
    """message-redaction: without a reason there is none."""
    msgid = said(bob, "oops")
    bob.says(f"REDACT #DEV {msgid}")
    assert bob.reads()[-1].params == ["#dev", msgid]


def test_a_message_of_several_lines(network: Network, alice: Irc, bob: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its lines has a msgid; whichever is named, all of them are taken away."""
    monkeypatch.setattr(dialect, "_REMEMBERED", 1)
    dave = TextTalker(network, "dave")
    dave.enters()
    dave.says("/join #dev")
    bob.hears()
    for _ in range(2):
        dave.says("/say " + "very long words " * 60)
    found = [each.tags["msgid"] for each in bob.reads() if each.command == "PRIVMSG"]
    second = [msgid for msgid in found if "." in msgid][-1]
    whole = [msgid for msgid in found if msgid.partition(".")[0] == second.partition(".")[0]]
    assert len(whole) == 3
    alice.hears()
    alice.says(f"REDACT #dev {second}")
    redacted = [each for each in alice.reads() if each.command == "REDACT"]
    assert [each.params[1] for each in redacted] == whole
    assert len({each.tags["msgid"] for each in redacted}) == 3
    assert [each.params[1] for each in bob.reads()] == whole


def test_in_private(network: Network, alice: Irc) -> None:
    """What is not kept cannot be found: that is said as the specification has it."""
    bob = Irc(network, "bob", CAPS)
    msgid = said(bob, "psst", "alice")
    assert bob.asks(f"REDACT alice {msgid}")[0].startswith(
        f":room-1.lan FAIL REDACT UNKNOWN_MSGID alice {msgid} :There is no message {msgid} here."
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("REDACT #dev nonsense", "FAIL REDACT UNKNOWN_MSGID #dev nonsense :There is no such message."),
        ("REDACT #dev 999", "FAIL REDACT UNKNOWN_MSGID #dev 999 :There is no message 999 here."),
        ("REDACT #nowhere 1", "FAIL REDACT INVALID_TARGET #nowhere :"),
        ("REDACT #nowhere nonsense", "FAIL REDACT INVALID_TARGET #nowhere :"),
        ("REDACT #lobby 3", "FAIL REDACT UNKNOWN_MSGID #lobby 3 :"),
        ("REDACT nobody 1", "FAIL REDACT INVALID_TARGET nobody :There is no nobody here."),
        ("REDACT #dev", "461 bob REDACT :Not enough parameters"),
    ],
)
def test_what_cannot_be_taken_away(network: Network, bob: Irc, line: str, told: str) -> None:
    """message-redaction, "Errors"."""
    (refused,) = bob.asks(line)
    assert refused.startswith(f":room-1.lan {told}")


def test_what_others_said(network: Network, alice: Irc, bob: Irc) -> None:
    """message-redaction, REDACT_FORBIDDEN; an admin of the server may, from outside too."""
    msgid = said(alice, "mine")
    (refused,) = bob.asks(f"REDACT #dev {msgid}")
    assert refused.startswith(f":room-1.lan FAIL REDACT REDACT_FORBIDDEN #dev {msgid} :Only who said it, or an op")
    carol = Irc(network, "carol", CAPS)
    assert carol.asks(f"REDACT #dev {msgid}")[0].startswith(":room-1.lan FAIL REDACT INVALID_TARGET #dev :")
    network.hub.people.find("carol").admin = True
    assert carol.asks(f"REDACT #dev {msgid}")[-1].endswith(f" REDACT #dev {msgid}")


def test_only_of_the_target(network: Network, alice: Irc) -> None:
    """message-redaction, UNKNOWN_MSGID: one's own words, but said elsewhere: in a room, or to somebody else."""
    account(network.hub, "carol"), account(network.hub, "erin"), account(network.hub, "frank")
    carol = Device(network, "carol", CAPS)
    aloud, psst = said(carol, "hi", "#lobby"), said(carol, "psst", "erin")
    for target, msgid in (("erin", aloud), ("alice", aloud), ("frank", psst), ("#lobby", psst)):
        assert carol.asks(f"REDACT {target} {msgid}")[0].startswith(
            f":room-1.lan FAIL REDACT UNKNOWN_MSGID {target} {msgid} :"
        )
    assert carol.asks(f"REDACT ERIN {psst}")[0].endswith(f" REDACT erin {psst}")


def test_only_for_clients_that_know_it(network: Network, alice: Irc) -> None:
    """message-redaction: the capability comes first; DELETE is for everybody."""
    bob = Irc(network, "bob", "message-tags echo-message")
    bob.says("JOIN #dev")
    msgid = said(bob, "oops")
    assert bob.asks(f"REDACT #dev {msgid}") == [
        ":room-1.lan 421 bob REDACT :Ask for the capability draft/message-redaction first, or say DELETE"
    ]
    alice.hears()
    told = bob.asks(f"DELETE {msgid}")
    assert "NOTICE #dev :-- bob took a message away in #dev" in told[-1]
    assert alice.reads()[-1].params == ["#dev", msgid]


def test_a_notice_in_private(network: Network, alice: Irc) -> None:
    """Whoever has no REDACT is told by a notice of their own."""
    account(network.hub, "carol"), account(network.hub, "erin")
    carol, erin = Device(network, "carol", CAPS), Device(network, "erin")
    msgid = said(carol, "psst", "erin")
    erin.hears()
    carol.says(f"REDACT erin {msgid}")
    assert erin.hears() == [":room-1.lan NOTICE erin :-- carol took a message away"]
