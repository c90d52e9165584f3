"""A colour for each nick, the same everywhere and always, and whether there are to be colours at all."""

from __future__ import annotations

import colorsys
import zlib
from collections.abc import Mapping

from prompt_toolkit.output import ColorDepth

from lanchat.core.names import fold

_LEVELS = (0, 95, 135, 175, 215, 255)
"""The steps of each part in the 216 colours that terminals have had since xterm."""
_ON_BLACK, _ON_WHITE = 4.0, 3.0
"""The least contrast with a background (WCAG 2.2, section 1.4.11 wants 3): it may be black or white."""


def wants_colours(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Say whether to use colours: NO_COLOR (no-color.org), then FORCE_COLOR and CLICOLOR_FORCE, then the terminal."""
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return terminal and environ.get("TERM") not in (None, "", "dumb")


def depth(environ: Mapping[str, str], *, terminal: bool) -> ColorDepth:
    """Give how many colours the terminal has; one where none are wanted (bold and reverse stay)."""
    if not wants_colours(environ, terminal=terminal):
        return ColorDepth.DEPTH_1_BIT
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return ColorDepth.DEPTH_24_BIT
    return ColorDepth.DEPTH_8_BIT if "256" in environ.get("TERM", "") else ColorDepth.DEPTH_4_BIT


def nick_colour(nick: str) -> str:
    """Give the style of a nick: a colour that can be read on black and on white."""
    return _PALETTE[zlib.crc32(fold(nick).encode()) % len(_PALETTE)]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Give the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _readable() -> list[str]:
    """Give the colours that stand out from black, from white, and from the grey of what the server says."""
    cube = [(red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS]
    return [
        "#{:02x}{:02x}{:02x}".format(*colour)
        for colour in cube
        if contrast(colour, (0, 0, 0)) >= _ON_BLACK
        and contrast(colour, (255, 255, 255)) >= _ON_WHITE
        and colorsys.rgb_to_hsv(*[part / 255 for part in colour])[1] >= 0.4
    ]


_PALETTE = _readable()
