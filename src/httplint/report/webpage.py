"""A page in one HTML file that needs no network: its looks, what it does, and data that cannot become markup.

A page is `page/frame.html` with a body of its own, the shared `page.css` and `elements.js`, and style sheets and
scripts of its own, which run as one. Its body has an element `findings`, to which the frame lets skip. Data stands in
it as islands: script elements that browsers do not run, JSON without <, > and &. Scripts set text only, and the policy
in the page (Content-Security-Policy) allows nothing but the one script and the one style sheet, by their digests.
"""
from __future__ import annotations

import base64
import hashlib
import json
from html import escape

from httplint.model.files import packaged
from httplint.model.printable import tamed
from httplint.report.escape import clipped

SHARED = "elements.js"


def page(title: str, body: str, *parts: str, version: str = "") -> tuple[str, str]:
    """What stands before the islands, and what after them.

    `body`: markup in ASCII; `parts`: names of style sheets and scripts in `page/`; `version`: of httplint.
    """
    style = "".join(asset(name) for name in ("page.css", *parts) if name.endswith(".css"))
    scripts = "\n".join(asset(name) for name in (SHARED, *parts) if name.endswith(".js"))
    script = f'"use strict";\n(() => {{\n{scripts}}})();\n'
    policy = "; ".join((
        "default-src 'none'", f"script-src {_digest(script)}", f"style-src {_digest(style)}", "base-uri 'none'",
        "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"))
    out = asset("frame.html")
    for slot, text in (("policy", policy), ("title", inert(title)), ("style", style), ("version", inert(version)),
                       ("body", body), ("script", script)):
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


def inert(text: str, width: int = 300) -> str:
    """A text as markup in ASCII, clipped and without control characters."""
    return escape(tamed(clipped(text, width))).encode("ascii", "xmlcharrefreplace").decode("ascii")


def asset(name: str) -> str:
    """A file of `page/`."""
    return packaged("httplint.report", f"page/{name}").decode("ascii")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('ascii')).digest()).decode()}'"
