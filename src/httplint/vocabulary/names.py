"""Names of fields: for requests only, out of use, misspelt, for all recipients (RFC 9110 §5.1, §7.6.1, §16.3).

They are looked up in registry/fields.csv: IANA's registry, and what else is known of fields.
"""
from __future__ import annotations

from httplint.grammar.names import meant_name
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.grammar.table import FIELDS, header_section
from httplint.model.message import Message, Response
from httplint.vocabulary import function
from httplint.vocabulary.fields import SOUND, FieldLine, present, sections

FORBIDDEN = frozenset(("client-cert", "client-cert-chain", "early-data"))
"""Fields of requests whose definition forbids them in responses outright: those have rules of their own."""
REQUEST_ONLY = frozenset(name for name, one in FIELDS.items()
                         if one.request and one.response is False and not one.obsolete) - FORBIDDEN


@function(among=REQUEST_ONLY, reads=("response.{among}?",), fieldwise=True)
def request_only(response: Response) -> tuple[FieldLine, ...]:
    """The fields of the response that are defined for requests alone (RFC 9110 §2.2).

    Obsolete ones are left out: Pragma was sent in responses for decades. So are those of FORBIDDEN.
    """
    return present(response, REQUEST_ONLY)


OBSOLETE = frozenset(name for name, one in FIELDS.items()
                     if one.obsolete and one.status != "unregistered") - {"pragma", "warning"}
"""Without Pragma, which was never defined for responses and does no harm there, and Warning, which has its own rule."""
OUTDATED = frozenset(name for name, one in FIELDS.items() if one.obsolete and one.status == "unregistered")
"""Fields that were never registered, and that nobody reads any more."""


@function(reads=("message.*?",), fieldwise=True)
def outdated(message: Message) -> tuple[FieldLine, ...]:
    """The unregistered fields that nobody reads any more; `expected` says why; or one line that is sound
    (RFC 9110 §16.3.1).
    """
    return _without_use(message, OUTDATED)


@function(reads=("message.*?",), fieldwise=True)
def obsolete(message: Message) -> tuple[FieldLine, ...]:
    """The fields that were made obsolete or deprecated, `expected` says by what; or one line that is sound
    (RFC 9110 §16.3.1).
    """
    return _without_use(message, OBSOLETE)


def _without_use(message: Message, names: frozenset[str]) -> tuple[FieldLine, ...]:
    return tuple([line._replace(sound=False, expected=FIELDS[line.name.lower()].obsolete or "")
                  for line in present(message, names)]) or SOUND


@function(reads=("message.*?", "message:trailers"), fieldwise=True)
def misspelt(message: Message, *, names: OwnNames = NONE) -> tuple[FieldLine, ...]:
    """The unknown fields whose name is a slip away from that of a registered one, which `expected` names
    (RFC 9110 §16.3.1).

    One line that is sound if there are none.
    """
    found = []
    present = header_section(message).index.keys()
    for part, fields in sections(message):
        for name in [one for one in fields.index if one not in FIELDS]:
            meant = meant_name(name)
            if meant is not None and meant.lower() not in present and name not in names.fields:
                number = fields.index[name][0]
                found.append(FieldLine(fields.lines[number][0], number, "", False, expected=meant, part=part))
    return tuple(found) or SOUND


@function()
def only_in_responses(name: str) -> bool:
    """Whether a field, in lower case, is defined for responses and for nothing else (RFC 9110 §16.3.2)."""
    one = FIELDS.get(name)
    return one is not None and one.response is True and one.request is False


END_TO_END = frozenset(name for name, one in FIELDS.items()
                       if one.source.startswith(("RFC 9110", "RFC 9111", "RFC 6265")) and not one.hop_by_hop) - {
                           "trailer", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info"}
"""Without those that RFC 2616 §13.5.1 took for fields of the connection."""


@function()
def end_to_end(option: str) -> bool:
    """Whether a connection option has the name of a field that is meant for all recipients (RFC 9110 §7.6.1)."""
    return option in END_TO_END
