"""How accounts, server bans and the audit log stand in the file: a row of JSON each.

Plain functions on a connection; they know no threads.  What cannot be read opens nothing: its account stays somebody's
and no password fits, its ban holds as far as its key tells whom it is for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import msgspec

from lanchat.core.accounts import Account
from lanchat.core.audit import MOST, AuditLog
from lanchat.core.modes import Listed
from lanchat.core.names import fold
from lanchat.core.replies import AuditLine
from lanchat.stores.disk import Disk
from lanchat.stores.filing import Filing
from lanchat.stores.finding import Execute
from lanchat.stores.forgetting import forget
from lanchat.stores.kept_modes import check_masks

AUDIT = 100_000
"""Lines of the audit log that stay; those that are about no room stay ten times as long."""
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)

_Row = TypeVar("_Row")
encode = msgspec.json.Encoder().encode
_decode_account: Callable[[bytes | str], Account] = msgspec.json.Decoder(Account).decode
_decode_ban: Callable[[bytes | str], Listed] = msgspec.json.Decoder(Listed).decode
_decode_line: Callable[[bytes | str], AuditLine] = msgspec.json.Decoder(AuditLine).decode


class AccountChange(NamedTuple):
    """What becomes of an account: its row as it is to be, or None.

    ``anew``: before that no room is to know anything of who had the name until now.
    """

    folded: str
    row: str | None
    anew: bool = False


class Changes(NamedTuple):
    """What is written together."""

    accounts: list[AccountChange]
    bans: list[tuple[str, str | None]]
    """Folded masks, and their rows as they are to be, or None."""
    audit: list[str]


class Known(NamedTuple):
    """What stands in the file."""

    accounts: list[Account]
    bans: list[Listed]
    audit: list[AuditLine]


def write(disk: Disk, filing: Filing, changes: Changes) -> None:
    """Write all of it, or nothing but that somebody is forgotten.  Raises sqlite3.Error."""
    for change in changes.accounts:
        if change.anew:
            forget(disk, filing, change.folded)
    execute, executemany = disk.connection.execute, disk.connection.executemany
    with disk.transaction():
        for table, rows in (("account", changes.accounts), ("ban", changes.bans)):
            executemany(
                f"insert into {table} (folded, content) values (?, ?) "  # noqa: S608 - constants alone
                "on conflict (folded) do update set content = excluded.content",
                [row[:2] for row in rows if row[1] is not None],
            )
            gone = [(row[0],) for row in rows if row[1] is None]
            executemany(f"delete from {table} where folded = ?", gone)  # noqa: S608 - constants alone
        if changes.audit:
            executemany("insert into audit (content) values (?)", [(line,) for line in changes.audit])
            ((last,),) = execute("select max(number) from audit")
            of_a_room = "instr(content, '\"room\":') > 0"  # a quotation mark in a text has a backslash before it
            execute(
                f"delete from audit where number <= ? and ({of_a_room} or number <= ?)",  # noqa: S608 - a constant alone
                (last - AUDIT, last - 10 * AUDIT),
            )


def remembered(execute: Execute) -> Known:
    """Give what stands in the file: all accounts, all bans, of the audit log what is remembered of it."""
    accounts = [
        _read(account_of, folded, content) or Account(name=_text(folded), created="")
        for folded, content in execute("select cast(folded as blob), cast(content as blob) from account")
    ]
    bans = [
        _read(ban_of, folded, content) or _read(_barred, folded, folded)
        for folded, content in execute("select cast(folded as blob), cast(content as blob) from ban order by rowid")
    ]
    audit = AuditLog()  # chooses
    lines = execute("select cast(content as blob) from audit order by number")
    audit.restore(line for (content,) in lines if (line := _read(_line, b"", content)) is not None)
    return Known(accounts, [ban for ban in bans if ban is not None], audit.of("", MOST))


def account_of(folded: str, content: bytes) -> Account:
    """Read the row of an account.  Raises msgspec.MsgspecError or UnicodeDecodeError."""
    account = _decode_account(content)
    if fold(account.name) != folded:
        raise msgspec.ValidationError(f"{account.name} is kept as {folded}")
    return account


def ban_of(folded: str, content: bytes) -> Listed:
    """Read the row of a ban.  Raises msgspec.MsgspecError or UnicodeDecodeError."""
    ban = _decode_ban(content)
    if fold(ban.mask) != folded:
        raise msgspec.ValidationError(f"{ban.mask} is kept as {folded}")
    check_masks([ban.mask])
    return ban


def check(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Count what stands in a file that gives text as bytes, and name what cannot be read."""
    kinds: list[tuple[str, str, Callable[[str, bytes], object]]] = [
        ("accounts", "account", account_of),
        ("bans", "ban", ban_of),
    ]
    for what, table, read in kinds:
        counts[what] = 0
        for folded, content in copy.execute(f"select folded, content from {table}"):  # noqa: S608 - constants alone
            counts[what] += 1
            if _read(read, folded, content) is None:
                yield f"{what}: {_text(folded)} cannot be read"
    counts["audit"] = 0
    for number, content in copy.execute("select number, content from audit"):
        counts["audit"] += 1
        if _read(_line, b"", content) is None:
            yield f"audit: line {number} cannot be read"


def _read(read: Callable[[str, bytes], _Row], folded: bytes, content: bytes) -> _Row | None:
    """Read a row; None where that cannot be done."""
    try:
        return read(folded.decode(), content)
    except _UNREADABLE:
        return None


def _barred(folded: str, content: bytes) -> Listed:
    """Give the ban of a row of which nothing but its key can be read: it holds until somebody lifts it."""
    del content
    check_masks([folded])
    return Listed(folded, "", "")


def _line(folded: str, content: bytes) -> AuditLine:
    del folded
    return _decode_line(content)


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")
