"""URI references that stand in fields of responses, and whether they name a host (RFC 9110 §4, RFC 3986 §4.2)."""
from __future__ import annotations

from collections.abc import Iterator

from httplint.grammar.policies import Refresh
from httplint.grammar.reporting import Endpoint
from httplint.grammar.rfc2295 import Alternates, VariantDescription
from httplint.grammar.rfc2518 import StatusUri
from httplint.grammar.rfc8288 import Link
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import FIELDS, header_section, parsed
from httplint.grammar.uri import UriReference, uri_reference
from httplint.model.evidence import NotEvaluated
from httplint.model.fields import Fields
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.vocabulary import function


@function()
def hostless(reference: UriReference) -> bool:
    """Whether an http or https URI names no host (RFC 9110 §4.2.1, §4.2.2).

    A reference that begins with two slashes takes the scheme of the target URI; other relative ones need no host.
    """
    if reference.scheme is None:
        return reference.text.startswith("//") and not reference.host
    return reference.scheme.lower() in ("http", "https") and not reference.host


class Reference(NamedTuple):
    """A URI reference that stands in a field, and the field's name."""

    name: str
    uri: UriReference


REFERRING = ("alternates", "content-base", "link", "redirect-ref", "refresh", "reporting-endpoints",
             "service-worker-allowed", "sourcemap", "status-uri")
"""Fields of responses that hold URI references, besides Location and Content-Location with rules of their own.

The templates of Link-Template are references only when they are expanded."""


@function(among=REFERRING, reads=("response.{among}",))
def references(response: Response) -> tuple[Reference, ...]:
    """The URI references in the fields of REFERRING; of links target and anchor (RFC 8288 §3.1, §3.2).

    What is malformed is left to the rules about that.
    """
    fields = header_section(response)
    return tuple([Reference(FIELDS[name].name, uri) for name in REFERRING if name in fields.index
                  for uri in _references(fields, name)])


def _references(fields: Fields, name: str) -> Iterator[UriReference]:
    try:
        value = parsed(fields, name)
    except NotEvaluated:
        return
    if isinstance(value, UriReference):
        yield value
    texts: list[str | None] = [value.target] if isinstance(value, Refresh) else []
    for one in value.variants if isinstance(value, Alternates) else value if isinstance(value, tuple) else ():
        if isinstance(one, Link):
            texts += [one.target, one.anchor]
        elif isinstance(one, (VariantDescription, StatusUri)):
            texts.append(one.uri)
        elif isinstance(one, Endpoint):
            texts.append(one.url)
    for text in texts:
        if text is not None:
            try:
                yield uri_reference(text)
            except Malformed:
                continue
