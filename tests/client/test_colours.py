from __future__ import annotations

import pytest
from prompt_toolkit.output import ColorDepth

from lanchat.client.colours import contrast, depth, nick_colour, wants_colours


@pytest.mark.parametrize(
    ("environ", "terminal", "wanted"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"CLICOLOR_FORCE": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
    ],
)
def test_the_environment_decides_about_colours(environ: dict[str, str], terminal: bool, wanted: bool) -> None:
    assert wants_colours(environ, terminal=terminal) == wanted


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm", "NO_COLOR": "1"}, ColorDepth.DEPTH_1_BIT),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, ColorDepth.DEPTH_24_BIT),
        ({"TERM": "tmux-256color"}, ColorDepth.DEPTH_8_BIT),
        ({"TERM": "linux"}, ColorDepth.DEPTH_4_BIT),
    ],
)
def test_no_more_colours_than_the_terminal_has(environ: dict[str, str], expected: ColorDepth) -> None:
    assert depth(environ, terminal=True) == expected


def test_a_nick_keeps_its_colour_and_can_be_read() -> None:
    assert nick_colour("Ann") == nick_colour("ann")
    colours = {nick_colour(f"nick{number}") for number in range(500)}
    assert len(colours) > 20
    for colour in colours:
        parts = bytes.fromhex(colour[1:])
        rgb = (parts[0], parts[1], parts[2])
        assert contrast(rgb, (0, 0, 0)) >= 4
        assert contrast(rgb, (255, 255, 255)) >= 3
