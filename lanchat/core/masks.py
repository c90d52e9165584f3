"""Masks: who is meant by ``nick!user@host``, and hosts that stand for addresses without telling them."""

from __future__ import annotations

import hmac
import re
from functools import lru_cache

from lanchat.core.names import fold

_PARTS = re.compile(r"([^!@]*)(?:!([^@]*))?(?:@(.*))?", re.DOTALL)


def cloak(secret: bytes, address: str) -> str:
    """Give the host by which others see an address: always the same for it, and of no use for finding it.

    ``secret`` is the server's own; without it the few addresses of a network cannot be tried one by one.
    """
    return hmac.digest(secret, address.encode(), "sha256").hex()[:8] + ".lan"


def whole(mask: str) -> str:
    """Give a mask all three parts: ``bob`` is ``bob!*@*``, ``*@host`` is ``*!*@host`` (RFC 2812, section 3.2.3)."""
    if "!" not in mask and "@" in mask:
        mask = f"*!{mask}"
    found = _PARTS.fullmatch(mask)
    nick, user, host = found.groups() if found else (mask, "", "")
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


@lru_cache(4096)
def _folded(mask: str) -> str:
    return re.sub(r"\*+", "*", fold(mask))


def fits(mask: str, whom: str) -> bool:
    """Say whether a mask (``*`` is any text, ``?`` any character) fits, in whatever case.

    It takes time in proportion to the two lengths at most, whatever the mask is.
    """
    mask, whom = _folded(mask), fold(whom)
    at, star, seen = 0, -1, 0
    place = 0
    while place < len(whom):
        if at < len(mask) and mask[at] == "*":
            star, seen = at, place
            at += 1
        elif at < len(mask) and mask[at] in ("?", whom[place]):
            at += 1
            place += 1
        elif star >= 0:
            seen += 1
            at, place = star + 1, seen
        else:
            return False
    return not mask[at:].strip("*")
