"""The library call: lint what a program holds in its hands, or a HAR file."""
from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from httplint.engine import catalogue
from httplint.engine.linter import RuleLinter
from httplint.engine.obsolete import Catalogue
from httplint.engine.report import Report
from httplint.model.exchange import Exchange, Source
from httplint.model.message import expect
from httplint.selection import prefixes
from httplint.selection import select as selected

if TYPE_CHECKING:
    from httplint.capture.har_alone import JsonEntry
    from httplint.capture.har_quirks import Tool
    from httplint.capture.outcome import Problem, Skipped
    from httplint.configuration.policy import Policy
    from httplint.configuration.settings import Settings
    from httplint.description.matching import Descriptions
    from httplint.engine.profile import Profile
    from httplint.engine.report import Placing


@lru_cache(maxsize=1)
def built_in_rules() -> Catalogue:
    """The rules that come with httplint; read once."""
    return catalogue.built_in()


def rules_from(packs: Iterable[str | os.PathLike[str]] = ()) -> Catalogue:
    """The built-in rules and those of some directories. Raises RuleError with file and line."""
    packs = list(packs)
    if not packs:
        return built_in_rules()
    from pathlib import Path
    return catalogue.combine(built_in_rules(), *(catalogue.load(Path(pack)) for pack in packs))


class Linter:
    """Judges exchanges.

    `select` and `ignore` are prefixes of rule ids, as a list or separated by commas; the longest prefix wins.
    `profile` is one or several of "default", "strict", "api", "browser" and "security".
    `rules` names directories with rule files of your own, which are added to the built-in ones.

    `config` is a configuration: a file, "auto" for the httplint.toml or pyproject.toml that holds for the working
    directory, or `configuration.settings.Settings`. Without it nothing is read, so that what a program does depends on
    the program only. The other arguments win over it: select, ignore and profile replace its values, rules adds to
    them. With it, reports have the severities that it gives, and what it waives, has in the baseline or leaves to third
    parties is in `report.suppressed` instead of `report.findings`.

    Raises RuleError for a broken rule file, SelectionError for a prefix that matches nothing, ConfigurationError for a
    configuration that is wrong, DescriptionError for a description of an API that is, TypeError for an argument that is
    none of these.
    """

    def __init__(self, select: str | Iterable[str] = (), ignore: str | Iterable[str] = (),
                 rules: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
                 profile: str | Iterable[str] = (),
                 config: str | os.PathLike[str] | Settings | None = None) -> None:
        select, ignore, profile = _several("select", select), _several("ignore", ignore), _several("profile", profile)
        packs = [os.fspath(pack) for pack in _several("rules", rules)]
        self.settings: Settings | None = None
        """What holds, if there is a configuration."""
        self.policy: Policy | None = None
        """What it makes of reports."""
        self.descriptions: Descriptions | None = None
        """What descriptions of the API say, if the configuration names any."""
        if config is not None:
            self.settings = _settings(config)
        if self.settings is None:
            known = rules_from(packs)
            self.rules = selected(known, select, ignore, profile)
            """The rules that are on, perhaps for some exchanges only, in catalogue order."""
            self._notes = known.notes((*prefixes(select), *prefixes(ignore)))
            self.rule_linter = RuleLinter(self.rules)
            """What runs them, before `policy` changes what they say."""
            return
        from httplint.configuration.policy import Policy
        self.settings = self.settings.with_options({"select": select, "ignore": ignore, "profile": profile,
                                                    "rules": packs})
        self.policy = Policy(self.settings, rules_from(self.settings.rules))
        self.rules = self.policy.rules
        placing: Placing | None = self.settings.host_names()
        if self.settings.api:
            from httplint.configuration.described import by_operation
            placing = by_operation(self.settings)
            self.descriptions = placing.descriptions
        self.rule_linter = RuleLinter(self.rules, self.settings.names(), placing)

    def be_the_client(self) -> None:
        """Whoever asks is this program: rules that bind the client are left out, since nobody can mend it by them."""
        self.rule_linter = self.rule_linter.only(lambda rule: rule.party != "client")
        self.rules = self.rule_linter.rules

    @property
    def baselined(self) -> bool:
        """Whether there is a baseline, of which findings are suppressed."""
        return self.settings is not None and self.settings.baseline is not None

    def notes(self) -> list[str]:
        """What to tell at the end of a run, a line each: ids that are no more, waivers that were not needed."""
        return self._notes if self.policy is None else self.policy.notes()

    def profile(self) -> Profile:
        """What measures the rules, while it is entered."""
        from httplint.engine.profile import Profile
        return Profile(self.rule_linter)

    def lint(self, exchange: object) -> Report:
        """Judges one exchange by itself: rules about earlier exchanges are not evaluated.

        Takes an Exchange, or what the client libraries and test clients of `httplint.clients` hand out; raises
        TypeError for anything else, ValueError for an object without a response.
        """
        report = self.rule_linter.lint(_exchange(exchange))
        return report if self.policy is None else self.policy.apply(report)

    def lint_all(self, exchanges: Iterable[object], over: Callable[[], bool] | None = None) -> Iterator[Report]:
        """Judges exchanges, or what `lint` takes, in their order, each with what earlier ones tell; memory is bounded.

        Yields a report for each; `report.exchange` is the exchange it is about. `over` is that of `stream`.
        """
        if not isinstance(exchanges, Iterable):
            raise TypeError(f"expected several exchanges, got {type(exchanges).__name__}; lint takes one")
        return map(self.stream(over), exchanges)

    def stream(self, over: Callable[[], bool] | None = None) -> Callable[[object], Report]:
        """What judges exchanges one at a time as `lint_all` does, for programs that get them one at a time.

        `over`: whether the time to judge the exchange at hand is over; the rules that were not reached by then are not
        evaluated. What is called raises TypeError and ValueError as `lint` does, and can be called again.
        """
        judge, policy = self.rule_linter.stream(over), self.policy
        if policy is None:
            return lambda exchange: judge(_exchange(exchange))
        return lambda exchange: policy.apply(judge(_exchange(exchange)))


