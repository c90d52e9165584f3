"""People with browsers talk with each other, and with people who have nc and IRC."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.live.conftest import Dials
from tests.live.servers import Server
from tests.live.talk import Wire
from tests.live.web.conftest import Visits

Person = Callable[[str], Wire]


def test_four_people_talk_by_three_doors(visits: Visits, server: Server, dials: Dials, person: Person) -> None:
    """What one says all hear, once; who has IRC or nc is one of them."""
    alice, bob, carol = visits("alice"), visits("bob"), person("carol")
    dave = dials(server.address)
    dave.says("NICK dave", "USER dave 0 * :Dave", "JOIN #lobby")
    dave.hears(" 366 ")
    alice.says("hello from a browser")
    bob.says("/me waves")
    carol.says("hello from nc")
    carol.hears("* bob waves")
    dave.hears("PRIVMSG #lobby :hello from a browser")
    dave.says("PRIVMSG #lobby :hello from IRC")
    for visitor in (alice, bob):
        visitor.hears("hello from a browser", "waves", "hello from nc", "hello from IRC")
    expect(alice.people.locator("li")).to_have_count(4)
    alice.box.fill("one\ntwo")
    alice.box.press("Enter")
    carol.hears("<alice> one\n")
    carol.hears("<alice> two\n")


def test_a_name_that_is_taken(visits: Visits) -> None:
    """The page says so, offers another, and remembers the name that one came in by."""
    visits("alice")
    other = visits()
    other.page.get_by_label("Your name").fill("alice")
    other.page.get_by_role("button", name="Join", exact=True).click()
    expect(other.page.get_by_role("alert")).to_contain_text("alice is here already")
    other.page.get_by_role("button", name="Join as alice_").click()
    expect(other.people).to_contain_text("alice_")
    other.page.reload()
    expect(other.page.get_by_label("Your name")).to_have_value("alice_")


def test_unread_and_mentions(visits: Visits, person: Person) -> None:
    """What is said in another room is counted, a mention stands out, and the title tells of it."""
    alice, bob = visits("alice"), person("bob")
    bob.says("/join #dev")
    alice.goes_to("#dev")
    alice.looks_at("#lobby")
    bob.says("the build is green", "alice: look")
    expect(alice.entry("#dev")).to_have_attribute("aria-label", "#dev, 2 unread, you were named")
    expect(alice.page).to_have_title("(1) #lobby – lanchat")
    alice.looks_at("#dev")
    expect(alice.log.locator(".named")).to_contain_text("alice: look")
    expect(alice.log.get_by_role("separator").filter(has_text="New messages")).to_be_visible()
    expect(alice.page).to_have_title("#dev – lanchat")
    alice.page.reload()
    alice.joins("alice")
    expect(alice.entry("#dev")).to_have_attribute("aria-current", "true")


def test_a_private_conversation_is_a_view_of_its_own(visits: Visits, person: Person) -> None:
    """It opens by who writes, or by choosing a person; what is said there only the two read."""
    alice, bob = visits("alice"), person("bob")
    bob.says("/msg alice psst")
    expect(alice.entry("bob")).to_have_attribute("aria-label", "bob, 1 unread")
    alice.looks_at("bob")
    alice.hears("psst")
    alice.says("what is it?")
    bob.hears("(private) <alice> what is it?")
    alice.looks_at("#lobby")
    expect(alice.line("psst")).to_have_count(0)
    alice.people.locator(".person", has_text="bob").click()
    alice.hears("psst", "what is it?")
    alice.says("/me waves")
    expect(alice.page.get_by_role("alert")).to_have_text("/me is for rooms. Here, just say it.")


def test_texts_are_shown_as_people_mean_them(visits: Visits, person: Person) -> None:
    """Links lead elsewhere, code looks like code, long texts are folded."""
    alice, bob = visits("alice"), person("bob")
    bob.says("see https://example.org/a_(b)?c=1. and `x = 1`")
    link = alice.log.get_by_role("link")
    expect(link).to_have_attribute("href", "https://example.org/a_(b)?c=1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")
    expect(alice.log.locator("code")).to_have_text("x = 1")
    alice.says("```\n" + "\n".join(f"line {number}" for number in range(40)) + "\n```")
    expect(alice.line("line 3")).not_to_contain_text("line 39")
    alice.page.get_by_role("button", name="Show all").click()
    expect(alice.line("line 3")).to_contain_text("line 39")


def test_what_others_write_is_never_run(visits: Visits, person: Person) -> None:
    """Script in names of rooms, topics and messages is text, and nothing else."""
    alice, bob = visits("alice"), person("bob")
    attack = "<img/src=x/onerror=document.title='owned'><script>document.title='owned'</script>"
    bob.says(attack, "javascript:alert(1)", f"/join #{attack[:60]}", f"/topic {attack}", "/msg alice " + attack)
    bob.says(f"/invite alice #{attack[:60]}")
    alice.hears(attack)
    alice.page.get_by_role("button", name=f"Join #{attack[:60]}").click()
    expect(alice.page.locator("header .topic")).to_have_text(attack)
    expect(alice.page.locator("#page img, #page script")).to_have_count(0)
    expect(alice.page.locator("a[href^='javascript']")).to_have_count(0)
    assert "owned" not in alice.page.title().replace(attack[:60], "")


def test_who_comes_and_goes_is_one_line(visits: Visits, person: Person) -> None:
    """It opens for those who want to know."""
    alice = visits("alice")
    people = [person(nick) for nick in ("bob", "carol", "dave")]
    people[0].says("/quit lunch")
    moves = alice.log.locator(".moves")
    expect(moves).to_contain_text("carol and dave came, bob came and went")
    moves.locator("summary").click()
    expect(moves).to_contain_text("bob left the chat (lunch)")
    people[1].says("hi")
    alice.hears("hi")
    expect(moves).to_have_count(1)
