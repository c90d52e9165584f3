"""The password of a private server stands in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from lanchat.password_file import PasswordFile, PasswordFileError


@pytest.mark.parametrize(
    "content",
    [b"open sesame", b"open sesame\n", b"open sesame\r\n", b"open sesame\nand a note\n", b"open sesame\n\xff"],
)
def test_the_first_line_is_the_password(tmp_path: Path, content: bytes) -> None:
    """As an editor leaves it, on whichever system."""
    path = tmp_path / "password"
    path.write_bytes(content)
    path.chmod(0o600)
    file = PasswordFile(path)
    assert file.welcomes("open sesame")
    assert not file.welcomes("open sesame ")
    assert not file.welcomes("\ud800")
    assert not file.exposed


def test_letters_of_two_parts_are_the_same(tmp_path: Path) -> None:
    """An editor on one machine, a keyboard on another."""
    path = tmp_path / "password"
    path.write_text("Zu\N{COMBINING DIAERESIS}rich", "utf-8")
    assert PasswordFile(path).welcomes("Z\N{LATIN SMALL LETTER U WITH DIAERESIS}rich")


def test_it_can_be_changed(tmp_path: Path) -> None:
    """What cannot be used leaves the old one in force; a file that others can read is known as such."""
    path = tmp_path / "password"
    path.write_text("old words")
    file = PasswordFile(path)
    path.write_text("new words")
    path.chmod(0o644)
    file.reload()
    assert (file.welcomes("new words"), file.welcomes("old words"), file.exposed) == (True, False, True)
    path.write_text("\n")
    with pytest.raises(PasswordFileError):
        file.reload()
    assert file.welcomes("new words")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "its first line is no password."),
        (b"\nopen sesame\n", "its first line is no password."),
        (b"  \n", "its first line is no password."),
        (b" open sesame\n", "its first line is no password."),
        (b"a bell \x07", "its first line is no password."),
        (b"x" * 70_000, "its first line is no password."),
        (b"Z\xfcrich\n", "that is no text."),
        (None, "No such file or directory."),
    ],
)
def test_what_is_no_password_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    """One sentence, with what to do, and never with what stands there."""
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PasswordFileError) as caught:
        PasswordFile(path)
    assert str(caught.value) == f"{told} Name a text file whose first line is the password of this server"
