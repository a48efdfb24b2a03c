"""Pages that reports make, read by tests: their tags, tables and policy."""
from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

EVIL = ("</main><script>alert(1)</script><img src=x onerror=alert(1)> \" ' <!-- script --> <!-- islands --> | p \n"
        "](javascript:alert(1)) `x` **b** @everyone #1 https://evil.example www.evil.example \x1b[31m\u202e")
"""What a stranger may have put into a text."""


RFC = r"https://www\.rfc-editor\.org/rfc/rfc[0-9]+#section-[0-9.]+"


class Tags(HTMLParser):
    """The tags of a page, which has to close what it opens, and the texts of the cells of its tables."""

    EMPTY = ("meta", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.met: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "th" in self.open or "td" in self.open:
            self.tables[-1][-1][-1] += data

    def values(self, attribute: str) -> list[str]:
        """The values of an attribute, wherever it stands."""
        return [attributes[attribute] or "" for _, attributes in self.met if attribute in attributes]


def policed(page: str) -> None:
    """Fails unless the policy of the page allows its one script and its one style sheet, and nothing else."""
    policy, = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    for tag in ("script", "style"):
        text, = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def harmless(page: str, plain: str) -> None:
    """Fails if texts of strangers in a page are more than texts. `plain`: one without such texts."""
    assert page.isascii()
    names = {tag for tag, _ in Tags(plain).met}
    for tag, attributes in Tags(page).met:
        assert tag in names
        assert not any(name.startswith("on") or name in ("src", "srcset", "style") for name in attributes)
        address = attributes.get("href") or "#"
        assert address.startswith("#") or re.fullmatch(RFC, address)
    assert page.count("<script") == 1
    assert "\x1b" not in page
