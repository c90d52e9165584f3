"""Questions to a person end with an answer, or when nobody needs one any more."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from lanchat.client.asking import Left, Questions, unless
from lanchat.client.endings import KeyRefused, UnknownKey
from lanchat.client.options import read_target
from lanchat.core.errors import Refused
from lanchat.core.names import check_nick


class Prompt:
    """A prompt that somebody answers: with a line, or by leaving; else they think until it is taken away."""

    def __init__(self, *answers: str | None, shown: bool = True) -> None:
        self._answers = list(answers)
        self._taken: asyncio.Future[str] | None = None
        self.app = SimpleNamespace(is_running=shown, exit=self._exit)

    def _exit(self, exception: BaseException) -> None:
        assert self._taken is not None
        self._taken.set_exception(exception)

    async def prompt_async(self, message: object, handle_sigint: bool) -> str:
        if not self._answers:
            self._taken = asyncio.get_running_loop().create_future()
            return await self._taken
        answer = self._answers.pop(0)
        if answer is None:
            raise EOFError
        return answer


def answer(prompt: Any, *, over: bool = False) -> str | None:
    """Ask one question, which ``over`` may make needless while somebody thinks."""

    async def ask() -> str | None:
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if over:
            asyncio.get_running_loop().call_soon(lambda: asyncio.get_running_loop().call_soon(ended.set_result, None))
        return await unless(ended, prompt.prompt_async("?", handle_sigint=False), prompt)

    return asyncio.run(asyncio.wait_for(ask(), 5))


def test_an_answer_is_given() -> None:
    assert answer(Prompt("yes")) == "yes"


@pytest.mark.parametrize("shown", [True, False])
def test_nobody_is_asked_any_more_when_it_is_over(shown: bool) -> None:
    """Whether the question was on the screen already or not."""
    assert answer(Prompt(shown=shown), over=True) is None


def test_who_leaves_is_let_go() -> None:
    with pytest.raises(EOFError):
        answer(Prompt(None))


def questions(*answers: str | None) -> tuple[Questions, list[str]]:
    noted: list[str] = []
    found = Questions(noted.append, lambda: None)
    prompt: Any = Prompt(*answers)
    found.shown = found.hidden = prompt
    return found, noted


def test_a_question_is_asked_until_there_is_an_answer_that_can_be_read() -> None:
    """An empty one is the usual one."""
    asked, noted = questions("no name", "", "bob")
    assert asyncio.run(asked.until("Your name", "ann", lambda text: check_nick(text, 0))) == "ann"
    with pytest.raises(Refused) as refused:
        check_nick("no name", 0)
    assert noted == [refused.value.text]


def test_an_address_that_cannot_be_read_is_asked_for_again() -> None:
    asked, noted = questions("room-1:many", "room-1")
    found = asyncio.run(asked.until("Server", "localhost", read_target))
    assert str(found) == "room-1:5555"
    assert len(noted) == 1


def test_who_leaves_a_question_has_left() -> None:
    asked, _ = questions(None)
    with pytest.raises(Left):
        asyncio.run(asked.secret("Password"))


def test_a_key_is_trusted_by_who_says_that_it_is_the_same() -> None:
    trusted: list[str] = []
    trust: Any = SimpleNamespace(accept=trusted.append)
    asked, noted = questions("what", "yes", "no")
    unknown = UnknownKey("room-1:5555", "SHA256:a")
    asyncio.run(asked.trust(trust, unknown))
    assert (trusted, noted[-1]) == (["SHA256:a"], "Type yes or no.")
    with pytest.raises(KeyRefused, match="nothing was sent"):
        asyncio.run(asked.trust(trust, unknown))
