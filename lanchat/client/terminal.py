"""The client on a terminal: asks for what it was not told, then talks, with a line that nothing garbles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from twisted.python import usage

from lanchat.client.colours import depth
from lanchat.client.completion import ChatCompleter
from lanchat.client.conversation import Conversation
from lanchat.client.endings import Ending, KeyRefused, NickRefused, UnknownKey
from lanchat.client.heard import Heard
from lanchat.client.history import open_history
from lanchat.client.input import Leave, read_line
from lanchat.client.link import Link
from lanchat.client.options import Address, Description, read_target
from lanchat.client.reach import Reach
from lanchat.client.screen import Screen, prompt, toolbar
from lanchat.client.sending import Sending, file_to_send
from lanchat.client.styled import Days, noted, styled
from lanchat.core.errors import Refused
from lanchat.core.names import check_nick

SLOW = 1.0
"""Seconds after which a person is told what is being waited for."""
Target = Address | Description
Answer = TypeVar("Answer")


class Left(Exception):  # noqa: N818 - an answer, not a fault
    """The person wants to go: Ctrl-D on an empty line, or Ctrl-C twice."""


class Terminal:
    """The front of a link on a terminal.

    ``find`` gives the way to a server, ``make`` a link that leads there; ``login`` is the nick that is proposed.
    """

    link: Link
    sending: Sending

    def __init__(
        self,
        target: Target | None,
        nick: str,
        login: str,
        find: Callable[[Target], Reach],
        make: Callable[[Reach, str, Terminal], Link],
        history: Path,
        environ: Mapping[str, str],
    ) -> None:
        self._target = target
        self._nick = nick
        self._login = login
        self._find = find
        self._make = make
        self._days = Days()
        self._interrupted = False
        asking: PromptSession[str] = PromptSession(interrupt_exception=EOFError)
        colours = depth(environ, terminal=True)
        self._asking = asking
        self._screen = Screen(asking.output, colours)
        self._session: PromptSession[str] = PromptSession(
            lambda: prompt(self.link),
            history=open_history(history),
            completer=ChatCompleter(self._conversation),
            complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
            bottom_toolbar=lambda: toolbar(self.link, lambda: get_app().output.get_size().columns, self.sending.state),
            key_bindings=self._keys(),
            color_depth=colours,
            enable_suspend=True,
            erase_when_done=True,
            reserve_space_for_menu=6,
        )
        self._session.default_buffer.on_text_changed += self._text_changed

    async def run(self) -> int:
        """Join, talk, and give the exit status.  Raises Ending and UsageError."""
        try:
            await self._come_in()
        except Left:
            return 0
        finally:
            self._screen.flush()
        return await self._talk()

    # -- what the link tells -----------------------------------------------------------------------------------

    def heard(self, line: bytes, heard: Heard | None, *, own: bool, quiet: bool) -> None:
        """Show what was heard."""
        del line
        if heard is not None and not quiet:
            talk = self.link.conversation
            shown = styled(heard, talk, own=own)
            bell = not own and talk.is_for_us(heard)
            self._screen.show([*(self._days.before(heard) if shown else []), *shown], bell=bell)
        self.changed()

    def note(self, text: str) -> None:
        """Show what the client has to say."""
        self._screen.show(noted(text))

    def mark(self, text: str) -> None:
        """Show where in the talk the line was down."""
        self._screen.show(noted(text))

    def changed(self) -> None:
        """Draw prompt and toolbar anew."""
        self._session.app.invalidate()

    # -- coming in ---------------------------------------------------------------------------------------------

    async def _come_in(self) -> None:
        """Ask until we are in.  Raises Ending, UsageError, and Left."""
        way = self._find(self._target if self._target is not None else await self._ask_target())
        nick = self._nick or await self._ask_nick()
        while True:
            self.link = self._make(way, nick, self)
            self.sending = Sending(way.endpoint, way.diagnose, self.note, self.changed)
            loop = asyncio.get_running_loop()
            slow = loop.call_later(SLOW, self.note, f"Connecting to {way.server} …")
            try:
                await self.link.start().asFuture(loop)
            except UnknownKey as unknown:
                await self._trust(way, unknown)
            except NickRefused as refused:
                self.note(str(refused))
                nick = await self._ask_nick()
            else:
                break
            finally:
                slow.cancel()
        if way.trust is not None and way.trust.trouble:
            self.note(way.trust.trouble)

    async def _ask_target(self) -> Target:
        return await self._ask("Server", "localhost", read_target)

    async def _ask_nick(self) -> str:
        return await self._ask("Your name", self._login, lambda text: check_nick(text, 0))

    async def _ask(self, question: str, usual: str, read: Callable[[str], Answer]) -> Answer:
        """Ask until there is an answer that can be read; an empty one is the usual one.  Raises Left."""
        while True:
            answer = (await self._line(f"{question} [{usual}]: ")).strip()
            try:
                return read(answer or usual)
            except Refused as refused:
                self.note(refused.text)
            except usage.UsageError as error:
                self.note(str(error))

    async def _trust(self, way: Reach, unknown: UnknownKey) -> None:
        """Ask whether a key is right: nothing was sent to the server yet."""
        self.note(f"{unknown.server} is new here. Its key is {unknown.fingerprint}")
        self.note("Compare it with what the server shows (lanchat certs, or whoever runs it).")
        while True:
            match (await self._line("Is it the same? (yes/no) ")).strip().lower():
                case "yes" | "y":
                    break
                case "no" | "n":
                    raise KeyRefused(f"The key of {unknown.server} is not trusted: nothing was sent.")
                case _:
                    self.note("Type yes or no.")
        assert way.trust is not None
        way.trust.accept(unknown.fingerprint)

    async def _line(self, question: str) -> str:
        """Ask for one line.  Raises Left."""
        self._screen.flush()
        try:
            return await self._asking.prompt_async([("", question)], handle_sigint=False)
        except EOFError:
            raise Left from None

    # -- talking -----------------------------------------------------------------------------------------------

    async def _talk(self) -> int:
        """Take lines until it is over."""
        ended: asyncio.Future[Ending | None] = self.link.ended.asFuture(asyncio.get_running_loop())
        with patch_stdout(raw=True):
            try:
                while not ended.done():
                    line = await self._next_line(ended)
                    if line is not None:
                        self._typed(line)
            except Left:
                self._leave("")
            ending = await ended
            self._screen.flush()
        if ending is not None:
            raise ending
        return 0

    async def _next_line(self, ended: asyncio.Future[Any]) -> str | None:
        """Give the next line, or nothing when it is over before there is one.  Raises Left."""
        typing = asyncio.ensure_future(self._session.prompt_async(handle_sigint=False))
        try:
            await asyncio.wait({typing, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not typing.done() and self._session.app.is_running:
                self._session.app.exit(exception=EOFError())  # draws the end of the prompt
            elif not typing.done():
                typing.cancel()
            with suppress(EOFError, asyncio.CancelledError):
                await typing
        if typing.cancelled():
            return None
        try:
            return typing.result()
        except EOFError:
            if ended.done():
                return None
            raise Left from None

    def _typed(self, line: str) -> None:
        talk = self.link.conversation
        try:
            file = file_to_send(line, talk.view, talk.is_known)
            asked = read_line(line, talk.view, talk.longest) if file is None else self.sending.ask(*file, line)
        except Refused as refused:
            self.note(refused.text)
            return
        if isinstance(asked, Leave):
            self._leave(asked.reason)
        elif asked is not None and not self.link.send(asked):
            if file is not None:
                self.sending.give_up()
            self.note(f"Not sent, {len(self.link.outbox)} lines are waiting already: {asked.typed}")

    def _leave(self, reason: str) -> None:
        """Leave, and say what is lost by it."""
        waiting = self.link.outbox.waiting
        if waiting:
            self.note(f"{waiting} {'lines were' if waiting > 1 else 'line was'} not sent.")
        self.link.leave(reason)

    def _conversation(self) -> Conversation:
        return self.link.conversation

    def _text_changed(self, buffer: Buffer) -> None:
        if buffer.text:
            self._interrupted = False

    def _keys(self) -> KeyBindings:
        """Ctrl-C stops sending a file, or clears the line; the second of two in a row leaves."""
        keys = KeyBindings()

        @keys.add("c-c")
        def interrupt(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            if not buffer.text and self.sending.cancel():
                return
            if self._interrupted and not buffer.text:
                event.app.exit(exception=EOFError())
                return
            buffer.reset()
            self._interrupted = True
            self.note("Ctrl-C once more leaves.")

        return keys
