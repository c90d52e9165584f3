"""``kill -9`` in the middle of everything: what anybody saw is there afterwards.  bench/crash.py has the long form."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CRASH = Path(__file__).parents[2] / "bench" / "crash.py"
LONGEST = 120.0
"""Seconds after which something hangs."""


@pytest.mark.parametrize(("seed", "slow"), [(1, 0), (2, 3000)], ids=["a disk", "a slow disk"])
def test_nothing_is_lost_by_kill_9(tmp_path: Path, disk: Path, seed: int, slow: int) -> None:
    """Whoever resumes has what the journal has, which is what was seen, each message once and under one number.

    Where the disk is slow, the server is most often killed while it writes.
    """
    command = [sys.executable, str(CRASH), "--python", sys.executable, "-n", "7", "--seed", str(seed)]
    with subprocess.Popen(
        [*command, "--directory", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "LD_PRELOAD": str(disk), "DISK_SLOW": str(slow)} if slow else None,
    ) as crash:
        try:
            said, _ = crash.communicate(timeout=LONGEST)
        except BaseException:
            os.killpg(crash.pid, signal.SIGKILL)  # it and its server, which have the group for themselves
            raise
    assert crash.returncode == 0, said
    assert "Traceback" not in said + (tmp_path / "log").read_text()
