"""The one way by which texts of the traffic leave the program: without secrets, each with a pseudonym in its place.

A run makes one `Masker`, which all of its outputs share, so that equal secrets have equal pseudonyms wherever they are
shown: `[masked 1]` is the one that appeared first. Nothing in a pseudonym comes from its secret. What tells findings
apart (kinds, fingerprints, baselines) does not depend on pseudonyms: see `place`.

* Whoever shows something of an exchange asks its `Shown` for it, which knows the secrets of all its parts: a message
  may quote a cookie, a page repeat a token of the URL. Texts that belong to no exchange go through `Masker.text` and
  `path`.
* Masking comes first, then clipping, then the escapes of a format: a cut may take away what tells a secret, an escape
  what it looks like. What is not looked at, for want of time, is not shown.
* What to take for a secret is `secrets`' to say, and no reporter's.
"""
from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count

from httplint.engine.report import Finding, Location
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Message, Request, Response
from httplint.model.pattern import lazily
from httplint.model.printable import printable, readable
from httplint.report import secrets
from httplint.report.escape import CONTENT_LOOKED_AT, content_text
from httplint.report.kept import of_latest, of_texts
from httplint.report.secrets import LOOKED_AT, MASKED, Span, Spans, unquoted

MASK = "[masked]"
"""Stands for a secret without a pseudonym: where there are more than KEPT, or nothing could be followed."""

KEPT = 100_000
"""How many secrets have pseudonyms of their own."""

SECRET_MIN = 6
"""Shorter secrets are words as any text has them; they are masked where they stand, not searched for elsewhere."""

SECRETS_KEPT = 2000
"""How many secrets of an exchange are searched for elsewhere in it."""
FEW = 24
"""So many are searched for one by one, more of them by their heads."""
TARGET, TOGETHER = 512, 8192
"""Characters of a URI of which pieces are searched for, and of all values in which they are."""


Masking = tuple[int, int, str]
"""Where in a text something is masked: (begin, end, the secret that it is, or is a part of)."""


class Masker:
    """Takes secrets out of texts. With `shows` it changes nothing; without `numbered` all secrets look the same.

    `space` is put before the numbers of one of several processes, so that their pseudonyms differ.
    """

    def __init__(self, shows: bool = False, numbered: bool = True, space: str = "") -> None:
        self.shows = shows
        self._numbered = numbered
        self._space = space
        self._salt = os.urandom(16)
        self._numbers: dict[bytes, int] = {}
        self._next = count(1)
        self._keeps = False

    def keep(self, highest: int) -> None:
        """Pseudonyms in the texts, which a run before gave and of which that is the highest, stay as they are."""
        self._keeps = True
        self._next = count(highest + 1)

    def of(self, exchange: Exchange) -> Shown:
        """What may be shown of an exchange."""
        return Shown(self, exchange)

    def text(self, text: str) -> str:
        """A text that belongs to no exchange: why something cannot be read, a note."""
        return text if self.shows else self.masked(text, places(text, secrets.in_line(("", text))))

    def value(self, name: str, value: str) -> str:
        """The value of a field line that belongs to no exchange."""
        return value if self.shows else self.masked(value, places(value, secrets.in_line((name, value))))

    def path(self, path: str) -> str:
        """The path or the URL of a capture."""
        return path if self.shows else self.masked(path, places(path, secrets.in_path(path)))

    def masked(self, text: str, where: Iterable[Masking]) -> str:
        """The text, as far as it was looked at, with pseudonyms in these places."""
        if len(text) > LOOKED_AT:
            text = text[:LOOKED_AT] + "…"
        out, done = [], 0
        for begin, end, secret in where:
            out += [text[done:begin], self.pseudonym(secret)]
            done = end
        return "".join([*out, text[done:]]) if done else text

    def pseudonym(self, secret: str) -> str:
        """What is shown in its place."""
        if not self._numbered or secret == MASK:
            return MASK
        if self._keeps and MASKED.fullmatch(secret):
            return secret
        octets = _plain(secret).encode("utf-8", "surrogatepass")
        import hashlib
        digest = hashlib.blake2b(octets, digest_size=16, key=self._salt).digest()
        number = self._numbers.get(digest)
        if number is None:
            if len(self._numbers) >= KEPT:
                return MASK
            number = self._numbers.setdefault(digest, next(self._next))    # two threads may come at once
        return f"[masked {self._space}{number}]"


def masked_error(message: str) -> str:
    """What is said of a wrong argument or a file, which may hold an URL or a field; pseudonyms that are there stay."""
    return PLAIN.masked(message, [place for place in places(message, secrets.in_path(message))
                                  if not MASKED.fullmatch(place[2])])


