"""Answers that say no: a small page with one sentence."""

from __future__ import annotations

import html
from http import HTTPStatus

from lanchat.doors.web.headers import guarding

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><h1>{title}</h1><p>{sentence}</p></body>
</html>
"""


class Problem(Exception):  # noqa: N818 - an answer, as Refused
    """What was asked for cannot be had; the sentence says why, and what to do."""

    kind = "text/html; charset=utf-8"
    """The media type of its `page`."""

    def __init__(self, status: HTTPStatus, sentence: str, **fields: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.fields = {name.replace("_", "-"): value for name, value in fields.items()}
        """What stands in the answer's head besides: ``Allow="GET"``."""

    @property
    def page(self) -> bytes:
        """The body of the answer, in HTML."""
        title = f"{self.status.value} {self.status.phrase}"
        return _PAGE.format(title=title, sentence=html.escape(self.sentence)).encode()

    def response(self) -> bytes:
        """Give the whole answer; it is the last one of its connection."""
        page = self.page
        fields = [
            ("Content-Type", self.kind),
            ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"),
            *guarding(),
            *self.fields.items(),
            ("Connection", "close"),
        ]
        head = f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
        return (head + "".join([f"{name}: {value}\r\n" for name, value in fields]) + "\r\n").encode() + page


def refusal(text: str) -> bytes:
    """Say in HTTP why nobody is served."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, text, Retry_After="30").response()
