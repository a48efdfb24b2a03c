"""The secrets in any text: what name, form and place tell of it, together."""
from __future__ import annotations

from httplint.model.pattern import lazily
from httplint.report.secrets.forms import AUTHORITY, by_form, may_have_form
from httplint.report.secrets.names import NO, STATIC, by_name, named
from httplint.report.secrets.places import by_look, in_segments, is_hook, is_trigger
from httplint.report.secrets.randomness import LEAST, is_random
from httplint.report.secrets.spans import LOOKED_AT, Spans, filled, merged

_BARE = lazily(r"\?([0-9A-Za-z_\-]{16,}+)(?=[\s\"'<>#)]|\Z)")
"""A query that is one token."""
_SHORT = lazily(r"https?://([0-9a-z-]{1,15}(?:\.[0-9a-z-]{1,15})*(?::[0-9]{1,5})?)((?:/[0-9A-Za-z_.-]{1,15})*/?)"
                r"(?:\?((?:[A-Za-z]{1,15}=[0-9A-Za-z_.-]{0,15}&)*[A-Za-z]{1,15}=[0-9A-Za-z_.-]{0,15}))?")
"""A URI in which all between two delimiters is shorter than LEAST; its authority, path and query."""


def _is_plain(uri: str) -> bool:
    """Whether a URI has nothing but short parts and common words: most have, and hold no secret.

    Nothing in it is long enough to look random (LEAST), and neither form nor name nor place tells of what is short.
    """
    short = _SHORT.fullmatch(uri)
    if short is None or may_have_form(uri):
        return False
    authority, path, query = short.groups()
    return not is_hook(authority) and not any(map(is_trigger, path.split("/"))) and (
        query is None or all(named(pair.partition("=")[0]) == NO for pair in query.split("&")))


def scanned(text: str, content: bool = False, tokens: bool = True, reference: bool = False,
            segments: bool = True, schemes: bool = True) -> Spans:
    """`content`: whether it may be XML; `tokens`: whether what looks random is one; `reference`: whether it is a URI
    reference as a whole; `segments`: whether paths may have tokens; `schemes`: whether credentials may stand behind
    the name of their scheme."""
    if reference and segments and _is_plain(text):
        return ()
    text, found = filled(text[:LOOKED_AT])
    by_form(text, found, schemes)
    if "=" in text or ":" in text or "%" in text or content:
        by_name(text, content, tokens, found)
    paths = in_segments(text, reference, found) if segments and ("/" in text or "%2" in text) else []
    if reference and "@" in text and (userinfo := AUTHORITY.match(text)):
        found.append(userinfo.span())
    if len(text) >= LEAST:
        if tokens:
            by_look(text, paths, found)
        elif "?" in text:
            found += [one.span(1) for one in _BARE.finditer(text) if is_random(one[1], True)
                      and not (len(one[1]) <= 40 and STATIC.search(text, max(0, one.start() - 6), one.start()))]
    return merged(found)
