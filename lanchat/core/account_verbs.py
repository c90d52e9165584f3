"""The commands about accounts.  The docstring is the help."""

from __future__ import annotations

from collections.abc import Callable

from lanchat.core import certificates
from lanchat.core.commands import Rank, Table, Text, Word
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.proving import Password, own_account
from lanchat.core.replies import Notice, Refusal
from lanchat.core.session import Session

TABLE = Table()

command = TABLE.command


@command(example="/register correct horse battery", secret=True)
def register(hub: Hub, session: Session, password: Text) -> None:
    """Make your nick yours: from then on nobody else can have it."""
    hub.logins.register(hub, session, password, _answer(session, ""))


@command("identify", example="/login alice correct horse battery", secret=True)
def login(hub: Hub, session: Session, name: Word, password: Text) -> None:
    """Log in to your account, whatever you are called now."""
    hub.logins.login(hub, session, Password(name, password), _answer(session, ""))


@command(example="/logout", rank=Rank.ACCOUNT)
def logout(hub: Hub, session: Session, everywhere: Word = "") -> None:
    """Log out here, and leave; /logout all does it on all your devices."""
    if everywhere not in ("", "all"):
        raise Refused("bad-arguments", "Type it like this: /logout, or /logout all")
    hub.logins.logout(hub, session, everywhere=bool(everywhere))


@command(example='/passwd "correct horse" battery staple', rank=Rank.ACCOUNT, secret=True)
def passwd(hub: Hub, session: Session, old: Word, new: Text) -> None:
    """Give your account another password (old, new); your other devices have to log in again."""
    if old.startswith('"') and '" ' in new:  # typed, and the old one has blanks
        rest, _, new = new.partition('" ')
        old = f"{old[1:]} {rest}"
    done = "Your password is changed."
    if own_account(session).certificates:
        done += " Client certificates log you in as before: /cert lists them."
    hub.logins.change_password(hub, session, old, new, _answer(session, done))


@command("certificate", example="/cert add", rank=Rank.ACCOUNT)
def cert(hub: Hub, session: Session, what: Word = "", fingerprint: Text = "") -> None:
    """List the certificates that log you in; add the one of this connection, or remove one."""
    match what.lower(), fingerprint:
        case "", "":
            found = own_account(session).certificates
            text = "\n".join(found) or "No certificate logs you in. /cert add takes that of this connection."
        case "add", "":
            text = f"This certificate logs you in from now on: {certificates.add(hub, session)}"
        case "remove", fingerprint if fingerprint:
            text = f"This certificate does not log you in any more: {certificates.remove(hub, session, fingerprint)}"
        case _:
            raise Refused("bad-arguments", "Type it like this: /cert, /cert add, or /cert remove FINGERPRINT")
    session.tell(Notice(ref=session.ref, text=text))


def _answer(session: Session, done: str) -> Callable[[Refused | None], None]:
    """Give what tells a session how it went, when it is done."""
    ref = session.ref

    def then(refused: Refused | None) -> None:
        if refused is not None:
            session.answer(Refusal(ref=ref, code=refused.code, text=refused.text))
        elif done:
            session.answer(Notice(ref=ref, text=done))

    return then
