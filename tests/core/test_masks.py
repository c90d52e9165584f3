"""Masks fit whom they mean, and hosts tell nobody an address."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.masks import cloak, fits, whole

LETTERS = st.text(st.sampled_from("abAB!@.\\[^-*?"), max_size=12)


@given(LETTERS, LETTERS)
def test_fits_like_a_shell_pattern(mask: str, whom: str) -> None:
    """A star is any text, a question mark any character, everything else itself, in whatever case."""
    simple = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in mask.lower())
    assert fits(mask, whom) == (re.fullmatch(simple, whom.lower(), re.DOTALL) is not None)


@pytest.mark.parametrize(
    ("mask", "whom", "found"),
    [
        ("*!*@1234abcd.lan", "Bob!text@1234ABCD.lan", True),
        ("b?b!*@*", "BOB!text@x.lan", True),
        ("b?b!*@*", "bb!text@x.lan", False),
        ("*ZOË*!*@*", "zoë!text@x.lan", True),
        ("*a*b*c", "xaxbxbxc", True),
        ("*a*b*c", "xaxbxcx", False),
        ("", "", True),
        ("*", "", True),
        ("a\nb*", "a\nb\nc", True),
    ],
)
def test_masks(mask: str, whom: str, found: bool) -> None:
    """What people type means what they expect."""
    assert fits(mask, whom) is found


def test_no_mask_takes_long() -> None:
    """A mask that was made to be slow is not."""
    began = time.process_time()
    for mask in ("*a" * 99 + "b", "*?" * 99 + "b", "*" + "a?" * 99 + "b*c"):
        assert not fits(mask, "a" * 150)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("typed", "mask"),
    [
        ("bob", "bob!*@*"),
        ("*@host", "*!*@host"),
        ("~u@host", "*!~u@host"),
        ("bob!u", "bob!u@*"),
        ("bob!u@h", "bob!u@h"),
        ("@h", "*!*@h"),
        ("!@", "*!*@*"),
        ("a@b@c", "*!a@b@c"),
        ("a!b!c@d", "a!b!c@d"),
    ],
)
def test_masks_are_made_whole(typed: str, mask: str) -> None:
    """What is left out is anything."""
    assert whole(typed) == mask


def test_a_host_hides_the_address_and_stays_the_same() -> None:
    """One address has one host on one server, and another one elsewhere."""
    host = cloak(b"secret", "192.168.7.2")
    assert re.fullmatch("[0-9a-f]{8}\\.lan", host)
    assert host == cloak(b"secret", "192.168.7.2")
    assert host not in (cloak(b"secret", "192.168.7.3"), cloak(b"another", "192.168.7.2"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("192.168.7.5", "192.168.7.5/32"),
        ("192.168.7.5/24", "192.168.7.0/24"),
        ("::ffff:192.168.7.5", "192.168.7.5/32"),
        ("::ffff:192.168.7.5/120", "192.168.7.0/24"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
        ("fe80::1%eth0", "fe80::1/128"),
        ("fe80::1%eth0/64", "fe80::/64"),
    ],
)
def test_a_network_has_one_form(typed: str, shown: str) -> None:
    """It is the one in which the addresses of people are compared with it."""
    assert whole(f"address:{typed}") == f"address:{shown}"
