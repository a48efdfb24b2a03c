"""Pieces of pages that need no script: what is folded opens by itself, what scrolls can be scrolled by a keyboard."""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.rule import Provision
from httplint.report.links import link
from httplint.report.webpage import inert, page


def still_page(title: str, body: Iterable[str], version: str, *sheets: str) -> Iterable[str]:
    """The page. `body`: markup in ASCII; `version`: of httplint; `sheets`: names of style sheets in `page/`."""
    foot = "<footer><p>One file, no network: nothing is loaded and nothing leaves this page.</p></footer>\n"
    return page(title, "".join(body) + foot, *sheets, version=version)


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def icon(name: str) -> str:
    """A symbol of `page/frame.html`."""
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>'


def said(rule: Provision) -> str:
    """What to do about findings of a rule, why, and where that stands."""
    address = link(rule.spec)
    spec = inert(f"{rule.level}: {rule.spec}")
    section = f'<a href="{inert(address, 2000)}" rel="noreferrer">{spec}</a>' if address else spec
    return (f'<dl><dt>Fix</dt><dd class="fix">{inert(rule.fix, 2000)}</dd>'
            f"<dt>Why</dt><dd>{inert(rule.why, 4000)}</dd><dt>Specification</dt><dd>{section}</dd></dl>")


def scrolling(heading: str) -> Iterable[str]:
    """The begin of a table that may be wider than the page. `heading`: ids of what names it."""
    yield f'<div class="scrolling" role="region" aria-labelledby="{heading}" tabindex="0"><table class="numbers">\n'


def head(*titles: str) -> str:
    """The head of a table, and the begin of its body. `titles`: markup."""
    return ("<thead><tr>" + "".join(f'<th scope="col">{title}</th>' for title in titles) + "</tr></thead><tbody>\n")


def cells(first: str, *others: str) -> str:
    """A row of a table. The cells are markup; the first is what the row is about."""
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>\n"
