"""Forgetting an account in the rows of the rooms: whoever gets its name next has nothing there that was its own.

Those are its ranks, and masks by which it needs no invitation or no ban holds (`ranks.bequeathed`).  Rooms that
are in use hear of it as of any other change; here it is done to those, too, that nobody has in memory any more.
"""

from __future__ import annotations

from contextlib import suppress

import msgspec

from lanchat.core.ranks import bequeathed
from lanchat.stores.disk import Disk
from lanchat.stores.filing import Filing
from lanchat.stores.kept_modes import decode_modes, encode_modes


def forget(disk: Disk, filing: Filing, folded: str) -> None:
    """Forget the account of a folded name, on the writer's thread.  Raises sqlite3.Error.

    What waits to be filed is filed first: it is then that a room's row has all that happened there.
    """
    while filing.file():
        pass
    execute = disk.connection.execute
    with disk.transaction():
        for number, stored in execute("select number, modes from room where modes != ''").fetchall():
            with suppress(msgspec.MsgspecError):  # such a room is closed (`kept_modes.modes_of`), and has no ranks
                modes = decode_modes(stored)
                changes = bequeathed(modes, folded)
                for change in changes:
                    modes.take(change, "", "")
                if changes:
                    execute("update room set modes = ? where number = ?", (encode_modes(modes), number))
