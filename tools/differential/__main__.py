"""Where HTTPolice and the library httplint (another program of that name) judge otherwise, and who is right.

    python tools/differential [DIRECTORY]

Installs both into environments of their own in DIRECTORY (default: .venv/differential), has them judge the examples of
all rules and the fixtures, and compares what they report with our findings. `verdicts.csv` says of each notice which of
our rules says the same, and where they differ who is right by which section; a notice of severity error or bad that it
does not know, or that ought to have come with a finding of ours, is printed with an example, and the exit status is 1.
Not part of CI.
"""
from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from httplint.capture.notation import notation
from httplint.capture.reading import read
from httplint.engine.linter import RuleLinter
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Program(NamedTuple):
    """Another program: its distribution, with what it needs older; what drives it, and the severity of its faults."""

    name: str
    distributions: str
    driver: str
    fault: str


PROGRAMS = (
    Program("HTTPolice", "HTTPolice==0.9.0 bitstring==4.4.0", "httpolice_notices.py", "error"),
    Program("httplint", "httplint==2026.10.4", "httplint_notes.py", "bad"),
)
VERDICTS = ("ours", "theirs", "both", "scope")
"""Who is right where only they report it; both: the section leaves it open; scope: it is not about conformance of a
response, or about what neither capture shows."""


class Row(NamedTuple):
    """What is decided of a notice; `same`: ids of our rules that say the same, or patterns of them."""

    same: tuple[str, ...]
    verdict: str
    section: str
    reason: str

    def says(self, rules: set[str]) -> set[str]:
        return {rule for rule in rules for pattern in self.same if fnmatchcase(rule, pattern)}


def rows() -> dict[tuple[str, str], Row]:
    with (HERE / "verdicts.csv").open(encoding="utf-8") as stream:
        return {(row["program"], row["notice"]): Row(tuple(row["same"].split()), row["verdict"], row["section"],
                                                     row["reason"]) for row in csv.DictReader(stream)}


def cases() -> Iterator[tuple[str, list[Exchange]]]:
    """A place, and exchanges that stand in one capture."""
    for rule in built_in_rules():
        for kind in ("bad", "good"):
            for number, text in enumerate(getattr(rule, kind), 1):
                yield f"{rule.id} {kind} {number}", notation(text)
    for har in sorted((ROOT / "fixtures" / "har").glob("*.har")):
        yield har.name, [one for one in read(str(har)) if isinstance(one, Exchange)]


def given(exchange: Exchange) -> dict[str, Any]:
    """An exchange as the drivers read it: octets are characters."""
    request = exchange.request
    return {
        "started": exchange.started,
        "request": request and _request(request, exchange.evidence.knows("request_content")),
        "responses": [{**_message(one, exchange.evidence.knows("octets")), "status": one.status,
                       "reason": one.reason or ""} for one in (*exchange.interim, exchange.response)],
    }


def _request(request: Request, known: bool) -> dict[str, Any]:
    """A target URI is given in parts, since the absolute form would say that a proxy was asked."""
    message, scheme, target = _message(request, known), request.scheme or None, request.target
    if (found := _ABSOLUTE.match(target)) and request.method != "CONNECT":
        scheme, target = found[1].lower(), found[3] or "/"
        if not any(name.lower() in ("host", ":authority") for name, _ in message["fields"]):
            message["fields"].insert(0, ("Host", found[2]))
    return {**message, "method": request.method, "target": target, "scheme": scheme}


_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)")


def _message(message: Message, known: bool) -> dict[str, Any]:
    """`known`: its content is, octet by octet."""
    content = message.content if known else None
    return {"version": message.version or "1.1", "fields": list(message.fields or ()),
            "trailers": list(message.trailers or ()),
            "content": None if content is None else content.decode("latin-1")}


def environment(program: Program, directory: Path) -> Path:
    """The Python of the program's own environment, made at the first run."""
    python = directory / program.name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(directory / program.name)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *program.distributions.split()], check=True)
    return python


def notices(program: Program, directory: Path, exchanges: list[Exchange]) -> list[dict[str, list[str]]]:
    """What the program reports of each exchange: notice -> severity and text."""
    lines = "".join(json.dumps(given(one)) + "\n" for one in exchanges)
    done = subprocess.run([str(environment(program, directory)), str(HERE / program.driver)], input=lines, text=True,
                          stdout=subprocess.PIPE, check=True, encoding="utf-8",
                          env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> int:
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".venv" / "differential")
    linter, known = RuleLinter(built_in_rules()), rows()
    places: list[str] = []
    exchanges: list[Exchange] = []
    found: list[set[str]] = []
    for place, several in cases():
        places += [place] * len(several)
        exchanges += several
        found += [{finding.rule_id for finding in report.findings} for report in linter.lint_all(several)]
    unexpected = 0
    for program in PROGRAMS:
        agreed: Counter[str] = Counter()
        apart: Counter[str] = Counter()
        example: dict[str, tuple[str, str, set[str]]] = {}
        ours_alone: Counter[str] = Counter()
        mine = [row for (name, _), row in known.items() if name == program.name]
        for place, ours, theirs in zip(places, found, notices(program, directory, exchanges), strict=True):
            told: set[str] = set()
            for notice, (severity, text) in theirs.items():
                row = known.get((program.name, notice))
                if severity not in (program.fault, "failed") and row is None:
                    continue
                said = row.says(ours) if row is not None else set()
                told |= said
                if said:
                    agreed[notice] += 1
                else:
                    apart[notice] += 1
                    example.setdefault(notice, (place, text, ours))
            ours_alone.update({rule for row in mine for rule in row.says(ours)} - told)
        print(f"\n{program.distribution}, {len(exchanges):,} exchanges: {agreed.total():,} notices with a finding of "
              f"the same, {apart.total():,} without; {ours_alone.total():,} findings without a notice of the same:")
        print("  " + ", ".join(f"{rule} {times}" for rule, times in ours_alone.most_common(30)))
        for notice, times in sorted(apart.items()):
            row = known.get((program.name, notice))
            if row is not None and row.verdict in VERDICTS:
                print(f"  {notice}: {times}, {row.verdict} ({row.section}): {row.reason}")
                continue
            unexpected += 1
            place, text, ours = example[notice]
            print(f"  {notice}: {times} of {times + agreed[notice]}, NOT DECIDED: {text[:100]!r} at {place}; "
                  f"ours: {', '.join(sorted(ours)) or 'none'}")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
