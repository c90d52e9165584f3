"""Certificates: by which clients prove an account without a password (SASL EXTERNAL).

A certificate is known by its SHA-256, in hexadecimal digits: who signed it says nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.errors import Refused
from lanchat.core.proving import own_account
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

MOST = 10
"""Certificates of one account."""
_SHORTEST = 8
"""Digits of a fingerprint that are enough to name one of one's own."""


def add(hub: Hub, session: Session) -> str:
    """Let the certificate of this very connection prove one's account; give its fingerprint.

    Raises Refused ``no-account``, ``no-certificate``, ``certificate-taken`` or ``too-many-certificates``.
    """
    account, shown = own_account(session), session.certificate
    if not shown:
        raise Refused("no-certificate", "This connection has none. Connect with TLS and a client certificate first.")
    if (owner := hub.accounts.of_certificate(shown)) is not None:
        whose = "yours already" if owner is account else "another account's. Make a new one"
        raise Refused("certificate-taken", f"That certificate is {whose}.")
    if len(account.certificates) >= MOST:
        raise Refused("too-many-certificates", f"You have {MOST} certificates. /cert remove FINGERPRINT makes room.")
    account.certificates = [*account.certificates, shown]
    hub.accounts.save(account)
    hub.logins.noted(f"{account.name} has another certificate: {shown}")
    return shown


def remove(hub: Hub, session: Session, fingerprint: str) -> str:
    """Let a certificate prove nothing any more, of which the first digits will do; give its fingerprint.

    Raises Refused ``no-account`` or ``no-certificate``.
    """
    account = own_account(session)
    wanted = fingerprint.replace(":", "").lower()
    found = [each for each in account.certificates if each.startswith(wanted)] if len(wanted) >= _SHORTEST else []
    if len(found) != 1:
        raise Refused(
            "no-certificate", f"No certificate of yours begins so ({_SHORTEST} digits at least). /cert lists."
        )
    account.certificates = [each for each in account.certificates if each != found[0]]
    hub.accounts.save(account)
    hub.logins.noted(f"{account.name} has a certificate less: {found[0]}")
    return found[0]
