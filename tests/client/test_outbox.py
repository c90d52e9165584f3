from __future__ import annotations

from lanchat.client.outbox import Asked, Outbox

ONE, TWO = Asked({"op": "say", "text": "one"}, "one"), Asked({"op": "say", "text": "two"}, "two")
NAMES, THREE = Asked({"op": "names"}, "/names"), Asked({"op": "say", "text": "three"}, "three")


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
    assert not outbox.awaits("1")
    outbox.take()
    assert outbox.awaits("1")
    assert outbox.acknowledge("1") == ONE
    assert outbox.acknowledge("1") is None
    assert outbox.acknowledge("hello") is None
    assert len(outbox) == 0


def test_what_was_sent_goes_out_again_before_what_waits() -> None:
    outbox = Outbox(10)
    for asked in (ONE, NAMES, TWO):
        outbox.put(asked)
    outbox.take()
    outbox.put(THREE)
    assert outbox.again(known=True) == []
    assert [op["ref"] for op in outbox.take()] == ["1", "2", "3", "4"]
    assert outbox.take() == []


def test_where_a_message_might_be_said_twice_it_is_given_back() -> None:
    outbox = Outbox(10)
    for asked in (ONE, NAMES, TWO):
        outbox.put(asked)
    outbox.take()
    outbox.put(THREE)
    assert outbox.again(known=False) == [ONE, TWO]
    assert [op["ref"] for op in outbox.take()] == ["2", "4"]
    assert outbox.give_back() == [NAMES, THREE]
    assert outbox.give_back() == []


def test_words_of_ours_are_known_until_they_are_acknowledged() -> None:
    outbox = Outbox(10)
    outbox.put(Asked({"op": "say", "room": "#Dev", "text": "hi"}, "hi"))
    outbox.put(NAMES)
    assert not outbox.says("say", "#dev", "hi")
    outbox.take()
    assert outbox.says("say", "#dev", "hi")
    assert not outbox.says("me", "#dev", "hi")
    assert not outbox.says("say", "#lobby", "hi")
    assert not outbox.says("say", "#dev", "ho")
    outbox.acknowledge("1")
    assert not outbox.says("say", "#dev", "hi")


def test_there_is_an_end_to_it() -> None:
    outbox = Outbox(2)
    outbox.put(ONE)
    outbox.take()
    assert not outbox.full
    outbox.put(TWO)
    assert outbox.full


def test_a_command_with_a_password_is_given_back_and_not_sent_again() -> None:
    outbox = Outbox(10)
    login = Asked({"op": "login", "name": "ann", "password": "pw"}, "/login ann ", secret=True)
    for asked in (login, ONE):
        outbox.put(asked)
    outbox.take()
    assert outbox.again(known=True) == [login]
    assert outbox.take() == [{**ONE.op, "ref": "2"}]


def test_what_was_taken_away_and_what_is_answered_otherwise_is_settled() -> None:
    outbox = Outbox(10)
    told = Asked({"op": "msg", "nick": "Bob", "text": "one"}, "/msg Bob one")
    for asked in (told, NAMES, ONE):
        outbox.put(asked)
    outbox.take()
    assert outbox.says("msg", "bob", "one")
    outbox.forget("msg", "bob", "one")
    assert not outbox.says("msg", "bob", "one")
    outbox.settle("names")
    assert outbox.give_back() == [ONE]
