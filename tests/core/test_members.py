"""A member is one person, however many connections they have."""

from __future__ import annotations

from lanchat.core.members import Member


def test_mask_is_who_somebody_is() -> None:
    """RFC 2812, 2.3.1: the nick, the user name and the host, as they are now."""
    alice = Member("alice", "2026-11-21T21:04:05.123Z", "al", "1b2c.lan", "Alice Liddell")
    assert alice.mask == "alice!al@1b2c.lan"
    alice.nick = "alicia"
    assert alice.mask == "alicia!al@1b2c.lan"


def test_newcomer_has_spoken_when_they_came() -> None:
    """Who has said nothing yet is idle since they came in."""
    alice = Member("alice", "2026-11-21T21:04:05.123Z")
    assert alice.spoke == alice.since
