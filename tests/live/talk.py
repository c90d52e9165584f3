"""Those who talk to a live server: sockets of our own and the programs that people have."""

from __future__ import annotations

import os
import pty
import select
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence

import pytest

PATIENCE = 15.0
"""Seconds after which something that should have happened has not: machines may be busy."""

INSTALLED_BY = {
    "nc": "netcat-openbsd",
    "ncat": "ncat",
    "telnet": "telnet",
    "socat": "socat",
    "openssl": "openssl",
    "curl": "curl",
    "gcc": "gcc libc6-dev",
    "irssi": "irssi",
    "weechat": "weechat-curses",
    "sic": "sic",
}


def until(holds: Callable[[], object], what: str, within: float = PATIENCE) -> None:
    """Look again and again, until something holds."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {within:g} s")
        time.sleep(0.01)


def need(tool: str) -> str:
    """The full path of a program; without it the test is skipped."""
    path = shutil.which(tool)
    if path is None:
        pytest.skip(f"{tool} is not installed (apt-get install {INSTALLED_BY.get(tool, tool)})")
    return path


class Talker:
    """Somebody who types and reads: what came is read until it holds what is expected."""

    def __init__(self) -> None:
        self.read = ""
        """Everything that has been read, without carriage returns."""
        self._heard = 0
        self._bytes = b""
        self.ended = False

    def _more(self, timeout: float) -> bytes | None:
        """The next bytes; nothing at the end; None when none came in time."""
        raise NotImplementedError

    def sends(self, data: bytes) -> None:
        raise NotImplementedError

    def says(self, *lines: str) -> None:
        """Type some lines."""
        self.sends("".join([f"{line}\n" for line in lines]).encode())

    def hears(self, expected: str, within: float = PATIENCE) -> str:
        """Read until something comes; gives all that came since the last time, up to there."""
        deadline = time.monotonic() + within
        while expected not in self.read[self._heard :]:
            if not self._take(deadline):
                pytest.fail(f"{expected!r} did not come, but: {self.read[self._heard :][-2000:]!r}, {self.ended=}")
        end = self.read.index(expected, self._heard) + len(expected)
        heard, self._heard = self.read[self._heard : end], end
        return heard

    def rest(self, within: float = PATIENCE) -> str:
        """Read until the other side ends; gives all that came since the last time."""
        deadline = time.monotonic() + within
        while not self.ended:
            if not self._take(deadline):
                pytest.fail(f"the other side does not end; it said: {self.read[self._heard :][-2000:]!r}")
        heard, self._heard = self.read[self._heard :], len(self.read)
        return heard

    def joins(self, nick: str) -> Talker:
        """Come in, and be in the lobby."""
        self.says(nick)
        self.hears(f"-- You are {nick}, in #lobby")
        self.hears("\n")
        return self

    def _take(self, deadline: float) -> bool:
        """Read more, if there is any in time."""
        if self.ended:
            return False
        data = self._more(max(deadline - time.monotonic(), 0))
        if data is None:
            return False
        self.ended = not data
        self._bytes += data
        try:
            text, self._bytes = self._bytes.decode(), b""
        except UnicodeDecodeError as error:
            text, self._bytes = self._bytes[: error.start].decode(), self._bytes[error.start :]
            if len(self._bytes) > 3 or self.ended:
                text, self._bytes = text + self._bytes.decode("latin-1"), b""
        self.read += text.replace("\r", "")
        return True


Address = tuple[str, int] | str
"""Host and port, or the path of a Unix socket."""


def dial(address: Address, receive_buffer: int = 0) -> socket.socket:
    """A connected socket; ``receive_buffer`` is how much the kernel takes for one who does not read."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(PATIENCE)
    connection.connect(address)
    return connection


class Wire(Talker):
    """A connection of our own; with ``tls`` it is encrypted, and no certificate is asked for."""

    def __init__(self, address: Address, *, tls: bool = False, receive_buffer: int = 0) -> None:
        super().__init__()
        self.socket = dial(address, receive_buffer)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)

    def sends(self, data: bytes) -> None:
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(data)

    def finishes(self) -> None:
        """Say that no more will be said, as `nc -N` does at the end of its input."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.socket.close()

    def _more(self, timeout: float) -> bytes | None:
        self.socket.settimeout(max(timeout, 0.001))
        try:
            return self.socket.recv(65536)
        except TimeoutError:
            return None
        except (ConnectionResetError, ssl.SSLEOFError):
            return b""


class Tool(Talker):
    """A program that people have, with a pipe or (``terminal``) a terminal at each end."""

    def __init__(
        self, *command: str, terminal: bool = False, cwd: str | os.PathLike[str] | None = None, shell: bool = False
    ) -> None:
        super().__init__()
        self._terminal = terminal
        words: str | Sequence[str] = command[0] if shell else command
        if terminal:
            self._keyboard, other = pty.openpty()
            self._screen = self._keyboard
            self.process = subprocess.Popen(
                words, stdin=other, stdout=other, stderr=other, cwd=cwd, shell=shell, start_new_session=True
            )
            os.close(other)
        else:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                shell=shell,
                start_new_session=True,
            )
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self._keyboard, self._screen = self.process.stdin.fileno(), self.process.stdout.fileno()

    def sends(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._keyboard, data) :]

    def finishes(self) -> None:
        """End the program's input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def status(self, within: float = PATIENCE) -> int:
        """Wait for the program to end; gives its exit status."""
        self.rest(within)
        return self.process.wait(within)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        if self._terminal:
            os.close(self._keyboard)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def _more(self, timeout: float) -> bytes | None:
        if not select.select([self._screen], [], [], timeout)[0]:
            return None
        try:
            return os.read(self._screen, 65536)
        except OSError:  # a terminal whose program has ended (EIO)
            return b""
