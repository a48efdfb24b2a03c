"""The one table of the formats of results, and what a user says to get one: FORMAT:FILE.

Kept light, since the command line is made of it: a format's module loads when a report of its kind is written.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from httplint.model.errors import HttplintError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from httplint.report.reporter import Options, Reporter, Write

STDOUT = "-"


class FormatError(HttplintError, ValueError):
    """What was asked for is not FORMAT:FILE, or cannot be had together; the message says what was expected."""


class Format:
    """A form that results are written in.

    `maker` is the module and the class of its reporter, which is called with a function that writes text and the
    options. `live`: whether it writes findings as they come. `machine`: whether anything else on the same stream
    would spoil it. `places`: whether it tells of exchanges without findings, too (`Summary.places`). `held`: whether it
    tells which rules hold. `exchanges`: whether it shows exchanges without findings, as far as `quiet` says.
    """

    __slots__ = ("exchanges", "held", "live", "machine", "maker", "name", "places", "what")

    def __init__(self, name: str, maker: str, what: str, live: bool = False, machine: bool = True,
                 places: bool = False, held: bool = False, exchanges: bool = False) -> None:
        self.name = name
        self.maker = maker
        self.what = what
        self.live = live
        self.machine = machine
        self.places = places
        self.held = held
        self.exchanges = exchanges

    def reporter(self, write: Write, options: Options) -> Reporter:
        """A reporter that writes this format."""
        import importlib
        module, _, name = self.maker.partition(":")
        made: Reporter = getattr(importlib.import_module(f"httplint.report.{module}"), name)(write, options)
        return made


FORMATS = {made.name: made for made in (
    Format("text", "text:TextReport", "alike findings in one block", machine=False),
    Format("concise", "concise:ConciseReport", "a line for each finding", live=True, machine=False),
    Format("json", "json_report:JsonReport", "for programs, and for httplint report --from", live=True, places=True,
           held=True, exchanges=True),
    Format("jsonl", "jsonl:JsonLinesReport", "the same, a line for each exchange", live=True, places=True, held=True,
           exchanges=True),
    Format("html", "html:HtmlReport", "a page to look at and search", places=True, held=True, exchanges=True),
    Format("markdown", "markdown:MarkdownReport", "a summary, such as for $GITHUB_STEP_SUMMARY", places=True),
    Format("csv", "csv_report:CsvReport", "for spreadsheets, a row for each finding", live=True),
    Format("sarif", "sarif:SarifReport", "SARIF 2.1.0, for code scanning"),
    Format("junit", "junit:JunitReport", "JUnit XML, for CI servers", places=True),
    Format("github", "github:GithubReport", "annotations of GitHub Actions"),
    Format("gitlab", "gitlab:GitlabReport", "code quality report of GitLab"),
)}
"""Name -> format."""

SAVED = Format("har", "har_report:HarReport", "what was asked and answered", live=True)
"""What --save writes."""


def parse(text: str, among: Mapping[str, Format] = FORMATS) -> tuple[Format, str]:
    """The format and the file of FORMAT:FILE. Raises FormatError."""
    name, colon, path = text.partition(":")
    if not colon or not path:
        raise FormatError(f"expected FORMAT:FILE, such as json:result.json, got {text!r:.100}")
    return named(name, among), path


def named(name: str, among: Mapping[str, Format] = FORMATS) -> Format:
    """The format of that name. Raises FormatError."""
    if name not in among:
        from httplint.model.likeness import meant
        close = meant(name, sorted(among), 0.5) or f"; the formats are {', '.join(among)}"
        raise FormatError(f"there is no format {name!r:.60}{'' if among is FORMATS else ' here'}{close}")
    return among[name]


def chosen(outputs: Iterable[str], stdout: str | None,
           among: Mapping[str, Format] = FORMATS) -> tuple[Format, list[tuple[Format, str]]]:
    """(the format of standard output, the formats and files of the others) of what a user has said.

    `outputs`: each FORMAT:FILE, of which one may be `-`; `stdout`: the format asked for otherwise, or None for text.
    Raises FormatError.
    """
    files: list[tuple[Format, str]] = []
    shown = None if stdout is None else named(stdout, among)
    for text in outputs:
        made, path = parse(text, among)
        if path != STDOUT:
            if any(path == other for _, other in files):
                raise FormatError(f"two reports cannot both go to {path!r:.100}")
            files.append((made, path))
        elif shown is None:
            shown = made
        elif shown is not made:
            raise FormatError(f"only one report can go to standard output, got {shown.name} and {made.name}")
    return shown or among["text"], files
