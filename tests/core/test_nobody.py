"""What the server does by itself is nobody's doing."""

from __future__ import annotations

from lanchat.core.events import Quit
from lanchat.core.nobody import nobody
from lanchat.core.replies import Notice
from tests.fakes import Chat


def test_nobody_is_told_anything_and_nobody_sees_them() -> None:
    """Whatever it hears goes nowhere."""
    chat = Chat()
    session = nobody(chat.hub)
    session.tell(Notice(text="hello"))
    session.pipe.keep(b"x")
    session.put(session.dialect.mirror(Quit(time="", nick="")))
    session.close()
    chat.turn()
    assert session.nick == ""
    assert session.member.admin
    assert session.dialect.in_view is session.dialect.aside is session.dialect
    assert not chat.hub.people.members
