from __future__ import annotations

from lanchat.client.outbox import Asked, Outbox

ONE, TWO = Asked({"op": "say", "text": "one"}, "one"), Asked({"op": "say", "text": "two"}, "two")


def test_commands_go_out_once_and_in_order() -> None:
    outbox = Outbox(10)
    outbox.put(ONE)
    outbox.put(TWO)
    assert outbox.waiting == len(outbox) == 2
    assert outbox.take() == [{"op": "say", "text": "one", "ref": "1"}, {"op": "say", "text": "two", "ref": "2"}]
    assert outbox.take() == []
    assert (outbox.waiting, len(outbox)) == (0, 2)


def test_what_is_acknowledged_is_forgotten() -> None:
    outbox = Outbox(10)
    outbox.put(ONE)
    outbox.take()
    assert outbox.acknowledge("1")
    assert not outbox.acknowledge("1")
    assert not outbox.acknowledge("hello")
    assert len(outbox) == 0


def test_what_was_sent_is_given_back_and_what_waits_goes_on_waiting() -> None:
    outbox = Outbox(10)
    outbox.put(ONE)
    outbox.take()
    outbox.put(TWO)
    assert outbox.give_back() == [ONE]
    assert outbox.give_back() == []
    assert outbox.take() == [{"op": "say", "text": "two", "ref": "2"}]


def test_there_is_an_end_to_it() -> None:
    outbox = Outbox(2)
    outbox.put(ONE)
    outbox.take()
    assert not outbox.full
    outbox.put(TWO)
    assert outbox.full
