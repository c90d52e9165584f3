"""Every event and reply survives its own codec."""

from __future__ import annotations

from enum import Enum
from types import NoneType, UnionType
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.events import AnyEvent, Event, RoomEvent, Said
from lanchat.core.replies import AnyReply, Reply

ANYTHING = AnyEvent | AnyReply


def of_type(kind: type) -> st.SearchStrategy:
    """Build a strategy for any value of a type of the wire."""
    if kind is str:
        return st.text()
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(-(2**63), 2**63 - 1)
    if kind is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind is NoneType:
        return st.none()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if isinstance(kind, UnionType):
        return st.one_of([of_type(each) for each in get_args(kind)])
    if getattr(kind, "__origin__", None) is list:
        return st.lists(of_type(get_args(kind)[0]), max_size=4)
    if getattr(kind, "__origin__", None) is dict:
        return st.dictionaries(*(of_type(each) for each in get_args(kind)), max_size=4)
    fields = msgspec.structs.fields(kind)
    return st.builds(kind, **{field.name: of_type(field.type) for field in fields})


@pytest.mark.parametrize("kind", get_args(ANYTHING), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_codec_round_trips(kind: type, data: st.DataObject) -> None:
    """Encoded and decoded, an event or reply is the same, and one line of JSON."""
    value = data.draw(of_type(kind))
    encoded = msgspec.json.encode(value)
    assert msgspec.json.decode(encoded, type=ANYTHING) == value
    assert b"\n" not in encoded
    assert msgspec.json.decode(encoded)["event"] == kind.__struct_config__.tag


def test_all_kinds_are_listed() -> None:
    """`AnyEvent` and `AnyReply` miss none, and all are told apart on the wire."""

    def leaves(kind: type) -> set[type]:
        return {leaf for each in kind.__subclasses__() for leaf in leaves(each)} or {kind}

    assert set(get_args(AnyEvent)) == leaves(Event)
    assert set(get_args(AnyReply)) == leaves(Reply)
    tags = [kind.__struct_config__.tag for kind in get_args(ANYTHING)]
    assert len(tags) == len(set(tags))


def test_events_never_change() -> None:
    """A fact is a fact."""
    said = Said(time="", room="#lobby", nick="bob", text="hi")
    with pytest.raises(AttributeError):
        said.text = "ho"  # type: ignore[misc]
    assert isinstance(said, RoomEvent)
    assert hash(said) == hash(Said(time="", room="#lobby", nick="bob", text="hi"))
