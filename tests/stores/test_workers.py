"""Threads that do one job after the other and answer where they are told to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from lanchat.stores.workers import ThreadWorker, ThreadWorkers


def test_jobs_are_done_elsewhere_and_answered_here() -> None:
    """In their order, whether they succeed or fail."""
    here: SimpleQueue[Callable[[], object]] = SimpleQueue()
    worker = ThreadWorker("test", here.put)
    answers: list[object] = []
    worker.do(threading.get_ident, answers.append)
    worker.do(lambda: 1 // 0, answers.append)
    for _ in range(2):
        here.get(timeout=10)()
    assert answers[0] != threading.get_ident()
    assert isinstance(answers[1], ZeroDivisionError)
    worker.stop()


def test_who_cannot_wait_asks_for_the_answers() -> None:
    """They are given once, whoever comes first."""
    here: SimpleQueue[Callable[[], object]] = SimpleQueue()
    worker = ThreadWorker("test", here.put)
    answers: list[object] = []
    worker.do(lambda: "one", answers.append)
    told = here.get(timeout=10)
    worker.attend()
    assert answers == ["one"]
    told()
    assert answers == ["one"]
    worker.stop()


def test_a_job_may_be_waited_for() -> None:
    """It gives or raises what the job does, on the same thread as the others."""
    worker = ThreadWorker("test", lambda call: call())
    assert worker.wait(threading.get_ident) == worker.wait(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        worker.wait(lambda: 1 // 0)
    worker.stop()


def test_a_thread_begins_with_its_first_job_and_ends() -> None:
    """A process may fork before; and after `stop` it does what it was given, and is gone."""
    workers = ThreadWorkers(lambda call: call())
    before = threading.active_count()
    assert all(worker._thread is None for worker in vars(workers).values())
    threads = [worker.wait(threading.current_thread) for worker in vars(workers).values()]
    assert {thread.name for thread in threads} == {"lanchat writer", "lanchat reader", "lanchat searcher"}
    for worker in vars(workers).values():
        worker.stop()
        worker.stop()
    for thread in threads:
        thread.join(10)
    assert threading.active_count() == before
