"""Passwords as they are compared: the same one typed on two machines is the same (RFC 8265, section 4.2)."""

from __future__ import annotations

import unicodedata

from lanchat.core.errors import Refused

LEAST = 8
"""Characters of a password."""
LONGEST = 1024
"""Characters of a password at most: whoever checks it has to go through all of them."""


def opaque(password: str) -> str:
    """Give the form in which a password is compared: every kind of blank is a space, and letters are composed (NFC).

    One machine sends an umlaut as one character, another one as two.
    """
    if password.isascii():
        return password
    blanks = "".join([" " if unicodedata.category(letter) == "Zs" else letter for letter in password])
    return unicodedata.normalize("NFC", blanks)


def is_possible(password: str) -> bool:
    """Say whether something could be anybody's password: what could not is not worth a check."""
    return 0 < len(password) <= LONGEST and opaque(password).isprintable()


def unfit(password: str) -> Refused | None:
    """Say why something cannot be a new password; None when it can."""
    password = opaque(password[: LONGEST + 1])
    if len(password) < LEAST:
        return Refused("bad-new-password", f"A password has at least {LEAST} characters. Take a longer one.")
    if len(password) > LONGEST:
        return Refused("bad-new-password", f"A password has at most {LONGEST:,} characters. Take a shorter one.")
    if password != password.strip() or not password.isprintable():
        return Refused("bad-new-password", "A password has letters, digits, signs, and blanks only between them.")
    return None
