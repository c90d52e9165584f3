"""Live servers: real processes, started in one of the three ways in which people start them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.live.talk import PATIENCE, need, until

TWISTD = Path(sys.executable).with_name("twistd")
LANCHAT = Path(sys.executable).with_name("lanchat")
LOOPBACK = "tcp:0:interface=127.0.0.1"
"""A port that is free, for this machine alone."""
WAYS = ("twistd -n", "twistd", "lanchat serve")
"""In the foreground, as a daemon, and with the package's own script."""


def command(way: str, options: Sequence[str]) -> list[str]:
    """What is typed to start a server."""
    match way:
        case "twistd -n":
            return [str(TWISTD), "-n", "lanchat", *options]
        case "twistd":
            return [str(TWISTD), "--pidfile", "lanchat.pid", "--logfile", "lanchat.log", "lanchat", *options]
        case _:
            return [str(LANCHAT), "serve", *options]


def environment_of(directory: Path, **more: str) -> dict[str, str]:
    """The environment of a server that keeps what it keeps in the test's own directory, on disk as people have it."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "XDG_DATA_HOME": str(directory / "data"), **more}


class Server:
    """One server process, in a directory of its own."""

    def __init__(
        self,
        directory: Path,
        *options: str,
        way: str = "twistd -n",
        environment: Mapping[str, str] | None = None,
        files: int | None = None,
        before: Sequence[str] = (),
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start it, and wait until it says where it is.

        ``before`` is a program that makes itself the server, ``files`` how many it may open, and
        ``pass_fds`` are sockets for it to inherit.
        """
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.daemon = way == "twistd"
        self.in_trouble = False
        """Whether its log may have tracebacks."""
        self._out, self._log = directory / "out", directory / ("lanchat.log" if self.daemon else "out")
        words = [*before, *command(way, options)]
        if files is not None:
            words = ["/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *words]
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env=environment_of(directory, **(environment or {})),
                pass_fds=pass_fds,
            )
        self._ports = max(options.count("--port") + options.count("--irc"), 1)
        try:
            if self.daemon:
                assert self.process.wait(PATIENCE) == 0, self._out.read_text()
                self.pid = int((directory / "lanchat.pid").read_text())
            else:
                self.pid = self.process.pid
            until(self._up, "the server is up")
        except BaseException:
            self.kill()
            raise

    def _up(self) -> bool:
        if not self.alive:
            raise AssertionError(f"the server has ended: {self.said}")
        return len(re.findall("(?:lanchat join|through the proxy|an IRC client: ).*\n", self.log)) >= self._ports

    # -- what it says ----------------------------------------------------------------------------------------

    @property
    def said(self) -> str:
        """All that it wrote to its terminal, or had written there before it became a daemon."""
        return self._out.read_text(errors="replace")

    @property
    def log(self) -> str:
        """The log so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def logs(self, pattern: str, within: float = PATIENCE) -> None:
        """Wait for a line in the log."""
        until(lambda: re.search(pattern, self.log), f"{pattern} in the log", within)

    @property
    def ways(self) -> list[str]:
        """The lines that it tells people to type."""
        return re.findall(r"^.*?    ((?:nc|telnet|lanchat join|ncat|openssl|socat) .*)$", self.log, re.MULTILINE)

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where its TCP ports are, in the order of its options."""
        found = re.findall(r"lanchat join (?:--tls )?\[?([0-9a-f.:]+?)\]?:(\d+)\n", self.log)
        proxied = re.findall(r"\(PROXY\) starting on (\d+)\n", self.log)
        return [(host, int(port)) for host, port in [*found, *(("127.0.0.1", port) for port in proxied)]]

    @property
    def address(self) -> tuple[str, int]:
        """Where its first TCP port is."""
        return self.addresses[0]

    @property
    def irc_addresses(self) -> list[tuple[str, int]]:
        """Where its TCP ports for IRC clients alone are."""
        found = re.findall(r"an IRC client: server (\S+), port (\d+)", self.log)
        return [(host, int(port)) for host, port in found]

    # -- what it costs ---------------------------------------------------------------------------------------

    @property
    def memory(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        count = 0
        for file in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                count += str(file.readlink()).startswith("socket:")
        return count

    # -- its end ---------------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        if not self.daemon:
            return self.process.poll() is None
        try:
            return ") Z " not in Path(f"/proc/{self.pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this process and no other."""
        os.kill(self.pid, number)

    def ends(self, within: float = PATIENCE) -> int:
        """Wait for the end; gives the exit status (0 for a daemon: who started it has gone)."""
        until(lambda: not self.alive, "the server has ended", within)
        return 0 if self.daemon else self.process.wait()

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        if hasattr(self, "pid") and self.alive:
            self.signal(signal.SIGKILL)
            until(lambda: not self.alive, "the server is killed")
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)


def preloaded(source: Path, directory: Path) -> Path:
    """Compile a library that changes what a server's process does, to be loaded with LD_PRELOAD."""
    if sys.platform != "linux":
        pytest.skip("LD_PRELOAD and /proc are Linux's")
    library = directory / f"{source.stem}.so"
    subprocess.run([need("gcc"), "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def start_fails(directory: Path, way: str, *options: str, within: float = 10.0) -> str:
    """Start a server that cannot start; gives what a person sees, once the exit status is 1."""
    directory.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        command(way, options),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=directory,
        env=environment_of(directory),
        timeout=within,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    return done.stdout
