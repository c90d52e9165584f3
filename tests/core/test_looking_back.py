"""Who asks for what was said before gets it: page by page, of their rooms, without those whom they ignore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.commands import run
from lanchat.core.errors import Refused
from lanchat.core.journal import Found, Query
from lanchat.core.limits import Limits
from lanchat.core.replies import History, Refusal
from lanchat.core.verbs import TABLE
from lanchat.stores.journal import MemoryJournal
from tests.fakes import Chat, Talker
from tests.logins import account
from tests.network import Network
from tests.talkers import JsonTalker, TextTalker


class SlowReader(MemoryJournal):
    """A journal that finds what is asked for, but later."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Query, Callable[[Found | Refused], None]]] = []

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        self.asked.append((query, then))

    def answers(self, refused: Refused | None = None) -> None:
        """Answer the question that is asked."""
        ((query, then),) = self.asked
        self.asked.clear()
        if refused is not None:
            then(refused)
        else:
            super().find(query, then)


@pytest.fixture
def chat() -> Chat:
    return Chat()


def last(talker: Talker) -> Any:
    """Give the newest answer of those that look back."""
    talker.chat.turn()
    dialect: Any = talker.session.dialect
    return [each for each in dialect.encoded if isinstance(each, History | Refusal)][-1]


def texts(reply: Any) -> list[str]:
    assert isinstance(reply, History)
    return [event.text for event in reply.events]


def paged(talker: Talker, command: str) -> list[list[str]]:
    """Read page by page, as far as there are older ones; the newest page is first."""
    pages = []
    while command:
        talker.says(command)
        reply = last(talker)
        pages.append(texts(reply))
        command = reply.more
    return pages


def missed(talker: Talker) -> list[str]:
    """Ask for what was missed."""
    talker.says("/missed")
    return texts(last(talker))


def returned(chat: Chat) -> Talker:
    """Let alice come back."""
    (again,) = chat.talkers("alice")
    return again


def arrived(way: Any, network: Network, *nicks: str) -> list[Any]:
    """Let people in through a door."""
    people = [way(network, nick) for nick in nicks]
    for one in people:
        one.enters()
        one.hears()
    return people


def held_by(talker: Talker) -> list[int]:
    """Give what has something in it while the session waits for an answer."""
    held: list[int] = []
    talker.session.hold, talker.session.release = lambda: held.append(1), held.pop  # type: ignore[assignment]
    return held


# -- /history ------------------------------------------------------------------------------------------------


def test_history_is_of_the_room_in_view(chat: Chat) -> None:
    """The newest twenty, the oldest of them first; who came and went is left out."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    for number in range(25):
        bob.says(f"line {number}")
    bob.says("/me waves")
    bob.says("/say #lobby elsewhere")
    bob.says("/join #lobby")
    alice.says("/history", ref="7")
    reply = last(alice)
    assert texts(reply) == [*(f"line {number}" for number in range(6, 25)), "waves"]
    assert (reply.ref, reply.what, reply.room) == ("7", "history", "#dev")
    assert reply.before == reply.events[0].id
    assert reply.more == f"/history #dev 20 {reply.before}"
    alice.says("/history #LOBBY")
    assert texts(last(alice)) == ["elsewhere"]
    assert last(alice).more == ""
    assert last(alice).before == 0


def test_history_goes_on_from_a_place(chat: Chat) -> None:
    """With ``after`` it is the oldest of what came after an event, and the number to go on from."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    for number in range(5):
        bob.says(f"line {number}")
    alice.says("/history #dev 5")
    first = last(alice).events[0].id
    alice.says(f"/history #dev 2 {first + 100} {first}")
    reply = last(alice)
    assert texts(reply) == ["line 1", "line 2"]
    assert (reply.before, reply.more, reply.after) == (0, "", reply.events[-1].id)
    alice.says(f"/history #dev 2 {first + 100} {reply.after}")
    assert texts(last(alice)) == ["line 3", "line 4"]
    assert last(alice).after == 0
    alice.says(f"/history #dev 2 {first + 100} 99999")
    assert (texts(last(alice)), last(alice).after) == ([], 0)
    alice.says("/history #dev 2 3 x")
    assert last(alice).text == 'x is not the number of an event. Type it like this: {"op":"history","after":"1043"}'


