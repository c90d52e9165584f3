"""Extended bans (modern.ircdocs.horse, "EXTBAN"; ircv3.net, account-extban): masks that mean more than a person.

``a:alice`` is whoever is logged in to an account, ``m:`` before a mask mutes instead of banning.  The names and the
``~`` that other servers want before them are read as well.  ``address:192.168.7.0/24`` is as on the other doors; only
those who may ban are shown it, to all others it is ``address:*``.  Who is exempt is so from bans and mutes alike, so
an exemption from ``m:bob`` is one of bob.
"""

from __future__ import annotations

from lanchat.core.masks import ACCOUNT, ADDRESS
from lanchat.core.modes import LISTS, Mode

OFFERED = "am"
"""The letters (ISUPPORT EXTBAN)."""
_ACCOUNT = ("a:", ACCOUNT)
_MUTE = ("m:", "mute:")


def written(mode: Mode, value: str, *, plainly: bool = False) -> str:
    """Give a value as it stands in a MODE: of a list, the mask with its letter; an address only ``plainly``."""
    if mode not in LISTS:
        return value
    if value.startswith(ADDRESS) and not plainly:
        value = f"{ADDRESS}*"
    if value.lower().startswith(ACCOUNT):
        value = _ACCOUNT[0] + value[len(ACCOUNT) :]
    return _MUTE[0] + value if mode is Mode.MUTE else value


def read(mode: Mode, value: str) -> tuple[Mode, str]:
    """Give the mode and the value that are meant by a letter and its parameter."""
    if mode not in LISTS:
        return mode, value
    rest = _without(value, _MUTE) if mode in (Mode.BAN, Mode.EXEMPT) else None
    if rest is not None:
        mode, value = Mode.MUTE if mode is Mode.BAN else mode, rest
    account = _without(value, _ACCOUNT)
    return mode, value if account is None else ACCOUNT + account


def _without(value: str, names: tuple[str, ...]) -> str | None:
    """Give what stands behind one of these names; None where none of them is there."""
    plain = value.removeprefix("~")
    return next((plain[len(name) :] for name in names if plain.lower().startswith(name)), None)
