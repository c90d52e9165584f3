"""The letters of modes."""

from __future__ import annotations

from lanchat.core.modes import Change, Mode
from lanchat.doors.irc.letters import LETTER, LETTERS, Wanted, mode_line, mode_lines, takes_value, wanted


def test_every_mode_has_a_letter() -> None:
    """RFC 2811, 4: what the core knows is known here, each by one letter; who is muted is banned in a way."""
    assert set(LETTER) == set(Mode)
    assert {**{letter: mode for mode, letter in LETTER.items()}, "b": Mode.BAN} == LETTERS


def test_which_modes_have_a_parameter() -> None:
    """modern.ircdocs.horse, "CHANMODES parameter": lists and keys always, limits when they are set."""
    assert {LETTER[mode] for mode in Mode if takes_value(mode, on=True)} == set("beIklovqW")
    assert {LETTER[mode] for mode in Mode if takes_value(mode, on=False)} == set("beIkovq")


def test_values_belong_to_letters_in_their_order() -> None:
    """RFC 2812, 3.2.3: a sign holds until the next, each letter that has a value takes the next one."""
    assert list(wanted("n+o-vlk+?k", ["bob", "carol", "x"])) == [
        Wanted("n", Mode.MEMBERS_ONLY, True, None),
        Wanted("o", Mode.OP, True, "bob"),
        Wanted("v", Mode.VOICE, False, "carol"),
        Wanted("l", Mode.LIMIT, False, None),
        Wanted("k", Mode.KEY, False, "x"),
        Wanted("?", None, True, None),
        Wanted("k", Mode.KEY, True, None),
    ]


def test_changes_are_written_with_as_few_signs_as_can_be() -> None:
    """RFC 2812, 3.2.3: letters, and then the values; what is taken away without one has a star."""
    changes = [
        Change(Mode.OP, True, "bob"),
        Change(Mode.INVITE_ONLY),
        Change(Mode.KEY, False),
        Change(Mode.LIMIT, False),
        Change(Mode.LIMIT, True, "5"),
    ]
    assert mode_line(changes) == "+oi-kl+l bob * 5"
    assert mode_line([]) == ""


def test_who_is_muted_or_named_by_account_stands_among_the_bans() -> None:
    """modern.ircdocs.horse, "EXTBAN"; ircv3.net, account-extban: their letters stand before the mask."""
    changes = [Change(Mode.MUTE, True, "bob!*@*"), Change(Mode.BAN, True, "account:Eve"), Change(Mode.SLOW, True, "9")]
    assert mode_line(changes) == "+bbW m:bob!*@* a:Eve 9"


def test_many_changes_are_written_in_several_lines() -> None:
    """RFC 2812, 2.3: no line is too long; a change that is has one of its own."""
    changes = [Change(Mode.BAN, True, mask) for mask in ("a!*@*", "b!*@*", "c" * 30, "d!*@*")]
    assert mode_lines(changes, 15) == ["+bb a!*@* b!*@*", f"+b {'c' * 30}", "+b d!*@*"]
    assert mode_lines(changes[:2], 14) == ["+b a!*@*", "+b b!*@*"]
