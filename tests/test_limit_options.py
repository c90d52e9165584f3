"""Every limit is an option, and is a number."""

from __future__ import annotations

import pytest

from lanchat.core.limits import Limits
from lanchat.limit_options import LIMITS
from tests.test_options import mistake, options


@pytest.mark.parametrize(("option", "field"), [(name, field) for name, (field, _) in LIMITS.items()])
def test_every_limit_is_an_option(option: str, field: str) -> None:
    """Each limit can be set, and 0 switches it off."""
    assert getattr(options(f"--{option}", "7").limits, field) == 7
    assert getattr(options(f"--{option}", "0").limits, field) == 0
    assert f"--{option}" in options().getUsage()


def test_every_limit_has_an_option() -> None:
    """None is out of reach."""
    assert {field for field, _ in LIMITS.values()} == set(Limits.__dataclass_fields__)


@pytest.mark.parametrize("option", sorted(LIMITS))
@pytest.mark.parametrize("value", ["-1", "many", "nan", "inf", ""])
def test_limits_are_numbers(option: str, value: str) -> None:
    """Whatever is no number is refused with the option's name."""
    assert mistake(f"--{option}={value}").startswith(f"lanchat: --{option} {value}: give a")


def test_burst_is_a_whole_number() -> None:
    """Half a line is none, but half a line a second is a rate."""
    assert mistake("--burst", "1.5") == "lanchat: --burst 1.5: give a whole number, 0 for no limit."
    assert options("--rate", "0.5").limits.rate == 0.5


def test_limits_of_files_are_read_as_people_write_them() -> None:
    """Sizes with their unit, times with theirs; 0 is without limit."""
    limits = options(
        "--upload-limit", "2M", "--upload-member", "3G", "--upload-total", "0", "--upload-keep", "12h"
    ).limits
    assert (limits.upload, limits.upload_member, limits.upload_total, limits.upload_keep) == (
        2 << 20,
        3 << 30,
        0,
        43_200,
    )
    assert options("--upload-keep", "0").limits.upload_keep == 0
