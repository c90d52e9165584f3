"""Who reads what was said before: without jumps, back to the beginning, and to a place that was found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.live.talk import Wire
from tests.live.web.conftest import Visitor, Visits

COUNT = 450
Person = Callable[[str], Wire]


@pytest.fixture
def writer(person: Person) -> Wire:
    """Somebody who has said a lot in a room of their own."""
    writer = person("writer")
    writer.says("/join #long")
    writer.hears("#long")
    return writer


def fill(writer: Wire) -> None:
    """Say a lot, unless it was said."""
    writer.says("/history 200")
    if f"number {COUNT}." not in writer.hears("--"):
        writer.says(*[f"number {number}." for number in range(1, COUNT + 1)], "/ping")
        writer.hears("pong")


def scroll_to_top(visitor: Visitor) -> None:
    visitor.log.evaluate("log => log.scrollTo(0, 0)")


def test_scrolling_back_to_the_beginning(visits: Visits, writer: Wire) -> None:
    """Older messages come before one reaches them; the line that one reads stays where it is."""
    fill(writer)
    alice = visits("alice")
    alice.goes_to("#long")
    alice.hears(f"number {COUNT}.")
    expect(alice.line(f"number {COUNT}.")).to_be_in_viewport()
    alice.log.evaluate("log => log.scrollTo(0, 300)")
    moved = alice.page.evaluate(
        """async () => {
            const log = document.querySelector(".log");
            const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
            let worst = 0, pages = 0;
            for (let turn = 0; turn < 60 && !document.querySelector(".beginning"); turn++) {
                const row = document.elementFromPoint(500, middle).closest(".line");
                const before = row.getBoundingClientRect().top, height = log.scrollHeight, from = log.scrollTop;
                log.scrollTop -= 200;
                const wanted = before + from - log.scrollTop;
                for (let frame = 0; frame < 6; frame++) await new Promise(requestAnimationFrame);
                if (log.scrollHeight !== height) pages++;
                worst = Math.max(worst, Math.abs(row.getBoundingClientRect().top - wanted));
            }
            return {worst, pages};
        }"""
    )
    assert moved["worst"] < 2, moved
    assert moved["pages"] >= 2, moved
    scroll_to_top(alice)
    expect(alice.log).to_contain_text("This is where #long begins.")
    texts = alice.log.locator(".line.said .text").all_text_contents()
    assert texts == [f"number {number}." for number in range(1, COUNT + 1)]


def test_who_reads_is_not_moved_by_what_is_said(visits: Visits, writer: Wire) -> None:
    """A button leads down, and a line shows where the new messages begin."""
    fill(writer)
    alice = visits("alice")
    alice.goes_to("#long")
    alice.hears(f"number {COUNT}.")
    alice.log.evaluate("log => log.scrollBy(0, -900)")
    down = alice.page.get_by_role("button", name="To the newest")
    expect(down).to_be_visible()
    top = alice.log.evaluate("log => log.scrollTop")
    writer.says("fresh one", "fresh two")
    expect(alice.page.get_by_role("button", name="2 new")).to_be_visible()
    assert abs(alice.log.evaluate("log => log.scrollTop") - top) < 2
    alice.page.get_by_role("button", name="2 new").click()
    expect(alice.line("fresh two")).to_be_in_viewport()
    expect(alice.log.get_by_role("separator").filter(has_text="New messages")).to_be_visible()
    expect(alice.page.locator(".to-end")).to_have_count(0)
    writer.says("fresh three")
    expect(alice.line("fresh three")).to_be_in_viewport()


def test_a_search_leads_to_the_place(visits: Visits, writer: Wire) -> None:
    """Into the midst of the history, from where one reads on until now."""
    fill(writer)
    alice = visits("alice")
    alice.goes_to("#long")
    alice.hears(f"number {COUNT}.")
    alice.page.keyboard.press("Control+k")
    alice.page.get_by_label("Words to look for").fill('"number 42"')
    alice.page.keyboard.press("Enter")
    alice.page.get_by_role("complementary", name="Search").get_by_role("button", name="number 42.").last.click()
    expect(alice.line("number 42.")).to_be_in_viewport()
    expect(alice.line("number 42.")).to_be_focused()
    alice.hears("number 41.", "number 43.")
    expect(alice.page.get_by_role("button", name="Back to now")).to_be_visible()
    seen: set[str] = set()
    for _ in range(60):
        seen.update(alice.log.locator(".line.said .text").all_text_contents())
        if alice.line(f"number {COUNT}.").count() and not alice.page.get_by_role("button", name="Back to now").count():
            break
        alice.log.evaluate("log => log.scrollBy(0, 3000)")
        alice.page.wait_for_timeout(50)
    assert seen >= {f"number {number}." for number in range(1, COUNT + 1)}
    alice.says("/search nothing-like-that")
    expect(alice.page.get_by_role("status").filter(has_text="Nothing was found.")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("complementary", name="Search")).to_have_count(0)