PLAIN = Masker(numbered=False)
"""Masks where nothing has to be followed."""


def _plain(secret: str) -> str:
    """The same for all looks of a secret."""
    for _ in range(3):
        if "%" not in secret or (plain := unquoted(secret)) == secret:
            break
        secret = plain
    return secret.strip(' "')


class Found:
    """The secrets of an exchange, and where else they stand in it."""

    __slots__ = ("_all", "_firsts", "_heads", "_repeated", "_texts")

    def __init__(self, exchange: Exchange) -> None:
        self._texts: list[str] = []
        self._all: dict[str, str] = {}
        """What to search for, in lower case -> the secret that it is, or is a part of."""
        self._heads: dict[str, list[str]] | None = None
        self._repeated: list[str] | None = None
        self._firsts: dict[tuple[str | None, int], int] | None = None
        for message in (exchange.request, *exchange.interim, exchange.response):
            if message is not None:
                self._message(message)

    def _message(self, message: Message) -> None:
        if isinstance(message, Request):
            self._take(message.target, secrets.in_uri(message.target))
            self._take(message.method, secrets.in_name(message.method))
        elif isinstance(message, Response) and message.reason:
            self._take(message.reason, secrets.in_line(("", message.reason)))
        for fields in (message.fields, message.trailers):
            if fields is not None:
                self._lines(fields.lines)
        if message.content:
            text = content_text(message.content, CONTENT_LOOKED_AT, message.clipped)
            self._take(text, secrets.in_content(text))

    def _lines(self, lines: Iterable[secrets.Line]) -> None:
        seen, more = secrets.SEEN.get, self._texts.append
        for line in lines:
            name, value = line
            more(value)
            if (spans := seen(line)) is None:
                spans = secrets.in_line(line)
            if spans:
                self._keep(value, spans)
            if len(name) >= secrets.LEAST:
                self._take(name, secrets.in_name(name))

    def _take(self, text: str, spans: Spans) -> None:
        self._texts.append(text)
        if spans:
            self._keep(text, spans)

    def _keep(self, text: str, spans: Spans) -> None:
        for begin, end in spans:
            secret = text[begin:end]
            if end - begin >= SECRET_MIN and len(self._all) < SECRETS_KEPT and not MASKED.fullmatch(secret):
                whole, *others = _looks(secret)
                if _tells(whole):
                    self._all[whole] = secret
                for other in others:
                    self._all.setdefault(other, secret)

    def everywhere(self, text: str, spans: Spans) -> list[Masking]:
        """The secrets of a text of the exchange: `spans`, and where others stand that were found elsewhere in it."""
        out = places(text, spans)
        if repeated := self.repeats:
            for begin, end in _occurrences(_lower(text), repeated):
                if all(end <= first or begin >= last for first, last, _ in out):
                    out.append((begin, end, self._all[text[begin:end].lower()]))
            out.sort()
        return out

    def within(self, text: str, spans: Spans) -> list[Masking]:
        """The secrets of a text that was not looked at before: `spans`, and where any other of the exchange stands."""
        out = places(text, spans)
        for begin, end in self._anywhere(text):
            if all(end <= first or begin >= last for first, last, _ in out):
                out.append((begin, end, self._all[text[begin:end].lower()]))
        return sorted(out)

    def stand_in(self, text: str) -> bool:
        """Whether one of the secrets stands in a text."""
        return next(self._anywhere(text), None) is not None

    def _anywhere(self, text: str) -> Iterator[Span]:
        return _occurrences(_lower(text), sorted(self._all, key=len, reverse=True)) if self._all else iter(())

    @property
    def repeats(self) -> list[str]:
        """The secrets that stand in more than one place, the longest first."""
        if self._repeated is None:
            self._repeated = self._search()
        return self._repeated

    def _search(self) -> list[str]:
        if not self._all:
            return []
        whole = _lower("\0".join(self._texts))
        if len(self._all) <= FEW:
            counted = {secret: whole.count(secret) for secret in self._all}
        else:
            counted = Counter(whole[begin:end] for begin, end in _occurrences(whole, list(self._all)))
        repeated = [secret for secret, times in counted.items() if times > (secret in _lower(self._all[secret]))]
        return sorted(repeated, key=len, reverse=True)

    def pieces(self, text: str) -> list[Masking]:
        """The secrets in a value that a message quotes, perhaps in part."""
        lower = _lower(text)
        if not self._all:
            return []
        out: list[Masking] = []
        heads = self._by_head()
        done = 0
        for at in range(len(lower) - SECRET_MIN + 1) if len(heads) > FEW else _places(lower, heads):
            if at < done or (known := heads.get(lower[at:at + SECRET_MIN])) is None:
                continue
            end, secret = max((_common(lower, at, one), one) for one in known)
            out.append((at, end, self._all[secret]))
            done = end
        for at in _cuts(lower):
            if not any(begin <= at < end for begin, end, _ in out) and (piece := self._inner(lower, at)):
                out.append(piece)
        for run in _RUN.finditer(lower):                   # the end of one, which a message shows apart
            begin, end = run.span()
            if not run[0].isalpha() and not any(first < end and begin < last for first, last, _ in out):
                whole = next((one for one in self._all.values() if one.rstrip("=").lower().endswith(run[0])), None)
                out += [] if whole is None else [(begin, end, whole)]
        return sorted(out)

    def first(self, exchange: Exchange, name: str | None, index: int) -> int | None:
        """The first octet that is masked in a field line of that name at that index, of whichever message."""
        if self._firsts is None:
            self._firsts = {}
            for message in (exchange.response, exchange.request, *exchange.interim):
                lines = message.fields.lines if message is not None and message.fields is not None else ()
                for place, line in enumerate(lines):
                    if where := self.everywhere(line[1], secrets.in_line(line)):
                        known = self._firsts.get((line[0], place), where[0][0])
                        self._firsts[line[0], place] = min(where[0][0], known)
        return self._firsts.get((name, index))

    def _by_head(self) -> dict[str, list[str]]:
        if self._heads is None:
            self._heads = _heads(self._all)
        return self._heads

    def tail(self, text: str) -> Masking | None:
        """The begin of a secret at the end of a text, which was cut off there."""
        lower, heads = _lower(text), self._by_head()
        longest = min(max(map(len, self._all), default=0), CONTENT_LOOKED_AT)
        for at in range(max(len(lower) - longest, 0), len(lower) - SECRET_MIN + 1):
            for secret in heads.get(lower[at:at + SECRET_MIN], ()):
                if secret.startswith(lower[at:]):
                    return at, len(text), self._all[secret]
        return None

    def _inner(self, text: str, at: int) -> Masking | None:
        """The part of a secret that begins there, where a value was cut."""
        piece = text[at:at + SECRET_MIN]
        if len(piece) < SECRET_MIN:
            return None
        for secret in self._all:
            if (place := secret.find(piece)) >= 0:
                end = at + SECRET_MIN
                while end < len(text) and place + end - at < len(secret) and text[end] == secret[place + end - at]:
                    end += 1
                return at, end, self._all[secret]
        return None


