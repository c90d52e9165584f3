"""The terminal as the client uses it: lines that scroll by above a line that is being typed."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

from prompt_toolkit.formatted_text import FormattedText, StyleAndTextTuples
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.shortcuts import print_formatted_text
from prompt_toolkit.utils import get_cwidth

from lanchat.client.front import State
from lanchat.client.link import Link


class Screen:
    """Writes above the prompt: what comes in one turn is written at once, so the prompt is drawn anew once."""

    def __init__(self, output: Output, depth: ColorDepth) -> None:
        self._output = output
        self._depth = depth
        self._lines: list[tuple[int, StyleAndTextTuples]] = []
        """What is not written yet, each with the number of the event that it shows (0: none)."""
        self._rings = False
        self._scheduled = False
        # The prompt is found through this context; the reactor calls from another one.
        self._context = contextvars.copy_context()

    def show(self, fragments: StyleAndTextTuples, *, bell: bool = False, event: int = 0) -> None:
        """Write whole lines; ``event`` is the number of what they show."""
        if fragments:
            self._lines.append((event, fragments))
        self._rings = self._rings or bell
        if not self._scheduled and (self._lines or self._rings):
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self.flush, context=self._context)

    def drop(self, event: int) -> None:
        """Do not write what was taken away before it was written; what is on the screen stays there."""
        self._lines = [(number, shown) for number, shown in self._lines if number != event]

    def flush(self) -> None:
        """Write what is waiting now."""
        lines, self._lines, self._scheduled = self._lines, [], False
        fragments = [fragment for _, shown in lines for fragment in shown]
        if fragments:
            print_formatted_text(FormattedText(fragments), end="", output=self._output, color_depth=self._depth)
        if self._rings:
            self._rings = False
            self._output.bell()
            self._output.flush()


def prompt(link: Link) -> StyleAndTextTuples:
    """Show where a line goes to."""
    return [("", f"{cut(link.conversation.view, 20)}> ")]


def toolbar(link: Link, columns: Callable[[], int], sending: str = "") -> StyleAndTextTuples:
    """Say how things stand, the most important first: what does not fit is left out."""
    talk = link.conversation
    parts: StyleAndTextTuples = []
    if link.state is not State.UP:
        parts.append(("bold", link.state.value))
    if sending:
        parts.append(("bold", f"sending {sending}"))
    waiting = len(link.outbox)
    if waiting > 1 or link.outbox.waiting or (waiting and link.state is not State.UP):
        # One that is on its way is there in a moment.
        parts.append(("bold", f"{waiting} waiting"))
    if talk.away:
        parts.append(("", "away"))
    people = len(talk.room.people)
    parts.append(("", f"{cut(talk.view, 20)} {people} {'person' if people == 1 else 'people'}"))
    for room in talk.others():
        if room.unread:
            parts.append(("bold" if room.named else "", f"{cut(room.name, 16)} {room.unread}{'!' * room.named}"))
    parts += [("", cut(talk.nick, 20)), ("", link.state.value if link.state is State.UP else ""), ("", talk.server)]
    fragments: StyleAndTextTuples = []
    left = columns()
    for style, text, *_ in parts:
        left -= get_cwidth(text) + 3
        if left < 0:
            break
        if text:
            fragments += [("", " " if not fragments else " · "), (style, text)]
    return fragments


def cut(text: str, most: int) -> str:
    """Cut a text to so many columns; an ellipsis says that it was longer."""
    if get_cwidth(text) <= most:
        return text
    kept = ""
    for letter in text:
        if get_cwidth(kept + letter) >= most:
            break
        kept += letter
    return kept + "…"
