"""Accounts, server bans and the audit log on their way to the disk, by the writer's thread.

One job is under way at a time, and what comes meanwhile is written together by the next one: that everybody leaves at
once costs one commit.  What could not be written is tried again: with what comes next, after a while, and at the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from lanchat.core.accounts import Account, Then
from lanchat.core.audit import MOST
from lanchat.core.errors import Refused
from lanchat.core.journal import Kept
from lanchat.core.modes import Listed
from lanchat.core.names import fold
from lanchat.core.replies import AuditLine
from lanchat.stores.faults import cause, note
from lanchat.stores.people_rows import AccountChange, Changes, encode
from lanchat.stores.workers import Worker

_RETRY = 30.0
"""Seconds after which it is tried again."""
_ENDED = Refused("not-saved", "The server stops now: nothing is saved any more.")


class _Waiting:
    """An account that is to be written as it is by then, or dropped (None); and who waits for that."""

    def __init__(self, account: Account | None) -> None:
        self.account = account
        self.anew = account is None
        self.thens: list[Then] = []


class AccountStore:
    """Keeps accounts (`accounts.Store`)."""

    def __init__(self, people: People) -> None:
        self._people = people

    def put(self, account: Account, then: Then) -> None:
        """Keep an account; ``then`` is told ``not-saved`` where that cannot be done now.

        A new one is not kept then.  Any other is written as soon as that can be done.
        """
        self._people.put_account(fold(account.name), account, then)

    def drop(self, account: Account, then: Then) -> None:
        """Keep an account no more, nor its ranks; where that cannot be done now it stays (``not-saved``)."""
        self._people.put_account(fold(account.name), None, then)


class BanStore:
    """Keeps server bans (`server_bans.Store`)."""

    def __init__(self, people: People) -> None:
        self._people = people

    def put(self, ban: Listed) -> None:
        """Keep a ban."""
        self._people.put_ban(fold(ban.mask), ban)

    def drop(self, mask: str) -> None:
        """Keep a ban no more."""
        self._people.put_ban(fold(mask), None)


class AuditStore:
    """Keeps the audit log (`audit.Store`)."""

    def __init__(self, people: People) -> None:
        self._people = people

    def put(self, line: AuditLine) -> None:
        """Keep a line."""
        self._people.put_line(line)


class People:
    """What is to be written, and what of it the writer has just now.

    ``write`` does it, on the writer's thread.  ``kept`` is what is in the file already.
    """

    log = Logger()

    def __init__(self, clock: IReactorTime, writer: Worker, write: Callable[[Changes], None], kept: Kept) -> None:
        self.accounts = AccountStore(self)
        self.bans = BanStore(self)
        self.audit = AuditStore(self)
        self._clock = clock
        self._writer = writer
        self._write = write
        self._there = {fold(account.name) for account in kept.accounts}
        """The accounts that are in the file."""
        self._barred = {fold(ban.mask) for ban in kept.bans}
        """The bans that are in the file."""
        self._accounts: dict[str, _Waiting] = {}
        self._bans: dict[str, Listed | None] = {}
        self._bans_handed: dict[str, Listed | None] = {}
        self._lines: deque[AuditLine] = deque(maxlen=MOST)
        self._busy = self._ended = self._troubled = False
        self._retry: IDelayedCall | None = None
        self._ending: Callable[[], None] | None = None

    def put_account(self, folded: str, account: Account | None, then: Then) -> None:
        """Have an account written, or dropped."""
        if self._ended:
            then(_ENDED)
            return
        waiting = self._accounts.setdefault(folded, _Waiting(account))
        waiting.account = account
        waiting.thens.append(then)
        if account is None:
            waiting.anew = True
        self._hand_over()

    def put_ban(self, folded: str, ban: Listed | None) -> None:
        """Have a ban written, or dropped."""
        self._bans[folded] = ban
        if ban is None and folded not in self._barred and folded not in self._bans_handed:
            del self._bans[folded]  # it never came into the file
        self._hand_over()

    def put_line(self, line: AuditLine) -> None:
        """Have a line of the audit log written."""
        self._lines.append(line)
        self._hand_over()

    def end(self, then: Callable[[], None]) -> None:
        """Write what waits, and call ``then`` when nothing is under way; nothing is taken after that."""
        self._ending = then
        self._hand_over()
        if not self._busy:
            self._finish()

    def _hand_over(self) -> None:
        """Give what waits to the writer, unless it is busy with what waited before."""
        if self._busy or self._ended or not (self._accounts or self._bans or self._lines):
            return
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        accounts, self._accounts = self._accounts, {}
        bans, self._bans = self._bans, {}
        self._bans_handed = bans
        lines, self._lines = self._lines, deque(maxlen=MOST)
        changes = Changes(
            [
                AccountChange(folded, None if each.account is None else encode(each.account).decode(), each.anew)
                for folded, each in accounts.items()
            ],
            [(folded, None if ban is None else encode(ban).decode()) for folded, ban in bans.items()],
            [encode(line).decode() for line in lines],
        )

        def written(result: Exception | None) -> None:
            self._busy = False
            self._bans_handed = {}
            if isinstance(result, Exception):
                refused = self._failed(result, accounts, bans, lines)
            else:
                refused = self._written(accounts, bans)
            for then, answer in refused:
                then(answer)
            if not self._troubled or any(each.thens for each in self._accounts.values()):
                self._hand_over()
            if self._ending is not None and not self._busy:
                self._finish()

        self._busy = True
        self._writer.do(lambda: self._write(changes), written)

    def _written(
        self, accounts: dict[str, _Waiting], bans: dict[str, Listed | None]
    ) -> list[tuple[Then, Refused | None]]:
        """Note what is in the file now; gives who is to be told."""
        if self._troubled:
            self._troubled = False
            self.log.info("accounts, bans and the audit log are saved again")
        for folded, each in accounts.items():
            (self._there.discard if each.account is None else self._there.add)(folded)
        for folded, ban in bans.items():
            (self._barred.discard if ban is None else self._barred.add)(folded)
        return [(then, None) for each in accounts.values() for then in each.thens]

    def _failed(
        self,
        error: Exception,
        accounts: dict[str, _Waiting],
        bans: dict[str, Listed | None],
        lines: deque[AuditLine],
    ) -> list[tuple[Then, Refused | None]]:
        """Let wait what is tried again; gives who is to be told what."""
        if not self._troubled:
            self._troubled = True
            note(self.log, "accounts, bans and the audit log cannot be saved just now; it is tried again", error)
        why = cause(error)
        gone = Refused("not-saved", f"That could not be saved: {why}. See to that, and try again.")
        holds = Refused(
            "not-saved", f"That holds now, but could not be saved: {why}. It is tried again until the server ends."
        )
        told: list[tuple[Then, Refused | None]] = []
        for folded, each in accounts.items():
            newer = self._accounts.get(folded)
            known = folded in self._there and not each.anew
            told += [(then, holds if known else gone) for then in each.thens]
            if known:
                self._accounts.setdefault(folded, _Waiting(each.account))
            elif newer is not None and newer.account is each.account:  # who made it forgets it
                told += [(then, gone) for then in newer.thens]
                del self._accounts[folded]
            elif newer is not None:
                newer.anew = newer.anew or each.anew
        bans |= self._bans
        self._bans = {folded: ban for folded, ban in bans.items() if ban is not None or folded in self._barred}
        self._lines = deque([*lines, *self._lines], maxlen=MOST)
        if self._ending is None and self._retry is None:
            self._retry = self._clock.callLater(_RETRY, self._try_again)
        return told

    def _try_again(self) -> None:
        self._retry = None
        self._hand_over()

    def _finish(self) -> None:
        """Take nothing any more."""
        self._ended = True
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._accounts or self._bans or self._lines:
            self.log.error(
                "not saved: {accounts} accounts, {bans} bans, {lines} lines of the audit log",
                accounts=len(self._accounts),
                bans=len(self._bans),
                lines=len(self._lines),
            )
        ended, self._ending = self._ending, None
        assert ended is not None
        ended()
