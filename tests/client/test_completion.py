from __future__ import annotations

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from lanchat.client.completion import ChatCompleter
from lanchat.client.conversation import Conversation
from lanchat.core.events import Told
from lanchat.core.replies import CommandHelp, Entered, Help
from tests.client.peers import NOON


@pytest.fixture
def talk() -> Conversation:
    talk = Conversation("ann")
    talk.hear(Entered(room="#lobby", nick="ann", people=3, nicks=["ann", "bob", "Boris"]))
    talk.hear(Entered(room="#dev", nick="ann", people=2, nicks=["ann", "dave"], topic="green"))
    talk.hear(Told(time=NOON, nick="zoe", to="ann", text="psst"))
    return talk


def completed(talk: Conversation, typed: str) -> list[str]:
    """What the line becomes, for each completion."""
    found = ChatCompleter(lambda: talk).get_completions(Document(typed), CompleteEvent())
    return [typed[: len(typed) + each.start_position] + each.text for each in found]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("/jo", ["/join "]),
        ("/te", ["/tell "]),
        ("/v", ["/version", "/voice "]),
        ("/ban da", ["/ban dave "]),
        ("/help wh", ["/help who", "/help whois"]),
        ("/nosuch x", []),
        ("/join #", ["/join #lobby", "/join #dev"]),
        ("/join d", ["/join #dev"]),
        ("/part #l", ["/part #lobby"]),
        ("/names ", ["/names #lobby", "/names #dev"]),
        ("/msg b", ["/msg bob ", "/msg Boris "]),
        ("/whois z", ["/whois zoe"]),
        ("/msg bob and da", ["/msg bob and dave"]),
        ("/invite da", ["/invite dave"]),
        ("/nick ", []),
        ("/nick b", ["/nick bob", "/nick Boris"]),
        ("d", ["dave: "]),
        ("hi BO", ["hi bob", "hi Boris"]),
        ("see #d", ["see #dev"]),
        ("", []),
        ("hi ", []),
        ("an", []),
        ("//jo", []),
    ],
)
def test_the_word_before_the_cursor_is_completed(talk: Conversation, typed: str, lines: list[str]) -> None:
    assert completed(talk, typed) == lines


def test_commands_come_with_their_help(talk: Conversation) -> None:
    (join,) = ChatCompleter(lambda: talk).get_completions(Document("/joi"), CompleteEvent())
    assert join.display_text == "/join #room [KEY]"
    assert join.display_meta_text.startswith("Go into a room")
    assert len(completed(talk, "/")) > 15


def test_only_what_one_may_use_is_proposed(talk: Conversation) -> None:
    commands = [CommandHelp(name, f"/{name}", "", "") for name in ("help", "kick")]
    assert completed(talk, "/ki") != []
    talk.hear(Help(commands=[*commands[:1], CommandHelp("say", "/say", "", "")]))
    assert completed(talk, "/ki") == []
    talk.hear(Help(commands=commands))
    assert completed(talk, "/ki") == ["/kick "]