def places(text: str, spans: Spans) -> list[Masking]:
    """The secrets in these spans of a text."""
    return [(begin, end, text[begin:end]) for begin, end in spans]


def _lower(text: str) -> str:
    """In lower case, unless that would move what stands behind."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _looks(secret: str) -> list[str]:
    """What to search for, itself first, and then what tells of it."""
    out = {secret.lower(): None}
    for part in secrets.parts(secret):
        for look in dict.fromkeys((part, printable(readable(part)))):
            look = look.strip(' "').lower()
            if len(look) >= SECRET_MIN and _tells(look):
                out[look] = None
    return list(out)


@of_texts(4096)
def _tells(text: str) -> bool:
    """Whether a text is a secret wherever it stands: not a word, a number or an address as any text may have it."""
    if _PLAIN_NUMBER.fullmatch(text):
        return False
    if text.isalpha():
        return len(text) >= 12 or text not in _COMMON
    return not text.startswith(("http://", "https://", "/", "text/", "application/", "image/"))


_PLAIN_NUMBER = re.compile(r"[0-9]{1,13}|(?=[0-9]*[.:,/+\- ])[0-9.:,/+\- ]{1,24}"
                           r"|[0-9]{1,4}-(?:[a-z]{3}|[0-9]{2})-[0-9]{1,4}(?:[t ][0-9:.]+z?)?|v?[0-9]+(?:\.[0-9]+)+")
"""Numbers, dates, versions, addresses."""

_COMMON = frozenset(("public", "private", "default", "english", "accept", "session", "enabled", "disabled", "allowed",
                     "granted", "denied", "anonymous", "google", "chrome", "mozilla", "cookie", "cookies", "desktop",
                     "mobile", "status", "values", "system", "normal", "simple", "strict", "required", "optional",
                     "unknown", "direct", "organic", "referral", "checked", "accepted", "rejected", "essential",
                     "analytics", "marketing", "necessary", "functional", "language", "country", "region", "active",
                     "bearer", "digest", "basic", "negotiate", "header", "script", "string", "number", "object",
                     "server", "gzip", "chunked", "identity", "no-cache", "nosniff", "origin", "document", "navigate",
                     "cors"))
"""Words that are values of cookies and of fields with names of secrets, and of many others."""


def _places(text: str, heads: Iterable[str]) -> list[int]:
    out: list[int] = []
    for head in heads:
        at = text.find(head)
        while at >= 0:
            out.append(at)
            at = text.find(head, at + 1)
    return sorted(out)


def _common(text: str, at: int, secret: str) -> int:
    """Where the secret that begins there ends, or the text goes on differently."""
    end = at + SECRET_MIN
    if text.startswith(secret, at):
        return at + len(secret)
    while end < len(text) and end - at < len(secret) and text[end] == secret[end - at]:
        end += 1
    return end


_RUN = lazily(r"[0-9a-z_\-]{8,}")


def _cuts(text: str) -> Iterator[int]:
    """Where a value begins that may be the rest of another: at its begin, behind an ellipsis."""
    yield 0
    at = text.find("…")
    while at >= 0:
        yield at + 1
        at = text.find("…", at + 1)


def _occurrences(text: str, wanted: list[str]) -> Iterator[Span]:
    """Where any of these stands in a text, in lower case both; in linear time, however many there are."""
    if len(wanted) <= FEW:
        for secret in wanted:
            at = text.find(secret)
            while at >= 0:
                yield at, at + len(secret)
                at = text.find(secret, at + len(secret))
        return
    heads = _heads(sorted(wanted, key=len, reverse=True))
    at = 0
    while at <= len(text) - SECRET_MIN:
        known = heads.get(text[at:at + SECRET_MIN])
        end = next((at + len(secret) for secret in known if text.startswith(secret, at)), 0) if known else 0
        if end:
            yield at, end
        at = end or at + 1


def _heads(wanted: Iterable[str]) -> dict[str, list[str]]:
    """Head -> those that begin so, the first 50 of them."""
    heads: dict[str, list[str]] = {}
    for secret in wanted:
        alike = heads.setdefault(secret[:SECRET_MIN], [])
        if len(alike) < 50:
            alike.append(secret)
    return heads


class Shown:
    """What may be shown of an exchange. Everything is masked before it is clipped."""

    __slots__ = ("_found", "exchange", "masker")

    def __init__(self, masker: Masker, exchange: Exchange) -> None:
        self.masker = masker
        self.exchange = exchange
        self._found: Found | None = None

    @property
    def found(self) -> Found:
        """The secrets, searched for when they are first needed."""
        if self._found is None:
            self._found = found(self.exchange)
        return self._found

    def _masked(self, text: str, spans: Spans) -> str:
        if self.masker.shows or (not spans and (
                len(text) < SECRET_MIN or (len(text) <= LOOKED_AT and not self.found.repeats))):
            return text                                    # as most is
        return self.masker.masked(text, self.found.everywhere(text, spans))

    def uri(self) -> str:
        """The target URI as people read it: where no host was captured, the request target alone; or an empty text."""
        request = self.exchange.request
        if request is None:
            return ""
        uri = request.uri
        return self.text(request.target if uri.endswith("://" + request.target) else uri)

    def text(self, uri: str) -> str:
        """A URI of the exchange, or a part of one."""
        return self._masked(uri, secrets.in_uri(uri))

    def method(self) -> str:
        """The request method, or an empty text."""
        request = self.exchange.request
        return "" if request is None else self.name(request.method)

    def name(self, name: str) -> str:
        """A name of a field, or a method."""
        return self._masked(name, secrets.in_name(name))

    def place(self, location: Location) -> str:
        """What a finding points at."""
        return str(location) if not location.name else f"{location.message}, {location.part} {self.name(location.name)}"

    def reason(self, response: Response) -> str | None:
        """The reason phrase."""
        reason = response.reason
        return self._masked(reason, secrets.in_line(("", reason))) if reason else reason

    def value(self, name: str, value: str) -> str:
        """The value of a field line."""
        return self._masked(value, secrets.in_line((name, value)))

    def lines(self, fields: Fields) -> list[secrets.Line]:
        """The field lines."""
        if self.masker.shows:
            return list(fields.lines)
        repeated = self.found.repeats
        return [(self.name(line[0]), self._masked(line[1], spans))
                if (spans := secrets.in_line(line)) or repeated or len(line[0]) >= secrets.LEAST else line
                for line in fields.lines]

    def content(self, message: Message) -> str:
        """The begin of a message's content."""
        content = message.content or b""
        text = content_text(content, clipped=message.clipped)
        if self.masker.shows or not text:
            return text
        more = content_text(content, CONTENT_LOOKED_AT, message.clipped)   # what the end cuts may be told by the rest
        more = more if more.startswith(text) else text
        where = self.found.everywhere(more, secrets.in_content(more))
        if (cut := self.found.tail(more)) and not any(end > cut[0] for _, end, _ in where):
            where.append(cut)
        size = len(text)
        return self.masker.masked(text, [(begin, min(end, size), secret) for begin, end, secret in where
                                         if begin < size])

    def message(self, finding: Finding) -> str:
        """The message of a finding; all words that are ours stay."""
        message = finding.message
        if self.masker.shows:
            return message
        parts, done = [], 0
        for begin, end in finding.values:
            parts += [message[done:begin], self.quoted(message[begin:end])]
            done = end
        return "".join([*parts, message[done:]])

    def quoted(self, text: str) -> str:
        """A value that a message quotes, perhaps in part."""
        if self.masker.shows or len(text) < SECRET_MIN:
            return text
        out = places(text, secrets.in_text(text))
        for begin, end, secret in self.found.pieces(text):
            over = [one for one in out if one[0] < end and begin < one[1]]
            if over:                                       # the same secret, told by its name too
                first, last = min(begin, over[0][0]), max(end, over[-1][1])
                out = [one for one in out if one not in over]
                out.append((first, last, secret))
            else:
                out.append((begin, end, secret))
        return self.masker.masked(text, sorted(out))

    def told(self, reason: str) -> str:
        """Why a rule could not be evaluated, which may name a part of the exchange."""
        return self.quoted(self.masker.text(reason))

    def offset(self, finding: Finding) -> int | None:
        """The octet at fault within its field value, unless what stands before it is masked: it would mark another."""
        location = finding.location
        offset, index = location.offset, location.index
        if offset is None or index is None or self.masker.shows:
            return offset
        first = self.found.first(self.exchange, location.name, index)
        return offset if first is None or offset < first else None


