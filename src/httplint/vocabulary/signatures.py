"""What message signatures cover, and whether they are complete (RFC 9421)."""
from __future__ import annotations

from httplint.grammar.registry import signature_algorithms
from httplint.grammar.rfc9421 import DERIVED, Component, SignatureInput
from httplint.grammar.table import header_section, parsed
from httplint.model.evidence import REASONS, NotEvaluated
from httplint.model.fields import Fields
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.vocabulary import function


class ComponentFlaw(NamedTuple):
    """A covered component, and why no value can be had for it; `wrong` is empty where one can."""

    label: str
    component: str
    wrong: str


@function(absent=("response.*",), guard="name", reads=("response.{name}", "response:trailers"))
def component_flaws(response: Response, name: str) -> tuple[ComponentFlaw, ...]:
    """The components that signatures of a response cover without there being a value for them (RFC 9421 §2.5).

    `name` is the field that lists them, Signature-Input. Those of the request (`req`) are not looked up.
    """
    if response.fields is None or name.lower() not in response.fields.index:
        return ()
    inputs = parsed(response.fields, name.lower())
    assert isinstance(inputs, tuple)
    found = []
    for one in inputs:
        seen: set[tuple[object, ...]] = set()
        for component in one.components or ():
            identity = (component.name, *sorted(component.parameters, key=str))
            wrong = "it is covered twice" if identity in seen else _component(component, response)
            seen.add(identity)
            found.append(ComponentFlaw(one.label, component.text, wrong))
    return tuple(found)


def _component(component: Component, response: Response) -> str:
    name, flags = component.name, component.flags
    if name is None:
        return "the name of a component is a string"
    if "bs" in flags and flags & {"sf", "key"}:
        return "bs goes neither with sf nor with key"
    if name.startswith("@"):
        if name in DERIVED and "req" not in flags:
            return "it is part of requests; in a response it needs the parameter req"
        if name == "@query-param" and "name" not in flags:
            return "the parameter name does not say which of the query it is"
        return "the status belongs to the response, not to the request" if name == "@status" and "req" in flags else ""
    if name != name.lower():
        return "names of fields are in lower case here"
    if "req" in flags:
        return ""
    if "tr" in flags:
        missing = response.trailers is not None and name not in response.trailers.index
        return "the trailer section has no such field" if missing else ""
    assert response.fields is not None
    return "" if name in response.fields.index else "the header section has no such field"


@function(absent=("response.signature", "response.signature-input", "response.trailer", "response.transfer-encoding"),
          guard="name", reads=("response.{name}", "response.{other}", "response:trailers", "response:version"))
def unmatched_labels(response: Response, name: str, other: str) -> tuple[str, ...]:
    """The labels of one field that another does not have: of Signature and Signature-Input (RFC 9421 §4).

    Both may stand in trailers too (§4.1, §4.2), which need not be announced (RFC 9110 §6.6.2): where the response may
    have some, but they are not known, nothing is said.
    """
    fields, trailers = header_section(response), response.trailers
    lacking = _labels(fields, name) - _labels(fields, other)
    if trailers is not None:
        lacking -= _labels(trailers, other)
    elif lacking and (response.version not in ("1.0", "1.1") or not fields.index.keys().isdisjoint(_ABLE)):
        raise NotEvaluated(REASONS["trailers"])
    return tuple(sorted(lacking))


_ABLE = ("trailer", "transfer-encoding")
"""Fields of which a response of HTTP/1.x has one if trailers follow (RFC 9112 §7.1.2)."""


def _labels(section: Fields, name: str) -> frozenset[str]:
    if name.lower() not in section.index:
        return frozenset()
    members = parsed(section, name.lower())
    assert isinstance(members, tuple)
    return frozenset([one.label for one in members])


@function()
def known_signing(algorithm: str) -> bool:
    """Whether an algorithm for signatures is registered (RFC 9421 §6.2)."""
    return algorithm in signature_algorithms()


@function()
def response_only(asked: SignatureInput) -> tuple[str, ...]:
    """The components that a signature of the next request cannot cover, although it is asked to (RFC 9421 §5)."""
    return tuple([one.text for one in asked.components or () if one.name == "@status" or "req" in one.flags])
