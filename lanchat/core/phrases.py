"""What most lines for a person have in them: who spoke, why something was done, and what each line begins with."""

from __future__ import annotations

from lanchat.core.events import Acted, Confided, Handed, Said, Shared, Words


def speaker(event: Words | Handed | Confided) -> str:
    """Say who spoke, and how: this stands before the text."""
    if isinstance(event, Shared | Handed):
        return f"<{event.nick}>"
    if isinstance(event, Acted) or (not isinstance(event, Said) and event.acted):
        return f"* {event.nick}"
    return f"-{event.nick}-" if event.notice else f"<{event.nick}>"


def each_line(prefix: str, text: str) -> str:
    """Put the prefix before each line, so that no line of a text can pass for anything else."""
    if "\n" not in text:
        return prefix + text
    return "\n".join([prefix + line for line in text.split("\n")])


def because(reason: str) -> str:
    """Give a reason as it stands behind what was done; nothing where none was given."""
    return f" ({reason})" if reason else ""
