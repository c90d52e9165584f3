"""Whom somebody means who bans."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from lanchat.core.modes import Listed
from lanchat.core.whom import listed_for, meant
from tests.governed import Governed
from tests.logins import account


@pytest.fixture
def governed() -> Governed:
    return Governed()


def masks(governed: Governed, whom: str, by: str = "founder") -> list[str]:
    return list(meant(governed.hub, governed[by].session, whom).masks)


def named(governed: Governed, whom: str) -> list[str]:
    found = meant(governed.hub, governed["founder"].session, whom).people
    return [getattr(each, "nick", None) or each.name for each in found]  # type: ignore[union-attr]


def test_a_guest_is_a_machine_and_an_account_an_account(governed: Governed) -> None:
    """Whoever is there now is known as well."""
    host = governed["target"].member.host
    assert masks(governed, "TARGET") == masks(governed, "@target") == [f"*!*@{host}"]
    assert named(governed, "target") == named(governed, "@target") == ["target"]
    assert masks(governed, "Account") == masks(governed, "account:ACCOUNT") == ["account:account"]
    assert named(governed, "account") == ["account"]
    assert masks(governed, "@account") == [f"*!*@{governed['account'].member.hosts[0]}"]


def test_who_has_left_is_known_by_where_they_were(governed: Governed) -> None:
    """A guest as well as an account, which has its name still."""
    hosts = {nick: governed[nick].member.host for nick in ("target", "account")}
    for nick in hosts:
        governed[nick].says("/quit")
    assert masks(governed, "target") == masks(governed, "@target") == [f"*!*@{hosts['target']}"]
    assert named(governed, "target") == []
    assert masks(governed, "account") == ["account:account"]
    assert named(governed, "account") == ["account"]
    assert masks(governed, "@account") == [f"*!*@{hosts['account']}"]


def test_an_account_that_was_never_here(governed: Governed) -> None:
    """It can be named, and nobody knows where it is."""
    account(governed.hub, "absent")
    assert masks(governed, "absent") == ["account:absent"]
    assert masks(governed, "account:nobody") == ["account:nobody"]
    with pytest.raises(Refused, match="Nobody knows any more where absent was"):
        masks(governed, "@absent")


def test_nobody_bans_their_own_machine_by_mistake(governed: Governed) -> None:
    """There a nick is a nick, and a machine is refused."""
    governed.comes("near", governed["founder"].address)
    assert masks(governed, "near") == ["near!*@*"]
    with pytest.raises(Refused) as refused:
        masks(governed, "@near")
    assert refused.value.code == "own-machine"


def test_where_an_admin_was_nobody_knows(governed: Governed) -> None:
    """Their host is that of all admins, so the nick alone is left."""
    governed.hub.admins.appoint(governed.hub, governed["outsider"].session)
    governed["outsider"].says("/quit")
    assert masks(governed, "outsider") == ["outsider!*@*"]
    with pytest.raises(Refused, match="Nobody knows any more where outsider was"):
        masks(governed, "@outsider")


@pytest.mark.parametrize(
    ("whom", "mask"),
    [
        ("192.168.7.5", "address:192.168.7.5/32"),
        ("192.168.7.5/24", "address:192.168.7.0/24"),
        ("ADDRESS:10.0.0.0/8", "address:10.0.0.0/8"),
        ("2001:db8::1/64", "address:2001:db8::/64"),
        ("*@host.lan", "*!*@host.lan"),
        ("@host.lan", "*!*@host.lan"),
        ("bo?", "bo?!*@*"),
        ("bob!*@*", "bob!*@*"),
    ],
)
def test_addresses_and_masks(governed: Governed, whom: str, mask: str) -> None:
    """With or without a word before them; nobody is named by one."""
    assert masks(governed, whom) == [mask]
    assert named(governed, whom) == []


@pytest.mark.parametrize(
    ("whom", "code"),
    [
        ("192.168.7.500", "bad-mode-value"),
        ("bob.", "bad-mode-value"),
        ("zoe", "no-such-nick"),
        ("@zoe", "no-such-nick"),
    ],
)
def test_what_nobody_is(governed: Governed, whom: str, code: str) -> None:
    """It is said what would be somebody."""
    with pytest.raises(Refused) as refused:
        masks(governed, whom)
    assert refused.value.code == code


def test_what_somebody_is_listed_by(governed: Governed) -> None:
    """For a nick all that fit, for anything else the one."""
    host, hub, session = governed["account"].member.host, governed.hub, governed["founder"].session
    found = [f"*!*@{host}", "account:account", "a*!*@*", "address:192.168.7.14/32", "other!*@*"]
    listed = [Listed(mask, "", "") for mask in found]
    assert [each.mask for each in listed_for(hub, session, "account", listed)] == found[:4]
    assert [each.mask for each in listed_for(hub, session, "@account", listed)] == found[:1]
    assert [each.mask for each in listed_for(hub, session, "account:account", listed)] == ["account:account"]
    assert [each.mask for each in listed_for(hub, session, "192.168.7.14", listed)] == ["address:192.168.7.14/32"]
    governed["account"].says("/quit")
    assert [each.mask for each in listed_for(hub, session, "account", listed)] == found[:3]
