"""Files through real sockets: curl's hands, a large file, and a server that is killed in the middle."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

from tests.live.conftest import Starts
from tests.live.servers import LOOPBACK, Server
from tests.live.talk import PATIENCE, need, until

MEBIBYTE = 1 << 20


def base(server: Server) -> str:
    """Give the address of its files."""
    host, port = server.address
    return f"http://{host}:{port}/files/"


def curl(*arguments: str) -> str:
    """Let curl ask; gives what it prints."""
    done = subprocess.run(
        [need("curl"), "-sS", "--max-time", "60", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


def folders(data: Path) -> list[str]:
    """Give what stands where files are kept."""
    return sorted(path.name for path in (data / "files").iterdir())


def test_curl_sends_a_file_and_gets_it_in_parts(starts: Starts, tmp_path: Path) -> None:
    """As README and /send have it: the link is printed, and a download goes on where it broke off."""
    server = starts("--port", LOOPBACK)
    file, copy = tmp_path / "plan b.txt", tmp_path / "copy"
    file.write_bytes(b"0123456789")
    link = curl("-T", str(file), base(server))
    assert link.startswith(base(server))
    assert link.endswith("/plan%20b.txt")
    assert curl("-r", "2-4", link) == "234"
    copy.write_bytes(b"01234")
    curl("-C", "-", "-o", str(copy), link)
    assert copy.read_bytes() == b"0123456789"


def test_a_large_file_takes_no_memory(starts: Starts, tmp_path: Path) -> None:
    """200 MB go through in constant memory, and come back the same; too many are refused in the middle."""
    server = starts("--port", LOOPBACK, "--data", str(tmp_path / "data"), "--upload-limit", "250M")
    file, copy = tmp_path / "large", tmp_path / "copy"
    with file.open("wb") as content:
        for _ in range(20):
            content.write(os.urandom(10 * MEBIBYTE))
    before = server.memory
    link = curl("-T", str(file), base(server))
    assert server.memory - before < 30
    curl("-o", str(copy), link)
    assert server.memory - before < 30
    assert subprocess.run(["cmp", file, copy], check=False).returncode == 0
    endless = f"head -c {300 * MEBIBYTE} /dev/zero | {need('curl')} -sS --max-time 60 -T - {base(server)}endless"
    said = subprocess.run(["/bin/sh", "-c", endless], stdout=subprocess.PIPE, text=True, check=False).stdout
    assert said == "endless is too large: a file has at most 262.1 MB here.\n"
    until(lambda: len(folders(tmp_path / "data")) == 1, "nothing is left of it")
    assert server.memory - before < 30


def test_kill_9_leaves_no_half_file(starts: Starts, tmp_path: Path) -> None:
    """What was answered is there after it; what was on its way is not."""
    server = starts("--port", LOOPBACK, "--data", str(tmp_path / "data"))
    (tmp_path / "x").write_bytes(b"whole")
    link = curl("-T", str(tmp_path / "x"), base(server))
    with socket.create_connection(server.address, PATIENCE) as half:
        half.sendall(b"PUT /files/half HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + bytes(500_000))
        until(lambda: any(name.endswith(".part") for name in folders(tmp_path / "data")), "it is on its way")
        server.kill()
    again = starts("--port", LOOPBACK, "--data", str(tmp_path / "data"))
    path = link.removeprefix(base(server))
    assert curl(base(again) + path) == "whole"
    assert folders(tmp_path / "data") == [path.partition("/")[0]]
