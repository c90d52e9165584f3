"""Passwords as they are written down: scrypt (RFC 7914), with its parameters beside the hash so that they can rise."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Protocol, TypeVar

from twisted.logger import Logger
from twisted.python.failure import Failure

COST = 14
"""``ln`` of a new password."""


class Run(Protocol):
    """Does a job where it holds up nobody, and tells what came of it on the reactor's thread."""

    def __call__(self, job: Callable[[], Answer], then: Callable[[Answer | Exception], object], /) -> None:
        """Do it."""
        ...


Answer = TypeVar("Answer")

_WRITTEN = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})"
)
_MOST_MEMORY = 1 << 28
"""Bytes that checking one password may take."""


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password that nobody can read: 2**``ln`` rounds over blocks of 128 × ``r`` bytes, ``p`` times."""

    ln: int
    r: int
    p: int
    salt: bytes
    key: bytes

    @classmethod
    def read(cls, written: str) -> PasswordHash:
        """Read ``$scrypt$ln=14,r=8,p=5$SALT$KEY`` (the PHC string format).  Raises ValueError."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError(written)
        ln, r, p = int(found[1]), int(found[2]), int(found[3])
        if not (ln and r and p) or r << (7 + ln) > _MOST_MEMORY:
            raise ValueError(written)
        return cls(ln, r, p, *(b64decode(part + "=" * (-len(part) % 4)) for part in (found[4], found[5])))

    @classmethod
    def of(cls, password: str, ln: int = COST) -> PasswordHash:
        """Hash a new password: 16 MiB and a fifth of a second, as OWASP's Password Storage Cheat Sheet has it."""
        blank = cls(ln, 8, 5, secrets.token_bytes(16), bytes(32))
        return replace(blank, key=blank.derive(password))

    @classmethod
    def nobody(cls, ln: int = COST) -> PasswordHash:
        """Give a hash that no password is known for: its key was never derived from one."""
        return cls(ln, 8, 5, bytes(16), bytes(32))

    def derive(self, password: str) -> bytes:
        """Give the key of a password under this one's salt and parameters."""
        return hashlib.scrypt(
            password.encode(),
            salt=self.salt,
            n=1 << self.ln,
            r=self.r,
            p=self.p,
            maxmem=self.cost // self.p + 256 * self.r * self.p + (1 << 20),
            dklen=len(self.key),
        )

    def matches(self, password: str) -> bool:
        """Say whether it is this password.  It takes its time: not for the reactor's thread."""
        return hmac.compare_digest(self.derive(password), self.key)

    def go_on(self, spent: int) -> None:
        """Work as long as a check takes, but for what was ``spent`` already (as `cost` counts)."""
        rounds = round((self.cost - spent) * self.p / self.cost)
        if rounds > 0:
            replace(self, p=rounds).derive("")

    @property
    def cost(self) -> int:
        """How much work a check is, in bytes that are gone through."""
        return self.p * self.r << (7 + self.ln)

    def __str__(self) -> str:
        salt, key = (b64encode(part).decode().rstrip("=") for part in (self.salt, self.key))
        return f"$scrypt$ln={self.ln},r={self.r},p={self.p}${salt}${key}"


class Passwords:
    """Checks and hashes passwords: as many at a time as there are ways to run a job; a crowd costs no more memory."""

    log = Logger()

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = cycle(runs)

    def run(self, job: Callable[[], Answer], then: Callable[[Answer | Exception], object]) -> None:
        """Do something else that takes as long as a password does, in its turn."""
        next(self._runs)(job, then)

    def check(
        self, known: PasswordHash, password: str, then: Callable[[bool], None], *, like: PasswordHash | None = None
    ) -> None:
        """Tell whether it is this password; one that cannot be checked is not.

        A wrong one takes as long as with ``like``, where that costs more: so nobody learns how old a password is.
        """

        def checked(answer: bool | Exception) -> None:
            if isinstance(answer, Exception):
                self.log.failure("A password could not be checked", Failure(answer))
            then(answer is True)

        def work() -> bool:
            right = known.matches(password)
            if not right and like is not None:
                like.go_on(known.cost)
            return right

        self.run(work, checked)

    def hash(self, password: str, ln: int, then: Callable[[str | None], None]) -> None:
        """Tell how a new password is written down; nothing where it cannot be."""

        def hashed(answer: PasswordHash | Exception) -> None:
            if isinstance(answer, Exception):
                self.log.failure("A password could not be hashed", Failure(answer))
            then(None if isinstance(answer, Exception) else str(answer))

        self.run(lambda: PasswordHash.of(password, ln), hashed)
