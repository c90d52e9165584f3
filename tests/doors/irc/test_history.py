"""CHATHISTORY (ircv3.net/specs/extensions/chathistory), with draft/event-playback."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat.core.errors import Refused
from lanchat.doors.irc.isupport import tokens
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.readers import CAPS, Reader
from tests.journals import LongJournal
from tests.network import Network

PLAYBACK = f"{CAPS} draft/event-playback"
SERVER = ":room-1.lan"


@pytest.fixture
def reader() -> Reader:
    """Give somebody who may ask."""
    return Reader()


def test_latest(reader: Reader) -> None:
    """ircv3.net, chathistory, "LATEST": the most recent messages, the oldest first, in a batch."""
    bob = f"bob!{host_of(reader.network, 'bob')}"
    assert reader.asks("LATEST #DEV * 2") == [
        f"{SERVER} BATCH +1 chathistory #dev",
        f"@batch=1;time={reader.times[7]};msgid=7 :{bob} PRIVMSG #dev :m7",
        f"@batch=1;time={reader.times[8]};msgid=8 :{bob} PRIVMSG #dev :m8",
        f"{SERVER} BATCH -1",
    ]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("LATEST #dev * 99", [3, 4, 5, 6, 7, 8]),
        ("latest #dev * 99", [3, 4, 5, 6, 7, 8]),
        ("LATEST #dev {5} 99", [6, 7, 8]),
        ("LATEST #dev {5} 2", [7, 8]),
        ("LATEST #dev {8} 2", []),
        ("BEFORE #dev {6} 99", [3, 4, 5]),
        ("BEFORE #dev {6} 2", [4, 5]),
        ("BEFORE #dev {3} 2", []),
        ("AFTER #dev {5} 99", [6, 7, 8]),
        ("AFTER #dev {5} 2", [6, 7]),
        ("AFTER #dev {8} 2", []),
        ("AROUND #dev {6} 1", [6]),
        ("AROUND #dev {6} 2", [5, 6]),
        ("AROUND #dev {6} 3", [5, 6, 7]),
        ("AROUND #dev {6} 4", [4, 5, 6, 7]),
        ("AROUND #dev {3} 4", [3, 4, 5, 6]),
        ("AROUND #dev {8} 4", [6, 7, 8]),
        ("BETWEEN #dev {3} {8} 99", [4, 5, 6, 7]),
        ("BETWEEN #dev {8} {3} 99", [4, 5, 6, 7]),
        ("BETWEEN #dev {3} {8} 2", [4, 5]),
        ("BETWEEN #dev {8} {3} 2", [6, 7]),
        ("BETWEEN #dev {5} {6} 2", []),
        ("BETWEEN #dev {6} {5} 2", []),
        ("BETWEEN #dev {5} {5} 2", []),
    ],
)
@pytest.mark.parametrize("kind", ["msgid", "timestamp"])
def test_selectors(reader: Reader, line: str, numbers: list[int], kind: str) -> None:
    """ircv3.net, chathistory, "Subcommands": a message, or the moment at which it was said; neither is included."""
    places = {
        number: f"msgid={number}" if kind == "msgid" else f"timestamp={reader.times[number]}" for number in range(3, 9)
    }
    assert reader.numbers(_filled(line, places)) == numbers


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("BETWEEN #dev msgid=4 {8} 2", [5, 6]),
        ("BETWEEN #dev {8} msgid=4 2", [6, 7]),
        ("BETWEEN #dev {4} msgid=8 2", [5, 6]),
        ("BETWEEN #dev msgid=8 {4} 2", [6, 7]),
        ("BETWEEN #dev msgid=4 {4} 2", []),
    ],
)
def test_between_a_message_and_a_moment(reader: Reader, line: str, numbers: list[int]) -> None:
    """ircv3.net, chathistory, "BETWEEN": forwards or backwards in time, from the first one on."""
    places = {number: f"timestamp={stamp}" for number, stamp in reader.times.items()}
    assert reader.numbers(_filled(line, places)) == numbers


def test_places_where_nothing_was_said_here(reader: Reader) -> None:
    """What happened elsewhere, or is no message, has its place in the order too; so has any moment."""
    assert reader.numbers("AFTER #dev msgid=1 2") == [3, 4]
    assert reader.numbers("BEFORE #dev msgid=10 2") == [7, 8]
    assert reader.numbers("AFTER #dev timestamp=0001-01-01T00:00:00.000Z 2") == [3, 4]
    assert reader.numbers("BEFORE #dev timestamp=9999-12-31T23:59:59Z 2") == [7, 8]
    assert reader.numbers("AROUND #dev timestamp=2026-11-21T00:00:00.5Z 2") == [3, 4]


def test_lines_of_one_message(reader: Reader) -> None:
    """A long message is given whole, in as many lines as it had; the msgid of each line means all of it."""
    network = reader.network
    dora = Irc(network, "dora", CAPS)
    dora.says("JOIN #dev")
    text = " ".join(["word"] * 200)
    network.hub.say(next(iter(network.hub.people.find("bob").sessions)), network.hub.rooms["#dev"], text)
    number = network.journal.last
    heard = [message for message in dora.reads() if message.command == "PRIVMSG"]
    assert [message.tags["msgid"] for message in heard] == [f"{number}", f"{number}.2", f"{number}.3"]
    reader.irc.hears()
    reader.irc.says("CHATHISTORY LATEST #dev * 1")
    replayed = reader.irc.reads()[1:-1]
    assert [message.params for message in replayed] == [message.params for message in heard]
    assert [message.tags["msgid"] for message in replayed] == [message.tags["msgid"] for message in heard]
    assert " ".join([message.params[1] for message in replayed]) == text
    assert reader.numbers(f"BEFORE #dev msgid={number}.2 1") == [8]
    assert reader.numbers(f"AFTER #dev msgid={number}.3 1") == []


def test_everything_of_a_room_is_played_back() -> None:
    """ircv3.net, draft/event-playback: who came and went and what changed, as it was heard then."""
    network = Network()
    bob, carol = Irc(network, "bob"), Irc(network, "carol")
    carol.says("AWAY :out")
    for line in ("JOIN #dev", "TOPIC #dev :old words", "MODE #dev +v bob", "NOTICE #dev :psst"):
        bob.says(line)
    carol.says("JOIN #dev", "PRIVMSG #dev :\x01ACTION waves\x01")
    bob.says("KICK #dev carol :out now", "NICK bobby", "PART #dev :bye now")
    alice = Irc(network, "alice", f"{PLAYBACK} extended-join away-notify")
    alice.says("JOIN #dev")
    alice.hears()
    alice.says("CHATHISTORY LATEST #dev * 20")
    found = [[message.command, *message.params] for message in alice.reads()[1:-1]]
    assert found == [
        ["JOIN", "#dev", "*", "bob"],
        ["TOPIC", "#dev", "old words"],
        ["MODE", "#dev", "+v", "bob"],
        ["NOTICE", "#dev", "psst"],
        ["JOIN", "#dev", "*", "Carol"],
        ["PRIVMSG", "#dev", "\x01ACTION waves\x01"],
        ["KICK", "#dev", "carol", "out now"],
        ["PART", "#dev", "bye now"],
        ["JOIN", "#dev", "*", "Alice"],
    ]
    alice.says("CAP REQ :-draft/event-playback")
    alice.hears()
    alice.says("CHATHISTORY LATEST #dev * 20")
    assert [message.command for message in alice.reads()] == ["BATCH", "NOTICE", "PRIVMSG", "BATCH"]


def test_who_is_ignored_is_left_out() -> None:
    """Nothing is shown of those whom one ignores, and as many messages of others as were asked for."""
    reader = Reader()
    carol = Irc(reader.network, "carol")
    carol.says("JOIN #dev", *[f"PRIVMSG #dev :c{number}" for number in range(5)])
    reader.irc.says("IGNORE carol")
    assert reader.numbers("LATEST #dev * 2") == [7, 8]


def test_private_messages_are_not_kept(reader: Reader) -> None:
    """ircv3.net, chathistory: a nick has an empty batch, and so have all private messages (``*``)."""
    reader.irc.says("PRIVMSG bob hi")
    assert reader.asks("LATEST bob * 50") == [f"{SERVER} BATCH +1 chathistory bob", f"{SERVER} BATCH -1"]
    assert reader.asks("BEFORE * msgid=3 50") == [f"{SERVER} BATCH +2 chathistory *", f"{SERVER} BATCH -2"]


def test_without_batches() -> None:
    """ircv3.net, chathistory: who knows no batches gets the lines alone, with what they know of tags."""
    reader = Reader("draft/chathistory server-time")
    bob = f"bob!{host_of(reader.network, 'bob')}"
    assert reader.asks("LATEST #dev * 1") == [f"@time={reader.times[8]} :{bob} PRIVMSG #dev :m8"]
    assert reader.asks("LATEST bob * 1") == []
    assert reader.asks("TARGETS timestamp=2026-01-01T00:00:00Z timestamp=2027-01-01T00:00:00Z 9") == [
        f"{SERVER} CHATHISTORY TARGETS #dev {reader.times[8]}"
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "",
            "NEED_MORE_PARAMS * :Missing parameters: say for example CHATHISTORY LATEST #room * 50",
        ),
        (
            "between #dev msgid=3 50",
            "NEED_MORE_PARAMS BETWEEN :Missing parameters: say for example "
            "CHATHISTORY BETWEEN #room msgid=1043 msgid=1099 50",
        ),
        (
            "EVERYTHING #dev * 50",
            "UNKNOWN_COMMAND EVERYTHING :That is no CHATHISTORY command: "
            "BEFORE, AFTER, LATEST, AROUND, BETWEEN, TARGETS are",
        ),
        (
            "LATEST #nowhere * 50",
            "INVALID_TARGET LATEST #nowhere :There is no room #nowhere. /list lists them, /join makes one.",
        ),
        (
            "LATEST #other * 50",
            "INVALID_TARGET LATEST #other :You are not in #other. /join #other goes there.",
        ),
        ("LATEST #dev * 0", "INVALID_PARAMS LATEST 0 :Say how many messages: a number from 1 to 200"),
        ("LATEST #dev * -5", "INVALID_PARAMS LATEST -5 :Say how many messages: a number from 1 to 200"),
        ("LATEST #dev * many", "INVALID_PARAMS LATEST many :Say how many messages: a number from 1 to 200"),
        ("LATEST #dev * ٣", "INVALID_PARAMS LATEST ٣ :Say how many messages: a number from 1 to 200"),
        ("LATEST #dev * :", "INVALID_PARAMS LATEST * :Say how many messages: a number from 1 to 200"),
        (
            "BEFORE #dev * 50",
            "INVALID_PARAMS BEFORE * :Say from where: msgid=1043 or timestamp=2026-11-21T21:04:05.123Z",
        ),
        (
            "BEFORE #dev 1043 50",
            "INVALID_PARAMS BEFORE 1043 :Say from where: msgid=1043 or timestamp=2026-11-21T21:04:05.123Z",
        ),
        (
            "BEFORE #dev seq=3 50",
            "INVALID_MSGREFTYPE BEFORE #dev seq=3 :Say from where: msgid=1043 or timestamp=2026-11-21T21:04:05.123Z",
        ),
        (
            "TARGETS msgid=3 timestamp=2026-11-21T21:04:05.123Z 50",
            "INVALID_MSGREFTYPE TARGETS msgid=3 :Say from where: msgid=1043 or timestamp=2026-11-21T21:04:05.123Z",
        ),
        ("BEFORE #dev msgid=99 50", "MESSAGE_ERROR BEFORE #dev msgid=99 :There is no such message: name a timestamp"),
        ("BEFORE #dev msgid=0 50", "MESSAGE_ERROR BEFORE #dev msgid=0 :There is no such message: name a timestamp"),
        ("BEFORE #dev msgid=abc 9", "MESSAGE_ERROR BEFORE #dev msgid=abc :There is no such message: name a timestamp"),
        ("BEFORE #dev msgid= 50", "MESSAGE_ERROR BEFORE #dev msgid= :There is no such message: name a timestamp"),
    ],
)
def test_errors(reader: Reader, line: str, answer: str) -> None:
    """ircv3.net, chathistory, "Errors and Warnings": standard replies, whoever asks."""
    Irc(reader.network, "zoe").says("JOIN #other")
    assert reader.asks(line) == [f"{SERVER} FAIL CHATHISTORY {answer}"]


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2026-11-21", "2026-11-21T21:04:05.123", "2026-13-21T21:04:05.123Z", "9999-12-31T23:59:59.999Z"],
)
def test_bad_moments(reader: Reader, written: str) -> None:
    """ircv3.net, chathistory: a moment is written as server-time writes it."""
    assert reader.asks(f"BEFORE #dev timestamp={written} 50") == [
        f"{SERVER} FAIL CHATHISTORY INVALID_PARAMS BEFORE timestamp={written} "
        ":That is no moment: write it as timestamp=2026-11-21T21:04:05.123Z"
    ]


def test_as_much_as_one_answer_has() -> None:
    """ircv3.net, chathistory: who asks for more than CHATHISTORY says is given that much."""
    reader = Reader(said=250)
    assert reader.numbers("LATEST #dev * 201") == list(range(53, 253))
    assert reader.numbers("AFTER #dev msgid=3 99999999999") == list(range(4, 204))
    assert reader.numbers("LATEST #dev * 0002") == [251, 252]
    assert "CHATHISTORY=200" in tokens(reader.network.hub)


# -- TARGETS -------------------------------------------------------------------------------------------------


def test_targets() -> None:
    """ircv3.net, chathistory, "TARGETS": the rooms where anything was said, and when it was last."""
    reader = Reader()
    zoe = Irc(reader.network, "zoe")
    times = []
    for room in ("#c", "#b", "#a", "#hidden"):
        reader.network.reactor.wait(1)
        times.append(reader.network.hub.stamp())
        zoe.says(f"JOIN {room}", f"PRIVMSG {room} hi")
    reader.irc.says("JOIN #a,#b,#c,#silent", "PRIVMSG bob hi")
    c, b, a, last = times

    def asks(first: str, second: str, most: int = 50) -> list[str]:
        opened, *found, closed = reader.asks(f"TARGETS timestamp={first} timestamp={second} {most}")
        batch = opened.split(" ")[2]
        assert opened == f"{SERVER} BATCH {batch} draft/chathistory-targets"
        assert closed == f"{SERVER} BATCH {batch.replace('+', '-')}"
        return [each.removeprefix(f"@batch={batch[1:]} {SERVER} CHATHISTORY TARGETS ") for each in found]

    early, late = "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"
    everything = [f"#dev {reader.times[8]}", f"#c {c}", f"#b {b}", f"#a {a}"]
    assert asks(early, late) == asks(late, early) == everything
    assert asks(early, late, 2) == everything[:2]
    assert asks(late, early, 2) == everything[2:]
    assert asks(c, last) == everything[2:]
    assert asks(a, c) == [everything[2]]
    assert asks(early, early) == []


# -- answers that take time ----------------------------------------------------------------------------------


@pytest.fixture
def slow() -> tuple[Reader, LongJournal]:
    """Give somebody who may ask, and a journal that answers when it is let."""
    journal = LongJournal()
    return Reader(f"{CAPS} labeled-response", Network(journal=journal)), journal


def test_nothing_more_is_heard_until_the_answer_comes(slow: tuple[Reader, LongJournal]) -> None:
    """Answers come in the order of the questions."""
    reader, journal = slow
    assert reader.irc.asks("CHATHISTORY AROUND #dev msgid=6 2", "PING 7") == []
    journal.reads()
    assert reader.irc.hears() == []
    journal.reads()
    assert [line.split(" :")[-1] for line in reader.irc.hears()] == [
        f"{SERVER} BATCH +1 chathistory #dev",
        "m5",
        "m6",
        f"{SERVER} BATCH -1",
        f"{SERVER} PONG room-1.lan 7",
    ]


def test_a_late_answer_has_its_label(slow: tuple[Reader, LongJournal]) -> None:
    """ircv3.net, labeled-response: the beginning of the batch has it."""
    reader, journal = slow
    assert reader.irc.asks("@label=x1 CHATHISTORY LATEST #dev * 1", "@label=x2 CHATHISTORY LATEST #dev * 1") == []
    journal.reads()
    first = reader.irc.hears()
    assert first[0] == f"@label=x1 {SERVER} BATCH +1 chathistory #dev"
    assert (len(first), first[-1]) == (3, f"{SERVER} BATCH -1")
    journal.reads(Refused("too-slow", "That took too long."))
    assert reader.irc.hears() == [
        f"@label=x2 {SERVER} FAIL CHATHISTORY MESSAGE_ERROR LATEST #dev :That took too long."
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("LATEST #dev x=1 5", "FAIL CHATHISTORY INVALID_MSGREFTYPE LATEST #dev x=1"),
        ("LATEST #no * 5", "FAIL CHATHISTORY INVALID_TARGET LATEST #no"),
        ("LATEST bob * 5", "BATCH +1 chathistory bob"),
    ],
)
def test_answers_at_once_have_their_label(slow: tuple[Reader, LongJournal], line: str, answer: str) -> None:
    """ircv3.net, labeled-response: errors and empty batches too."""
    reader, _ = slow
    heard = reader.irc.asks(f"@label=x CHATHISTORY {line}")[0]
    assert heard.startswith(f"@label=x {SERVER} {answer}")


def test_who_has_left_is_told_nothing(slow: tuple[Reader, LongJournal]) -> None:
    """The answer comes too late for who is gone."""
    reader, journal = slow
    assert reader.asks("LATEST #dev * 1") == []
    reader.network.hub.leave(next(iter(reader.network.hub.people.find("alice").sessions)))
    journal.reads()
    assert reader.irc.hears() == []


# -- what must hold for every history ------------------------------------------------------------------------

HAPPENINGS = st.lists(st.sampled_from(["say", "elsewhere", "topic", "wait", "ignored"]), max_size=40)


def _random(happenings: list[str], caps: str) -> tuple[Reader, list[int]]:
    """Let a history happen; give who may ask for it, and the numbers of what they are to find."""
    reader = Reader(caps)
    carol = Irc(reader.network, "carol")
    carol.says("JOIN #dev")
    reader.irc.says("IGNORE carol")
    for happening in happenings:
        match happening:
            case "say":
                reader.bob.says("PRIVMSG #dev hi")
            case "elsewhere":
                reader.bob.says("PRIVMSG #lobby hi")
            case "topic":
                reader.bob.says("TOPIC #dev :words")
            case "ignored":
                carol.says("PRIVMSG #dev hi")
            case _:
                reader.network.reactor.wait(0.5)
    kinds = {"Said", "Topic", "Joined"} if "playback" in caps else {"Said"}
    wanted = [
        event.id
        for event in reader.network.journal.kept
        if event.room == "#dev" and event.nick != "carol" and type(event).__name__ in kinds
    ]
    return reader, wanted


@settings(max_examples=25, deadline=None)
@given(HAPPENINGS, st.integers(1, 7), st.sampled_from([CAPS, PLAYBACK]))
def test_pages_give_everything_once(happenings: list[str], size: int, caps: str) -> None:
    """Going back by BEFORE, or on by AFTER, from message to message finds everything, and nothing twice."""
    reader, wanted = _random(happenings, caps)
    found = reader.numbers(f"LATEST #dev * {size}")
    while page := reader.numbers(f"BEFORE #dev msgid={found[0]} {size}"):
        found = page + found
    assert found == wanted
    found = reader.numbers(f"AFTER #dev timestamp=2026-01-01T00:00:00.000Z {size}")
    while page := reader.numbers(f"AFTER #dev msgid={found[-1]} {size}"):
        found += page
    assert found == wanted


@settings(max_examples=25, deadline=None)
@given(HAPPENINGS, st.data())
def test_between_finds_the_same_both_ways(happenings: list[str], data: Any) -> None:
    """From either end it is the same, and a limit counts from the first."""
    reader, wanted = _random(happenings, PLAYBACK)
    low, high = sorted(data.draw(st.lists(st.sampled_from(wanted), min_size=2, max_size=2)))
    inside = [number for number in wanted if low < number < high]
    assert reader.numbers(f"BETWEEN #dev msgid={low} msgid={high} 99") == inside
    assert reader.numbers(f"BETWEEN #dev msgid={high} msgid={low} 99") == inside
    assert reader.numbers(f"BETWEEN #dev msgid={low} msgid={high} 3") == inside[:3]
    assert reader.numbers(f"BETWEEN #dev msgid={high} msgid={low} 3") == inside[-3:]


def _filled(line: str, places: dict[int, str]) -> str:
    for number, place in places.items():
        line = line.replace(f"{{{number}}}", place)
    return line
