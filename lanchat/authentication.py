"""Puts together how people log in, as the options say."""

from __future__ import annotations

from lanchat.core.hub import Hub
from lanchat.core.logins import Logins
from lanchat.options import Options
from lanchat.passwords import Passwords
from lanchat.portal import AccountChecker, OutsideChecker, Realm, check_by, hash_by, portal_of


def logins_of(options: Options, hub: Hub, passwords: Passwords) -> Logins:
    """Give the logins of a server: our accounts, and whom else ``--auth`` names, through one portal."""
    auth, file = options.auth, options.password_file
    ours = [AccountChecker(hub.accounts, passwords)] if auth.ours else []
    others = [OutsideChecker(checker, passwords.run) for checker in auth.others]
    portal = portal_of(Realm(hub.accounts, hub.limits.nick, hub.stamp), hub.accounts, [*ours, *others])
    return Logins(
        hub.accounts,
        check_by(portal),
        hash_by(passwords) if auth.ours else None,
        plain=bool(options["plain-passwords"]),
        guests=not options["accounts-only"],
        open_=not (options["accounts-only"] or options["no-register"]),
        welcomes=file.welcomes if file is not None else None,
        founds=options.admins is None,
    )


def out_of_reach(options: Options) -> str:
    """Say that nobody from another machine could give a password that has to be given; nothing where they can."""
    wanted = "--password-file" if options.password_file is not None else "--accounts-only"
    if not (options.password_file is not None or options["accounts-only"]) or options["plain-passwords"]:
        return ""
    if options.certificate is not None or any(port.context is not None for port in options.ports):
        return ""
    return (
        f"{wanted}: nobody from another machine can come in, as there is no TLS: --certificate PEM has it spoken "
        "(lanchat certs makes one), --plain-passwords takes passwords without it"
    )


def no_admin_yet(hub: Hub) -> str:
    """Ask for the first admin; nothing where there is one, or where it cannot be done so."""
    if not hub.logins.lacks_admin:
        return ""
    return "There is no admin yet: join from this machine and type /register PASSWORD to be one."
