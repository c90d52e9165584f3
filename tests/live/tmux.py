"""Programs on a terminal, as a person sees them: tmux shows what is on the screen."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from tests.live.talk import PATIENCE, need, until


class Tmux:
    """A terminal in tmux with one program in it; its server is the test's own."""

    def __init__(self, directory: Path, environment: dict[str, str], *command: str, columns: int = 80) -> None:
        self._tmux = [need("tmux"), "-u", "-f", "/dev/null", "-S", str(directory / "tmux")]
        words = [f"{name}={value}" for name, value in environment.items()]
        shown = f"env {shlex.join([*words, *command])}; echo status $?; exec cat"
        size = ["-x", str(columns), "-y", "24"]
        self._run("new-session", "-d", *size, f"env -u NO_COLOR sh -c {shlex.quote(shown)}")

    def _run(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], capture_output=True, text=True, check=True, timeout=PATIENCE)
        return done.stdout

    def types(self, text: str) -> None:
        self._run("send-keys", "-l", text)

    def presses(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def resizes(self, columns: int) -> None:
        self._run("resize-window", "-x", str(columns), "-y", "24")

    @property
    def screen(self) -> str:
        return "\n".join([line.rstrip() for line in self._run("capture-pane", "-p").splitlines()])

    @property
    def scrollback(self) -> str:
        """All that was ever on the screen, as far as the terminal keeps it."""
        return self._run("capture-pane", "-p", "-S", "-")

    @property
    def styled(self) -> str:
        return self._run("capture-pane", "-p", "-e")

    def sees(self, *texts: str) -> None:
        """Wait until all of this is on the screen."""
        try:
            until(lambda: all(text in self.screen for text in texts), str(texts))
        except BaseException as error:
            error.add_note(self.screen)
            raise

    @property
    def pid(self) -> int:
        """The process of the program."""
        shell = self._run("display-message", "-p", "#{pane_pid}").strip()
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[0])

    def close(self) -> None:
        """End the terminal, and wait for what ran in it: it may still be writing to its home."""
        shell = self._run("display-message", "-p", "#{pane_pid}").strip()
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        self._run("kill-server")
        until(lambda: not any(map(_runs, children)), "the program has ended")


def _runs(process: str) -> bool:
    """Say whether a process runs; one that has ended may wait for somebody to ask how."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
