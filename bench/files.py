#!/usr/bin/env python3
"""How fast a file goes up, beside the same file coming down from twisted.web.static, and what memory it takes.

  .venv/bin/python bench/files.py [--size 200] [--rounds 3] [--data FOLDER]

`curl` sends a file of so many megabytes to the server's /files/, gets it back, and gets the same file from a plain
twisted.web.static server; all three in turn, round and round. It ends by itself, listens on 127.0.0.1 only, and
what it writes (three times the file) is in FOLDER, on the disk that is measured, and removed at the end.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from place import SOURCES
from servers import free_port

BIN = Path(sys.executable).parent
LONGEST = 120
"""Seconds until one transfer is given up."""


class Server:
    """One server process, and what it takes."""

    def __init__(self, folder: Path, port: int, *command: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        with (folder / f"{port}.log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(BIN / "twistd"), "-n", "--pidfile=", *command], cwd=folder, stdout=log, stderr=log
            )
        for _ in range(200):
            if curl("-o", os.devnull, self.address + "/", fails=False):
                return
            time.sleep(0.05)
        self.end()
        raise SystemExit(f"{command[0]} does not answer: see {folder}")

    def memory(self, what: str) -> int:
        """KiB: `VmRSS` now, `VmHWM` the most that it was."""
        found = re.search(rf"{what}:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[1]) if found else 0

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def curl(*words: str, fails: bool = True) -> str:
    """Run curl; gives what it prints, or nothing where it failed and may."""
    command = ["curl", "-sS", "-f", "--max-time", str(LONGEST), "-w", "%{time_total}", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and fails:
        raise SystemExit(f"curl: {done.stderr.strip()}")
    return "" if done.returncode else done.stdout


def measured(server: Server, *words: str) -> tuple[float, float, str]:
    """Seconds that it took, the server's CPU seconds, and what curl printed before."""
    before = server.cpu()
    head, _, took = f"\n{curl(*words)}".rpartition("\n")
    return float(took), server.cpu() - before, head.strip()


def measure(folder: Path, megabytes: int, rounds: int) -> None:
    source = folder / "static" / "file.bin"
    source.parent.mkdir()
    with source.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
    port, other = free_port(), free_port()
    keeps = ["--upload-limit", "10G", "--upload-member", "100G", "--upload-total", "100G"]
    chat = Server(
        folder, port, "lanchat", "--data", str(folder / "data"), "--port", f"tcp:{port}:interface=127.0.0.1", *keeps
    )
    plain = None
    try:
        plain = Server(
            folder, other, "web", "--path", str(source.parent), "--listen", f"tcp:{other}:interface=127.0.0.1"
        )
        found: dict[str, list[tuple[float, float]]] = {"up": [], "down": [], "static": []}
        calm = chat.memory("VmRSS")
        for _ in range(rounds):
            up, cpu, url = measured(chat, "-T", str(source), f"{chat.address}/files/")
            found["up"].append((up, cpu))
            most = chat.memory("VmHWM")
            found["down"].append(measured(chat, "-o", str(folder / "got"), url)[:2])
            if (folder / "got").read_bytes() != source.read_bytes():
                raise SystemExit("what came back is not what was sent")
            found["static"].append(measured(plain, "-o", str(folder / "got"), f"{plain.address}/file.bin")[:2])
            names = {"up": "up", "down": "down again", "static": "down from twisted.web.static"}
            words = [f"{names[what]} {took[-1][0]:.2f} s (CPU {took[-1][1]:.2f})" for what, took in found.items()]
            print(", ".join(words), file=sys.stderr)
            for kept in (folder / "data").rglob("content"):
                kept.unlink()  # a disk that fills up becomes slower
        rate = {what: megabytes / statistics.median([each for each, _ in took]) for what, took in found.items()}
        print(f"{'MiB/s, median':28} up {rate['up']:.0f}, down {rate['down']:.0f}, static {rate['static']:.0f}")
        print(f"{'up ÷ static':28} {rate['up'] / rate['static']:.2f}  (≥ 0.70)")
        print(f"{'server, KiB':28} {calm:,} before, at most {most:,} while files came, {chat.memory('VmRSS'):,} after")
    finally:
        chat.end()
        if plain is not None:
            plain.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=200, help="megabytes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=SOURCES / "work", help="folder on the disk to measure")
    arguments = parser.parse_args()
    arguments.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.data, prefix="files-") as folder:
        measure(Path(folder), arguments.size, arguments.rounds)


if __name__ == "__main__":
    main()