def test_a_page_onward_is_not_too_large(chat: Chat) -> None:
    """Long texts make it shorter, the oldest of them are shown, and all of them can be read."""
    alice, bob = chat.talkers("alice", "bob")
    said = [f"{number} {'x' * 4_000}" for number in range(100)]
    for text in said:
        bob.says(text)
    read: list[str] = []
    after, pages = 1, 0
    while after:
        alice.says(f"/history 200 99999 {after}")
        read += texts(last(alice))
        after, pages = last(alice).after, pages + 1
    assert read == said
    assert pages == 4


@pytest.mark.parametrize("size", [1, 3, 7, 25, 200])
def test_pages_have_everything_once(chat: Chat, size: int) -> None:
    """Whatever the size of a page, and whatever is said meanwhile."""
    alice, bob = chat.talkers("alice", "bob")
    for number in range(25):
        bob.says(f"{number}")
        if number % 4 == 0:
            bob.says("/topic another")
    pages = paged(alice, f"/history {size}")
    assert [text for page in reversed(pages) for text in page] == [f"{number}" for number in range(25)]
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


def test_history_since_a_moment(chat: Chat) -> None:
    """A span, a time of day or a day; older pages end at the same moment, however late it gets."""
    alice, bob = chat.talkers("alice", "bob")
    bob.says("yesterday")
    chat.seconds += 86_400
    for number in range(250):
        bob.says(f"{number}")
    for since in ("2h", "2026-11-22"):
        alice.says(f"/history {since}")
        reply = last(alice)
        assert texts(reply) == [f"{number}" for number in range(50, 250)]
        chat.seconds += 7_000
        alice.says(reply.more)
        assert texts(last(alice)) == [f"{number}" for number in range(50)]
        assert last(alice).more == ""
        chat.seconds -= 7_000
    alice.says("/history 3d")
    alice.says(last(alice).more)
    assert texts(last(alice))[0] == "yesterday"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/history 201", "At most 200 lines can be shown at once, and at least one: /history 200"),
        ("/history 0", "At most 200 lines can be shown at once, and at least one: /history 200"),
        ("/history #lobby soon", "soon is no time. Type how many lines, or since when: 50, 30m, 15:04 or 2026-11-20."),
        ("/history 20 x", "x is not the number of an event. Type it like this: /history #dev 20 1043"),
        ("/missed x", "x is not the number of an event. Type it like this: /missed 1043"),
        ("/mentions 1e3", "1e3 is not the number of an event. Type it like this: /mentions 1043"),
        ("/search", 'Type it like this: /search "exam at" nin* from:bob in:#dev after:2d (/search WORDS)'),
        ("/search !!", "There is nothing to look for in that. Type a word with letters or digits."),
    ],
)
def test_what_cannot_be_read_is_refused(chat: Chat, typed: str, answer: str) -> None:
    """A sentence says how it is typed."""
    (alice,) = chat.talkers("alice")
    alice.says(typed)
    assert (last(alice).code, last(alice).text) == ("bad-arguments", answer)


# -- in private --------------------------------------------------------------------------------------------------


@pytest.fixture
def accounts(chat: Chat) -> list[Talker]:
    """alice, bob and carol, who can prove who they are."""
    people = [Talker(chat, name) for name in ("alice", "bob", "carol")]
    for each in people:
        each.session.account = account(chat.hub, each.nick)
        each.enters()
    return people


def test_private_words_are_read_again_by_the_two_alone(chat: Chat, accounts: list[Talker]) -> None:
    """Page by page from either end; nobody else finds a word of it."""
    alice, bob, carol = accounts
    for number in range(5):
        alice.says(f"/msg bob {number}")
        bob.says(f"/msg alice {number} too")
    carol.says("/msg alice other words")
    alice.says("/history Bob 3")
    page = last(alice)
    assert (page.nick, page.room, texts(page)) == ("bob", "", ["3 too", "4", "4 too"])
    assert page.more == f"/history bob 3 {page.before}"
    assert paged(bob, "/history alice 4") == [
        ["3", "3 too", "4", "4 too"],
        ["1", "1 too", "2", "2 too"],
        ["0", "0 too"],
    ]
    run(chat.hub, bob.session, TABLE.find("history"), {"nick": "alice", "count": "2", "after": str(page.before)})
    onward = last(bob)
    assert (onward.nick, texts(onward), onward.after) == ("alice", ["4", "4 too"], 0)
    carol.says("/history bob")
    assert texts(last(carol)) == []
    carol.says("/search 4")
    assert texts(last(carol)) == []


