"""What the answers so far tell of a resource, by which the next requests are made."""
from __future__ import annotations

from httplint import __version__
from httplint.capture.fetching import PLAIN, Ask, Place
from httplint.grammar.dates import Date
from httplint.grammar.rfc9110 import EntityTag
from httplint.grammar.table import value
from httplint.grammar.target import redirect_target
from httplint.model.exchange import Exchange
from httplint.model.message import Response
from httplint.probe.target import ProbeTarget

USER_AGENT = f"httplint/{__version__} (probe)"

STRONG_AFTER = 60
"""Seconds between Last-Modified and Date, from which the former is surely a strong validator (RFC 9110 §8.8.2.2)."""

LONGEST_TAG = 1000
"""Octets of an ETag that is sent again."""


class Resource:
    """A resource that is probed. What is not known, or of no use, is an empty text.

    `got` is the status code of the plain GET, `length` the number of octets of its content.
    """

    def __init__(self, target: ProbeTarget) -> None:
        self.target = target
        self.place: Place = target.place
        self.got = 0
        self.etag = ""
        self.strong = ""
        """The strong validator for If-Range: its ETag, or Last-Modified."""
        self.modified = ""
        self.length = ""
        self.leads_to = ""
        """Where its redirect leads."""
        self.ranges = ""
        """Non-empty if it has sent a part."""
        self.gzip_etag = ""
        """Its ETag with the content coding gzip."""

    @classmethod
    def imagined(cls, target: ProbeTarget) -> Resource:
        """One of which all is known, for a plan: names of values stand in their places."""
        made = cls(target)
        made.got, made.ranges = 200, "yes"
        made.etag, made.strong, made.modified = "<its ETag>", "<its ETag or Last-Modified>", "<its Last-Modified>"
        made.length, made.gzip_etag, made.leads_to = "<its length>", "<its ETag with gzip>", "<its Location>"
        return made

    def learn(self, exchange: Exchange) -> None:
        """Takes in the plain GET."""
        response = exchange.response
        self.got = response.status
        self.leads_to = redirect_target(self.place.url, response) or "" if 300 <= self.got < 400 else ""
        if self.got == 200:
            self.etag = etag_of(response)
            self.modified = modified_of(response)
            self.strong = _strong(response, self.etag, self.modified)
            if exchange.evidence.knows("size") and response.size is not None:
                self.length = str(response.size)
            elif isinstance(announced := value(response, "content-length"), int):
                self.length = str(announced)

    def ask(self, method: str, fields: tuple[tuple[str, str], ...] = (), content: bytes | None = None,
            form: int = PLAIN, bare: bool = False) -> Ask:
        """A request to it; `bare`: without the fields of the target, which may be secret."""
        own = {name.lower() for name, _ in fields}
        lines = [line for line in (("User-Agent", USER_AGENT), *(() if bare else self.target.fields))
                 if line[0].lower() not in own]
        if any(name.lower() == "user-agent" for name, _ in lines[1:]):
            del lines[0]
        return Ask(method, [*lines, *fields], content, form)


def etag_of(response: Response) -> str:
    """The ETag of a response as it can be sent again; empty if there is none that can."""
    tag = value(response, "etag")
    return tag.text if isinstance(tag, EntityTag) and tag.text.isascii() and len(tag.tag) <= LONGEST_TAG else ""


def modified_of(response: Response) -> str:
    """The Last-Modified of a response as it can be sent again; empty if there is none, or it is no date."""
    if response.fields is None or not isinstance(value(response, "last-modified"), Date):
        return ""
    return response.fields.values("last-modified")[0]


def _strong(response: Response, etag: str, modified: str) -> str:
    """That for If-Range: a date is for those who have no ETag at all, not even a weak one (RFC 9110 §13.1.5)."""
    if response.fields is not None and "etag" in response.fields.index:
        return "" if etag.startswith("W/") else etag
    sent, last = value(response, "date"), value(response, "last-modified")
    if modified and isinstance(sent, Date) and isinstance(last, Date) and (
            sent.timestamp - last.timestamp >= STRONG_AFTER):
        return modified
    return ""
