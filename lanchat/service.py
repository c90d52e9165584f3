"""The service: it alone sees everything, and puts it together (`makeService`)."""

from __future__ import annotations

import gc
import sys
import time
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IListeningPort, IProtocolFactory
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from lanchat import __version__
from lanchat.admins_file import AdminsFile
from lanchat.announcement import OpenPort, announcement, web_address
from lanchat.authentication import logins_of, no_admin_yet, out_of_reach
from lanchat.certs import fingerprint, is_private
from lanchat.control import Control, ControlError
from lanchat.core.admins import Admins
from lanchat.core.belongings import keep_belongings
from lanchat.core.events import AnyEvent, Joined, Parted, Renamed
from lanchat.core.governing import sweep
from lanchat.core.hub import Hub
from lanchat.core.session import Session
from lanchat.doors.factory import ChatFactory
from lanchat.doors.front import FrontDoor
from lanchat.doors.straight import TlsFactory
from lanchat.doors.table import DOORS
from lanchat.endpoints import why_not
from lanchat.insisting import sts
from lanchat.options import Options, read_motd
from lanchat.passwords import Passwords
from lanchat.ports import Port
from lanchat.process import handle_signals, raise_file_limit
from lanchat.reloading import Reloading
from lanchat.stores.faults import JournalError
from lanchat.stores.files import FileStore
from lanchat.stores.journal import MemoryJournal
from lanchat.stores.sqlite import SqliteJournal
from lanchat.stores.workers import ThreadWorker, ThreadWorkers

__all__ = ["ChatService", "Options", "makeService"]

_GOODBYE = 2.0
"""Seconds that connections have to take what is waiting for them when the server stops."""
_TIDY = 60.0
"""Seconds between two looks for files whose time is over."""
_LOOK = 5.0
"""Seconds between two looks at every connection."""


