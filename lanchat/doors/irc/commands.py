"""All commands of IRC: a new one is a function in the file of its subject, a new subject a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from lanchat.doors.irc import (
    accounts,
    admins,
    helping,
    history,
    inviting,
    listing,
    modes,
    monitor,
    names,
    negotiation,
    nickserv,
    people,
    read_marker,
    redaction,
    registration,
    rooms,
    sasl,
    server,
    talking,
    who,
    whois,
)
from lanchat.doors.irc.verbs import VERBS, Verb

SUBJECTS = (
    accounts,
    admins,
    helping,
    history,
    inviting,
    listing,
    modes,
    monitor,
    names,
    negotiation,
    nickserv,
    people,
    read_marker,
    redaction,
    registration,
    rooms,
    sasl,
    server,
    talking,
    who,
    whois,
)
"""The files that have commands: each puts its own into the table as it is imported."""
COMMANDS: Mapping[str, Verb] = VERBS
"""Every command, by its name in capitals."""
