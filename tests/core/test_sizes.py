"""Sizes, as people write and read them."""

from __future__ import annotations

import re

import pytest

from lanchat.core.sizes import shown, size


@pytest.mark.parametrize(
    ("written", "meant"),
    [("0", 0), ("2048", 2048), ("100M", 100 << 20), ("10g", 10 << 30), ("1 ", 1), ("4KB", 4096), ("2TiB", 2 << 40)],
)
def test_sizes_are_read(written: str, meant: int) -> None:
    """A number, and perhaps a unit, which is a power of 1024."""
    assert size(written) == meant


@pytest.mark.parametrize("written", ["", "M", "-1", "1.5G", "100 M", "1P"])
def test_what_is_no_size_is_not_read(written: str) -> None:
    """Anything else is an error, and never some other size."""
    with pytest.raises(ValueError, match="^" + re.escape(written) + "$"):
        size(written)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (1_234_567, "1.2 MB"),
        (999_949, "999.9 kB"),
        (999_999, "1.0 MB"),
        (104_857_600, "104.9 MB"),
        (5_000_000_000, "5.0 GB"),
        (7_000_000_000_000, "7.0 TB"),
        (12_345_000_000_000_000, "12345.0 TB"),
    ],
)
def test_sizes_are_shown(count: int, said: str) -> None:
    """Three digits or four, and the unit that fits."""
    assert shown(count) == said
