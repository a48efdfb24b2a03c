"""Where a specification can be read."""
from __future__ import annotations

import re

_RFC = re.compile(r"RFC (\d+) §(\S+)")


def link(spec: str) -> str | None:
    """The address of the section that a rule names; None where it is not an RFC."""
    found = _RFC.match(spec)
    if not found:
        return None
    number, section = found.groups()
    anchor = f"appendix-{section}" if section[0].isalpha() else f"section-{section}"
    return f"https://www.rfc-editor.org/rfc/rfc{number}#{anchor}"
