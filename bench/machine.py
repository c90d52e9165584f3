"""How calm the machine is, and so what its figures may be compared with.

On a virtual machine of two cores the host moves the cores nearer to and farther from each other
every 10 to 20 seconds; a send() whose reader is on the other core then costs 1.25 or 3.4 µs, in every
server alike. `chatload calib` measures that; the least that was ever seen on this machine is kept
in the working directory and is 1.0.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from place import Place

Record = dict[str, Any]
"""One run: what the generator measured, and how the machine was before and after."""


@dataclass(frozen=True)
class Calm:
    """What counts as calm, and how long to wait for it."""

    cross: float = 1.5
    """How far from each other the cores may be, against the nearest that was seen."""
    slow: float = 1.3
    busy: float = 0.12
    patience: float = 40.0
    """Seconds."""


@dataclass(frozen=True)
class Weather:
    """What a look at the machine shows; 1.0 is the best that was ever seen."""

    busy: float
    slow: float
    cross: float
    cross_ns: float
    """CPU time of a send() whose reader is on the other core: what no server can be faster than."""


def _ticks() -> dict[int, tuple[int, int]]:
    """Of each core the clock ticks in use, and all of them."""
    cores = {}
    for line in Path("/proc/stat").read_text().splitlines():
        name, *fields = line.split()
        if name.startswith("cpu") and name != "cpu":
            ticks = [int(field) for field in fields[:8]]
            cores[int(name[3:])] = (sum(ticks) - ticks[3] - ticks[4], sum(ticks))
    return cores


def _busy() -> float:
    """The share of a quarter of a second in which the busier of the two cores was in use."""
    before = _ticks()
    time.sleep(0.25)
    after = _ticks()
    return max((after[k][0] - before[k][0]) / max(1, after[k][1] - before[k][1]) for k in (0, 1))


def calib(place: Place) -> tuple[float, float, float]:
    """`slow`, `cross` and `cross_ns` of `Weather`, as they are now."""
    done = subprocess.run([place.generator, "calib"], capture_output=True, text=True, check=False)
    seen = json.loads(done.stdout or '{"best_ns": 1e9, "cross_ns": 1e9}')
    kept = place.work / "calib_best.json"
    best = json.loads(kept.read_text()) if kept.exists() else seen
    best = {key: min(best[key], seen[key]) for key in seen if seen[key]}
    kept.write_text(json.dumps(best))
    return seen["best_ns"] / best["best_ns"], seen["cross_ns"] / best["cross_ns"], seen["cross_ns"]


def quiet(place: Place, calm: Calm) -> Weather:
    """Wait until both cores are nearly idle, at speed and near each other, or patience is at an end."""
    end = time.monotonic() + calm.patience
    while True:
        weather = Weather(_busy(), *calib(place))
        fine = weather.busy < calm.busy and weather.slow < calm.slow and weather.cross < calm.cross
        if fine or time.monotonic() > end:
            return weather
        time.sleep(0.5)


def commit_cost(data: Path) -> float:
    """How long it takes to commit one row on the disk on which the journals are: microseconds, the median of 100."""
    data.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=data) as directory,
        closing(sqlite3.connect(Path(directory) / "commits.sqlite3", isolation_level=None)) as connection,
    ):
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("create table message (text)")
        times = []
        for _ in range(100):
            began = time.perf_counter()
            connection.execute("insert into message values (?)", ("x" * 100,))
            times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1e6, 1)


def far(record: Record, calm: Calm) -> bool:
    """The cores were far apart or slow: not even CPU time per delivery can be compared."""
    cross = max(record["cross_before"], record["cross_after"])
    slow = max(record["slow_before"], record["slow_after"])
    return cross > calm.cross + 0.1 or slow > calm.slow + 0.05


def crowded(record: Record) -> bool:
    """Another process took a share of a core: CPU time stands, rates and latencies do not."""
    return record.get("foreign_core0_pct", 0) > 15 or record.get("foreign_core1_pct", 0) > 15