def test_private_words_are_found_and_not_missed(chat: Chat, accounts: list[Talker]) -> None:
    """What others said while one was away, in private too, and without one's own words."""
    alice, bob, _ = accounts
    alice.says("/away")
    bob.says("/msg alice the blue key")
    alice.says("/msg bob which blue key")
    bob.says("the red key")
    alice.says("/missed")
    assert texts(last(alice)) == ["the blue key", "the red key"]
    alice.says("/search key")
    assert texts(last(alice)) == ["the blue key", "which blue key", "the red key"]
    alice.says("/search key from:bob in:#lobby")
    assert texts(last(alice)) == ["the red key"]
    bob.says("/msg alice alice: it is here")
    alice.says("/mentions")
    assert texts(last(alice)) == ["alice: it is here"]


def test_whoever_has_no_account_has_no_private_history(chat: Chat, accounts: list[Talker]) -> None:
    """It is said what is to be done, and what was meant perhaps."""
    alice, bob, _ = accounts
    (dave,) = chat.talkers("dave")
    bob.says("/msg dave hello")
    dave.says("/msg bob hello")
    dave.says("/history bob")
    assert last(dave).code == "no-account"
    for somebody in (alice, dave):
        somebody.says("/history soon")
        assert last(somebody).code == "no-such-nick"
        assert last(somebody).text.startswith("soon is no time, and nobody with an account. ")
    bob.says("/history dave")
    assert last(bob).code == "no-such-nick"


def test_an_account_that_is_no_more_leaves_the_other_what_they_have(chat: Chat, accounts: list[Talker]) -> None:
    """For as long as the place is known."""
    alice = accounts[0]
    alice.says("/msg bob hello")
    gone = chat.hub.accounts.find("bob")
    assert gone is not None
    chat.hub.accounts.remove(gone, lambda refused: None)
    alice.says("/history bob")
    assert texts(last(alice)) == ["hello"]


# -- whose it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["/history #secret", "/search plan in:#secret", "/search plan in:secret"])
def test_only_who_is_in_a_room_can_read_it(chat: Chat, typed: str) -> None:
    """Whoever wants to know goes in; what is not there at all is said, too."""
    alice, bob = chat.talkers("alice", "bob")
    bob.says("/join #secret")
    bob.says("the plan")
    alice.says(typed)
    assert (last(alice).code, last(alice).text) == ("not-there", "You are not in #secret. /join #secret goes there.")
    alice.says(typed.replace("secret", "nowhere"))
    assert last(alice).code == "no-such-room"
    alice.says("/search plan")
    assert texts(last(alice)) == []
    alice.says("/join #secret")
    alice.says(typed)
    assert texts(last(alice)) == ["the plan"]


def test_ignored_people_are_left_out(chat: Chat) -> None:
    """A page may be shorter for it, even empty, and still says how to go on."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    bob.says("one")
    carol.says("alice: two")
    carol.says("alice: three")
    alice.says("/ignore CAROL")
    alice.says("/history")
    assert texts(last(alice)) == ["one"]
    alice.says("/mentions")
    assert texts(last(alice)) == []
    alice.hears()
    alice.says("/history 2")
    assert last(alice).more
    assert alice.hears() == ["-- Nothing of this page can be shown.", f"-- Older: {last(alice).more}"]
    assert [page for page in paged(alice, "/history 2") if page] == [["one"]]


def test_a_page_is_not_too_large(chat: Chat) -> None:
    """Long texts make pages shorter, so that nobody's sendq is filled by an answer; all of them can be read."""
    alice, bob = chat.talkers("alice", "bob")
    said = [f"{number} {'x' * 4_000}" for number in range(100)]
    for text in said:
        bob.says(text)
    pages = paged(alice, "/history 100")
    assert [text for page in reversed(pages) for text in page] == said
    assert len(pages) == 4


