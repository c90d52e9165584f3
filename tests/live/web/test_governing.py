"""Rooms with somebody in charge, in the browser: deleting, muting, removing, settings, announcements."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.live.talk import Wire
from tests.live.web.conftest import PHONE, Visitor, Visits
from tests.live.web.test_access import violations

Person = Callable[[str], Wire]


def button(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("button", name=name, exact=True)


def about(visitor: Visitor, nick: str) -> None:
    """Open what can be done about somebody."""
    visitor.people.locator("li").filter(has_text=nick).hover()
    button(visitor, f"More about {nick}").click()
    expect(visitor.page.get_by_role("dialog")).to_contain_text(f"{nick} is in")


def test_a_message_goes_away_for_everybody(visits: Visits) -> None:
    """From the log, the unread counts, the search results and the history of those who look at the page."""
    alice, bob = visits("alice"), visits("bob")
    for visitor in (alice, bob):
        visitor.goes_to("#del1")
    bob.looks_at("#lobby")
    alice.says("keep this", "a slip of the tongue")
    expect(bob.entry("#del1")).to_have_attribute("aria-label", "#del1, 2 unread")
    bob.page.keyboard.press("Control+k")
    bob.page.get_by_label("Words to look for").fill("slip in:#del1")
    bob.page.keyboard.press("Enter")
    found = bob.page.get_by_role("complementary", name="Search").get_by_role("listitem")
    expect(found).to_have_count(1)
    alice.line("slip of").hover()
    alice.line("slip of").get_by_role("button", name="Delete this message of alice").click()
    expect(alice.page.get_by_role("dialog")).to_contain_text("a slip of the tongue")
    assert violations(alice) == []
    button(alice, "Delete").click()
    expect(alice.line("slip of")).to_have_count(0)
    expect(found).to_have_count(0)
    expect(bob.entry("#del1")).to_have_attribute("aria-label", "#del1, 1 unread")
    expect(bob.page.get_by_role("status").filter(has_text="deleted a message of alice")).to_have_count(1)
    bob.looks_at("#del1")
    bob.hears("keep this")
    expect(bob.line("slip of")).to_have_count(0)
    bob.page.reload()
    bob.joins("bob")
    bob.hears("keep this")
    expect(bob.line("slip of")).to_have_count(0)
    alice.box.press("ArrowUp")
    expect(alice.box).to_have_value("keep this")


def test_deleting_is_offered_where_it_is_allowed(visits: Visits) -> None:
    """Everybody may with their own words, an op with all; and nobody with what somebody told them alone."""
    alice, bob = visits("alice"), visits("bob")
    for visitor in (alice, bob):
        visitor.goes_to("#del2")
    alice.says("hers")
    bob.says("his")
    alice.hears("his")
    bob.hears("hers")
    expect(alice.log.locator(".delete")).to_have_count(2)
    expect(bob.log.locator(".delete")).to_have_count(1)
    alice.says("/op bob")
    expect(bob.log.locator(".delete")).to_have_count(2)
    bob.says("/msg alice psst")
    alice.looks_at("bob")
    alice.hears("psst")
    expect(alice.log.locator(".delete")).to_have_count(0)


def test_deleting_with_keys(visits: Visits) -> None:
    """Arrow keys go from message to message, Delete asks, and Tab leads to the button."""
    alice = visits("alice")
    alice.goes_to("#del3")
    alice.says("one", "two", "three")
    alice.hears("three")
    keys = alice.page.keyboard
    alice.log.focus()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    expect(alice.line("two")).to_be_focused()
    keys.press("Delete")
    expect(button(alice, "Delete")).to_be_focused()
    keys.press("Enter")
    expect(alice.line("two")).to_have_count(0)
    expect(alice.box).to_be_focused()
    alice.log.focus()
    keys.press("ArrowUp")
    keys.press("Tab")
    expect(alice.line("three").locator(".delete")).to_be_focused()


def test_deleting_with_a_finger(visits: Visits) -> None:
    """Staying on a message shows the button; nothing else does."""
    alice = visits("alice", has_touch=True)
    alice.goes_to("#del4")
    alice.says("one")
    delete = alice.line("one").locator(".delete")
    expect(delete).to_have_count(1)
    expect(delete).to_be_hidden()
    alice.line("one").dispatch_event("touchstart")
    expect(delete).to_be_visible()
    alice.line("one").dispatch_event("touchend")


@pytest.mark.parametrize("deed", ["Mute", "Remove", "Ban"])
def test_an_op_acts_by_the_menu(visits: Visits, deed: str) -> None:
    """With a reason that all see; who is muted has their words back in the box, who is removed is there no more."""
    room = f"#menu-{deed.lower()}"
    alice, mallory = visits("alice"), visits("mallory")
    for visitor in (alice, mallory):
        visitor.goes_to(room)
    expect(mallory.people.locator("li").filter(has_text="op")).to_have_count(1)
    about(alice, "mallory")
    assert violations(alice) == []
    alice.page.get_by_label("Reason").fill("adverts")
    alice.page.get_by_label("Ban and mute hold").select_option("for 10 minutes")
    button(alice, deed).click()
    expect(alice.page.get_by_role("dialog")).to_have_count(0)
    expect(alice.log).to_contain_text("adverts")
    if deed == "Mute":
        mallory.says("buy this")
        expect(mallory.page.get_by_role("alert")).to_contain_text(f"You are muted in {room}")
        expect(mallory.box).to_have_value("buy this")
        expect(mallory.page.locator(".pending")).to_have_count(0)
        about(alice, "mallory")
        button(alice, "Unmute").click()
        expect(alice.page.get_by_role("dialog")).to_have_count(0)
        mallory.box.press("Enter")
        alice.hears("buy this")
        return
    expect(mallory.entry(room)).to_have_count(0)
    mallory.hears("alice removed mallory (adverts)")
    mallory.says(f"/join {room}")
    if deed == "Ban":
        mallory.hears(f"You are banned from {room}")
    else:
        expect(mallory.entry(room)).to_be_visible()


def test_ranks_are_given_and_taken_by_the_menu(visits: Visits) -> None:
    """The list of people shows them, and who has none is not offered what they may not."""
    alice, bob = visits("alice"), visits("bob")
    for visitor in (alice, bob):
        visitor.goes_to("#ranks")
    expect(button(bob, "Govern this room")).to_have_count(0)
    about(bob, "alice")
    expect(button(bob, "Ban")).to_have_count(0)
    bob.page.keyboard.press("Escape")
    about(alice, "bob")
    button(alice, "Give voice").click()
    expect(bob.people.locator("li").filter(has_text="bob")).to_contain_text("voiced")
    about(alice, "bob")
    button(alice, "Make an op").click()
    expect(button(bob, "Govern this room")).to_be_visible()
    bob.box.fill("/kic")
    expect(bob.page.get_by_role("option").first).to_be_visible()


def test_who_may_not_use_a_command_is_told_why(visits: Visits) -> None:
    """It is not among the completions, and the server's own words say who may."""
    bob, alice = visits("bob"), visits("alice")
    bob.goes_to("#may")
    alice.goes_to("#may")
    alice.box.fill("/kic")
    expect(alice.page.get_by_role("option")).to_have_count(0)
    alice.says("/kick bob", "/kcik bob")
    alice.hears("Only an op of #may may do that.", "There is no command /kcik.")
    alice.says("/help")
    expect(alice.line("/say")).to_have_count(1)
    expect(alice.line("/say")).not_to_contain_text("/kick ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_room_is_set_by_its_dialog(visits: Visits, scheme: str) -> None:
    """What is changed is told to the room, and the dialog shows how it is; the others see what keeps them silent."""
    room = f"#set-{scheme}"
    alice, bob = visits("alice", color_scheme=scheme), visits("bob", color_scheme=scheme, viewport=PHONE)
    for visitor in (alice, bob):
        visitor.goes_to(room)
    button(alice, "Govern this room").click()
    dialog = alice.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert violations(alice) == []
    dialog.get_by_label("Only ops may change the topic").check()
    dialog.get_by_label("Key to come in").fill("sesame")
    dialog.get_by_label("Slow: seconds").fill("90")
    dialog.get_by_label("Announce").fill("the exam begins")
    button(alice, "Save").click()
    expect(dialog).to_have_count(0)
    bob.hears("locked the topic", "the exam begins")
    expect(bob.line("the exam begins")).to_have_class(re.compile("announcement"))
    expect(bob.page.locator(".rule")).to_contain_text("one message in 90 seconds")
    bob.says("second")  # both are guests of one machine, and alice has just spoken
    expect(bob.page.get_by_role("timer")).to_contain_text("you may speak again in")
    expect(bob.box).to_have_value("second")
    assert violations(bob) == []
    assert bob.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    button(alice, "Govern this room").click()
    expect(dialog.get_by_label("Key to come in")).to_have_value("sesame")
    expect(dialog.get_by_label("Only ops may change the topic")).to_be_checked()
    dialog.get_by_label("Key to come in").fill("")
    dialog.get_by_label("Slow: seconds").fill("")
    dialog.get_by_label("Only ops may speak").check()
    button(alice, "Save").click()
    expect(dialog).to_have_count(0)
    expect(bob.page.locator(".rule")).to_have_text("Only ops may speak here: it is for announcements.")
    button(alice, "Govern this room").click()
    button(alice, "What was done").click()
    expect(alice.line("alice read-only")).to_be_visible()


def test_saving_changes_what_one_changed(visits: Visits) -> None:
    """What another op did while the dialog was open stays as it is."""
    alice, bob = visits("alice"), visits("bob")
    for visitor in (alice, bob):
        visitor.goes_to("#both")
    alice.says("/op bob")
    button(bob, "Govern this room").click()
    dialog = bob.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    alice.says("/lock topic", "/slow 60s")
    bob.hears("alice locked the topic", "once in 60 seconds")
    dialog.get_by_label("In no list of rooms").check()
    button(bob, "Save").click()
    expect(dialog).to_have_count(0)
    bob.hears("bob hid the room")
    expect(bob.log.locator(".server").filter(has_text=re.compile("bob (hid|lets|locked|unlocked)"))).to_have_count(1)


def test_a_dialog_goes_with_its_room(visits: Visits) -> None:
    """What it would do would be done in the one that is in view then."""
    alice, bob = visits("alice"), visits("bob")
    for visitor in (alice, bob):
        visitor.goes_to("#gone")
    alice.says("/op bob")
    expect(button(bob, "Govern this room")).to_be_visible()
    about(bob, "alice")
    expect(button(bob, "Ban")).to_be_visible()
    alice.says("/kick bob")
    expect(bob.page.get_by_role("dialog")).to_have_count(0)


def test_dialogs_lead_back_with_keys(visits: Visits) -> None:
    """Escape goes back to what opened one; to the box, if that is not to be seen any more."""
    alice, bob = visits("alice"), visits("bob")
    for visitor in (alice, bob):
        visitor.goes_to("#keys")
    keys = alice.page.keyboard
    for name in ("Govern this room", "Settings", "Join another room", "More about bob"):
        button(alice, name).focus()
        keys.press("Enter")
        expect(alice.page.get_by_role("dialog")).to_be_visible()
        keys.press("Tab")
        assert alice.page.evaluate("!!document.activeElement.closest('dialog')")
        keys.press("Escape")
        expect(button(alice, name)).to_be_focused()
    alice.page.set_viewport_size({"width": 800, "height": 600})
    button(alice, "Who is here (2)").press("Enter")
    button(alice, "More about bob").press("Enter")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(alice.box).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fingers_find_what_they_want(visits: Visits, scheme: str) -> None:
    """On a phone, what can be pressed is 40 pixels high and wide at least; and nothing is too wide for it."""
    how = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": scheme}
    alice, bob = visits(**how), visits("bob")
    page = alice.page
    page.get_by_label("Your name").fill("alice")
    page.get_by_role("button", name="Log in with a password").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    assert small(alice) == []
    page.get_by_role("button", name="Come in as a guest").click()
    expect(page.get_by_role("button", name="Join")).to_be_visible()  # it is drawn in the next frame
    page.get_by_label("Your name").press("Enter")
    expect(alice.box).to_be_visible()
    alice.goes_to(f"#touch-{scheme}")
    bob.goes_to(f"#touch-{scheme}")
    bob.says("a word")
    alice.line("a word").dispatch_event("touchstart")
    expect(alice.line("a word").locator(".delete")).to_be_visible()
    assert small(alice) == []
    button(alice, "Govern this room").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert small(alice) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Who is here").click()
    assert small(alice) == []
    button(alice, "More about bob").click()
    expect(page.get_by_role("dialog")).to_contain_text("bob is in")
    assert small(alice) == []
    assert violations(alice) == []


def small(visitor: Visitor) -> list[str]:
    """Give what can be seen and pressed, and is too small for a finger; names within a conversation are words."""
    found: list[str] = visitor.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, .choice, a[href]")].filter(each => {
          const { width, height, right } = (each.closest("label") || each).getBoundingClientRect();
          const shown = each.checkVisibility({ visibilityProperty: true }) && !each.matches(".speaker, .skip");
          return shown && !each.closest("[inert]") && (width < 40 || height < 40 || right > innerWidth + 1);
        }).map(each => each.outerHTML.slice(0, 120))"""
    )
    return found
