"""What a server's process gets from the system: its signals, and how many files it may have open."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any


def handle_signals(reactor: Any, wanted: Mapping[str, Callable[[], object]]) -> None:
    """Call these, each in a turn of the reactor, when signals of these names come; from the reactor's start on.

    Under twistd's own handlers the exit status would be the signal's, not 0.
    """

    def soon(call: Callable[[], object]) -> Callable[[int, object], None]:
        return lambda _signal, _frame: reactor.callFromThread(call)

    def install() -> None:
        for name, call in wanted.items():
            if hasattr(signal, name):
                with suppress(ValueError):  # not the main thread: somebody else's process
                    signal.signal(getattr(signal, name), soon(call))

    reactor.callWhenRunning(install)


def raise_file_limit() -> int:
    """Let this process have as many files as it may, and give how many that is; 0 when it cannot be known."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
