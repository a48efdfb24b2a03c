"""Sitemaps: which URLs a site names itself (sitemaps.org, "Sitemaps XML format").

A sitemap is anybody's: it is read as it comes, element by element; a document type, and with it any entity, is refused.
"""
from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from httplint.capture import files
from httplint.capture.fetching import Unfit
from httplint.model.files import cause

LIMIT = 50 << 20
"""Octets of a sitemap, unpacked: what the protocol allows."""
MOST_SITEMAPS = 20
"""How many an index may lead to."""
LONGEST = 2048
"""Characters of a URL, which the protocol wants to be fewer."""
_PIECE = 1 << 16
_INDEX, _URLS = "sitemapindex", "urlset"


def urls(source: str, fetched: Callable[[str], bytes]) -> Iterator[str]:
    """The URLs of a sitemap, and of those that an index leads to; an empty text for one that is too long.

    `source`: a file, or a URL, of which `fetched` gives the content, or raises Unfit, as it does for URLs of hosts that
    nobody named. Raises Unfit, with the place, for what cannot be read.
    """
    inner: list[str] = []
    yield from _entries(source, fetched(source) if "://" in source else source, inner)
    if len(inner) > MOST_SITEMAPS:
        raise Unfit(f"{source}: it leads to more than {MOST_SITEMAPS} sitemaps; name some of them")
    for one in inner:
        deeper: list[str] = []
        yield from _entries(one, fetched(one), deeper)     # never a file, whatever a stranger has written there
        if deeper:
            raise Unfit(f"{one}: an index within an index is not read")


def _entries(source: str, content: str | bytes, inner: list[str]) -> Iterator[str]:
    """The URLs of pages; those of sitemaps are put into `inner`. `content`: octets, or the file with them."""
    try:
        octets = files.whole(io.BytesIO(content) if isinstance(content, bytes) else content, source, LIMIT)
    except (OSError, files.Unreadable) as error:
        raise Unfit(f"{source}: cannot be read: {cause(error)}") from None
    reading = _Reading()
    for kind, url in reading.read(source, octets):
        if kind == _URLS:
            yield url
        elif len(inner) <= MOST_SITEMAPS:
            inner.append(url)


class _Reading:
    """Reads one."""

    def __init__(self) -> None:
        self._root = ""
        self._depth = 0
        self._text: list[str] | None = None
        """Of the location that is open."""
        self._found: list[tuple[str, str]] = []

    def read(self, source: str, octets: bytes) -> Iterator[tuple[str, str]]:
        """(the root element, the URL) of each entry. Raises Unfit."""
        from xml.parsers import expat
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        parser.StartDoctypeDeclHandler = self._refuse
        for at in range(0, len(octets) + 1, _PIECE):
            try:
                parser.Parse(octets[at:at + _PIECE], at + _PIECE > len(octets))
            except expat.ExpatError as error:
                raise Unfit(f"{source}:{error.lineno}: no XML: {expat.ErrorString(error.code)}") from None
            except (Unfit, ValueError, LookupError) as error:  # of encodings that there are not
                raise Unfit(f"{source}:{parser.CurrentLineNumber}: {error}") from None
            yield from self._found
            self._found.clear()

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if not self._depth:
            self._root = _local(name)
            if self._root not in (_INDEX, _URLS):
                raise Unfit(f"no sitemap: expected <{_URLS}> or <{_INDEX}>, got <{name:.60}>")
        if self._depth == 2 and _local(name) == "loc":
            self._text = []
        self._depth += 1

    def _take(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) <= LONGEST:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._text is not None and self._depth == 2:
            url = "".join(self._text).strip()
            self._found.append((self._root, url if len(url) <= LONGEST else ""))
            self._text = None

    def _refuse(self, *declared: object) -> None:
        raise Unfit("it declares a document type, which no sitemap needs")


def _local(name: str) -> str:
    """A name without the prefix of its namespace."""
    return name.rpartition(":")[2]
