"""Sizes of files as text: read from an option, and shown to people."""

from __future__ import annotations

import re

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"(\d{1,15})([kmgt]?)(?:i?b)?")


def size(written: str) -> int:
    """Give the bytes of ``2048``, ``100M`` or ``10G``, which are powers of 1024.  Raises ValueError."""
    found = _SIZE.fullmatch(written.strip().lower())
    if found is None:
        raise ValueError(written)
    return int(found[1]) * _UNITS[found[2]]


def shown(count: int) -> str:
    """Say so many bytes as people read them: ``1.2 MB``, in powers of 1000 as file managers do."""
    if count < 1000:
        return f"{count} {'byte' if count == 1 else 'bytes'}"
    number = count / 1000
    for unit in ("kB", "MB", "GB"):
        if number < 999.95:
            return f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
