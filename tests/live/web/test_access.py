"""Whoever one is and whatever one has: keys alone, a screen reader, a phone, the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.live.talk import Wire
from tests.live.web.conftest import PHONE, Visitor, Visits

Person = Callable[[str], Wire]


def violations(visitor: Visitor) -> list[Any]:
    """What axe-core finds fault with."""
    visitor.page.wait_for_timeout(50)  # what fades in has the colours that it keeps
    found = Axe().run(visitor.page).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_out(visits: Visits, person: Person, scheme: str) -> None:
    """axe-core finds nothing, in any state of the page, in light and in dark."""
    alice = visits(color_scheme=scheme)
    assert violations(alice) == []
    alice.joins("alice")
    bob = person("bob")
    bob.says("/msg alice psst", f"alice: see https://{scheme}.example/ and `code`", "```", "/away lunch")
    alice.hears(f"alice: see https://{scheme}.example/")
    alice.says("/topic at https://example.org/", "/me waves", "/nosuch", "/whois bob")
    bob.says("/join #elsewhere", "/invite alice")
    alice.hears("invites alice")
    assert violations(alice) == []
    background = alice.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 25, 28)"}[scheme]
    alice.box.fill("/")
    expect(alice.page.get_by_role("option").first).to_be_visible()
    alice.box.press("ArrowDown")
    assert violations(alice) == []
    alice.box.press("Escape")
    alice.page.get_by_role("button", name="Search").click()
    alice.page.get_by_label("Words to look for").fill("waves")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("complementary", name="Search").get_by_role("listitem").first).to_be_visible()
    assert violations(alice) == []
    alice.page.keyboard.press("Escape")
    for name in ("Settings", "Join another room"):
        alice.page.get_by_role("button", name=name).click()
        expect(alice.page.get_by_role("dialog")).to_be_visible()
        assert violations(alice) == []
        alice.page.keyboard.press("Escape")
        expect(alice.page.get_by_role("dialog")).to_have_count(0)
    alice.page.goto(alice.page.url + "join")
    expect(alice.page.locator("#url")).to_contain_text("http://")
    assert violations(alice) == []


def test_keys_alone_are_enough(visits: Visits, person: Person) -> None:
    """Join, talk, complete, change the room, recall, open and close: no mouse is needed, and the focus is seen."""
    bob = person("bobby")
    alice = visits()
    keys = alice.page.keyboard
    expect(alice.page.get_by_label("Your name")).to_be_focused()
    keys.type("alice")
    keys.press("Enter")
    expect(alice.box).to_be_focused()
    keys.type("bo")
    keys.press("Tab")
    expect(alice.box).to_have_value("bobby: ")
    keys.type("hi")
    keys.press("Shift+Enter")
    keys.type("there")
    keys.press("Enter")
    bob.hears("<alice> bobby: hi\n")
    bob.hears("<alice> there\n")
    keys.type("/jo")
    expect(alice.page.get_by_role("option", name="/join #room")).to_be_visible()
    keys.press("Tab")
    expect(alice.box).to_have_value("/join ")
    keys.type("#dev")
    keys.press("Escape")
    keys.press("Enter")
    expect(alice.entry("#dev")).to_have_attribute("aria-current", "true")
    keys.press("Alt+ArrowUp")
    expect(alice.entry("#lobby")).to_have_attribute("aria-current", "true")
    keys.press("ArrowUp")
    expect(alice.box).to_have_value("/join #dev")
    keys.press("ArrowUp")
    expect(alice.box).to_have_value("bobby: hi\nthere")
    keys.press("Control+a")
    keys.press("Delete")
    seen = set()
    for _ in range(25):
        keys.press("Tab")
        focused = alice.page.evaluate(
            """() => {
                const now = document.activeElement, style = getComputedStyle(now);
                const seen = now === document.body || style.outlineStyle !== "none" || now.closest(".box") !== null;
                return [now.getAttribute("aria-label") || now.textContent, seen];
            }"""
        )
        assert focused[1], focused
        seen.add(focused[0])
    assert seen >= {"Skip to the box", "#lobby", "#dev", "Settings", "Search", "bobby"}
    keys.press("Escape")
    expect(alice.box).to_be_focused()


def test_a_phone(visits: Visits, person: Person) -> None:
    """At 360 pixels everything fits; rooms and people come in from the side."""
    bob = person("bob")
    bob.says("/join #dev")
    alice = visits(viewport=PHONE)
    alice.page.get_by_label("Your name").fill("alice")
    alice.page.keyboard.press("Enter")
    expect(alice.box).to_be_visible()
    alice.goes_to("#dev")
    alice.says("x" * 300, "a word")
    alice.hears("a word")
    assert alice.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(alice.people).to_be_hidden()
    alice.page.get_by_role("button", name="Who is here").click()
    expect(alice.people).to_be_visible()
    assert violations(alice) == []
    alice.people.locator(".person", has_text="bob").click()
    expect(alice.page.get_by_role("heading", name="Private: bob")).to_be_visible()
    expect(alice.people).to_have_count(0)
    bob.says("/say #lobby over here")
    expect(alice.page.get_by_role("button", name="Rooms, 1 unread")).to_be_visible()
    alice.page.get_by_role("button", name="Rooms, 1 unread").click()
    alice.looks_at("#lobby")
    expect(alice.page.locator("#rooms")).to_be_hidden()
    alice.hears("over here")
    alice.page.mouse.click(180, 60)


def test_the_address_for_all(visits: Visits) -> None:
    """A page with nothing but the address and its QR code, to be thrown on a wall."""
    alice = visits()
    alice.page.goto(alice.page.url + "join")
    expect(alice.page.locator("#url")).to_have_text(alice.page.url.removesuffix("/join"))
    assert alice.page.get_by_role("img").evaluate("picture => picture.naturalWidth") > 0
    expect(alice.page.locator("#terminal")).to_contain_text("lanchat join 127.0.0.1:")