def _several(name: str, value: Any) -> list[Any]:
    """One text (or path), or several. Raises TypeError."""
    kinds = (str, os.PathLike) if name == "rules" else (str,)
    one = isinstance(value, (*kinds, bytes)) or not isinstance(value, Iterable)
    items = [value] if one else [*value]
    for item in items:
        expect(name, item, *kinds)
    return items


def _settings(config: str | os.PathLike[str] | Settings) -> Settings | None:
    if isinstance(config, (str, os.PathLike)):
        from httplint.configuration.finding import find
        path = find() if config == "auto" else config
        if path is None:
            return None
        from httplint.configuration.settings import load
        return load(path, found=config == "auto")
    from httplint.configuration.settings import Settings
    expect("config", config, str, os.PathLike, Settings)
    return config


@lru_cache(maxsize=1)
def _default() -> Linter:
    return Linter()


def lint(exchange: object) -> Report:
    """Judges one exchange by the built-in rules: an Exchange, or a response of a client library or a test client.

    Raises TypeError, ValueError as Linter.lint does.
    """
    return _default().lint(exchange)


def _exchange(held: object) -> Exchange:
    if isinstance(held, Exchange):
        return held
    from httplint.clients import exchange_of
    return exchange_of(held)


def read(source: str | os.PathLike[str] | bytes | BinaryIO, *,
         path: str | os.PathLike[str] | None = None) -> Iterator[Exchange | Skipped | Problem]:
    """What stands in a capture of any kind that `httplint check` reads, in its order; memory is bounded.

    `source` is a path, "-" for standard input, octets, or a binary stream, which is read from where it stands and left
    open. `path` is what outcomes call it, by default the path or the name of the stream.

    Yields an Exchange, which can be judged; a Skipped, with the reason, for an entry without one; and a Problem for
    what cannot be read, a missing file and a directory too: whatever the source holds, nothing is raised but what a
    stream raises that is no OSError. Raises TypeError, at once, where `source` is something else, such as a stream of
    text.
    """
    from httplint.capture import reading
    path = None if path is None else os.fspath(path)
    if isinstance(source, bytes):
        source, path = io.BytesIO(source), "<bytes>" if path is None else path
    elif not isinstance(source, (str, os.PathLike)) and (
            isinstance(source, io.TextIOBase) or not hasattr(source, "read")):
        raise TypeError(f"expected a path, bytes or a binary stream, got {type(source).__name__}; "
                        "open a file with mode 'rb', and of a stream of text, pass its `buffer`")
    return reading.read(source, path=path)


