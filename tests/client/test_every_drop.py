"""Wherever the line drops: what is typed is said once, and what others say is shown once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat.client.heard import Heard
from lanchat.client.resume import BEGINS, ENDS, MISSING, NOTHING
from lanchat.core.events import Said
from lanchat.core.replies import Backlog
from tests.client.chat import Chat, Wire, connected
from tests.client.peers import Joined, Seen


class Reader(Seen):
    """A front that keeps what is read, by whom it was said."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[tuple[str, str]] = []

    def heard(self, line: bytes, heard: Heard | None, *, own: bool, quiet: bool) -> None:
        super().heard(line, heard, own=own, quiet=quiet)
        if quiet:
            return
        match heard:
            case Said():
                assert own == heard.nick.startswith("ann"), line
                self.read.append((heard.nick, heard.text))
            case Backlog():
                self.read += [(event.nick, event.text) for event in heard.events]
            case _:
                pass


def texts(read: list[tuple[str, str]], nick: str) -> list[str]:
    return [text for who, text in read if who.startswith(nick)]


def settle(wire: Wire) -> None:
    """Let everything arrive that is on its way."""
    while wire.up() + wire.down():
        pass


WAYS = st.sampled_from(["at once", "late", "later than its last words"])
ROUNDS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["types", "bob says"]), max_size=4),
        st.one_of(st.none(), st.integers(0, 500)),
        st.one_of(st.none(), st.integers(0, 2_000)),
        st.lists(st.sampled_from(["types", "bob says"]), max_size=3),
        WAYS,
    ),
    max_size=6,
)
"""For each line: what is said, how many bytes of it go up and down, what is said then, and when the server notices."""


@settings(max_examples=300)
@given(ROUNDS)
def test_nothing_is_said_or_shown_twice_or_never(
    rounds: list[tuple[list[str], int | None, int | None, list[str], str]],
) -> None:
    chat = Chat()
    reader = Reader()
    joined = Joined(front=reader, rooms=["#dev"]).starts()
    wire = connected(chat, joined)
    settle(wire)
    typed: list[str] = []

    def talk(steps: list[str]) -> None:
        for step in steps:
            number = len(typed) + len(chat.events)
            if step == "types":
                typed.append(f"mine {number}")
                assert joined.types(typed[-1])
            else:
                chat.happens("said", room="#dev" if number % 2 else "#lobby", nick="bob", text=f"his {number}")

    for before, up, down, after, noticed in rounds:
        talk(before)
        wire.up(up)
        wire.down(down)
        talk(after)
        dropped = wire
        chat.drops(dropped, ghost=noticed != "at once")
        wire = connected(chat, joined)
        if noticed != "at once":
            wire.up()  # hello, while the ghost is still there
            wire.down()
            if noticed != "late":
                dropped.up()
            chat.buries(dropped)
    settle(wire)
    assert chat.said_by("ann", "ann_", "ann__") == typed
    assert texts(reader.read, "ann") == typed
    assert texts(reader.read, "bob") == chat.said_by("bob")
    assert len(joined.link.outbox) == joined.link.uncertain == 0
    assert reader.marks.count(ENDS) <= reader.marks.count(BEGINS)
    assert not reader.marks or reader.marks[-1] in (ENDS, NOTHING, MISSING)
    assert not [note for note in reader.notes if "arrived" in note]
