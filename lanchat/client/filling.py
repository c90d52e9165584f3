"""Filling in: the passwords that were left out of a typed line are asked for, where nobody sees them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from lanchat.client.asking import Left, Note, Questions, unless
from lanchat.client.hiding import AGAIN, QUESTIONS, missing
from lanchat.client.outbox import Asked


async def filled(
    line: str, nick: str, questions: Questions, note: Note, over: asyncio.Future[Any]
) -> str | Asked | None:
    """Give a line as it is, but where passwords were left out: the command with them, or nothing without an answer.

    ``nick`` is ours; ``note`` says why nothing is sent; nobody is asked any more when it is ``over``.
    """
    op, wanted = missing(line, nick)
    if not wanted:
        return line
    answer = ""
    for question in wanted:
        before, answer = answer, ""
        with suppress(Left):
            asked = questions.secret(QUESTIONS.get(question, "Once more"))
            answer = (await unless(over, asked, questions.hidden)) or ""
        if not answer:
            note("Nothing was sent.")
            return None
        if question != AGAIN:
            op[question] = answer
        elif answer != before:
            note("They are not the same: nothing was sent.")
            return None
    return Asked(op, f"/{op['op']}", secret=True)
