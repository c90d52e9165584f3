"""A server of its own for a measurement: lanchat as a user would start it, with a journal on the disk."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servers import free_port

_BIN = Path(sys.executable).parent


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[int]:
    """A server on 127.0.0.1 with its data in ``folder/data``, which ends with the block: gives its port."""
    port = free_port()
    listen = f"tcp:{port}:interface=127.0.0.1:backlog=4096"
    twistd = [str(_BIN / "twistd"), "-n", "--pidfile=", "lanchat"]
    command = [*twistd, "--data", str(folder / "data"), *options, "--port", listen]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(200):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"the server does not come up: {(folder / 'log').read_text()[-500:]}")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
