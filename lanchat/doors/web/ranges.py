"""The part of a file that is asked for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from http import HTTPStatus

from lanchat.doors.web.problem import Problem

_RANGE = re.compile(r"bytes=\s*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))\s*", re.IGNORECASE)


def part(asked: str, size: int) -> tuple[int, int] | None:
    """Give where a part begins and where it ends (the first byte after it); None: all is wanted, or more than one.

    Who asks for several parts at once gets everything: they may overlap a thousand times.  Raises Problem where there
    is nothing.
    """
    found = _RANGE.fullmatch(asked)
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, end = max(size - int(suffix), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None  # it is not valid, and to be passed over
    if start >= end:
        raise Problem(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            f"The file has only {size:,} bytes.",
            Content_Range=f"bytes */{size}",
        )
    return start, end
