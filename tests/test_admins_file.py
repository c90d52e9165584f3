"""The file of admins, and the command that makes its lines."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from twisted.python import usage

from lanchat.admin_hash import AdminHashOptions, run
from lanchat.admins_file import AdminsFile, AdminsFileError
from lanchat.passwords import PasswordHash

ROOT = PasswordHash.of("correct horse", ln=4)
ALICE = PasswordHash.of("battery staple", ln=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "admins"
    path.write_text(f"# who may\n\nroot {ROOT}\n  Alice\t{ALICE}  \n")
    path.chmod(0o600)
    return path


def test_names_are_found_in_any_case(path: Path) -> None:
    """Comments and empty lines are passed over."""
    admins = AdminsFile(path)
    assert admins.find("root") == ROOT
    assert admins.find("ALICE") == ALICE


def test_a_name_that_is_not_there_costs_as_much(path: Path) -> None:
    """Nobody learns from the time which names there are."""
    nobody = AdminsFile(path).find("zoe")
    assert nobody.cost == ALICE.cost
    assert not nobody.matches("")


def test_a_file_may_be_empty(path: Path) -> None:
    """Then nobody is an admin, and that costs as much as ever."""
    path.write_text("")
    assert AdminsFile(path).find("root").cost == PasswordHash(14, 8, 5, b"", b"").cost


def test_it_is_read_again(path: Path) -> None:
    """What does not load leaves the old in force."""
    admins = AdminsFile(path)
    path.write_text(f"bob {ALICE}\n")
    admins.reload()
    assert admins.find("bob") == ALICE
    path.write_text("bob")
    with pytest.raises(AdminsFileError):
        admins.reload()
    assert admins.find("bob") == ALICE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"root\n", "line 1 is no name with the hash of a password. `lanchat admin-hash root` makes it"),
        (b"#\nroot secret\n", "line 2 is no name with the hash of a password. `lanchat admin-hash root` makes it"),
        (b"root a b\n", "line 1 is no name with the hash of a password."),
        (b"\x07 x\n", "line 1 is no name with the hash of a password. It has to be NAME HASH"),
        (f"root {ROOT}\nRoot {ALICE}\n".encode(), "line 2 names Root a second time. Leave one of the two"),
        (b"root \xff\n", "that is no text. Name a file with lines of `lanchat admin-hash NAME`"),
    ],
)
def test_mistakes_are_told_with_their_line_and_the_cure(path: Path, text: bytes, told: str) -> None:
    """And never with what stands there: it may be a password."""
    path.write_bytes(text)
    with pytest.raises(AdminsFileError) as error:
        AdminsFile(path)
    assert told.lower() in str(error.value).lower()
    assert "secret" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AdminsFileError, match="No such file or directory"):
        AdminsFile(tmp_path / "nowhere")


def test_who_else_can_read_it_is_known(path: Path) -> None:
    """Everybody on the machine could guess at the passwords in peace."""
    admins = AdminsFile(path)
    assert not admins.exposed
    path.chmod(0o644)
    admins.reload()
    assert admins.exposed


# -- lanchat admin-hash -----------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def asked(name: str, source: io.StringIO, *answers: str) -> tuple[int, str, str]:
    """Run the command: its status, what it printed, and what it complained about."""
    options = AdminHashOptions()
    options.parseOptions([name])
    out, errors, waiting = io.StringIO(), io.StringIO(), list(answers)
    status = run(options, source, out, errors, lambda prompt: waiting.pop(0))
    assert waiting == []
    return status, out.getvalue(), errors.getvalue()


@pytest.mark.parametrize(
    "how", [(io.StringIO("correct horse\r\nand more"),), (Terminal(), "correct horse", "correct horse")]
)
def test_line_for_the_file_is_printed(how: tuple[io.StringIO, str, str], tmp_path: Path) -> None:
    """From a pipe the first line is taken; at a terminal the password is asked for twice."""
    status, line, complaint = asked("root", *how)
    assert (status, complaint) == (0, "")
    (tmp_path / "admins").write_text(line)
    assert AdminsFile(tmp_path / "admins").find("root").matches("correct horse")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ((Terminal(), "correct horse", "correct hoarse"), "Those were two passwords."),
        ((io.StringIO("short\n"),), "A password has at least 8 characters."),
        ((io.StringIO(),), "A password has at least 8 characters."),
        ((io.StringIO("correct\x07horse\n"),), "That could not be typed in the chat."),
        ((io.StringIO(" correct horse\n"),), "That could not be typed in the chat."),
    ],
)
def test_password_that_would_not_do(how: tuple[io.StringIO, str, str], told: str) -> None:
    """One line says why, and nothing is printed."""
    status, line, complaint = asked("root", *how)
    assert (status, line) == (1, "")
    assert complaint.startswith(f"lanchat: {told}")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], [""], ["two words"], ["#x"], ["a\x07"]])
def test_admin_has_a_name_in_one_word(arguments: list[str]) -> None:
    with pytest.raises(usage.UsageError, match="Name the admin, in one word"):
        AdminHashOptions().parseOptions(arguments)
