"""Labels: which answer belongs to which command (ircv3.net/specs/extensions/labeled-response).

A client puts ``label`` before a command; then the answer carries it: one line has it itself, several stand in a batch
that has it, and where there is nothing to say the server says ``ACK``.  What takes time is answered as a whole, too:
nothing more is heard from the client meanwhile (`Session.hold`), and all that answers it is collected until then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from lanchat.core.errors import Refused
from lanchat.doors.irc.message import Message, escape

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

LONGEST = 64
"""Bytes of a label; a longer one is ignored."""
_NEEDED = {"labeled-response", "batch"}


class Late(NamedTuple):
    """An answer with a label that is not whole yet: the lines that there are until now."""

    label: str
    lines: list[bytes]


class Unasked(bytes):
    """What the session happens to hear while its command runs, and is no answer: its own message to itself."""


def label_of(irc: IrcDoor, message: Message) -> str:
    """Give the label that the answer to a message has to carry; empty for none."""
    label = message.tags.get("label", "")
    return label if label and irc.has >= _NEEDED and len(label.encode()) <= LONGEST else ""


def answer(irc: IrcDoor, label: str, run: Callable[[Message], None], message: Message) -> None:
    """Run a command, and label what it answers, a refusal too."""
    session = irc.session
    session.step_apart()
    before = len(session.outbox)
    irc.label = label
    try:
        run(message)
    except Refused as refused:
        irc.refuse(refused)
    irc.label = ""
    chunks = session.outbox[before:]
    del session.outbox[before:]
    irc.late = Late(label, [chunk for chunk in chunks if not isinstance(chunk, Unasked)])
    if not irc.asking:
        session.put(irc.complete())
    session.put(b"".join([chunk for chunk in chunks if isinstance(chunk, Unasked)]))


def labelled(irc: IrcDoor, label: str, lines: bytes) -> bytes:
    """Give the lines of one whole answer with its label; without a label, as they are."""
    if not label:
        return lines
    tag = f"label={escape(label)}"
    if not lines:
        return _with_tag(irc.line("ACK"), tag)
    each = lines.splitlines(keepends=True) if lines.count(b"\n") > 1 else [lines]
    if len(each) == 1 or _is_one_batch(each):
        return _with_tag(each[0], tag) + b"".join(each[1:])
    name = irc.new_batch()
    inside = f"batch={name}"
    opened = _with_tag(irc.line("BATCH", f"+{name}", "labeled-response"), tag)
    return b"".join([opened, *[_inside(line, inside) for line in each], irc.line("BATCH", f"-{name}")])


def _is_one_batch(lines: list[bytes]) -> bool:
    """Say whether all of the lines stand in one batch already, which can have the label itself."""
    first, last = _words(lines[0]), _words(lines[-1])
    if first[1:2] != [b"BATCH"] or last[1:2] != [b"BATCH"]:
        return False
    return first[2][:1] == b"+" and last[2] == b"-" + first[2][1:]


def _inside(line: bytes, tag: str) -> bytes:
    """Put a line into a batch, unless it stands in one already: what begins and ends a batch within it, too."""
    tags = line[1:].partition(b" ")[0].split(b";") if line.startswith(b"@") else []
    if any(each.startswith(b"batch=") for each in tags):
        return line
    return _with_tag(line, tag)


def _words(line: bytes) -> list[bytes]:
    """Give the first words of a line without its tags: the source, the command, and a parameter."""
    words = line.split(maxsplit=4)
    return words[1:] if line.startswith(b"@") else words


def _with_tag(line: bytes, tag: str) -> bytes:
    if line.startswith(b"@"):
        return b"@%b;%b" % (tag.encode(), line[1:])
    return b"@%b %b" % (tag.encode(), line)