class ChatService(Service):
    """One server: its hub, its ports, its signals."""

    name = "lanchat"
    log = Logger()

    def __init__(self, options: Options, reactor: Any, *, foreground: bool) -> None:
        self._options = options
        self._reactor = reactor
        self._foreground = foreground
        self._journal = _journal(options, reactor)
        self.hub = Hub(
            options.limits,
            self._journal,
            now=reactor.seconds,
            later=reactor.callLater,
            name=options.name,
            version=__version__,
        )
        self.hub.noted = self._note
        self._store = _store(options, reactor)
        if self._store is not None:
            self.hub.files = self._store
        self.hub.contact = options["admin"]
        self._reloading = Reloading(options, self.hub)
        self.hub.rehash = self._reloading.reload
        if options.motd is not None:
            self.hub.motd = read_motd(options.motd)
        self._checkers = [ThreadWorker(f"password {number}", reactor.callFromThread) for number in (1, 2)]
        passwords = Passwords([worker.do for worker in self._checkers])  # two at a time, whoever asks
        self.hub.logins = logins_of(options, self.hub, passwords)
        self.hub.logins.noted = self._note_line
        if options.admins is not None:
            self.hub.admins = _admins(options.admins, passwords)
        self.hub.admins.noted = self._note_line
        self.factory = ChatFactory(self.hub, reactor, DOORS, FrontDoor, options.certificate)
        self.factory.spent = time.thread_time
        self._control = None if options.data is None else Control(options.data, self.hub, reactor)
        self._listening: list[tuple[Port, IListeningPort]] = []
        self._look = LoopingCall(self._look_after)
        self._look.clock = reactor
        self._tidy = LoopingCall(self._tidy_up)
        self._tidy.clock = reactor
        self._ending: Deferred[None] | None = None

    # -- up --------------------------------------------------------------------------------------------------

    def startService(self) -> None:
        """Open the journal, and listen everywhere; when one port cannot be had, none is, and the process ends."""
        super().startService()
        self._open_journal()
        results = [(port, port.endpoint.listen(self._factory_of(port))) for port in self._options.ports]
        problems: list[str] = []
        for port, result in results:
            result.addCallbacks(
                lambda listening, port=port: self._listening.append((port, listening)),
                lambda failure, port=port: problems.append(_problem(port, failure)),
            )
        if problems:
            self._fail("; ".join(problems))
        self._open_control()
        files, wanted = raise_file_limit(), self.hub.limits.clients
        if files and wanted and files < wanted + 50:
            self.log.warn(
                "only {files} files may be open: fewer than --max-clients {wanted}", files=files, wanted=wanted
            )
        gc.collect()
        gc.freeze()  # what is there now stays: no collection needs to look at it again
        self._look.start(_LOOK, now=False)
        self._tidy.start(_TIDY, now=False)
        handle_signals(self._reactor, {"SIGINT": self._stop, "SIGTERM": self._stop, "SIGHUP": self._reloading.reload})
        self._announce()

    def _open_journal(self) -> None:
        """Begin where the last server on this folder ended; a process that forks has done so by now."""
        journal = self._journal
        if isinstance(journal, SqliteJournal):
            journal.troubled = self._tell_trouble
            problem = ""
            try:
                self.hub.restore(journal.open())
                people = journal.people
                self.hub.accounts.store, self.hub.server_bans.store = people.accounts, people.bans
                self.hub.audit.store = people.audit
                if self._store is not None:
                    self._store.open()
            except JournalError as error:
                problem = str(error)
            if problem:
                self._fail(f"--data: {problem}")

    def _open_control(self) -> None:
        """Let `lanchat admin` reach this server; without that it goes on."""
        if self._control is not None:
            try:
                self._control.open()
            except ControlError as error:
                self.log.warn("lanchat admin cannot reach this server while it runs: {why}.", why=error)

    def _look_after(self) -> None:
        """Look at every connection, keep what people have set, and take away what has had its time."""
        self.factory.look_after()
        keep_belongings(self.hub)
        sweep(self.hub)

    def _tidy_up(self) -> None:
        """Drop the files whose time is over."""
        if self._store is not None:
            self._store.prune()

    def _tell_trouble(self, sentence: str) -> None:
        """Let everybody know how history stands; who comes later is told while it has stopped."""
        assert isinstance(self._journal, SqliteJournal)
        self.hub.trouble = self._journal.trouble
        self.factory.broadcast(sentence)

    def _factory_of(self, port: Port) -> IProtocolFactory:
        factory = self.factory.only(port.door) if port.door else self.factory
        return factory if port.context is None else TlsFactory(port.context, factory, self._reactor)

    def _fail(self, problem: str) -> None:
        """End the start: with one line where somebody looks on, with an exception that twistd passes on else."""
        for _, listening in self._listening:
            listening.stopListening()
        if self._foreground:
            print(f"lanchat: {problem}", file=sys.__stderr__)
            raise SystemExit(1)
        raise RuntimeError(problem)  # a SystemExit would leave the waiting parent process waiting

    def _announce(self) -> None:
        """Say how to join: at the terminal as it is to be typed, in the log when there is none."""
        ports = [
            OpenPort(port.written, listening.getHost(), port.context is not None, port.door)
            for port, listening in self._listening
        ]
        self.hub.url = web_address(ports)
        certificate = self._options.certificate is not None
        contexts = [context for _, context in self._reloading.contexts()]
        private = any(is_private(context.certificate) for context in contexts)
        told = sts(ports, self._options.sts, certificate=certificate, private=private)
        self.factory.sts_port, self.factory.sts_seconds = told.port, told.seconds
        if told.said:
            self._note_line(told.said)
        keys = [fingerprint(context.certificate) for context in contexts]
        kept = ""
        if self._options.data is not None:
            kept = f"What is said is kept in {self._options.data}, {self._options.keep}."
        wanted = no_admin_yet(self.hub)
        for line in announcement(
            self.hub.name, ports, certificate=certificate, fingerprints=keys, kept=kept, wanted=wanted
        ):
            if self._foreground and sys.__stdout__ is not None:
                sys.__stdout__.write(f"{line}\n")
                sys.__stdout__.flush()
            else:
                self._note_line(line)
        self._reloading.warn()
        if problem := out_of_reach(self._options):
            self.log.warn("{problem}", problem=problem)

    # -- down ------------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """Stop; a second signal stops at once."""
        if self._ending is not None:
            self._abort_all()
        elif self._reactor.running:
            self._reactor.stop()

    def stopService(self) -> Deferred[None]:
        """Stop listening, tell everybody, let them take what waits, and end within three seconds."""
        super().stopService()
        self._ending = Deferred()
        for _, listening in self._listening:
            listening.stopListening()
        self._listening.clear()
        if self._control is not None:
            self._control.close()
        if self._look.running:
            self._look.stop()
        if self._tidy.running:
            self._tidy.stop()
        for worker in self._checkers:
            worker.stop()
        if self._store is not None:
            self._store.close()
        self.log.info("stopping: {people} people", people=len(self.factory.users))
        self.hub.shut()
        for connection in list(self.factory.connections):
            connection.end("The server stops now. Goodbye.")
        self._reactor.callLater(0, self._await_end, self._reactor.seconds() + _GOODBYE)
        return self._ending

    def _await_end(self, deadline: float) -> None:
        if self.factory.connections and self._reactor.seconds() < deadline:
            self._reactor.callLater(0.02, self._await_end, deadline)
            return
        self._abort_all()
        self._reactor.callLater(0, self._ended)

    def _ended(self) -> None:
        """End the journal last: it has to have what was said until now."""
        if isinstance(self._journal, SqliteJournal):
            self._journal.close().addCallback(self._stopped)
        else:
            self._stopped(None)

    def _stopped(self, nothing: None) -> None:
        del nothing
        assert self._ending is not None
        self.log.info("stopped")
        self._ending.callback(None)

    def _abort_all(self) -> None:
        for connection in list(self.factory.connections):
            connection.pipe.abort()

    # -- the log ---------------------------------------------------------------------------------------------

    def _note_line(self, line: str) -> None:
        """Log what is a line already."""
        self.log.info("{line}", line=line)

    def _note(self, event: AnyEvent, origin: Session) -> None:
        """Log who comes and goes; never what is said."""
        match event:
            case Joined():
                self.log.info(
                    "{nick} ({address} by {door}) joined {room}",
                    nick=event.nick,
                    address=origin.address or "a local socket",
                    door=origin.door,
                    room=event.room,
                )
            case Parted():
                self.log.info("{nick} left {room}", nick=event.nick, room=event.room)
            case Renamed():
                self.log.info("{nick} is now {new}", nick=event.nick, new=event.new)
            case _:
                pass