def test_one_long_text_is_a_page(chat: Chat) -> None:
    """Whatever its length, it is shown."""
    chat.hub.limits = type(chat.hub.limits)(message=0)
    alice, bob = chat.talkers("alice", "bob")
    bob.says("x" * 200_000)
    bob.says("y" * 200_000)
    assert [[text[0] for text in page] for page in paged(alice, "/history")] == [["y"], ["x"]]


# -- /missed -------------------------------------------------------------------------------------------------


def test_missed_is_what_was_said_while_one_was_gone(chat: Chat) -> None:
    """In the rooms where one is now, by others, until one came in."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    bob.says("before")
    alice.says("/quit")
    bob.says("one")
    bob.says("/say #lobby two")
    bob.says("/join #else")
    bob.says("never")
    again = Talker(chat, "ALICE")
    again.enters()
    again.says("/join #dev")
    bob.says("/say #dev after")
    again.hears()
    again.says("/missed", ref="3")
    assert texts(last(again)) == ["one", "two"]
    assert (last(again).ref, last(again).room, last(again).what) == ("3", "", "missed")
    said = again.hears()
    assert said[0].startswith("-- On ")
    assert said[1:] == ["-- #dev <bob> one", "-- #lobby <bob> two"]


def test_nothing_missed(chat: Chat) -> None:
    """It is said, so that nobody wonders."""
    (alice,) = chat.talkers("alice")
    alice.says("/quit")
    again = returned(chat)
    again.says("/missed")
    assert again.hears() == ["-- You missed nothing."]


def test_missed_while_away(chat: Chat) -> None:
    """Since the last /away, until one is back; while one is away, until now."""
    alice, bob = chat.talkers("alice", "bob")
    bob.says("before")
    alice.says("/away lunch")
    bob.says("one")
    alice.says("my own")
    assert missed(alice) == ["one"]
    bob.says("two")
    assert missed(alice) == ["one", "two"]
    alice.says("/back")
    bob.says("after")
    assert missed(alice) == ["one", "two"]
    alice.says("/away again")
    bob.says("three")
    assert missed(alice) == ["three"]


def test_missed_by_who_was_away_and_then_gone(chat: Chat) -> None:
    """A laptop that sleeps loses its connection some time later: it was away from the beginning."""
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/away lunch")
    bob.says("one")
    alice.says("/quit")
    bob.says("two")
    again = returned(chat)
    assert missed(again) == ["one", "two"]


def test_a_new_name_does_not_change_what_was_missed(chat: Chat) -> None:
    """It is what this person missed, not whoever had the name."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    carol.says("/quit")
    alice.says("/quit")
    bob.says("one")
    again = returned(chat)
    again.says("/nick carol")
    bob.says("two")
    assert missed(again) == ["one"]


def test_missed_pages(chat: Chat) -> None:
    """A hundred at a time, the newest first, and each once."""
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/quit")
    for number in range(250):
        bob.says(f"{number}")
    again = returned(chat)
    pages = paged(again, "/missed")
    assert [len(page) for page in pages] == [100, 100, 50]
    assert [text for page in reversed(pages) for text in page] == [f"{number}" for number in range(250)]


def test_missed_after_a_restart(chat: Chat) -> None:
    """Who left when is not known any more: then it is the last that the history knows of them."""
    alice, bob = chat.talkers("alice", "bob")
    alice.says("my last words")
    bob.says("one")
    alice.says("/quit")
    bob.says("two")
    chat.hub.people.left.clear()
    again = returned(chat)
    again.says("/missed", ref="4")
    assert texts(last(again)) == ["one", "two"]
    assert last(again).ref == "4"
    again.says("something")
    assert missed(again) == ["one", "two"]


