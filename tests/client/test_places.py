from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lanchat.client.places import private_file, state_directory


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({"XDG_STATE_HOME": "/x"}, "/x/lanchat"),
        ({"XDG_STATE_HOME": "relative", "HOME": "/h"}, "/h/.local/state/lanchat"),
        ({"HOME": "/h"}, "/h/.local/state/lanchat"),
    ],
)
def test_state_is_where_xdg_puts_it(environ: dict[str, str], place: str) -> None:
    assert state_directory(environ) == Path(place)


def test_only_their_user_reads_these_files(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    private_file(path)
    private_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path.parent.parent)} == {0o700}
