"""Every command of lanchat speaks of lanchat."""

from __future__ import annotations

import pytest
from twisted.python import usage

from lanchat import __version__
from lanchat.cli import Command
from lanchat.options import Options


@pytest.mark.parametrize("command", ["serve", "join", "forget", "certs"])
def test_help_shows_how_the_command_is_typed(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And not what stands before it."""
    with pytest.raises(SystemExit):
        Command().parseOptions([command, "--help"])
    assert capsys.readouterr().out.startswith(f"Usage: lanchat {command} ")


@pytest.mark.parametrize("typed", [[], ["serve"], ["join"], ["forget"], ["certs"]])
def test_version_is_lanchats(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Not Twisted's, whose options these are."""
    with pytest.raises(SystemExit):
        Command().parseOptions([*typed, "--version"])
    assert capsys.readouterr().out == f"lanchat {__version__}\n"


def test_under_twistd_help_shows_twistd() -> None:
    """There twistd's own options stand first."""

    class Twistd(usage.Options):
        synopsis = "Usage: twistd [options]"

    options = Options()
    options.parent = Twistd()
    options.parent.subCommand = "lanchat"
    assert options.getSynopsis() == "Usage: twistd [options] lanchat [options]"
