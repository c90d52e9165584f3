"""IRC clients are told to insist on TLS where that keeps nobody out."""

from __future__ import annotations

import pytest

from lanchat.announcement import OpenPort
from lanchat.insisting import sts, tls_port
from tests.test_announcement import IRC, IRC_TLS, LOCAL, PLAIN, PROXIED, TLS


def test_irc_clients_find_tls_where_there_is_nothing_else() -> None:
    """A port of their own comes first; a plain one will do where there is a certificate; a proxy hides its own."""
    assert tls_port([PLAIN, TLS, IRC, IRC_TLS], certificate=True) == 6697
    assert tls_port([PLAIN, TLS, IRC], certificate=True) == 5556
    assert tls_port([PLAIN, OpenPort("ssl:443", TLS.address, tls=True, door="web")], certificate=True) == 5555
    assert tls_port([PLAIN, IRC], certificate=True) == 6667
    assert tls_port([PLAIN], certificate=True) == 5555
    assert tls_port([PLAIN, IRC], certificate=False) == 0
    assert tls_port([PROXIED, LOCAL], certificate=True) == 0


def test_they_are_told_for_how_long() -> None:
    """And the log says what that means."""
    found = sts([PLAIN], 1_209_600, certificate=True, private=True)
    assert found[:2] == (5555, 1_209_600)
    assert found.said.startswith("--sts: IRC clients that know it will insist on TLS at port 5555 for 14 days, and")


def test_they_are_told_so_unasked_with_a_certificate_that_they_may_trust() -> None:
    assert sts([PLAIN], None, certificate=True, private=False)[:2] == (5555, 2_592_000)


def test_they_are_told_nothing_unasked_with_one_that_they_cannot_trust() -> None:
    """A client that knows sts but not our CA could not come in at all: neither with TLS nor without."""
    found = sts([PLAIN], None, certificate=True, private=True)
    assert not found.port
    assert found.said.endswith("; --sts 30d tells them")


@pytest.mark.parametrize(("asked", "certificate"), [(0, True), (None, False), (60, False)])
def test_they_are_told_nothing_where_there_is_no_tls_or_it_is_switched_off(
    asked: int | None, certificate: bool
) -> None:
    found = sts([PLAIN], asked, certificate=certificate, private=False)
    assert (found.port, found.said) == (0, "")
