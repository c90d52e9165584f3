"""Threads that read and write real pipes; what they call arrives in a queue."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from lanchat.client.pipes import FULL, Sink, Source

Calls = Queue[tuple[Any, ...]]


@pytest.fixture
def calls() -> Calls:
    return Queue()


def later(calls: Calls) -> Any:
    return lambda function, *arguments: calls.put((function, *arguments))


def run(calls: Calls) -> Any:
    """Do what a thread asked the reactor to do."""
    function, *arguments = calls.get(timeout=10)
    return function(*arguments)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError as error:
            assert error.errno == errno.EBADF  # noqa: PT017 - the test has closed it


def test_a_chunk_comes_for_each_time_it_is_asked(calls: Calls, pipe: tuple[int, int]) -> None:
    got: list[bytes] = []
    source = Source(pipe[0], later(calls), got.append)
    os.write(pipe[1], b"one\n")
    assert calls.empty()
    source.ask()
    run(calls)
    os.write(pipe[1], b"two\n")
    source.ask()
    run(calls)
    os.close(pipe[1])
    source.ask()
    run(calls)
    assert got == [b"one\n", b"two\n", b""]


def test_a_file_is_read_as_well(calls: Calls, tmp_path: Path) -> None:
    got: list[bytes] = []
    (tmp_path / "lines").write_bytes(b"one\ntwo")
    descriptor = os.open(tmp_path / "lines", os.O_RDONLY)
    source = Source(descriptor, later(calls), got.append)
    for _ in range(2):
        source.ask()
        run(calls)
    os.close(descriptor)
    assert got == [b"one\ntwo", b""]


def test_a_closed_input_is_an_end(calls: Calls) -> None:
    got: list[bytes] = []
    Source(999, later(calls), got.append).ask()
    run(calls)
    assert got == [b""]


def test_everything_is_written_before_it_is_done(calls: Calls, pipe: tuple[int, int]) -> None:
    events: list[str] = []
    sink = Sink(pipe[1], later(calls), lambda: events.append("room"), lambda error: events.append("broken"))
    sink.write(b"")
    sink.write(b"x" * (FULL + 1))
    assert sink.full
    sink.finish(lambda: events.append("done"))
    read = 0
    while read <= FULL:
        read += len(os.read(pipe[0], 1 << 20))
    run(calls)
    run(calls)
    assert events == ["room", "done"]
    assert (sink.waiting, sink.full) == (0, False)


def test_a_reader_that_has_gone_is_said_once(calls: Calls, pipe: tuple[int, int]) -> None:
    errors: list[OSError] = []
    done: list[bool] = []
    sink = Sink(pipe[1], later(calls), lambda: None, errors.append)
    os.close(pipe[0])
    sink.write(b"x")
    run(calls)
    assert errors[0].errno == errno.EPIPE
    sink.write(b"y")
    assert sink.waiting == 0
    sink.finish(lambda: done.append(True))
    run(calls)
    assert done == [True]
