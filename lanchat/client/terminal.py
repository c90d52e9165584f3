"""The client on a terminal: asks for what it was not told, then talks, with a line that nothing garbles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout

from lanchat.client.asking import Left, Questions, unless
from lanchat.client.colours import depth
from lanchat.client.completion import ChatCompleter
from lanchat.client.conversation import Conversation
from lanchat.client.endings import Ending, NickRefused, SecretWanted, UnknownKey
from lanchat.client.filling import filled
from lanchat.client.front import State
from lanchat.client.heard import Heard
from lanchat.client.hiding import HidePasswords
from lanchat.client.history import open_history
from lanchat.client.input import Leave, read_line
from lanchat.client.link import Link
from lanchat.client.options import Address, Description, read_target
from lanchat.client.outbox import Asked
from lanchat.client.proof import Proof, Secret
from lanchat.client.reach import Reach
from lanchat.client.screen import Screen, prompt, toolbar
from lanchat.client.sending import Sending, file_to_send
from lanchat.client.styled import Days, noted, styled
from lanchat.core.errors import Refused
from lanchat.core.events import Deleted, Event
from lanchat.core.names import check_nick

SLOW = 1.0
"""Seconds after which a person is told what is being waited for."""
Target = Address | Description


class Terminal:
    """The front of a link on a terminal.

    ``find`` gives the way to a server, ``prove`` what it is shown of who we are, ``make`` a link that leads there;
    ``login`` is the nick that is proposed.
    """

    link: Link
    sending: Sending

    def __init__(
        self,
        target: Target | None,
        nick: str,
        login: str,
        find: Callable[[Target], Reach],
        prove: Callable[[Reach], Proof],
        make: Callable[[Reach, str, Terminal, Proof], Link],
        history: Path,
        environ: Mapping[str, str],
    ) -> None:
        self._target = target
        self._nick = nick
        self._login = login
        self._find = find
        self._prove = prove
        self._make = make
        self._days = Days()
        self._interrupted = False
        self._wanted: tuple[Secret, str] | None = None
        """The password that has to be asked for."""
        self._interrupts = asyncio.Event()
        self._draft = ""
        """What was being typed when something had to be asked."""
        self._questions = Questions(self.note, lambda: self._screen.flush())
        colours = depth(environ, terminal=True)
        self._screen = Screen(self._questions.shown.output, colours)
        self._session: PromptSession[str] = PromptSession(
            lambda: prompt(self.link),
            history=open_history(history),
            completer=ChatCompleter(self._conversation),
            complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
            bottom_toolbar=lambda: toolbar(self.link, lambda: get_app().output.get_size().columns, self.sending.state),
            key_bindings=self._keys(),
            color_depth=colours,
            enable_suspend=True,
            input_processors=[HidePasswords()],
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
            if isinstance(heard, Deleted):
                self._screen.drop(heard.of)
            number = heard.id if isinstance(heard, Event) else 0
            self._screen.show([*(self._days.before(heard) if shown else []), *shown], bell=bell, event=number)
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

    def wants(self, secret: Secret, said: str) -> bool:
        """Ask for a password as soon as what is being asked is answered: what is being typed waits."""
        self._wanted = (secret, said)
        self._interrupts.set()
        return True

    # -- coming in ---------------------------------------------------------------------------------------------

    async def _come_in(self) -> None:
        """Ask until we are in.  Raises Ending, UsageError, and Left."""
        ask = self._questions
        way = self._find(self._target if self._target is not None else await self._ask_target())
        proof = self._prove(way)
        nick = self._nick or await self._ask_nick(proof.last())
        while True:
            self.link = self._make(way, nick, self, proof)
            self.sending = Sending(way.endpoint, way.diagnose, self.note, self.changed)
            loop = asyncio.get_running_loop()
            slow = loop.call_later(SLOW, self.note, f"Connecting to {way.server} …")
            try:
                await self.link.start().asFuture(loop)
            except UnknownKey as unknown:
                assert way.trust is not None
                await ask.trust(way.trust, unknown)
            except NickRefused as refused:
                self.note(str(refused))
                nick = await self._ask_nick()
            except SecretWanted as wanted:
                slow.cancel()
                answer = await self._ask_secret(wanted.secret, wanted.said, nick)
                if answer:
                    proof.give(wanted.secret, answer)
                else:
                    nick = await self._ask_nick()
            else:
                break
            finally:
                slow.cancel()
        if way.trust is not None and way.trust.trouble:
            self.note(way.trust.trouble)

    async def _ask_target(self) -> Target:
        return await self._questions.until("Server", "localhost", read_target)

    async def _ask_nick(self, usual: str = "") -> str:
        return await self._questions.until("Your name", usual or self._login, lambda text: check_nick(text, 0))

    async def _ask_secret(self, secret: Secret, said: str, nick: str) -> str:
        """Ask for a password; empty where there is to be another name instead.  Raises Left."""
        self.note(said)
        if not self.link.private:
            self.note("Others on the network can read what you send here. Ctrl-D ends it; --tls keeps it to yourself.")
        if secret is Secret.PASSWORD:
            return await self._questions.secret(f"Password of {nick} (or Enter, for another name)")
        return await self._questions.secret("Password of the server (or Enter, for another name)")

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
        """Give the next line with all that belongs to it, or nothing where there is none.  Raises Left."""
        if self._wanted is not None:
            await self._unlock(*self._wanted, ended)
            return None
        self._interrupts.clear()
        interrupted = asyncio.ensure_future(self._interrupts.wait())
        stop = asyncio.ensure_future(asyncio.wait({interrupted, ended}, return_when=asyncio.FIRST_COMPLETED))
        draft, self._draft = self._draft, ""
        try:
            line = await unless(stop, self._session.prompt_async(default=draft, handle_sigint=False), self._session)
        except EOFError:
            raise Left from None
        finally:
            interrupted.cancel()
            stop.cancel()
        if line is None:
            self._draft = self._session.default_buffer.text
            return None
        found = await filled(line, self.link.conversation.nick, self._questions, self.note, ended)
        if isinstance(found, Asked):
            self._ask(found)
            return None
        return found

    async def _unlock(self, secret: Secret, said: str, ended: asyncio.Future[Any]) -> None:
        """Ask for the password without which we are not let back in.  Raises Left."""
        self._wanted = None
        asked = self._ask_secret(secret, said, self.link.wanted_nick)
        answer = await unless(ended, asked, self._questions.hidden)
        nick = ""
        if answer == "":
            asked = self._questions.until("Your name", self._login, lambda text: check_nick(text, 0))
            nick = await unless(ended, asked, self._questions.shown) or ""
        if answer is not None:
            self.link.prove(secret, answer, nick)

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
        elif asked is not None and not self._ask(asked) and file is not None:
            self.sending.give_up()

    def _ask(self, asked: Asked) -> bool:
        """Send a command; say so where that cannot be done."""
        if asked.secret and self.link.state is not State.UP:
            self.note("There is no connection just now: a password is not kept until there is. Try again then.")
            return False
        if not self.link.send(asked):
            self.note(f"Not sent, {len(self.link.outbox)} lines are waiting already: {asked.typed}")
            return False
        return True

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
