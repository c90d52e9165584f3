"""Where the client keeps things: files of one user, in directories that only this user can read.

XDG Base Directory Specification: what should survive a restart and is neither data nor settings is *state*.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path


def state_directory(environ: Mapping[str, str]) -> Path:
    """Give ``$XDG_STATE_HOME/lanchat``; a relative path there is passed over, as the specification asks."""
    state = environ.get("XDG_STATE_HOME", "")
    home = Path(state) if state.startswith("/") else Path(environ.get("HOME", "~")).expanduser() / ".local" / "state"
    return home / "lanchat"


def private_directory(directory: Path) -> None:
    """Make a directory, and those above it, that only this user can read.  Raises OSError."""
    missing = [each for each in (directory, *directory.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def private_file(path: Path) -> None:
    """Make a file that only this user can read, if it is not there.  Raises OSError."""
    private_directory(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)


def replace_lines(path: Path, lines: Iterable[str]) -> None:
    """Put a new file that only this user can read in the place of the old one, whole.  Raises OSError."""
    private_directory(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # O_EXCL, mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
