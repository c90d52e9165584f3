"""What the options of every ``lanchat`` command have in common."""

from __future__ import annotations

import sys
from typing import NoReturn

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
