"""The conversations of tests/everydoor_people.py, through each door and through several at once."""

from __future__ import annotations

from tests.everydoor_people import EveryPerson
from tests.irc_talker import IrcTalker, SecureIrcTalker
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, Talker, TextTalker
from tests.web_talker import SecureWebTalker, WebTalker


class TestText(EveryPerson):
    ways = (TextTalker,)


class TestTextInsideTls(EveryPerson):
    ways = (SecureTextTalker,)


class TestJson(EveryPerson):
    ways = (JsonTalker,)


class TestJsonInsideTls(EveryPerson):
    ways = (SecureJsonTalker,)


class TestWeb(EveryPerson):
    ways = (WebTalker,)


class TestWebInsideTls(EveryPerson):
    ways = (SecureWebTalker,)


class TestMixed(EveryPerson):
    ways = (TextTalker, JsonTalker, WebTalker, SecureTextTalker, SecureJsonTalker)


class TestMixedTheOtherWayRound(EveryPerson):
    ways = (SecureJsonTalker, SecureTextTalker, SecureWebTalker, JsonTalker, TextTalker)


class WithIrc(EveryPerson):
    """Conversations with IRC clients among those who talk; where IRC has a way of its own, it is shown."""

    def helped(self, person: Talker) -> set[str]:
        """HELP says it in numerics, of its own commands and of those of all doors."""
        if not isinstance(person, IrcTalker):
            return super().helped(person)
        person.hears()
        person.wire.sends(b"HELP\r\n")
        listed = [
            line.partition(" * :")[2] for line in person.wire.receives().decode().split("\r\n") if " 705 " in line
        ]
        return {f"/{line.partition(':')[0].partition(' ')[0].lower()}" for line in listed}

    def deletes_in_private(self, person: Talker, other: str, number: int) -> None:
        """REDACT wants to know where it was said: a client knows in which of its windows it shows it."""
        if isinstance(person, IrcTalker):
            person.wire.sends(f"REDACT {other} {number}\r\n".encode())
        else:
            super().deletes_in_private(person, other, number)

    def test_help_shows_what_one_may_use(self) -> None:
        """Which commands there are is told otherwise at the other doors."""
        self.ways = (IrcTalker,)  # type: ignore[misc]
        super().test_help_shows_what_one_may_use()


class TestIrc(WithIrc):
    ways = (IrcTalker,)


class TestIrcInsideTls(WithIrc):
    ways = (SecureIrcTalker,)


class TestIrcMixed(WithIrc):
    ways = (IrcTalker, TextTalker, WebTalker, SecureIrcTalker)


class TestIrcMixedTheOtherWayRound(WithIrc):
    ways = (TextTalker, IrcTalker, SecureJsonTalker, IrcTalker)
