"""Workers: threads that do what must not hold up the reactor, one job after the other, and answer on its thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")
HandOver = Callable[[Callable[[], object]], object]
"""Calls a function on the reactor's thread (``reactor.callFromThread``)."""


class Worker(Protocol):
    """Does jobs in the order in which they were given."""

    def do(self, job: Callable[[], Answer], then: Callable[[Answer | Exception], object], /) -> None:
        """Do a job, then call ``then`` on the reactor's thread, with what the job gave or why it failed."""
        ...

    def wait(self, job: Callable[[], Answer], /) -> Answer:
        """Do a job, and wait for it: only before the reactor runs.  Raises what the job raises."""
        ...

    def attend(self) -> None:
        """Give the answers that are there, without waiting for the reactor's turn to end."""
        ...

    def stop(self) -> None:
        """End when everything that was given is done."""
        ...


class Workers(Protocol):
    """The three that a journal has: so a long search holds up nobody who turns a page, and nobody a commit."""

    writer: Worker
    reader: Worker
    searcher: Worker


class ThreadWorker:
    """A worker with a thread of its own, which begins with the first job: a process may fork before that.

    The process does not wait for the thread when it ends: a disk that does not answer would hold it for ever.
    """

    def __init__(self, name: str, hand_over: HandOver) -> None:
        self._name = name
        self._hand_over = hand_over
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._answers: deque[Callable[[], object]] = deque()
        self._thread: threading.Thread | None = None

    def do(self, job: Callable[[], Answer], then: Callable[[Answer | Exception], object]) -> None:
        """Do a job on the thread, then call ``then`` on the reactor's."""

        def work() -> None:
            answer = _attempt(job)
            self._answers.append(lambda: then(answer))
            self._hand_over(self.attend)

        self._put(work)

    def attend(self) -> None:
        """Give the answers that are there."""
        while self._answers:
            self._answers.popleft()()

    def wait(self, job: Callable[[], Answer]) -> Answer:
        """Do a job on the thread, and wait for it."""
        answers: SimpleQueue[Answer | Exception] = SimpleQueue()
        self._put(lambda: answers.put(_attempt(job)))
        answer = answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        """End the thread when everything that was given is done; the next job would begin another one."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None

    def _put(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"lanchat {self._name}", daemon=True)
            self._thread.start()
        self._jobs.put(work)

    def _run(self) -> None:
        while (work := self._jobs.get()) is not None:
            work()
            del work  # what it holds may be much, and the next job may be far away


def _attempt(job: Callable[[], Answer]) -> Answer | Exception:
    try:
        return job()
    except Exception as error:  # whatever it is, somebody waits for the answer
        return error


class ThreadWorkers:
    """A thread for each."""

    def __init__(self, hand_over: HandOver) -> None:
        self.writer: Worker = ThreadWorker("writer", hand_over)
        self.reader: Worker = ThreadWorker("reader", hand_over)
        self.searcher: Worker = ThreadWorker("searcher", hand_over)
