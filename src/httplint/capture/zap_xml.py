"""Reports of ZAP in XML: the messages of each alert, if it is one "with requests and responses"; see `zap`."""
from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import xml_walk
from httplint.capture.files import Progress
from httplint.capture.outcome import Outcome, Skipped
from httplint.capture.xml_walk import NOTHING, XmlForm, XmlParts
from httplint.capture.zap import Reported
from httplint.model.exchange import Exchange, Source

FORM = XmlForm(frozenset({"instance"}), frozenset({"requestheader", "requestbody", "responseheader", "responsebody"}))


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a report, in its order, each once."""
    reported = Reported()

    def made(parts: XmlParts, place: Source) -> Exchange | Skipped:
        request, response = (parts.get(f"{name}header", NOTHING).octets + parts.get(f"{name}body", NOTHING).octets
                             for name in ("request", "response"))
        return reported.exchange(request, response, place)

    return xml_walk.outcomes(source, path, progress, FORM, made)
