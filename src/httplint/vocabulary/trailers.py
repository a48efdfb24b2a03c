"""Trailer sections: which fields may stand there, were announced, and fit their grammar (RFC 9110 §6.5, §6.6.2)."""
from __future__ import annotations

from httplint.grammar.table import FIELDS, field, header_section, malformed_line, parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import Fields
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.vocabulary import function
from httplint.vocabulary.fields import SOUND, FieldLine, control, unsound


class TrailerLine(NamedTuple):
    """A line of the trailer section."""

    name: str
    line: int
    part: str
    pseudo: bool
    """Whether it has the name of a pseudo-field (RFC 9113 §8.3)."""
    permitted: bool
    """Whether the definition of the field leaves trailers open."""
    defined: bool
    """Whether the definition of the field permits trailers, or the field is not a registered one of responses."""
    announced: bool
    """Whether Trailer lists it."""


@function("trailers", absent=("response.trailer",), reads=("response:trailers", "response.trailer"))
def trailer_lines(response: Response) -> tuple[TrailerLine, ...]:
    """The lines of the trailer section (RFC 9110 §6.5.1, §6.6.2)."""
    if not response.trailers:
        return ()
    try:
        listed = parsed(header_section(response), "trailer")
    except (NotApplicable, NotEvaluated):
        listed = ()
    assert isinstance(listed, tuple)
    announced = frozenset(listed)
    out = []
    for number, (name, _) in enumerate(response.trailers.lines):
        one = field(name)
        defined = one is None or one.trailer is True or one.status == "unregistered" or one.response is not True
        out.append(TrailerLine(one.name if one else name, number, "trailer", name.startswith(":"),
                               permitted_in_trailers(name), defined, name.lower() in announced))
    return tuple(out)


@function()
def permitted_in_trailers(name: str) -> bool:
    """Whether the kind of a field leaves it open to stand in a trailer section (RFC 9110 §6.5.1)."""
    one = field(name)
    return one is None or one.trailer is not False


@function(reads=("response:trailers",))
def came_as_trailer(response: Response, name: str) -> bool:
    """Whether a trailer section was captured that has that field (RFC 9110 §6.5)."""
    return response.trailers is not None and name.lower() in response.trailers.index


@function("trailers", reads=("response:trailers",))
def malformed_trailers(response: Response) -> tuple[FieldLine, ...]:
    """The lines of the trailer section whose value breaks its grammar; or one that is sound (RFC 9110 §6.5, §5.5).

    Not of fields that must not stand there at all, nor by the grammars of drafts.
    """
    trailers = response.trailers or Fields()
    found = []
    for name in trailers.index:
        one = FIELDS.get(name)
        if one is None or not (one.trailer or (one.trailer is None and one.source.startswith("RFC"))):
            continue
        flaw = malformed_line(trailers, name)
        if flaw is not None and not control.search(flaw.value):
            found.append(unsound(flaw, True)._replace(part="trailer"))
    return tuple(found) or SOUND
