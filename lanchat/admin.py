"""``lanchat admin``: who has an account on a server, who is its admin, whom it keeps out.  It may run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from getpass import getpass
from pathlib import Path
from typing import ClassVar, TextIO

from twisted.python import usage

from lanchat.admin_hash import PasswordError, ask_password
from lanchat.core.clean import clean
from lanchat.core.modes import called
from lanchat.core.opaque import opaque, unfit
from lanchat.core.times import local_clock, local_day
from lanchat.options import data_home
from lanchat.passwords import PasswordHash
from lanchat.reaching import UnreachableError, ask
from lanchat.requests import Acts, Answer, Request, ShownAccount, ShownBan
from lanchat.usages import CommandOptions, options_first

ACTS: dict[Acts, tuple[str, str]] = {
    "list": ("", "all accounts, who is an admin, when they were made, and seen last"),
    "add": ("NICK", "make somebody an admin of the server; who has no account gets one"),
    "new": ("NICK", "make an account that is no admin's"),
    "remove": ("NICK", "let somebody be no admin any more"),
    "reset": ("NICK", "give an account another password, and log out all its devices; client certificates go too"),
    "delete": ("NICK", "remove an account, with its ranks and all that it was told in private"),
    "bans": ("", "who is banned from the server, and who is banned or muted in its rooms"),
    "unban": ("MASK", "lift a ban of the server; with --room '#dev' bans and mutes of that room"),
}
"""What can be done: what it wants to know, and what it does."""


class AdminOptions(CommandOptions):
    """The command line of ``lanchat admin``."""

    synopsis = "lanchat admin [--data DIR] " + " | ".join(
        [f"{act} {wanted}".rstrip() for act, (wanted, _) in ACTS.items()]
    )
    longdesc = (
        "Looks after the accounts and bans of a server, whether it runs or not. "
        + " ".join([f"{act}: {does}." for act, (_, does) in ACTS.items()])
        + " A new password is asked for; on a pipe it is the first line."
    )
    optParameters: ClassVar[list[list[str | None]]] = [
        ["data", None, None, "Folder of the server. [$XDG_DATA_HOME/lanchat]"],
        ["room", None, None, "The room in which a ban is lifted."],
    ]
    compData = usage.Completions(optActions={"data": usage.CompleteDirs()})

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Take options behind the names too, as people type them."""
        super().parseOptions(options_first(self, options or ()))

    def parseArgs(self, *words: str) -> None:
        """Want what is to be done, and to whom."""
        act = next((each for each in ACTS if each == words[0]), None) if words else None
        if act is None:
            *most, last = ACTS
            what = f"There is no lanchat admin {words[0]}" if words else "Say what is to be done"
            raise usage.UsageError(f"{what}: there are {', '.join(most)} and {last}. lanchat admin --help says more.")
        wanted, _ = ACTS[act]
        if len(words) != (2 if wanted else 1) or not all(words):
            raise usage.UsageError(f"Type it like this: lanchat admin {act} {wanted}".rstrip())
        self.request = Request(act, words[1] if wanted else "")

    def postOptions(self) -> None:
        """Know where."""
        if self["room"] and self.request.act != "unban":
            raise usage.UsageError("--room goes with unban: lanchat admin unban MASK --room '#dev'")
        self.request.room = self["room"] or ""
        self.directory = Path(self["data"]) if self["data"] else data_home()


def run(
    options: AdminOptions, source: TextIO, out: TextIO, errors: TextIO, ask_for: Callable[[str], str] = getpass
) -> int:
    """Do what is asked for, and give the exit status."""
    request = options.request
    try:
        if options["data"] == "none":
            raise UnreachableError("A server with --data none keeps no accounts: name the folder of one that does.")
        answer = ask(options.directory, request)
        if answer.code == "needs-password":
            request.written = _written(request.whom, source, ask_for)
            answer = ask(options.directory, request)
    except (UnreachableError, PasswordError) as error:
        return _refuse(errors, str(error))
    except (KeyboardInterrupt, EOFError):
        errors.write("\n")  # the line of the prompt has no end yet
        return 130
    if answer.code:
        return _refuse(errors, clean(answer.text))
    out.writelines([f"{line}\n" for line in _lines(request.act, answer)])
    return 0


def _written(name: str, source: TextIO, ask_for: Callable[[str], str]) -> str:
    """Ask for a password, and give its hash.  Raises PasswordError."""
    password = ask_password(name, source, ask_for)
    if (refused := unfit(password)) is not None:
        raise PasswordError(refused.text)
    return str(PasswordHash.of(opaque(password)))


def _lines(act: Acts, answer: Answer) -> list[str]:
    match act:
        case "list":
            width = max([len(clean(account.name)) for account in answer.accounts], default=0)
            found = [_account(account, width) for account in answer.accounts]
            return found or ["There are no accounts yet: lanchat admin add NICK makes one."]
        case "bans":
            return [_ban(ban) for ban in answer.bans] or ["Nobody is banned or muted."]
        case _:
            return [clean(answer.text)]


def _account(account: ShownAccount, width: int) -> str:
    seen = "here now" if account.here else f"seen {_moment(account.seen)}" if account.seen else "never seen"
    kind = "admin  " if account.admin else "account"
    return f"{clean(account.name):{width}}  {kind}  made {_moment(account.created)}, {seen}"


def _ban(ban: ShownBan) -> str:
    where = f"in {ban.room}" if ban.room else "from the server"
    until = f" until {_moment(ban.until)}" if ban.until else ""
    why = f": {ban.reason}" if ban.reason else ""
    what = "muted" if ban.muted else "banned"
    return clean(
        f"{called(ban.mask, ban.whom)} is {what} {where}{until}, by {ban.by or 'the server'} {_moment(ban.time)}{why}"
    )


def _moment(stamp: str) -> str:
    """Give a moment as it is here; of what could not be read, nobody knows."""
    try:
        return f"{local_day(stamp)} {local_clock(stamp)}"
    except ValueError:
        return "nobody knows when"


def _refuse(errors: TextIO, text: str) -> int:
    errors.write(f"lanchat: {text}\n")
    return 1
