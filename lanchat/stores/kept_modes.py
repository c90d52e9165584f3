"""How the modes of a room stand in its row: one JSON value, or nothing where they are those of a new room."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated

import msgspec

from lanchat.core.events import Changed
from lanchat.core.masks import matcher
from lanchat.core.modes import FLAGS, Listed, Mode, Modes
from lanchat.core.names import LOBBY, fold


class _Modes(msgspec.Struct, omit_defaults=True):
    flags: list[str]
    key: str = ""
    limit: Annotated[int, msgspec.Meta(ge=0)] = 0
    lists: dict[str, list[Listed]] = {}
    """Those of before had no end and no reason: three parts instead of five."""
    slow: Annotated[int, msgspec.Meta(ge=0)] = 0
    ranks: dict[str, list[Listed]] = {}


def encode_modes(modes: Modes) -> str:
    """Give what stands in the row."""
    if modes.plain:
        return ""
    lists = {mode.value: [*listed.values()] for mode, listed in modes.lists.items() if listed}
    ranks = {rank.value: [*listed.values()] for rank, listed in modes.ranks.items() if listed}
    flags = sorted(mode.value for mode in modes.flags)
    return msgspec.json.encode(_Modes(flags, modes.key, modes.limit, lists, modes.slow, ranks)).decode()


def decode_modes(stored: str) -> Modes:
    """Read what stands in the row; what this lanchat has no name for is passed over.  Raises msgspec.MsgspecError."""
    modes = Modes()
    if not stored:
        return modes
    read = msgspec.json.decode(stored, type=_Modes)
    modes.flags = {mode for mode in FLAGS if mode.value in read.flags}
    modes.key, modes.limit, modes.slow = read.key, read.limit, read.slow
    for mode, listed in modes.lists.items():
        listed.update((fold(each.mask), each) for each in read.lists.get(mode.value, ()))
        check_masks(listed)
    for rank, ranked in modes.ranks.items():
        ranked.update((fold(each.mask), each) for each in read.ranks.get(rank.value, ()))
    return modes


def check_masks(masks: Iterable[str]) -> None:
    """See whether all of these can be held against somebody.  Raises msgspec.ValidationError."""
    for mask in masks:
        try:
            matcher(mask)
        except ValueError as error:
            raise msgspec.ValidationError(f"no mask: {mask}") from error


def modes_of(folded: str, stored: str) -> Modes:
    """Give the modes of the room with this folded name.

    Where they cannot be read nobody knows whether the room was locked, and what was said in a locked room is not for
    whoever comes first: it is closed and hidden, and an admin may open it.  The lobby is not: closed, it would
    keep everybody out of the chat, and what is said there is for all.
    """
    try:
        return decode_modes(stored)
    except msgspec.MsgspecError:
        modes = Modes()
        if folded != fold(LOBBY):
            modes.flags |= {Mode.INVITE_ONLY, Mode.HIDDEN}
        return modes


def changed(folded: str, stored: str, event: Changed) -> str:
    """Give what stands in the row after a change; of ranks those of accounts, a guest's are gone with the guest."""
    modes = modes_of(folded, stored)
    for change in event.changes:
        with suppress(ValueError):  # a limit that is no number: whoever let it happen, history goes on
            modes.take(change, event.nick, event.time)
    return encode_modes(modes)
