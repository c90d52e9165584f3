"""Completion of what is typed: commands with their help, rooms, nicks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from lanchat.client.conversation import Conversation
from lanchat.core.commands import Kind
from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.verbs import TABLE


class ChatCompleter(Completer):
    """Completes the word before the cursor."""

    def __init__(self, conversation: Callable[[], Conversation]) -> None:
        self._conversation = conversation

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Give what the word may become."""
        del complete_event
        before = document.text_before_cursor
        word = before.rpartition(" ")[2].rpartition("\n")[2]
        if before.startswith("/") and not before.startswith("//"):
            if word == before:
                return self._commands(word[1:], "/")
            return self._argument(before, word)
        if word.startswith("#"):
            return self._rooms(word)
        if not word:
            return ()
        return self._nicks(word, ": " if word == before else "")

    def _argument(self, before: str, word: str) -> Iterable[Completion]:
        name, *given = before[1:].split(" ")
        try:
            command = TABLE.find(name)
        except Refused:
            return ()
        if command.name == "help":
            return self._commands(word.removeprefix("/"), "", start=-len(word))
        if word.startswith("#"):
            return self._rooms(word)
        wanted = [
            each for each in command.arguments if each.kind not in (Kind.ROOM, Kind.PLACE, Kind.TIME) or each.required
        ]
        place = len([each for each in given[:-1] if each and not each.startswith("#")])
        kind = wanted[min(place, len(wanted) - 1)].kind if wanted else None
        if kind is Kind.ROOM or (not word and not wanted):
            return self._rooms(word)
        if kind in (Kind.NICK, Kind.WHOM) and command.name != "nick":
            return self._nicks(word, " " if len(wanted) > 1 else "")
        return self._nicks(word, "") if word else ()

    def _commands(self, word: str, slash: str, start: int | None = None) -> Iterable[Completion]:
        typed = word.lower()
        usable = self._conversation().commands
        for command in TABLE.commands:
            if usable and command.name not in usable:
                continue
            names = [name for name in (command.name, *command.aliases) if name.startswith(typed)]
            if names:
                name = command.name if command.name in names else names[0]
                space = " " if command.arguments and slash else ""
                yield Completion(
                    f"{slash}{name}{space}",
                    start_position=-len(word) - len(slash) if start is None else start,
                    display=command.usage() if name == command.name else f"/{name}",
                    display_meta=command.help,
                )

    def _rooms(self, word: str) -> Iterable[Completion]:
        typed = fold(word)
        for key, room in self._conversation().rooms.items():
            if key.startswith((typed, f"#{typed}")):
                yield Completion(room.name, start_position=-len(word), display_meta=room.topic)

    def _nicks(self, word: str, tail: str) -> Iterable[Completion]:
        """Give the people in the room in view first, then all others that are known."""
        typed = fold(word)
        talk = self._conversation()
        people = dict(sorted(talk.room.people.items()))
        for room in talk.others():
            people.update(room.people)
        people.update(talk.private)
        for key, nick in people.items():
            if key.startswith(typed) and not talk.is_own(nick):
                yield Completion(nick + tail, start_position=-len(word), display=nick)
