"""What is secret in a typed line: it is not shown while it is typed, not remembered, and asked for if missing."""

from __future__ import annotations

import difflib

from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.layout.utils import explode_text_fragments

from lanchat.core.commands import Command
from lanchat.core.errors import Refused
from lanchat.core.verbs import TABLE

QUESTIONS = {"old": "Your password now", "new": "The new password", "password": "The password"}
"""The arguments that nobody may see, and how each is asked for."""
AGAIN = "again"
"""The question for a new password once more."""
SECRET = frozenset({name for each in TABLE.commands if each.secret for name in (each.name, *each.aliases)})
"""The names of the commands that have such arguments."""


def is_secret(line: str) -> bool:
    """Say whether there may be a password in a line, though the command or the blanks are not typed right."""
    typed = line.lstrip().lower()
    name = typed.lstrip("/").partition(" ")[0].strip()
    if not typed.startswith("/"):
        return False
    command = _found(name)
    return command.secret if command is not None else bool(difflib.get_close_matches(name, SECRET, 1))


def public_part(line: str) -> str:
    """Give a line as far as anybody may see it: up to the first password."""
    start = line.find("/")
    if start < 0 or line[:start].strip() or not is_secret(line):
        return line
    name, blank, rest = line[start:].partition(" ")
    before = line[:start] + name + blank
    command = _found(name.strip("/"))
    for argument in command.arguments if command is not None else ():
        if argument.name in QUESTIONS:
            break
        word, blank, after = rest.lstrip(" ").partition(" ")
        before += rest[: len(rest) - len(rest.lstrip(" "))] + word + blank
        rest = after
    return before


def missing(line: str, nick: str) -> tuple[dict[str, str], list[str]]:
    """Give the command of a line whose passwords were left out, and the questions for them; none where it is whole.

    ``nick`` is the name that is meant where none was typed.  An answer may have blanks in it, so it is never put
    into the line.
    """
    name, _, rest = line.strip().partition(" ")
    command = _found(name[1:]) if name.startswith("/") else None
    if command is None or not command.secret:
        return {}, []
    words = rest.split()
    names = [argument.name for argument in command.arguments]
    secret = [each for each in names if each in QUESTIONS]
    public = [each for each in names if each not in QUESTIONS]
    if len(words) > len(public):
        return {}, []  # something of it was typed: the server says what is wrong with it
    words += [nick] * (len(public) - len(words))
    op = {"op": command.name, **dict(zip(public, words, strict=True))}
    return op, [*secret, *([AGAIN] if _is_new(command) else [])]


def _is_new(command: Command) -> bool:
    """Say whether a command makes a password: it is asked for twice then, as nobody sees what they type."""
    return command.name in ("register", "passwd")


def _found(name: str) -> Command | None:
    try:
        return TABLE.find(name)
    except Refused:
        return None


class HidePasswords(Processor):
    """Shows asterisks for the password in a line that is being typed."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Put an asterisk in the place of each character, so that the cursor stays right."""
        fragments = transformation_input.fragments
        line = fragment_list_to_text(fragments)
        shown = len(public_part(line))
        if transformation_input.lineno or shown == len(line):
            return Transformation(fragments)
        letters = explode_text_fragments(fragments)
        return Transformation([(each[0], "*" if place >= shown else each[1]) for place, each in enumerate(letters)])