def test_missed_by_a_newcomer(chat: Chat) -> None:
    """Who has never been here has missed nothing that anybody could know of."""
    (bob,) = chat.talkers("bob")
    bob.says("one")
    (alice,) = chat.talkers("alice")
    alice.says("/missed", ref="4")
    answer = last(alice)
    assert (answer.code, answer.ref) == ("nothing-missed", "4")
    assert answer.text == "I do not know when you were here last. /history shows what was said."


# -- /mentions and /search -----------------------------------------------------------------------------------


def test_mentions_are_by_others_and_in_ones_rooms(chat: Chat) -> None:
    """As a word of its own, in any case, in any of the rooms; twenty at a time."""
    alice, bob = chat.talkers("alice", "bob")
    bob.says("ALICE: hello")
    bob.says("alices and malice")
    alice.says("I am alice")
    bob.says("/me greets alice")
    bob.says("/join #else")
    bob.says("alice is not here")
    alice.says("/mentions")
    assert texts(last(alice)) == ["ALICE: hello", "greets alice"]
    for number in range(30):
        bob.says(f"/say #lobby alice {number}")
    pages = paged(alice, "/mentions")
    assert [len(page) for page in pages] == [20, 12]
    alice.says("/nick zoe")
    alice.hears()
    alice.says("/mentions")
    assert alice.hears() == ["-- Nobody named you in your rooms."]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("exam", ["The EXAM is at nine", "exams? which exam"]),
        ("exam*", ["The EXAM is at nine", "exams? which exam", "examples"]),
        ('"exam is"', ["The EXAM is at nine"]),
        ("exam from:CAROL", ["exams? which exam"]),
        ("from:carol", ["exams? which exam", "dances"]),
        ("exam in:#dev", []),
        ("caf\u00c9 in:dev", ["cafe is open"]),
        ("exam AND nine", []),
        ("exam OR dances", []),
        ("exam -nine", ["The EXAM is at nine"]),
        ("danc* NEAR", []),
        ("' OR 1=1 --", []),
        ("e*", ["The EXAM is at nine", "exams? which exam", "examples"]),
        ("from:zoe", []),
    ],
)
def test_search(chat: Chat, typed: str, found: list[str]) -> None:
    """All of the words, in one's own rooms; nothing that is typed is an operator."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    for one in (alice, bob):
        one.says("/join #dev")
    bob.says("cafe is open")
    bob.says("/say #lobby The EXAM is at nine")
    carol.says("exams? which exam")
    carol.says("/me dances")
    bob.says("/say #lobby examples")
    alice.says(f"/search {typed}")
    assert texts(last(alice)) == found


def test_search_between_moments_and_events(chat: Chat) -> None:
    """Bounds are numbers of events, or moments."""
    alice, bob = chat.talkers("alice", "bob")
    for number in range(6):
        bob.says(f"x {number}")
        chat.seconds += 3_600
    numbers = [event.id for event in chat.hub.journal.since(0, 99, {"#lobby"}, 99) if hasattr(event, "text")]
    alice.says(f"/search x after:{numbers[1]} before:{numbers[4]}")
    assert texts(last(alice)) == ["x 2", "x 3"]
    alice.says("/search x after:150m")
    assert texts(last(alice)) == ["x 4", "x 5"]
    alice.says("/search x before:330m")
    assert texts(last(alice)) == ["x 0"]
    alice.says("/search x after:999999999999999")
    assert texts(last(alice)) == []
    alice.says("/search x before:0")
    assert texts(last(alice)) == []


def test_search_pages(chat: Chat) -> None:
    """Twenty at a time, with the same words, and each once."""
    alice, bob = chat.talkers("alice", "bob")
    for number in range(50):
        bob.says(f"the build is {'green' if number % 2 else 'red'} {number}")
    pages = paged(alice, '/search "is green" from:bob after:2d')
    assert [len(page) for page in pages] == [20, 5]
    assert [text for page in reversed(pages) for text in page] == [
        f"the build is green {number}" for number in range(50) if number % 2
    ]


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(['"', "*", "(", ")", "AND", "NOT", "x", "from:", ":"])).map("".join)
)
def test_whatever_is_typed_is_answered_once(typed: str) -> None:
    """With a page or a refusal."""
    chat = Chat()
    (alice,) = chat.talkers("alice")
    for command in ("search", "history", "missed", "mentions"):
        alice.says(f"/{command} {typed}", ref="5")
        assert last(alice).ref == "5"


# -- a journal that takes its time ---------------------------------------------------------------------------


def test_an_answer_has_the_ref_of_its_question() -> None:
    """By then another command may have been run; why nothing was found is an answer, too."""
    journal = SlowReader()
    chat = Chat(journal=journal)
    (alice,) = chat.talkers("alice")
    alice.says("one")
    alice.says("/history", ref="7")
    alice.says("two", ref="8")
    journal.answers()
    assert (last(alice).ref, texts(last(alice))) == ("7", ["one"])
    alice.says("/search one", ref="9")
    journal.answers(Refused("too-slow", "That takes too long. Look for rarer words."))
    assert last(alice) == Refusal(ref="9", code="too-slow", text="That takes too long. Look for rarer words.")


def test_both_questions_of_one_answer_have_its_ref() -> None:
    """Where the history is asked first when somebody was here last."""
    journal = SlowReader()
    chat = Chat(journal=journal)
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/quit")
    bob.says("one")
    chat.hub.people.left.clear()
    again = returned(chat)
    held = held_by(again)
    again.says("/missed", ref="7")
    assert held == [1]
    journal.answers()
    assert held == [1]
    journal.answers()
    assert held == []
    assert (last(again).ref, texts(last(again))) == ("7", ["one"])


def test_who_has_left_is_told_nothing_more() -> None:
    """The answer comes too late, and harms nobody."""
    journal = SlowReader()
    chat = Chat(journal=journal)
    (alice,) = chat.talkers("alice")
    held = held_by(alice)
    alice.says("/mentions")
    chat.hub.leave(alice.session)
    alice.hears()
    journal.answers()
    assert alice.hears() == []
    assert held == []


@pytest.mark.parametrize("way", [TextTalker, JsonTalker])
def test_answers_come_in_the_order_of_the_questions(way: Any) -> None:
    """What is typed behind a question waits until that is answered; what others say meanwhile does not."""
    network = Network(journal=(journal := SlowReader()))
    alice, bob = arrived(way, network, "alice", "bob")
    bob.says("one")
    alice.hears()
    alice.wire.sends(b"".join(map(alice.typed, ["/history", "/ping", "/search one", "/ping"])))
    bob.hears()
    bob.says("two")
    assert alice.hears() == ["<bob> two"]
    journal.answers()
    day, *said = alice.hears()
    assert day.startswith("-- On ")
    assert said == ["-- <bob> one", "-- pong"]
    journal.answers()
    assert alice.hears()[1:] == ["-- #lobby <bob> one", "-- pong"]


@pytest.mark.parametrize("way", [TextTalker, JsonTalker])
def test_who_ends_the_input_still_gets_the_answer(way: Any) -> None:
    """As `nc -N` does."""
    network = Network(journal=(journal := SlowReader()))
    (alice,) = arrived(way, network, "alice")
    alice.says("one")
    alice.hears()
    alice.wire.types(alice.typed("/history"))
    alice.wire.hangs_up()
    assert alice.hears() == []
    journal.answers()
    assert alice.hears()[1:] == ["-- <alice> one"]
    assert alice.wire.ended


@pytest.mark.parametrize("way", [TextTalker, JsonTalker])
def test_who_falls_behind_while_asking_gets_the_answer(way: Any) -> None:
    """When everything else has been read."""
    network = Network(Limits(rate=0, per_address=0, sendq=1_000), journal=(journal := SlowReader()))
    alice, bob = arrived(way, network, "alice", "bob")
    bob.says("one")
    alice.hears()
    alice.says("/history")
    alice.wire.stalls()
    for number in range(20):
        bob.says(f"{number} {'x' * 200}")
        bob.hears()
    assert alice.session.behind is not None
    journal.answers()
    alice.wire.reads()
    heard = alice.hears()
    assert [line.split(" ")[1] for line in heard if line.startswith("<bob>")] == [f"{number}" for number in range(20)]
    assert heard.count("-- <bob> one") == 1
    alice.says("/ping")
    assert alice.hears() == ["-- pong"]
