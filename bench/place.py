"""Where everything is: what is built, written and kept between runs, and the Python that has lanchat.

All of it lies under one directory (`bench/work`, which git ignores), so that a run leaves nothing
anywhere else and `rm -r` of it starts afresh.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
LIBRARIES = {"chatload": ["-lssl", "-lcrypto"], "climit": []}


class SetupError(Exception):
    """Something that the bench needs is not there; the text says how to get it."""


@dataclass(frozen=True)
class Place:
    """The working directory of the bench, and the Python of the virtual environment to measure."""

    work: Path
    python: Path
    data: Path
    """The folder for journals: the disk that it is on is what is measured."""

    @property
    def generator(self) -> Path:
        return self.work / "chatload"

    @property
    def limit(self) -> Path:
        return self.work / "climit"

    @property
    def key(self) -> Path:
        return self.work / "key.pem"

    @property
    def certificate(self) -> Path:
        return self.work / "cert.pem"

    def directory(self, name: str) -> Path:
        """A directory of that name for one server's files, made if need be."""
        path = self.work / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def script(self, name: str) -> str:
        """A command of the virtual environment, such as twistd."""
        path = self.python.parent / name
        if not path.exists():
            raise SetupError(f"{path} is not there: install lanchat, or name the environment with --python PATH")
        return str(path)

    def build(self) -> None:
        """Compile what is older than its source, and make a certificate for localhost if there is none."""
        self.work.mkdir(parents=True, exist_ok=True)
        for name, libraries in LIBRARIES.items():
            source, binary = SOURCES / f"{name}.c", self.work / name
            if binary.exists() and binary.stat().st_mtime >= source.stat().st_mtime:
                continue
            compiler = shutil.which("gcc") or shutil.which("cc")
            if compiler is None:
                raise SetupError("no C compiler: apt-get install gcc libc6-dev libssl-dev")
            print(f"compiling {source.name}", file=sys.stderr)
            done = subprocess.run([compiler, "-O2", "-o", binary, source, *libraries], check=False)
            if done.returncode:
                raise SetupError(f"{source.name} does not compile (apt-get install gcc libc6-dev libssl-dev)")
        if not self.certificate.exists():
            self._make_certificate()

    def _make_certificate(self) -> None:
        if shutil.which("openssl") is None:
            raise SetupError("no openssl: apt-get install openssl")
        names = ["-subj", "/CN=localhost", "-keyout", self.key, "-out", self.certificate]
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        subprocess.run(["openssl", "req", "-x509", *curve, "-days", "3650", *names], check=True, capture_output=True)
        self.key.chmod(0o644)  # ngircd changes its user before it reads the key
