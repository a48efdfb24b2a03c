"""What a release says of itself.

    python tools/release.py vX.Y.Z          # prints its section of the changelog
    python tools/release.py --published     # the pages name what a package index has, and no checkout any more

The first fails where the tag is not the version of httplint, or the changelog has no section `## X.Y.Z - YYYY-MM-DD`
with a text. The second is the one place where that is switched: what the program itself says follows from how it was
installed (src/httplint/model/installation.py).
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def notes(tag: str, version: str, changelog: str) -> str:
    """The section of the changelog about the version that a tag names. Raises ValueError, with what is missing."""
    if tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, but src/httplint/__init__.py has version {version}")
    found = re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    if found is None or not found[1].strip():
        raise ValueError(f"CHANGELOG.md has no section ## {version} - YYYY-MM-DD, or an empty one")
    return found[1].strip() + "\n"


def published(page: str) -> str:
    """A page that names the distribution where it named a checkout, without what holds only until then."""
    page = re.sub(r"<!-- not on an index -->\n.*?<!-- /not on an index -->\n", "", page, flags=re.S)
    return re.sub(r"(pip install (?:[\w-]+ )*'?)\./httplint\b", r"\1http-conformance-lint", page)


def publish() -> None:
    for path in (ROOT / "README.md", ROOT / "playground" / "index.html", *sorted((ROOT / "docs").rglob("*.md"))):
        page = path.read_text("utf-8")
        if (now := published(page)) != page:
            path.write_text(now, "utf-8", newline="\n")


def main(tag: str) -> None:
    module = (ROOT / "src" / "httplint" / "__init__.py").read_text("utf-8")
    version = next(line.split('"')[1] for line in module.splitlines() if line.startswith("__version__ = "))
    try:
        print(notes(tag, version, (ROOT / "CHANGELOG.md").read_text("utf-8")), end="")
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--published":
        publish()
    else:
        main(sys.argv[1])
