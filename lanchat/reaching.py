"""Reaching the hub that looks after a folder: through the control socket of the server that has the folder, or here.

The folder's lock says which: where nobody has it, it is opened as a server would, but for the ports.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec
from twisted.internet.task import Clock

from lanchat.control import PATIENCE, SOCKET, ControlError, check_length
from lanchat.core.hub import Hub
from lanchat.core.limits import Limits
from lanchat.requests import Answer, Request, perform
from lanchat.stores.faults import JournalError, cause
from lanchat.stores.folder import JOURNAL, InUseError
from lanchat.stores.sqlite import SqliteJournal
from lanchat.stores.workers import ThreadWorkers

_LONGEST = 1 << 25
"""Bytes of an answer: some 50,000 accounts have room in it."""
_BETWEEN = 5.0
"""Seconds for which a server is waited for that has its folder, and not yet or no more its socket."""
_TICK = 0.02
"""Seconds of a wait in which the clock stands still."""


class UnreachableError(Exception):
    """Nobody can be asked: one line that says why, and what to do."""


def ask(directory: Path, request: Request) -> Answer:
    """Have something done in the folder of a server, whether it runs or not.  Raises UnreachableError."""
    try:
        (directory / JOURNAL).stat()
    except (FileNotFoundError, NotADirectoryError):
        text = f"There is no journal in {directory}. Name the folder of a server that keeps one: --data DIR"
        raise UnreachableError(text) from None
    except OSError as error:
        raise UnreachableError(f"{directory}: {cause(error)}. Run this as whoever runs the server.") from error
    end = time.monotonic() + _BETWEEN
    while True:
        try:
            return ask_here(directory, request)
        except InUseError:
            if (answer := ask_server(directory, request)) is not None:
                return answer
        except JournalError as error:
            raise UnreachableError(str(error)) from error
        if time.monotonic() > end:
            raise UnreachableError(f"A server has {directory}, but does not answer. Try again, or stop it first.")
        time.sleep(0.1)


# -- a server that runs --------------------------------------------------------------------------------------


def ask_server(directory: Path, request: Request) -> Answer | None:
    """Ask the server that has the folder; None where nobody listens.  Raises UnreachableError."""
    path = directory.absolute() / SOCKET
    try:
        check_length(path)
    except ControlError as error:
        raise UnreachableError(f"{error}; or stop the server, and try again.") from error
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.settimeout(PATIENCE)
            server.connect(str(path))
            server.sendall(msgspec.json.encode(request) + b"\n")
            return msgspec.json.decode(_line(server), type=Answer)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except TimeoutError:
        raise UnreachableError(f"The server in {directory} has not answered within {PATIENCE:g} seconds.") from None
    except PermissionError:
        raise UnreachableError(f"{path} is somebody else's. Run this as whoever runs the server.") from None
    except (OSError, msgspec.MsgspecError) as error:
        why = getattr(error, "strerror", None) or "it has ended, or is of another version"
        text = f"A server has {directory}, but does not answer ({why}). Try again, or stop it first."
        raise UnreachableError(text) from error


def _line(server: socket.socket) -> bytes:
    """Read a line.  Raises OSError."""
    end = time.monotonic() + PATIENCE
    said = bytearray()
    while not said.endswith(b"\n"):
        server.settimeout(max(end - time.monotonic(), 0.001))
        more = server.recv(1 << 16)
        if not more or len(said) > _LONGEST:
            raise ConnectionResetError
        said += more
    return bytes(said)


# -- a folder that nobody has --------------------------------------------------------------------------------


def ask_here(directory: Path, request: Request) -> Answer:
    """Open the folder, do it, and close it again.

    Raises JournalError (`InUseError`, when somebody has it) or UnreachableError.
    """
    soon: SimpleQueue[Callable[[], object]] = SimpleQueue()
    clock = Clock()
    journal = SqliteJournal(directory, clock, ThreadWorkers(soon.put), now=time.time)
    hub = Hub(Limits(), journal, now=time.time, later=lambda _, call: soon.put(call))  # nobody is here to wait for
    hub.restore(journal.open())
    people = journal.people
    hub.accounts.store, hub.server_bans.store, hub.audit.store = people.accounts, people.bans, people.audit
    answers: list[Answer] = []
    ended: list[None] = []
    try:
        perform(hub, request, answers.append)
        _until(soon, clock, answers)
    finally:
        journal.close().addCallback(ended.append)
        _until(soon, clock, ended)
    return answers[0]


def _until(soon: SimpleQueue[Callable[[], object]], clock: Clock, done: list[Answer] | list[None]) -> None:
    """Be the reactor until something is done: what takes several steps pauses between them.

    Raises UnreachableError.
    """
    now = time.monotonic()
    end = now + PATIENCE
    while not done or not soon.empty():
        if now > end:
            raise UnreachableError("The disk does not answer: nobody knows whether that was saved. Try again.")
        with suppress(Empty):
            soon.get(timeout=max(min(_TICK, end - now), 0.0))()
        before, now = now, time.monotonic()
        clock.advance(now - before)
