"""The commands of IRC, brought together."""

from __future__ import annotations

from pathlib import Path

from lanchat.doors.irc import commands


def test_every_file_with_commands_is_a_subject() -> None:
    """A file that is not named there would have commands that nobody finds."""
    folder = Path(commands.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\n@verb(" in path.read_text()}
    assert files == {subject.__name__.rpartition(".")[2] for subject in commands.SUBJECTS}


def test_commands_are_named_in_capitals() -> None:
    """RFC 2812, 2.3: that is how the parser gives a command, in whatever case it came."""
    assert all(name.isupper() for name in commands.COMMANDS)
