from __future__ import annotations

from twisted.internet.task import Clock

from lanchat.client.timers import Timers


def test_one_of_a_name_at_a_time() -> None:
    clock, done = Clock(), []
    timers = Timers(clock)
    timers.later("a", 1, lambda: done.append("first"))
    timers.later("a", 2, lambda: done.append("second"))
    timers.later("b", 3, lambda: done.append("other"))
    clock.advance(2)
    assert done == ["second"]
    timers.later("a", 1, lambda: done.append("third"))
    timers.cancel("a")
    timers.cancel("nothing")
    timers.cancel_all()
    clock.advance(9)
    assert done == ["second"]
    assert clock.getDelayedCalls() == []
