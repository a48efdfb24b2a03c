"""Mixtures of the examples of all rules: exchanges as nobody has thought of them, that many rules have to do with."""
from __future__ import annotations

import random
from collections.abc import Iterator

from httplint.capture.notation import notation
from httplint.library import built_in_rules
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Request

TEXTS = sorted({text for rule in built_in_rules() for text in (*rule.bad, *rule.good)})
SINGLE = [exchange for text in TEXTS for exchange in notation(text)]


def _pool(sections: Iterator[Fields | None]) -> dict[str, list[tuple[str, str]]]:
    out: dict[str, set[tuple[str, str]]] = {}
    for fields in sections:
        for name, value in fields or ():
            out.setdefault(name.lower(), set()).add((name, value))
    return {name: sorted(lines) for name, lines in sorted(out.items())}


ANSWERED = _pool(one.response.fields for one in SINGLE)
ASKED = _pool(one.request.fields for one in SINGLE if one.request is not None)


def mixture(chance: random.Random) -> Exchange:
    """An exchange made of an example and some lines of fields, status and content of others."""
    base, second = chance.sample(SINGLE, 2)

    def mixed(fields: Fields | None, pool: dict[str, list[tuple[str, str]]], most: int) -> Fields:
        lines = list(fields or ())
        for name in chance.sample(sorted(pool), chance.randint(0, most)):
            lines += [chance.choice(pool[name]) for _ in range(chance.choice((1, 1, 1, 2)))]
        return Fields(tuple(lines))

    request = base.request or second.request or Request("GET", "/", "1.1", ())
    request = request.but(fields=mixed(request.fields, ASKED, 5), content=request.content or b"")
    content = chance.choice((base.response.content, second.response.content)) or b""
    response = base.response.but(status=chance.choice((base, base, second)).response.status, content=content,
                                 size=len(content), fields=mixed(base.response.fields, ANSWERED, 9), irregularities=())
    return base.but(response=response, request=request, started=1_760_000_000.0 + chance.randint(0, 10**6),
                    evidence=Evidence.of(
                        ALL & ~bits("wire", *["trailers"] * (response.trailers is None))))
