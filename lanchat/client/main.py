"""``lanchat join`` and ``lanchat forget``: plain lines on a pipe, a prompt on a terminal.

Which reactor runs is decided here, so nothing in this package imports it before.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twisted.internet.error import ReactorNotRunning
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)
from twisted.python import usage

from lanchat.client.endings import Ending, KeyRefused
from lanchat.client.known_logins import KnownLogins
from lanchat.client.known_servers import KnownServers
from lanchat.client.options import Address, Description, ForgetOptions, JoinOptions, login_nick
from lanchat.client.places import state_directory

if TYPE_CHECKING:
    from lanchat.client.proof import Proof
    from lanchat.client.reach import Reach

PATIENCE = 300.0
"""Seconds for which a dropped line may stay away, on a pipe."""


def run(options: JoinOptions) -> int:
    """Join, and give the exit status when it is over."""
    _open_what_is_closed()
    _log_bugs_only()
    cannot_draw = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    if options.json or cannot_draw or not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        return _run_plain(options)
    return _run_terminal(options)


def forget(options: ForgetOptions) -> int:
    """Forget the key of a server and the logins there, and give the exit status."""
    known = KnownServers(_state() / "known_servers")
    server = str(options.address)
    try:
        key = known.find(server)
        if key is not None and known.forget(server):
            with suppress(OSError):  # no other server gets them in any case
                KnownLogins(_state() / "logins").forget(key)
            sys.stdout.write(f"The key of {server} is forgotten: you are asked again when you join.\n")
            return 0
        if KnownLogins(_state() / "logins").forget(f"plain:{server}"):
            sys.stdout.write(f"The logins of {server} are forgotten: you are asked for a password again.\n")
            return 0
    except OSError as error:
        return _complain(f"{known.path}: {error.strerror}. Make it yours.")
    return _complain(f"There is no key of {server} in {known.path}.")


def _run_plain(options: JoinOptions) -> int:
    """Join on a pipe."""
    if options.target is None:
        return _complain("Name the server: lanchat join HOST[:PORT]", 2)
    from twisted.internet import reactor as installed

    from lanchat.client.conversation import Conversation
    from lanchat.client.link import Link
    from lanchat.client.pipes import Sink, Source
    from lanchat.client.plain import Plain
    from lanchat.client.reach import reach

    reactor: Any = installed
    known = KnownServers(_state() / "known_servers")
    try:
        way = reach(reactor, options.target, known, tls=options.tls, ca=options.ca, fingerprint=options.fingerprint)
    except usage.UsageError as error:
        return _complain(str(error), 2)
    except KeyRefused as refused:
        return _complain(str(refused))

    source = Source(0, reactor.callFromThread, lambda data: plain.got(data))
    sink = Sink(1, reactor.callFromThread, lambda: plain.room(), lambda error: plain.broken(error))
    plain = Plain(source, sink, _complain, reactor, as_json=options.json)
    plain.link = Link(
        way.endpoint,
        reactor,
        Conversation(options.nick or login_nick()),
        plain,
        rooms=options.rooms,
        diagnose=way.diagnose,
        patience=PATIENCE,
        proof=_proof(way),
        private=way.private,
    )

    def over(ending: Ending | None) -> None:
        plain.over(ending)
        sink.finish(lambda: _stop(reactor))

    def interrupt(number: int, _: object) -> None:
        def stop() -> None:
            plain.status = 128 + number
            _stop(reactor)

        reactor.callFromThread(stop)

    def begin() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupt)
        plain.link.ended.addCallback(over)
        plain.link.start().addCallbacks(lambda _: plain.begin(), lambda _: None)

    reactor.callWhenRunning(begin)
    reactor.run()
    if way.trust is not None and way.trust.trouble:
        _complain(way.trust.trouble)
    return plain.status


def _run_terminal(options: JoinOptions) -> int:
    """Join on a terminal: prompt_toolkit needs asyncio's loop, so that is what the reactor runs on."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    if "twisted.internet.reactor" not in sys.modules:
        from twisted.internet import asyncioreactor

        asyncioreactor.install(loop)
    from twisted.internet import reactor as installed

    from lanchat.client.conversation import Conversation
    from lanchat.client.link import Link
    from lanchat.client.reach import reach
    from lanchat.client.terminal import Terminal

    reactor: Any = installed
    state = _state()
    known = KnownServers(state / "known_servers")

    def find(target: Address | Description) -> Reach:
        return reach(reactor, target, known, tls=options.tls, ca=options.ca, fingerprint=options.fingerprint)

    def link(way: Reach, nick: str, front: Terminal, proof: Proof) -> Link:
        return Link(
            way.endpoint,
            reactor,
            Conversation(nick),
            front,
            rooms=options.rooms,
            diagnose=way.diagnose,
            proof=proof,
            private=way.private,
            helped=True,
        )

    terminal = Terminal(options.target, options.nick, login_nick(), find, _proof, link, state / "history", os.environ)
    status = 1

    async def join() -> None:
        nonlocal status
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, task.cancel)
        try:
            status = await terminal.run()
        except asyncio.CancelledError:
            status = 0
        except usage.UsageError as error:
            status = _complain(str(error), 2)
        except Ending as ending:
            status = _complain(str(ending))
        finally:
            reactor.stop()

    def begin() -> None:
        tasks.append(loop.create_task(join()))

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
    return status


def _stop(reactor: Any) -> None:
    """Stop the reactor, which may have been told so already."""
    with suppress(ReactorNotRunning):
        reactor.stop()


def _open_what_is_closed() -> None:
    """Let no connection get the number of a standard file that is closed (``<&-``): it would be read as input."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one


def _proof(way: Reach) -> Proof:
    """Give what a server is shown of who we are: a login that is kept, or what a program put into the environment."""
    from lanchat.client.proof import VARIABLES, Proof

    spare = {secret: os.environ[name] for name, secret in VARIABLES.items() if os.environ.get(name)}
    return Proof(KnownLogins(_state() / "logins"), way.identity, spare)


def _state() -> Path:
    return state_directory(os.environ)


def _is_terminal(stream: Any) -> bool:
    return stream is not None and bool(stream.isatty())


def _complain(text: str, status: int = 1) -> int:
    """Say on stderr what went wrong, and give the exit status for it."""
    if sys.stderr is not None:
        sys.stderr.write(f"lanchat: {text}\n")
        sys.stderr.flush()
    return status


def _log_bugs_only() -> None:
    """Let Twisted say nothing but what is a bug: everything else a person is told in other words."""
    critical = LogLevelFilterPredicate(LogLevel.critical)
    observer = FilteringLogObserver(textFileLogObserver(sys.stderr), [critical])
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)
