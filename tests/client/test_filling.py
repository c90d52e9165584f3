"""Passwords that were left out of a line are asked for, and are nowhere else."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from lanchat.client.asking import Left
from lanchat.client.filling import filled
from lanchat.client.outbox import Asked


class Person:
    """Somebody who is asked; an answer that is None leaves."""

    def __init__(self, *answers: str | None) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []
        self.noted: list[str] = []
        self.hidden = SimpleNamespace(app=SimpleNamespace(is_running=False))

    async def secret(self, question: str) -> str:
        self.asked.append(question)
        answer = self._answers.pop(0)
        if answer is None:
            raise Left
        return answer

    def types(self, line: str) -> str | Asked | None:
        async def ask() -> str | Asked | None:
            questions: Any = self
            return await filled(line, "ann", questions, self.noted.append, asyncio.get_running_loop().create_future())

        return asyncio.run(ask())


@pytest.mark.parametrize("line", ["hello", "/me waves", "/login ann pw", "//register"])
def test_a_line_that_is_whole_stays_as_it_is(line: str) -> None:
    assert Person().types(line) == line


def test_what_was_left_out_is_asked_for() -> None:
    """It is no part of the line that may be shown again."""
    person = Person("correct horse")
    asked = person.types("/login")
    assert isinstance(asked, Asked)
    assert (asked.op, asked.typed, asked.secret) == (
        {"op": "login", "name": "ann", "password": "correct horse"},
        "/login",
        True,
    )
    assert person.asked == ["The password"]


def test_a_new_one_is_asked_for_twice() -> None:
    person = Person("old one", "new one", "new one")
    asked = person.types("/passwd")
    assert isinstance(asked, Asked)
    assert asked.op == {"op": "passwd", "old": "old one", "new": "new one"}
    assert person.asked == ["Your password now", "The new password", "Once more"]


def test_two_that_differ_are_not_sent() -> None:
    person = Person("new one", "now one")
    assert person.types("/register") is None
    assert person.noted == ["They are not the same: nothing was sent."]


@pytest.mark.parametrize("answer", [None, ""])
def test_without_an_answer_nothing_is_sent(answer: str | None) -> None:
    person = Person(answer)
    assert person.types("/register") is None
    assert person.noted == ["Nothing was sent."]
