"""The commands about files."""

from __future__ import annotations

from lanchat.core.commands import Nick, RoomName, Table, Word
from lanchat.core.hub import Hub
from lanchat.core.replies import Notice
from lanchat.core.session import Session

TABLE = Table()

command = TABLE.command


@command("upload", example="/send #dev")
def send(hub: Hub, session: Session, room: RoomName = "", nick: Nick = "") -> None:
    """Get an address where a file goes that you want to send to a room, or to somebody in private."""
    hub.sharing.offer(session, hub.people.find(nick) if nick else hub.room_of(session, room))


@command(example="/files #dev")
def files(hub: Hub, session: Session, room: RoomName = "") -> None:
    """List what was sent to a room and is there still."""
    hub.sharing.show(session, hub.room_of(session, room))


@command(example="/unshare Zm9vYmFyYmF6cXV4cXV1eA")
def unshare(hub: Hub, session: Session, file: Word) -> None:
    """Take back a file that you sent, or as an op one of your room: its link, or what stands in it behind /files/."""
    gone = hub.sharing.remove(session, file)
    session.tell(Notice(ref=session.ref, text=f"{gone.name} is gone."))