def _journal(options: Options, reactor: Any) -> MemoryJournal | SqliteJournal:
    """Give the journal that the options ask for."""
    if options.data is None:
        return MemoryJournal(searcher=ThreadWorker("searcher", reactor.callFromThread))
    return SqliteJournal(
        options.data,
        reactor,
        ThreadWorkers(reactor.callFromThread),
        sync=options["sync"],
        keep_seconds=options.keep.seconds,
        keep_events=options.keep.events,
        now=reactor.seconds,
        backlog=options.limits.backlog,
    )


def _store(options: Options, reactor: Any) -> FileStore | None:
    """Give the place for what is uploaded; none where nothing is kept."""
    if options.data is None:
        return None
    worker = ThreadWorker("files", reactor.callFromThread)
    return FileStore(options.data / "files", worker, options.limits, reactor.seconds)


def _admins(file: AdminsFile, passwords: Passwords) -> Admins:
    """Give those who may become admins."""
    return Admins(lambda name, password, then: passwords.check(file.find(name), password, then))


def _problem(port: Port, failure: Failure) -> str:
    """Say in one line why a port cannot be had; the important words first."""
    error: Any = failure.value
    cause = getattr(error, "socketError", error)
    return f"{port}: {why_not(cause if isinstance(cause, OSError) else OSError(str(error)))}"


def makeService(options: Options) -> ChatService:
    """Assemble the server that the options describe; twistd's way in, and `lanchat serve`'s."""
    from twisted.internet import reactor

    return ChatService(options, reactor, foreground=options.parent is None or bool(options.parent.get("nodaemon", 1)))