def repeats_secret(exchange: Exchange, uri: str) -> bool:
    """Whether the URI may hold a secret that stands elsewhere in the exchange, told without looking for all of them."""
    lower, seen = uri.lower(), secrets.SEEN.get
    unseen: list[secrets.Line] = []
    for message in (exchange.request, exchange.response):
        for line in message.fields.lines if message is not None and message.fields is not None else ():
            spans = seen(line)
            if spans is None:
                unseen.append(line)
            elif spans and _stands_in(line, spans, lower):
                return True
    if any(_stands_in(line, secrets.in_line(line), lower) for line in _sharing(unseen, lower)):
        return True
    words = [word for word in _WORD.findall(uri.partition("://")[2].partition("?")[0]) if not word.isdigit()]
    for message in (exchange.request, exchange.response) if words else ():
        if message is not None and message.content:
            begin_of = message.content[:CONTENT_LOOKED_AT]
            if any(word.encode("latin-1", "replace") in begin_of for word in words):
                return True
    return False


_WORD = re.compile(r"[^/;=]{6,}")


def _stands_in(line: secrets.Line, spans: Spans, lower: str) -> bool:
    """Whether one of these secrets of a line stands in a text in lower case."""
    return any(end - begin >= SECRET_MIN and line[1][begin:end].lower() in lower for begin, end in spans)


def _sharing(lines: list[secrets.Line], text: str) -> list[secrets.Line]:
    """The lines whose values have SECRET_MIN characters on end with a text in lower case in common, and perhaps more.

    Whatever is so long holds a piece of the text, one character shorter, that begins at an even place of it: a search
    for these pieces in all values together spares most lines from being looked at for secrets.
    """
    together = "\n".join([value for _, value in lines]).lower()
    if not together.isascii() or len(text) > TARGET or len(together) > TOGETHER:
        return lines                                       # case may depend on what stands beside; or it takes too long
    size = SECRET_MIN - 1
    pieces = [piece for at in range(0, len(text) - size + 1, 2) if (piece := text[at:at + size]) in together]
    return [line for line in lines if (value := line[1].lower()) and any(piece in value for piece in pieces)
            ] if pieces else []


@of_latest
def found(exchange: Exchange) -> Found:
    """The secrets of an exchange."""
    return Found(exchange)
