"""A typed line becomes a command: the same table as the server's, with the room always named."""

from __future__ import annotations

from dataclasses import dataclass

from lanchat.client.hiding import is_secret, public_part
from lanchat.client.outbox import Asked
from lanchat.core.clean import clean
from lanchat.core.commands import Kind
from lanchat.core.errors import Refused
from lanchat.core.verbs import TABLE

_UNLIMITED = 512 << 10
"""Bytes of a message where the server has no limit; a line has one."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody wants to leave the chat."""

    reason: str = ""


def read_line(line: str, view: str, longest: int) -> Asked | Leave | None:
    """Say what a line asks for; nothing for an empty one.

    ``view`` is the room that is looked at, ``longest`` the server's limit for a message in bytes (0: none).
    Raises Refused.
    """
    typed = clean(line, lines=True).strip("\n")
    if not typed or typed.isspace():
        return None
    if typed[0].isspace() and is_secret(typed):
        raise Refused("bad-arguments", "Type it without the blank before it: everybody would read your password.")
    if typed.strip().lower() in ("exit", "quit"):
        return Leave()
    if typed.startswith("/") and not typed.startswith("//"):
        command, arguments = TABLE.parse(typed)
        if command.name == "quit":
            return Leave(arguments.get("reason", ""))
        for argument in command.arguments:
            if argument.kind is Kind.ROOM and not argument.required:
                arguments.setdefault(argument.name, view)
        op = {"op": command.name, **arguments}
    else:
        op = {"op": "say", "room": view, "text": typed[1:] if typed.startswith("//") else typed}
    most = longest or _UNLIMITED
    if any(len(value) * 4 > most and len(value.encode()) > most for value in op.values()):
        raise Refused("too-long", f"A message has at most {most} bytes. Send it in parts.")
    return Asked(op, public_part(typed), secret=is_secret(typed))
