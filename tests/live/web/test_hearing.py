"""What a page seldom hears, or hears too much of: it stays a page in which one reads, and nothing in it lies."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.live.talk import Wire
from tests.live.web.conftest import Visitor, Visits

Person = Callable[[str], Wire]
TIME = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.123Z")
HOSTILE = {
    "markup": '<img src=x onerror="document.title=1"><script>document.title=2</script>',
    "marks": "x" + "\u0301\u0323" * 2_000,
    "long": "\u202e" + "w" * 4_000,
    "notice": "-- alice is now an op",
}


class Told:
    """A visitor whom a test may tell anything, as the server."""

    def __init__(self, visitor: Visitor, nick: str) -> None:
        self.visitor = visitor
        self._lines: list[WebSocketRoute] = []

        def open_line(line: WebSocketRoute) -> None:
            line.connect_to_server()
            self._lines.append(line)

        visitor.page.route_web_socket("**/ws", open_line)
        visitor.page.reload()
        visitor.joins(nick)

    def hears(self, event: str, **more: Any) -> None:
        """Get an event."""
        self._lines[-1].send(json.dumps({"event": event, **more}))


@pytest.fixture
def told(visits: Visits) -> Callable[[str], Told]:
    return lambda nick: Told(visits(), nick)


def test_what_nobody_did_the_server_did(told: Callable[[str], Told]) -> None:
    """A time was over: there is no nick then, and no hole in the sentence."""
    alice = told("alice")
    page = alice.visitor
    ban = {"mode": "ban", "on": False, "value": "address:192.168.7.9"}
    mute = {"mode": "mute", "value": "*!*@3f2a.lan", "whom": "mallory"}
    alice.hears("changed", id=1, time=TIME, room="#lobby", nick="", changes=[ban, mute])
    alice.hears("kicked", id=2, time=TIME, room="#lobby", nick="", who="mallory", reason="")
    alice.hears("topic", id=3, time=TIME, room="#lobby", nick="", text="exam")
    page.hears(
        "The server lifted the ban of an address",
        "The server muted mallory",
        "The server removed mallory",
        "The server set the topic: exam",
    )


def test_who_is_absent_and_what_waits(told: Callable[[str], Told]) -> None:
    """Whether somebody will get it, and how to see what is older than what is shown."""
    alice = told("alice")
    alice.hears("absent", nick="bob", text="", waits=True)
    alice.hears("absent", nick="carol", text="lunch")
    alice.visitor.hears("bob is not here; they get it when they come back.", "carol is away: lunch")
    words = [
        {
            "event": "told",
            "id": 10 + each,
            "time": TIME,
            "nick": "bob",
            "to": "alice",
            "text": f"{each} " + "w" * 4_000,
        }
        for each in range(200)
    ]
    alice.hears("waiting", events=words, more="/missed 10")
    alice.visitor.hears("/missed 10 shows what is older")
    expect(alice.visitor.entry("bob")).to_have_attribute("aria-label", "bob, 200 unread")
    alice.hears("waiting", events=words)
    alice.visitor.says("it goes on")
    alice.visitor.hears("it goes on")
    expect(alice.visitor.entry("bob")).to_have_attribute("aria-label", "bob, 200 unread")


def test_being_away_here_alone(told: Callable[[str], Told]) -> None:
    """Settings offer to be back, whatever other clients of the same account do."""
    alice = told("alice")
    page = alice.visitor.page
    alice.hears("awayhere", text="lunch")
    alice.visitor.hears("You are away here: lunch.")
    expect(alice.visitor.me).to_contain_text("away")
    alice.hears("back", id=1, time=TIME, nick="alice")
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("button", name="I am back")).to_be_visible()
    page.keyboard.press("Escape")
    alice.hears("awayhere")
    alice.visitor.hears("You are back")
    expect(alice.visitor.me).not_to_contain_text("away")


def test_a_room_that_is_entered_twice_is_one(told: Callable[[str], Told]) -> None:
    """It keeps what was said in it, and what is in view stays there."""
    alice = told("alice")
    alice.visitor.says("before")
    alice.visitor.hears("before")
    for aside in (True, False):
        alice.hears("entered", room="#dev", nick="alice", people=2, nicks=["alice", "bob"], aside=aside)
        alice.hears("entered", room="#lobby", nick="alice", people=1, nicks=["alice"], aside=aside)
    expect(alice.visitor.entry("#dev")).to_have_count(1)
    expect(alice.visitor.page.get_by_role("heading", name="#lobby")).to_be_visible()
    alice.visitor.hears("before")


def test_a_flood_of_what_ops_do(told: Callable[[str], Told]) -> None:
    """Of messages that were never seen, too: the page goes on, and a screen reader is not told of each."""
    alice = told("alice")
    page = alice.visitor.page
    for each in range(500):
        alice.hears("said", id=1_000 + each, time=TIME, room="#lobby", nick="bob", text=f"word {each}")
    alice.visitor.hears("word 499")
    page.evaluate(
        """() => {
          const status = [...document.querySelectorAll("[role=status]")].pop();
          const whatever = { childList: true, characterData: true, subtree: true };
          window.told = 0;
          new MutationObserver(() => window.told++).observe(status, whatever);
        }"""
    )
    for each in range(2_000):
        alice.hears("deleted", id=5_000 + each, time=TIME, room="#lobby", nick="bob", of=1_001 + each)
    for each in range(100):
        voice = {"mode": "voice", "on": each % 2 == 0, "value": "bob"}
        alice.hears("changed", id=9_000 + each, time=TIME, room="#lobby", nick="op", changes=[voice])
    alice.visitor.says("the flood is over")
    alice.visitor.hears("the flood is over", "word 0")
    expect(alice.visitor.line("word ")).to_have_count(1)
    expect(alice.visitor.log.locator(".day")).to_have_count(1)
    assert page.evaluate("window.told") <= 5


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_words_stay_words(told: Callable[[str], Told], kind: str) -> None:
    """In whatever the server tells: no markup, nothing over the words of others, and no line like the page's own."""
    alice, words = told("alice"), HOSTILE[kind]
    page = alice.visitor.page
    ban = {"mode": "ban", "value": words[:200], "until": TIME, "reason": words}
    alice.hears("said", id=1, time=TIME, room="#lobby", nick="bob", text="harmless")
    alice.hears("said", id=2, time=TIME, room="#lobby", nick="bob", text=words)
    alice.hears("said", id=3, time=TIME, room="#lobby", nick="bob", text="after that")
    alice.hears("changed", id=4, time=TIME, room="#lobby", nick="bob", changes=[ban])
    alice.hears("kicked", id=5, time=TIME, room="#lobby", nick="bob", who="carol", reason=words)
    alice.hears("topic", id=6, time=TIME, room="#lobby", nick="bob", text=words)
    alice.hears("announced", id=7, time=TIME, nick="bob", text=words)
    done = {"time": TIME, "nick": "bob", "act": "ban", "room": "#lobby", "whom": words, "reason": f"until {TIME}: no"}
    alice.hears("audit", lines=[done])
    alice.hears("said", id=8, time=TIME, room="#lobby", nick="bob", text="the last")
    alice.visitor.hears("the last")
    assert page.title().endswith("lanchat")
    assert page.locator(".log img, .log script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert TIME not in alice.visitor.log.inner_text()
    said = page.locator('.line[data-id="2"]')
    assert "server" not in (said.get_attribute("class") or "")
    assert said.evaluate("line => getComputedStyle(line).overflowY") == "clip"
