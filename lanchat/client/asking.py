"""What a person at a terminal is asked: on a line of its own, shown or hidden, before the chat and in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory
from twisted.python import usage

from lanchat.client.endings import KeyRefused, UnknownKey
from lanchat.client.tls import Trust
from lanchat.core.errors import Refused

Answer = TypeVar("Answer")
Note = Callable[[str], object]


class Left(Exception):  # noqa: N818 - an answer, not a fault
    """The person wants to go: Ctrl-D on an empty line, or Ctrl-C."""


class Questions:
    """Asks; ``note`` says what is wrong with an answer, ``flush`` writes what is to stand above a question."""

    def __init__(self, note: Note, flush: Callable[[], object]) -> None:
        self.shown: PromptSession[str] = PromptSession(interrupt_exception=EOFError, history=DummyHistory())
        self.hidden: PromptSession[str] = PromptSession(
            interrupt_exception=EOFError, history=DummyHistory(), is_password=True, erase_when_done=True
        )
        self._note = note
        self._flush = flush

    async def line(self, question: str) -> str:
        """Ask for one line.  Raises Left."""
        return await self._ask(self.shown, question)

    async def secret(self, question: str) -> str:
        """Ask for one line that nobody sees.  Raises Left."""
        return await self._ask(self.hidden, f"{question}: ")

    async def until(self, question: str, usual: str, read: Callable[[str], Answer]) -> Answer:
        """Ask until there is an answer that can be read; an empty one is the usual one.  Raises Left."""
        while True:
            answer = (await self.line(f"{question} [{usual}]: ")).strip()
            try:
                return read(answer or usual)
            except Refused as refused:
                self._note(refused.text)
            except usage.UsageError as error:
                self._note(str(error))

    async def trust(self, trust: Trust, unknown: UnknownKey) -> None:
        """Ask whether a key is right: nothing was sent to the server yet.  Raises KeyRefused and Left."""
        self._note(f"{unknown.server} is new here. Its key is {unknown.fingerprint}")
        self._note("Compare it with what the server shows (lanchat certs, or whoever runs it).")
        while True:
            match (await self.line("Is it the same? (yes/no) ")).strip().lower():
                case "yes" | "y":
                    break
                case "no" | "n":
                    raise KeyRefused(f"The key of {unknown.server} is not trusted: nothing was sent.")
                case _:
                    self._note("Type yes or no.")
        trust.accept(unknown.fingerprint)

    async def _ask(self, session: PromptSession[str], question: str) -> str:
        self._flush()
        try:
            return await session.prompt_async([("", question)], handle_sigint=False)
        except EOFError:
            raise Left from None


async def unless(
    over: asyncio.Future[Any], asked: Coroutine[Any, Any, str], session: PromptSession[str]
) -> str | None:
    """Give the answer, or nothing when it is over before there is one.  Raises what the question raises."""
    typing: asyncio.Future[str] = asyncio.ensure_future(asked)
    try:
        await asyncio.wait({typing, over}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not typing.done() and session.app.is_running:
            session.app.exit(exception=EOFError())  # draws the end of the prompt
        elif not typing.done():
            typing.cancel()
        with suppress(EOFError, Left, asyncio.CancelledError):
            await typing
    if typing.cancelled():
        return None
    try:
        return typing.result()
    except (EOFError, Left):
        if over.done():
            return None
        raise
