"""The ``lanchat`` command: serve, join, certs and so on.  It runs without twistd's look for plugins."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Any, ClassVar

from twisted.python import usage

from lanchat.usages import CommandOptions


def _serve_options() -> usage.Options:
    from lanchat.options import Options

    return Options()


def _join_options() -> usage.Options:
    from lanchat.client.options import JoinOptions

    return JoinOptions()


def _forget_options() -> usage.Options:
    from lanchat.client.options import ForgetOptions

    return ForgetOptions()


def _certs_options() -> usage.Options:
    from lanchat.certs import CertsOptions

    return CertsOptions()


def _export_options() -> usage.Options:
    from lanchat.keeping import ExportOptions

    return ExportOptions()


def _backup_options() -> usage.Options:
    from lanchat.keeping import BackupOptions

    return BackupOptions()


def _verify_options() -> usage.Options:
    from lanchat.keeping import VerifyOptions

    return VerifyOptions()


def _admin_hash_options() -> usage.Options:
    from lanchat.admin_hash import AdminHashOptions

    return AdminHashOptions()


def _admin_options() -> usage.Options:
    from lanchat.admin import AdminOptions

    return AdminOptions()


class Command(CommandOptions):
    """What stands before the command's own options."""

    synopsis = "lanchat COMMAND [options]"
    subCommands: ClassVar[list[list[Any]]] = [
        ["serve", None, _serve_options, "Start a server in the foreground (the same as twistd -n lanchat)."],
        ["join", None, _join_options, "Join a chat."],
        ["forget", None, _forget_options, "Forget the key of a server."],
        ["certs", None, _certs_options, "Make a certificate for this machine."],
        ["admin-hash", None, _admin_hash_options, "Make somebody an admin of a server."],
        ["admin", None, _admin_options, "Look after accounts and bans, while the server runs or not."],
        ["export", None, _export_options, "Write out what was said."],
        ["backup", None, _backup_options, "Copy what is kept, while the server runs."],
        ["verify", None, _verify_options, "Check what is kept, or a backup of it."],
    ]

    def postOptions(self) -> None:
        """Want a command."""
        if self.subCommand is None:
            *names, last = [name for name, *_ in self.subCommands]
            raise usage.UsageError(f"Name a command: {', '.join(names)} or {last}. lanchat --help says more.")


def main(arguments: list[str] | None = None) -> int:
    """Run one command, and give the exit status: 0 fine, 1 it did not work, 2 it was not typed right."""
    command = Command()
    try:
        command.parseOptions(arguments if arguments is not None else sys.argv[1:])
    except usage.UsageError as error:
        print(f"lanchat: {error}", file=sys.stderr)
        return 2
    options: Any = command.subOptions
    match command.subCommand:
        case "serve":
            return _serve(options)
        case "join":
            from lanchat.client.main import run

            return run(options)
        case "forget":
            from lanchat.client.main import forget

            return forget(options)
        case "admin-hash":
            from lanchat import admin_hash

            return admin_hash.run(options, sys.stdin, sys.stdout, sys.stderr)
        case "admin":
            from lanchat import admin

            return admin.run(options, sys.stdin, sys.stdout, sys.stderr)
        case "export" | "backup" | "verify":
            from lanchat import keeping

            return keeping.run(options, sys.stdout.buffer, sys.stderr, time.time())
        case _:
            from lanchat import certs

            return certs.run(options, sys.stdout, sys.stderr, datetime.now(UTC))


def _serve(options: Any) -> int:
    """Run a server until it is told to stop."""
    from twisted.internet import reactor
    from twisted.logger import globalLogBeginner, textFileLogObserver

    from lanchat.service import makeService

    running: Any = reactor
    globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)], redirectStandardIO=False)
    service = makeService(options)
    service.startService()
    running.addSystemEventTrigger("before", "shutdown", service.stopService)
    running.run()
    return 0
