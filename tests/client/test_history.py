from __future__ import annotations

import stat
from pathlib import Path

import pytest
from prompt_toolkit.history import FileHistory, InMemoryHistory

from lanchat.client import history as module
from lanchat.client.history import open_history


def test_lines_are_kept_for_their_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "lanchat" / "history"
    history = open_history(path)
    history.append_string("hé 日")
    history.append_string("/login ann secret")
    assert history.get_strings() == ["hé 日"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(open_history(path).load_history_strings()) == ["hé 日"]
    assert "secret" not in path.read_text()


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    history = open_history(tmp_path / "history")
    for number in range(7):
        history.append_string(str(number))
    assert list(open_history(tmp_path / "history").load_history_strings()) == ["6", "5", "4"]


def test_where_nothing_can_be_kept_there_is_history_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(open_history(tmp_path / "file" / "history"), InMemoryHistory)
    history = open_history(tmp_path / "history")

    def full(self: FileHistory, string: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileHistory, "store_string", full)
    history.append_string("hi")
    assert history.get_strings() == ["hi"]


@pytest.mark.parametrize(
    "line", ["/LOGIN ann secret", "/identify ann secret", " /register secret", "/logn ann secret"]
)
def test_no_password_is_remembered_even_until_the_end(tmp_path: Path, line: str) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "history", tmp_path / "file" / "history"):
        history = open_history(path)
        history.append_string(line)
        history.append_string("hi")
        assert history.get_strings() == ["hi"]
