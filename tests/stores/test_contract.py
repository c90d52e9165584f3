"""What every journal promises, the one in memory and the one on disk."""

from __future__ import annotations

import pytest

from lanchat.core.events import Said
from lanchat.core.modes import Change, Mode
from lanchat.core.names import fold
from tests.stores.hands import BEGAN, Chat, Disks, in_memory


@pytest.fixture(params=["memory", "turns", "filed"])
def chat(request: pytest.FixtureRequest, disks: Disks) -> Chat:
    """A chat in memory; one on disk, where nothing is filed before it is looked for; one where everything is."""
    if request.param == "memory":
        return in_memory()
    chat = disks.open()
    if request.param == "filed":
        ask = chat.ask

        def filed(*rooms: str, **wanted: object) -> list[object]:
            chat.commit()
            chat.file()
            return ask(*rooms, **wanted)  # type: ignore[arg-type, return-value]

        chat.ask = filed  # type: ignore[method-assign, assignment]
    return chat


def test_numbers_rise_by_one(chat: Chat) -> None:
    """Whatever the event, and before it happens."""
    seen: list[int] = []
    for event in (Said(time="", room="#a", nick="bob", text="x"), Said(time="", room="#b", nick="bob", text="y")):
        chat.journal.submit(event, lambda event: seen.append(event.id), None)
    chat.tell()
    assert seen == [1, 2]
    assert chat.journal.last == 3


def test_commits_end_in_their_order(chat: Chat) -> None:
    """Each calls back, once."""
    order: list[int] = []
    for number in range(3):
        chat.say()
        chat.journal.commit(lambda number=number: order.append(number))  # type: ignore[misc]
    chat.hands.settle()
    assert order == [0, 1, 2]


def test_a_turn_without_events_is_committed(chat: Chat) -> None:
    """At once: there is nothing to wait for."""
    assert chat.commit() == [True]


def test_events_of_rooms_are_found(chat: Chat) -> None:
    """In the order of their numbers, and only those of the rooms that were named, whatever their case."""
    one, two, three = chat.say(room="#dev"), chat.join(room="#Dev"), chat.say(room="#lobby")
    chat.commit()
    assert chat.find("#DEV") == [one.id, two.id]
    assert chat.find("#dev", "#lobby") == [one.id, two.id, three.id]
    assert chat.find("#nowhere") == []


def test_events_are_found_as_they_were(chat: Chat) -> None:
    """Whole, and of their kind."""
    events = [
        chat.join(),
        chat.topic("Grüße"),
        chat.act("waves \N{WAVING HAND SIGN}"),
        chat.say('"quoted" \\ back'),
        chat.part(),
        chat.kick("ann", reason="spam"),
        chat.change(Change(Mode.BAN, value="ann!*@*"), Change(Mode.OP, on=False, value="bob")),
        chat.notice("built", {"draft/reply": "7", "typing": ""}),
        chat.notice("built", None),
    ]
    chat.commit()
    assert list(chat.found().events) == events


def test_words_of_guests_are_never_found(chat: Chat) -> None:
    """They have a number and are kept nowhere."""
    chat.tell("secret")
    chat.commit()
    chat.say("public")
    assert chat.find() == [2]
    assert chat.find(phrases=("secret",)) == []
    assert chat.find("@alice@bob") == []


def test_what_accounts_tell_each_other_is_found_where_it_was_told(chat: Chat) -> None:
    """Whoever told it, in whatever case they are written: the two have one place, and it is no room."""
    one = chat.confide("the blue key")
    two = chat.confide("which key", nick="Alice", to="BOB")
    chat.confide("another key", nick="carol", to="bob")
    chat.say("the key of the room")
    assert list(chat.found("@alice@bob").events) == [one, two]
    assert chat.find("@alice@bob", "#lobby", phrases=("key",)) == [1, 2, 4]
    assert chat.find("@alice@bob", spoken=True, nick="alice") == [2]
    assert chat.find("@alice@bob", "@bob@carol", to="bob") == [2, 3]
    assert chat.find("@alice@bob", "#lobby", to="bob", newest=True, most=1) == [2]
    assert chat.find("@alice@bob", names="bob") == []
    assert [event.id for event in chat.journal.since(0, 9, {"@alice@bob"}, 9)] == [1, 2]


def test_what_was_deleted_is_nowhere(chat: Chat) -> None:
    """Not in memory, not by its words, not by its number; that it was deleted is there, and all the rest."""
    said, told, other = chat.say("a red zebra"), chat.confide("a blue zebra"), chat.say("a green zebra")
    chat.turn("later")
    first, second = chat.delete(said), chat.delete(told)
    assert chat.find("#lobby", "@alice@bob", phrases=("zebra",)) == [other.id]
    chat.wait(10)
    answers = first + second
    for room, gone in (("#lobby", said), ("@alice@bob", told)):
        assert chat.find(room, after=gone.id - 1, until=gone.id) == []
        assert gone not in chat.journal.since(0, chat.journal.last, {room}, 99)
        assert [getattr(event, "of", 0) for event in chat.found(room).events][-1] == gone.id
    assert chat.find("#lobby", "@alice@bob", phrases=("zebra",)) == [other.id]
    assert answers == [None, None]
    again = chat.delete(said)
    chat.wait(10)
    assert again == [None]


def test_one_event_is_found_by_its_number(chat: Chat) -> None:
    """For who wants to know what is to be deleted, and who said it."""
    chat.say("one")
    two = chat.say("two", room="#dev")
    chat.say("three")
    assert list(chat.found("#lobby", "#dev", after=two.id - 1, until=two.id, most=1).events) == [two]
    assert chat.find("#lobby", after=two.id - 1, until=two.id, most=1) == []


