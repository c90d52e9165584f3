"""--auth names whom to ask for passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from twisted.cred import strcred
from twisted.cred.checkers import FilePasswordDB, InMemoryUsernamePasswordDatabaseDontUse

from lanchat.auth import Auth, AuthError, kinds


def test_without_any_it_is_our_own_accounts() -> None:
    assert Auth.read([]) == Auth(ours=True, others=())


def test_others_replace_them_or_are_added(tmp_path: Path) -> None:
    """Where our own are named too, both count."""
    users = tmp_path / "users"
    users.write_text("alice:secret\n")
    replaced, added = Auth.read([f"file:{users}"]), Auth.read(["accounts", f"file:{users}", "memory:bob:secret"])
    assert (replaced.ours, added.ours) == (False, True)
    assert isinstance(replaced.others[0], FilePasswordDB)
    assert [type(each) for each in added.others] == [FilePasswordDB, InMemoryUsernamePasswordDatabaseDontUse]


def test_those_that_check_no_passwords_are_none_for_us() -> None:
    """Keys and nobody at all are no passwords."""
    found = kinds()
    assert found[0] == "accounts"
    assert {"file", "memory"} <= set(found)
    assert not {"anonymous", "sshkey"} & set(found)


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("nosuch:1", "there is no such kind. Take one of accounts, file, memory"),
        ("", "there is no such kind. Take one of accounts, file, memory"),
        ("anonymous", "it checks no passwords. Take one of accounts, file, memory"),
        ("file", "'file' requires a filename. --help-auth-type file says how it is written"),
        ("file:/nowhere", "there is no such file. Name one with lines NAME:PASSWORD"),
        ("memory:odd", "--help-auth-type memory says how it is written"),
    ],
)
def test_a_mistake_is_told_with_the_cure(description: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line, and nothing else is printed."""
    with pytest.raises(AuthError) as caught:
        Auth.read([description])
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capsys.readouterr().err == ""


def test_a_plugin_may_fail_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        authType = "broken"

        def generateChecker(self, argument: str) -> Any:
            raise KeyError

    monkeypatch.setattr(strcred, "findCheckerFactory", lambda kind: Broken())
    with pytest.raises(AuthError, match=r"^KeyError\. --help-auth-type broken says how it is written$"):
        Auth.read(["broken"])