def read_har_entries(entries: Iterable[JsonEntry], *, creator: str | Mapping[str, object] | None,
                     browser: str | Mapping[str, object] | None = None,
                     path: str | os.PathLike[str] = "<entries>") -> Iterator[Exchange | Skipped]:
    """What the entries of one HAR are that an archive keeps as rows, in their order: the same as `read` of the HAR.

    An entry is a mapping as `json.loads` makes it, or its JSON text; the null of a table is one that is Skipped. What
    an entry proves depends on who wrote it, which rows have lost: `creator` and `browser` are what the HAR says there,
    or the names alone; None where nobody knows. `path` is what outcomes call the capture, such as the URL of the page;
    entries are numbered from 0. Contents kept in files of their own are not looked for.

    Yields an Exchange, which can be judged, or a Skipped, with the reason, for each entry: whatever stands in one,
    nothing is raised. Raises TypeError where an entry is no value of JSON and no text, and, at once, for arguments that
    are none of these.
    """
    if isinstance(entries, (str, bytes, Mapping)) or not isinstance(entries, Iterable):
        raise TypeError(f"expected several HAR entries, got {type(entries).__name__}; read_har_entry takes one")
    from httplint.capture import har_alone
    return har_alone.outcomes(entries, _tool(creator, browser), os.fspath(path))


def read_har_entry(entry: JsonEntry, *, creator: str | Mapping[str, object] | None,
                   browser: str | Mapping[str, object] | None = None,
                   source: Source | None = None) -> Exchange | Skipped:
    """What one entry of a HAR is, by itself: read_har_entries takes those of a HAR, which show more of their tool.

    `source` is where it stands, by which findings call it. Raises TypeError as read_har_entries does.
    """
    from httplint.capture import har_alone
    source = Source("<entry>", 0) if source is None else expect("source", source, Source)
    return har_alone.outcome(entry, _tool(creator, browser), source)


def _tool(creator: str | Mapping[str, object] | None, browser: str | Mapping[str, object] | None) -> Tool:
    """What is known of who wrote a HAR. Raises TypeError."""
    from httplint.capture.har_quirks import Tool, producer
    heads = []
    for name, value in (("creator", creator), ("browser", browser)):
        if not (value is None or isinstance(value, Mapping)):
            value = {"name": expect(name, value, str, Mapping)}
        heads.append(value and dict(value))
    return Tool(producer(*heads))


def lint_har(path: str | os.PathLike[str], linter: Linter | None = None,
             on_skip: Callable[[Skipped], None] | None = None) -> Iterator[tuple[Exchange, Report]]:
    """Judges the entries of a HAR file one at a time: yields (exchange, report).

    Entries without a captured response are passed to `on_skip`, and left out. Raises CaptureError where the file is
    not there, is no HAR, or a part of it cannot be read, after all the entries that can; TypeError, at once, for
    arguments that are none of these.
    """
    expect("path", path, str, os.PathLike)
    if linter is not None:
        expect("linter", linter, Linter)
    return _of_har(path, linter or _default(), on_skip)


def _of_har(path: str | os.PathLike[str], linter: Linter,
            on_skip: Callable[[Skipped], None] | None) -> Iterator[tuple[Exchange, Report]]:
    from httplint.capture import har
    from httplint.capture.outcome import CaptureError, Problem

    problems: list[Problem] = []

    def exchanges() -> Iterator[Exchange]:
        for entry in har.read(path):
            if isinstance(entry, Exchange):
                yield entry
            elif isinstance(entry, Problem):
                problems.append(entry)
            elif on_skip is not None:
                on_skip(entry)

    for report in linter.lint_all(exchanges()):
        yield report.exchange, report
    if problems:
        raise CaptureError(problems[0])
