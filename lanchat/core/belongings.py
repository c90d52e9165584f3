"""Belongings: what somebody has set and read, kept with their account while they are here.

It changes in many places, and often; so all of it is looked at now and then, and what has changed is kept: one write
for each account in that time at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def keep_belongings(hub: Hub) -> None:
    """Keep whom everybody who is logged in ignores, and until when they have read, where that has changed."""
    for member in hub.people.members.values():
        account = member.account
        if account is not None and (account.ignores != member.ignores or account.read != member.read):
            account.ignores, account.read = dict(member.ignores), dict(member.read)
            hub.accounts.save(account)
