from __future__ import annotations

import asyncio
import io

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from lanchat.client.screen import Screen, cut, prompt, toolbar
from tests.client.peers import Joined


class Written:
    """A terminal whose bytes are kept."""

    def __init__(self) -> None:
        self.file = io.StringIO()
        self.output = Vt100_Output(self.file, lambda: Size(24, 80), term="xterm-256color")


def test_what_comes_in_one_turn_is_written_at_once_with_one_bell() -> None:
    written = Written()

    async def scenario() -> None:
        screen = Screen(written.output, ColorDepth.DEPTH_1_BIT)
        screen.show([("", "one\n")], bell=True)
        screen.show([("", "two\n")], bell=True)
        screen.show([])
        assert written.file.getvalue() == ""
        await asyncio.sleep(0)

    asyncio.run(scenario())
    assert "one\r\ntwo" in written.file.getvalue()
    assert written.file.getvalue().count("\a") == 1


def test_escape_characters_never_reach_the_terminal() -> None:
    written = Written()

    async def scenario() -> None:
        screen = Screen(written.output, ColorDepth.DEPTH_1_BIT)
        screen.show([("", "a\x1b]0;evil\x1b\\b\n")])
        screen.flush()
        screen.flush()

    asyncio.run(scenario())
    assert "\x1b]" not in written.file.getvalue()


def shown(fragments: StyleAndTextTuples) -> str:
    return "".join([fragment[1] for fragment in fragments])


def test_the_toolbar_says_how_things_stand() -> None:
    joined = Joined()
    peer = joined.comes_in("#dev")
    link = joined.link
    assert shown(toolbar(link, lambda: 80)) == " #dev 1 person · ann · connected · room-1"
    assert shown(prompt(link)) == "#dev> "
    assert shown(toolbar(link, lambda: 80, "x 4 %")).startswith(" sending x 4 % · #dev")
    peer.happens("said", room="#lobby", nick="bob", text="hi")
    peer.happens("joined", room="#dev", nick="bob")
    assert shown(toolbar(link, lambda: 80)) == " #dev 2 people · #lobby 1 · ann · connected · room-1"
    peer.happens("said", room="#lobby", nick="bob", text="ann!")
    peer.happens("away", nick="ann", text="lunch", ref="1")
    assert shown(toolbar(link, lambda: 80)) == " away · #dev 2 people · #lobby 2! · ann · connected · room-1"
    assert shown(toolbar(link, lambda: 35)) == " away · #dev 2 people · #lobby 2!"
    joined.types("hi")
    assert "waiting" not in shown(toolbar(link, lambda: 80))
    joined.types("hi")
    assert shown(toolbar(link, lambda: 80)).startswith(" 2 waiting · away")
    peer.drops()
    joined.types("hi")
    assert shown(toolbar(link, lambda: 41)) == " disconnected · 3 waiting · away"


@pytest.mark.parametrize(
    ("text", "most", "shown"), [("#room", 5, "#room"), ("#rooms", 5, "#roo…"), ("日本語", 5, "日本…")]
)
def test_a_long_name_is_cut_to_columns(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown


def test_what_is_taken_away_before_it_is_written_is_not_written() -> None:
    written = Written()

    async def scenario() -> None:
        screen = Screen(written.output, ColorDepth.DEPTH_1_BIT)
        screen.show([("", "one\n")], event=1)
        screen.show([("", "two\n")], event=2)
        screen.drop(1)
        screen.flush()

    asyncio.run(scenario())
    assert "two" in written.file.getvalue()
    assert "one" not in written.file.getvalue()
