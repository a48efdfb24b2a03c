"""A page in one HTML file that needs no network: what it looks like, what it does, and data that cannot become markup.

A page is `page/frame.html` with a body of its own, the shared `page.css` and `elements.js`, and scripts of its own,
which run as one. Its body has an element `findings`, to which the frame lets skip, and a `report`, hidden until the
script shows it. Data stands in it as islands: script elements that browsers do not run, JSON without <, > and &.
Scripts set text only, and the policy in the page (Content-Security-Policy) allows nothing but the one script and the
one style sheet, by their digests.
"""
from __future__ import annotations

import base64
import hashlib
import json
from html import escape

from httplint.model.files import packaged
from httplint.model.printable import tamed

SHARED = "elements.js"


def page(title: str, body: str, *scripts: str) -> tuple[str, str]:
    """What stands before the islands, and what after them. `body` and `scripts`: names of files in `page/`."""
    style = _asset("page.css")
    script = '"use strict";\n(() => {\n' + "\n".join(map(_asset, (SHARED, *scripts))) + "})();\n"
    policy = "; ".join((
        "default-src 'none'", f"script-src {_digest(script)}", f"style-src {_digest(style)}", "base-uri 'none'",
        "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"))
    out = _asset("frame.html")
    for slot, text in (("policy", policy), ("title", escape(title)), ("style", style), ("body", _asset(body)),
                       ("script", script)):
        before, _, after = out.partition(f"<!-- {slot} -->")
        out = before + text + after
    beginning, _, ending = out.partition("<!-- islands -->")
    return beginning, ending


def island(kind: str, text: str) -> str:
    """Data, which the scripts find by its kind. `text`: of `safe_json`."""
    return f'<script type="application/json" data-island="{kind}">{text}</script>\n'


def safe_json(data: object) -> str:
    """JSON in ASCII that neither ends the element it stands in nor begins another."""
    return tamed(_encoded(data), "\\u0023").replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


_encoded = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def _asset(name: str) -> str:
    return packaged("httplint.report", f"page/{name}").decode("ascii")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('ascii')).digest()).decode()}'"
