"""What the options of every ``lanchat`` command have in common."""

from __future__ import annotations

import getopt
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from twisted.python import usage

from lanchat import __version__


class CommandOptions(usage.Options):
    """Options whose help and version speak of lanchat, and of this command alone."""

    synopsis = ""

    def getSynopsis(self) -> str:
        """Show how the command is typed, without what stands before it."""
        return f"Usage: {self.synopsis}"

    def opt_version(self) -> NoReturn:
        """Show which lanchat this is."""
        sys.stdout.write(f"lanchat {__version__}\n")
        sys.exit(0)


def options_first(parser: Any, typed: Sequence[str]) -> list[str]:
    """Put options before what is none; what cannot be read so is left for the parser to explain."""
    try:
        options, rest = getopt.gnu_getopt(list(typed), parser.shortOpt, parser.longOpt)
    except getopt.error:
        return list(typed)
    taking = {name.rstrip("=") for name in parser.longOpt if name.endswith("=")}
    return [f"{name}={value}" if name[2:] in taking else name for name, value in options] + ["--", *rest]
