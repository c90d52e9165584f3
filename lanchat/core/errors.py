"""What a person may be refused.  Everything else that goes wrong is a bug and ends in the log."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The client asked for what it may not have.

    ``code`` is for programs (``no-such-nick``, kebab-case, listed in docs/protocol.md); ``text`` is one
    sentence for a person that says what to do next.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