def test_what_an_account_was_told_goes_with_it(chat: Chat) -> None:
    """In all of its places, and what is told there later stays."""
    for text in ("one", "two"):
        chat.confide(text)
        chat.confide(text, nick="carol")
        chat.confide(text, nick="carol", to="dave")
    answers = chat.forget("@alice@bob", "@alice@carol")
    chat.wait(10)
    new = chat.confide("three")
    chat.wait(10)
    assert answers == [None]
    assert chat.forget() == [None]
    assert chat.find("@alice@bob", "@alice@carol") == [new.id]
    assert chat.find("@alice@bob", "@alice@carol", "@carol@dave", phrases=("two",)) == [6]
    assert list(chat.journal.since(0, 99, {"@alice@bob", "@alice@carol"}, 9)) == [new]


def test_the_newest_are_found_and_those_before(chat: Chat) -> None:
    """Page by page, and it is said whether there are more."""
    chat.turn(*"abcde")
    page = chat.found(newest=True, most=2)
    assert ([event.id for event in page.events], page.more) == ([4, 5], True)
    page = chat.found(newest=True, most=3, until=3)
    assert ([event.id for event in page.events], page.more) == ([1, 2, 3], False)


def test_the_oldest_are_found_and_those_after(chat: Chat) -> None:
    """The other way round."""
    chat.turn(*"abcde")
    page = chat.found(most=2, after=1)
    assert ([event.id for event in page.events], page.more) == ([2, 3], True)
    page = chat.found(most=3, after=2)
    assert ([event.id for event in page.events], page.more) == ([3, 4, 5], False)


def test_only_what_was_spoken(chat: Chat) -> None:
    """Nobody reads back who came and went."""
    chat.join()
    chat.say()
    chat.act("waves")
    chat.topic("x")
    chat.kick("ann")
    chat.change(Change(Mode.HIDDEN))
    chat.notice("psst", None)
    assert chat.find(spoken=True) == [2, 3, 7]


def test_pages_of_all_that_happened_between_two_moments(chat: Chat) -> None:
    """From either end, with who came and went and what was changed, and of each room by itself."""
    stamps, rooms = [], ("#lobby", "#dev")
    for room in rooms * 2:
        stamps.append(chat.stamp())
        chat.join(room=room)
        chat.say(room=room)
        chat.kick("ann", room=room)
        chat.change(Change(Mode.HIDDEN), room=room)
        chat.wait(60)
    within = {"earliest": stamps[1], "latest": stamps[3]}
    assert chat.find(*rooms, **within) == [5, 6, 7, 8, 9, 10, 11, 12]
    page = chat.found(*rooms, newest=True, most=3, **within)
    assert ([event.id for event in page.events], page.more) == ([10, 11, 12], True)
    page = chat.found(*rooms, most=3, after=6, **within)
    assert ([event.id for event in page.events], page.more) == ([7, 8, 9], True)
    newest = {room: chat.find(room, newest=True, most=1, spoken=True, **within) for room in (*rooms, "#none")}
    assert newest == {"#lobby": [10], "#dev": [6], "#none": []}


def test_what_somebody_said(chat: Chat) -> None:
    """By the folded nick."""
    chat.say(nick="Zoë")
    chat.say(nick="bob")
    chat.join(nick="zoë")
    assert chat.find(nick=fold("ZOË")) == [1, 3]
    assert chat.find(nick=fold("ZOË"), spoken=True) == [1]
    assert chat.find(without=frozenset({fold("ZOË")})) == [2]
    assert chat.find(without=frozenset({"bob"}), newest=True, most=1) == [3]


def test_words_and_phrases(chat: Chat) -> None:
    """All of them have to be there, in whatever case and accent; a star finds what begins so."""
    chat.say("The build is GREEN again")
    chat.act("paints the house green")
    chat.say("grünes Licht")
    chat.join(nick="green")
    assert chat.find(phrases=("green",)) == [1, 2]
    assert chat.find(phrases=("build is green",)) == [1]
    assert chat.find(phrases=("green", "build")) == [1]
    assert chat.find(phrases=("is build",)) == []
    assert chat.find(phrases=("gr*",)) == [1, 2, 3]
    assert chat.find(phrases=("grunes",)) == [3]


def test_who_is_named(chat: Chat) -> None:
    """By somebody else, as a word of its own."""
    chat.say("alice: look", nick="bob")
    chat.say("I am alice", nick="alice")
    chat.say("malice", nick="bob")
    assert chat.find(names="Alice") == [1]


def test_times(chat: Chat) -> None:
    """From one moment on, until before another."""
    stamps = []
    for _ in range(3):
        stamps.append(chat.stamp())
        chat.say()
        chat.wait(60)
    assert chat.find(earliest=stamps[1]) == [2, 3]
    assert chat.find(latest=stamps[1]) == [1]
    assert chat.find(earliest=stamps[1], latest=stamps[2]) == [2]
    assert stamps[0].startswith("2026-11-"), BEGAN


def test_everything_submitted_before_is_found(chat: Chat) -> None:
    """Nobody has to commit it first."""
    chat.say()
    answers = chat.ask()
    chat.hands.settle()
    (found,) = answers
    assert [event.id for event in found.events] == [1]  # type: ignore[union-attr]


def test_memory_has_the_newest(chat: Chat) -> None:
    """At once, without a look at the disk."""
    chat.say()
    chat.say(room="#dev")
    assert [event.id for event in chat.journal.since(0, 2, {"#dev"}, 9)] == [2]
    assert chat.journal.forgotten() == chat.journal.gone == 0
