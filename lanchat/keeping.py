"""``lanchat export``, ``backup`` and ``verify``: what was said, for who runs a server.  It may run meanwhile."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, ClassVar, TextIO

import msgspec
from twisted.python import usage

from lanchat.core.events import Acted, Changed, Deleted, Joined, Kicked, Parted, Said, Shared, Told, Topic
from lanchat.core.names import fold
from lanchat.core.times import local_clock, local_day, moment
from lanchat.core.wording import lines
from lanchat.options import data_home
from lanchat.stores.checking import check
from lanchat.stores.faults import JournalError, cause
from lanchat.stores.folder import JOURNAL
from lanchat.stores.journal import KeptEvent
from lanchat.stores.tools import back_up, exported, opened, rooms
from lanchat.usages import CommandOptions, options_first

_NAMED = 20
"""Rooms that are named to somebody who named another."""


class KeepingOptions(CommandOptions):
    """What the three have in common: whose journal it is."""

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Take options behind the file too, as people type them."""
        super().parseOptions(options_first(self, options or ()))

    optParameters: ClassVar[list[list[str | None]]] = [
        ["data", None, None, "Folder of the server. [$XDG_DATA_HOME/lanchat]"],
    ]
    compData = usage.Completions(optActions={"data": usage.CompleteDirs()})

    @property
    def journal(self) -> Path:
        """The file of the journal."""
        return (Path(self["data"]) if self["data"] else data_home()) / JOURNAL


class ExportOptions(KeepingOptions):
    """The command line of ``lanchat export``."""

    synopsis = "lanchat export [--data DIR] [--room ROOM] [--since TIME] [--format text|json]"
    longdesc = (
        "Writes what was said in rooms to standard output, the oldest first; what people tell each other in private "
        "is left out. The server may run meanwhile."
    )
    optParameters: ClassVar[list[list[str | None]]] = [
        ["room", None, None, "Only what was said in this room."],
        ["since", None, None, "Only since then: 7d, 15:04, 2026-11-01, 2026-11-01T15:04."],
        ["format", None, "text", "text, for people: what was said, and topics; json: every event, as on the wire."],
    ]
    compData = usage.Completions(optActions={"format": usage.CompleteList(["text", "json"])})

    def postOptions(self) -> None:
        """Know the formats."""
        if self["format"] not in ("text", "json"):
            raise usage.UsageError(f"--format {self['format']}: say text or json")


class BackupOptions(KeepingOptions):
    """The command line of ``lanchat backup``."""

    synopsis = "lanchat backup [--data DIR] FILE"
    longdesc = "Copies everything that is kept to FILE, as it is at one moment. The server may run meanwhile."

    def parseArgs(self, file: str = "") -> None:
        """Want the file."""
        if not file:
            raise usage.UsageError("Name the file of the backup: lanchat backup FILE")
        self.file = Path(file)


class VerifyOptions(KeepingOptions):
    """The command line of ``lanchat verify``."""

    synopsis = "lanchat verify [--data DIR | FILE]"
    longdesc = "Checks whether what is kept is whole, or a backup in FILE. The server may run meanwhile."

    def parseArgs(self, file: str = "") -> None:
        """Take the file, when one is given."""
        self.file = Path(file) if file else self.journal


def run(options: ExportOptions | BackupOptions | VerifyOptions, out: BinaryIO, err: TextIO, now: float) -> int:
    """Do what the command line asks for, and return the exit status.  ``now`` is in seconds since the epoch."""
    try:
        if isinstance(options, VerifyOptions):
            return _verify(options.file, out)
        if isinstance(options, ExportOptions):
            _export(options, out, now)
        else:
            messages = back_up(options.journal, options.file)
            _say(out, f"{options.file} has {_counted(messages, 'message')}.")
        out.flush()
    except JournalError as error:
        err.write(f"lanchat: {error}\n")
    except BrokenPipeError:
        # Who was reading has enough.  Whatever is flushed when Python ends goes nowhere.
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), out.fileno())
    except (sqlite3.Error, OSError) as error:
        err.write(f"lanchat: {cause(error)}. See to that and try again; lanchat verify checks what is kept.\n")
    except KeyboardInterrupt:
        return 130
    else:
        return 0
    return 1


def _export(options: ExportOptions, out: BinaryIO, now: float) -> None:
    try:
        earliest = moment(options["since"], now) if options["since"] else ""
    except ValueError:
        raise JournalError(f"--since {options['since']}: give 7d, 15:04, 2026-11-01 or 2026-11-01T15:04.") from None
    written: Callable[[KeptEvent], bytes] = _as_json if options["format"] == "json" else _as_text
    with closing(opened(options.journal)) as connection:
        there = rooms(connection)
        wanted = frozenset(there)
        if options["room"]:
            wanted = frozenset([_room(options["room"], there)])
        out.writelines(map(written, exported(connection, wanted, earliest)))


def _room(name: str, there: dict[str, str]) -> str:
    """Give the folded name of a room that is there.  Raises JournalError."""
    folded = fold(name if name.startswith("#") else f"#{name}")
    if folded in there:
        return folded
    names = sorted(there.values(), key=fold)
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    known = f"There are {', '.join(names[:_NAMED])}{more}" if names else "Nothing was said yet"
    raise JournalError(f"--room {name}: nothing is kept of it. {known}.")


def _as_json(event: KeptEvent) -> bytes:
    return msgspec.json.encode(event) + b"\n"


def _as_text(event: KeptEvent) -> bytes:
    """Give a line for each line of what was said, or nothing."""
    said: list[str] = []
    match event:
        case Said():
            by = f"-{event.nick}-" if event.notice else f"<{event.nick}>"
            said = [f"{by} {line}" for line in event.text.split("\n")]
        case Acted():
            said = [f"* {event.nick} {line}" for line in event.text.split("\n")]
        case Shared():
            said = [f"<{event.nick}> {event.text}"]
        case Topic():
            said = [lines(event)]
        case Joined() | Parted() | Kicked() | Changed() | Deleted() | Told():
            pass
    place = getattr(event, "room", "")
    where = f"{local_day(event.time)} {local_clock(event.time)} {place}"
    return "".join([f"{where} {line}\n" for line in said]).encode()


def _verify(file: Path, out: BinaryIO) -> int:
    counts, problems = check(file)
    private = counts.get("private", 0)
    between = f" and {_counted(private, 'private conversation')}" if private else ""
    said = [
        f"{file}: {counts.get('bytes', 0):,} bytes",
        f"{_counted(counts.get('messages', 0), 'message')} and {_counted(counts.get('others', 0), 'other event')} "
        f"in {_counted(counts.get('rooms', 0), 'room')}{between}, "
        f"{counts.get('waiting', 0):,} of them not filed yet",
        f"{_counted(counts.get('indexed', 0), 'message')} in the index of words, "
        f"{_counted(counts.get('marks', 0), 'mark')}",
        f"{_counted(counts.get('accounts', 0), 'account')}, {_counted(counts.get('bans', 0), 'server ban')}, "
        f"{_counted(counts.get('audit', 0), 'line')} of the audit log",
        *problems,
        "Not fine: bring a backup back, or go on without what is lost." if problems else "fine",
    ]
    _say(out, "\n".join(said))
    out.flush()
    return 1 if problems else 0


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _say(out: BinaryIO, text: str) -> None:
    out.write(f"{text}\n".encode())
