"""What was heard as styled text: the words are those of the text door, with the nick in its colour.

What people wrote only ever stands in the text of a fragment, never in its style: prompt_toolkit writes texts
with escape characters replaced, so nothing in them can steer the terminal.
"""

from __future__ import annotations

from datetime import date, datetime

from prompt_toolkit.formatted_text import StyleAndTextTuples

from lanchat.client.colours import nick_colour
from lanchat.client.conversation import Conversation
from lanchat.client.heard import Heard
from lanchat.core.events import Acted, Announced, AnyEvent, Confided, Event, Handed, Said, Shared, Spoken, Told
from lanchat.core.names import fold
from lanchat.core.phrases import speaker
from lanchat.core.replies import Backlog, History, Waiting
from lanchat.core.times import local_clock
from lanchat.core.wording import lines
from lanchat.core.wording import own as own_words

SERVER = "#808080"
"""The style of what the server says, and of the time: it can be read on black and on white."""


def styled(heard: Heard, conversation: Conversation, *, own: bool) -> StyleAndTextTuples:
    """Give the lines for what was heard, each with its newline; nothing where a person need not hear of it."""
    match heard:
        case Told() | Handed() if own or conversation.is_own(heard.nick):
            who = f"(private to {heard.to}) {speaker(heard)}"
            text = "\n".join([f"[{local_clock(heard.time)}] {who} {line}" for line in heard.text.split("\n")])
        case Said() | Acted() | Shared() | Told() | Handed() | Confided():
            text = lines(heard, aside=conversation.is_aside(heard))
        case Event() if own:
            text = own_words(heard)
        case _:
            text = lines(heard)
    fragments: StyleAndTextTuples = []
    for line in text.split("\n") if text else ():
        if isinstance(heard, Announced) or (isinstance(heard, Said) and heard.announcement):
            fragments.append(("bold", line))
        elif isinstance(heard, Spoken | Told | Handed | Confided):
            fragments += _spoken(line, heard, conversation)
        else:
            # An answer is none, nor what nobody has read yet; what is old is.
            noise = not (own or isinstance(heard, Waiting)) or isinstance(heard, Backlog | History)
            fragments.append((SERVER if noise else "", line))
        fragments.append(("", "\n"))
    return fragments


def noted(text: str) -> StyleAndTextTuples:
    """Give a line of the client's own."""
    return [(f"{SERVER} bold", f"-- {text}\n")]


class Days:
    """Says when the day has changed between two events."""

    def __init__(self) -> None:
        self._day: date | None = None

    def before(self, heard: Heard) -> StyleAndTextTuples:
        """Give the line that goes before an event; nothing on the day of the one before."""
        if not isinstance(heard, Event):
            return []
        day = _day(heard)
        before, self._day = self._day, day
        if before is None or before == day or day is None:
            return []
        return noted(f"{day:%A} {day.day} {day:%B %Y}")


def _day(event: AnyEvent) -> date | None:
    try:
        return datetime.fromisoformat(event.time).astimezone().date()
    except ValueError:
        return None


def _spoken(line: str, heard: Spoken | Told | Handed | Confided, conversation: Conversation) -> StyleAndTextTuples:
    """Style one line of what somebody said: time, nick, text."""
    before, found, text = line.partition(speaker(heard))
    nick = f"{nick_colour(heard.nick)} bold" if conversation.is_own(heard.nick) else nick_colour(heard.nick)
    if not conversation.is_for_us(heard):
        return [(SERVER, before), (nick, found), ("", text)]
    return [(SERVER, before), (f"{nick} bold", found), *_highlighted(text, conversation)]


def _highlighted(text: str, conversation: Conversation) -> StyleAndTextTuples:
    """Show a text that is for us in bold, with our nick in reverse."""
    if len(fold(text)) != len(text):
        return [("bold", text)]  # the places are those of another text
    fragments: StyleAndTextTuples = []
    done = 0
    for start, end in conversation.named(text):
        fragments += [("bold", text[done:start]), ("bold reverse", text[start:end])]
        done = end
    return [*fragments, ("bold", text[done:])]
