"""The conversations of tests/everydoor.py, through each door and through several at once."""

from __future__ import annotations

from tests.everydoor import EveryDoor
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, TextTalker


class TestText(EveryDoor):
    ways = (TextTalker,)


class TestTextInsideTls(EveryDoor):
    ways = (SecureTextTalker,)


class TestJson(EveryDoor):
    ways = (JsonTalker,)


class TestJsonInsideTls(EveryDoor):
    ways = (SecureJsonTalker,)


class TestMixed(EveryDoor):
    ways = (TextTalker, JsonTalker, SecureTextTalker, SecureJsonTalker)


class TestMixedTheOtherWayRound(EveryDoor):
    ways = (SecureJsonTalker, SecureTextTalker, JsonTalker, TextTalker)
