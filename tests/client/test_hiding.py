from __future__ import annotations

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.layout.controls import BufferControl
from prompt_toolkit.layout.processors import TransformationInput

from lanchat.client.hiding import HidePasswords, is_secret, missing, public_part


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/login alice my password", "/login alice "),
        ("/LOGIN  alice pw", "/LOGIN  alice "),
        ("/identify alice pw", "/identify alice "),
        ("/register my password", "/register "),
        ("/passwd old new one", "/passwd "),
        ("/oper root pw", "/oper root "),
        ("/logn alice pw", "/logn "),
        ("/passwrd old new", "/passwrd "),
        ("  /login alice pw", "  /login alice "),
        ("//register pw", "//register "),
        ("/register", "/register"),
        ("/op bob", "/op bob"),
        ("/logout", "/logout"),
        ("/nosuch thing", "/nosuch thing"),
        ("say /login alice pw", "say /login alice pw"),
        ("hi", "hi"),
        ("", ""),
    ],
)
def test_a_line_is_shown_up_to_its_password(line: str, shown: str) -> None:
    assert public_part(line) == shown
    assert is_secret(line) == (shown != line or line == "/register")


@pytest.mark.parametrize(
    ("line", "op", "questions"),
    [
        ("/register", {"op": "register"}, ["password", "again"]),
        ("/passwd ", {"op": "passwd"}, ["old", "new", "again"]),
        ("/login", {"op": "login", "name": "ann"}, ["password"]),
        ("/identify bob", {"op": "login", "name": "bob"}, ["password"]),
        ("/oper root", {"op": "oper", "name": "root"}, ["password"]),
        ("/login bob pw", {}, []),
        ("/passwd old", {}, []),
        ("/register pw", {}, []),
        ("/names", {}, []),
        ("/nosuch", {}, []),
        ("hi", {}, []),
    ],
)
def test_what_was_left_out_is_asked_for(line: str, op: dict[str, str], questions: list[str]) -> None:
    assert missing(line, "ann") == (op, questions)


@pytest.mark.parametrize(("typed", "shown"), [("/login ann pw é", "/login ann ****"), ("hello", "hello")])
def test_a_password_is_not_shown_while_it_is_typed(typed: str, shown: str) -> None:
    document = Document(typed)
    asked = TransformationInput(
        BufferControl(Buffer(document=document)),
        document,
        0,
        lambda i: i,
        [("", typed[:3]), ("bold", typed[3:])],
        80,
        1,
    )
    fragments = HidePasswords().apply_transformation(asked).fragments
    assert "".join([fragment[1] for fragment in fragments]) == shown
