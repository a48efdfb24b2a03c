"""The settings: every key with its type, its default, and what it does; read from a file, with the origin of each.

A table of keys says all there is to know of them; reading, `config show` and the schema for editors follow it.
"""
from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from httplint.configuration import DEFAULTS, ConfigurationError, toml
from httplint.configuration import where as places
from httplint.configuration.placing import HostNames
from httplint.configuration.where import Hosts, Where
from httplint.engine.rule import PROFILES
from httplint.grammar.registry.own import OwnNames
from httplint.model.likeness import either, meant
from httplint.model.named import NamedTuple
from httplint.model.severity import CONFIDENCES, SETTINGS, SEVERITIES, THRESHOLDS, Confidence, Setting, Severity
from httplint.model.target import PatternError
from httplint.model.toml import Path, value_kind
from httplint.selection import prefixes


class Origin(NamedTuple):
    """Where a value comes from: a file and its line, or "default", or "command line"."""

    name: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.line}" if self.line else self.name


DEFAULT, COMMAND_LINE = Origin("default"), Origin("command line")


class Override(NamedTuple):
    """An [[override]]: which rules are on for some exchanges, and how serious they are there.

    Here, and in waivers and levels, the empty prefix stands for all rules.
    """

    where: Where
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    level: Mapping[str, Setting]
    """Prefix of rule ids -> severity, or "off"."""
    origin: Origin


class Waiver(NamedTuple):
    """A [[waiver]]: findings that somebody has decided to live with, and why."""

    rule: str
    """Prefix of rule ids."""
    where: Where
    """Which exchanges and findings (`where.fits_finding(finding, report.exchange)`)."""
    reason: str
    expires: datetime.date | None
    """The last day on which it holds."""
    origin: Origin
    """Where it stands, for messages."""


class Key(NamedTuple):
    """A key of the configuration. `kind` is one of KINDS; `choices` are the values of a choice."""

    name: str
    kind: str
    about: str
    choices: tuple[str, ...] = ()

    @property
    def default(self) -> Any:
        """The value where nothing is said."""
        return DEFAULTS.get(self.name, EMPTY.get(self.kind, ()))

    @property
    def attribute(self) -> str:
        """Its name in Settings."""
        return self.kind if self.kind in ("overrides", "waivers") else self.name.replace("-", "_")


EMPTY: dict[str, Any] = {"path": None, "name": None, "level": {}, "aliases": {}}
"""Kind -> default, where that is not an empty tuple."""

KEYS = (
    Key("extends", "paths", "Configurations that hold where this one says nothing; later ones win"),
    Key("profile", "choices", "Rules for a purpose; several add up", PROFILES),
    Key("select", "prefixes", "Only rules whose id begins so, such as 304 or 304.etag; the longest prefix wins"),
    Key("ignore", "prefixes", "All but rules whose id begins so"),
    Key("level", "level", "Severity of rules by prefix of their ids, or off; the longest prefix wins",
        SETTINGS),
    Key("severity", "choice", "Findings of this severity and above are shown", SEVERITIES),
    Key("confidence", "choice", "Findings of this confidence and above are shown", CONFIDENCES),
    Key("fail-on", "choice", "Findings of this severity and above make the exit status 1", THRESHOLDS),
    Key("show", "choices", "What else is listed", ("not-evaluated", "api")),
    Key("rules", "paths", "Directories with rule files of your own"),
    Key("api", "paths", "Descriptions of the API, OpenAPI as YAML or JSON, by whose operations findings are grouped"),
    Key("outputs", "outputs", "Files that check, fetch and proxy write, each as FORMAT:FILE"),
    Key("hosts", "aliases",
        "Names for hosts under which findings are told and known, each with its hosts: app = [\"127.0.0.1:8901\"]"),
    Key("first-party", "hosts",
        "Hosts whose findings are reported, such as *.shop.example; those of others are only counted"),
    Key("fields", "names", "Names of fields that are known to you, beside the registered ones"),
    Key("methods", "names", "Names of methods that are known to you, beside the registered ones"),
    Key("schemes", "names", "Names of authentication schemes that are known to you, beside the registered ones"),
    Key("baseline", "path", "File with the findings that were there before, which are counted, but not reported"),
    Key("allow-silencing-field", "name", "Response field whose value lists prefixes of rules that say nothing of it"),
    Key("override", "overrides", "Other rules and levels for some exchanges; later overrides win"),
    Key("waiver", "waivers", "Findings that are not reported, for a reason"),
)
"""Every key, in the order in which they are shown. Paths in a file are relative to its directory."""

WHERE = (
    Key("host", "patterns", "Hosts, with * for anything: *.shop.example"),
    Key("path", "patterns", "Paths, with * or {id} within a segment and ** for any segments: /api/**, /items/{id}"),
    Key("method", "patterns", "Methods"),
    Key("status", "patterns", "Status codes such as 404, or classes such as 4xx"),
    Key("content-type", "patterns", "Media types, with * for anything: image/*"),
)
"""The keys that say where an override or a waiver holds. All that are given must fit."""

OVERRIDE = (
    *WHERE,
    Key("select", "prefixes", "These rules are on here"),
    Key("ignore", "prefixes", "These rules are off here"),
    Key("level", "level", "Severity of rules here", SETTINGS),
)
WAIVER = (
    Key("rule", "prefix", "Prefix of rule ids, such as 405 or 405.allow-missing"),
    Key("reason", "text", "Why these findings are not reported"),
    Key("expires", "date", "The last day on which this holds, such as 2030-12-31"),
    *WHERE,
    Key("field", "patterns", "Names of the fields that findings point at, with * for anything"),
)
REQUIRED = ("rule", "reason")
"""The keys that a waiver must have."""


class Settings:
    """What holds for a run: a value for every key of KEYS, and where it comes from. Paths are absolute."""

    __slots__ = ("allow_silencing_field", "api", "baseline", "below", "bound", "confidence", "extends", "fail_on",
                 "fields", "first_party", "hosts", "ignore", "level", "methods", "origins", "outputs", "overrides",
                 "path", "profile", "rules", "schemes", "select", "severity", "show", "waivers")

    extends: tuple[str, ...]
    profile: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    level: Mapping[str, Setting]
    severity: Severity
    confidence: Confidence
    fail_on: str
    show: tuple[str, ...]
    rules: tuple[str, ...]
    api: tuple[str, ...]
    outputs: tuple[str, ...]
    hosts: Mapping[str, tuple[str, ...]]
    """Name, in lower case -> patterns of hosts."""
    first_party: tuple[str, ...]
    fields: tuple[str, ...]
    methods: tuple[str, ...]
    schemes: tuple[str, ...]
    baseline: str | None
    allow_silencing_field: str | None
    overrides: tuple[Override, ...]
    waivers: tuple[Waiver, ...]

    def __init__(self, values: Mapping[str, Any] | None = None, origins: Mapping[str, Origin] | None = None,
                 path: str | None = None, bound: str | None = None) -> None:
        """`values` and `origins`: those of the keys that were given."""
        for key in KEYS:
            setattr(self, key.attribute, (values or {}).get(key.name, key.default))
        self.origins = {key.name: DEFAULT for key in KEYS} | dict(origins or {})
        """Key -> where its value comes from."""
        self.path = path
        """The file, if there is one."""
        self.bound = bound
        """The directory below which the file may have us write: where nobody named it, its own; None: anywhere."""
        self.below: Settings | None = None
        """The settings without the command line, if that has a say."""

    def with_options(self, options: Mapping[str, Any]) -> Settings:
        """The settings under a command line, whose options win. Keys with empty values, or None, were not given.

        What chooses rules (select, ignore, profile) replaces the value of the file; a prefix that the command line
        selects is no more ignored by the file, and what it ignores is no more selected by the file. What names files
        and lists (rules, outputs, show) adds to it.
        """
        values, origins = {key.name: getattr(self, key.attribute) for key in KEYS}, dict(self.origins)
        given = {key: options[key.name] for key in KEYS if options.get(key.name)}
        for key, value in given.items():
            name, before = key.name, origins[key.name]
            if key.kind in ("prefixes", "choices"):
                value = split(value)
            elif key.kind in ("paths", "outputs"):
                value = tuple(value)
            if name in ADDED and before != DEFAULT:
                values[name] = tuple(dict.fromkeys((*values[name], *value)))
                origins[name] = Origin(f"{before}, {COMMAND_LINE}")
            else:
                values[name] = value
                origins[name] = COMMAND_LINE
        said = {key.name for key in given}
        _settle(values, "select" in said, "ignore" in said)
        settings = Settings(values, origins, self.path, self.bound)
        settings.below = (self.below or self) if given else self.below
        return settings

    def choosing(self, select: tuple[str, ...], ignore: tuple[str, ...], origin: str) -> Settings:
        """The settings with exactly these prefixes, which something else than the file says: `origin`."""
        values = {key.name: getattr(self, key.attribute) for key in KEYS} | {"select": select, "ignore": ignore}
        settings = Settings(values, self.origins | {"select": Origin(origin), "ignore": Origin(origin)}, self.path,
                            self.bound)
        settings.below = self.below or self
        return settings

    def may_write(self, key: str, path: str) -> None:
        """Raises ConfigurationError where a path is the file's own idea, and lies outside of its bound."""
        origin = self.origins[key]
        if self.bound is not None and origin != COMMAND_LINE and (why := _out_of_bound(path, self.bound)):
            raise ConfigurationError(f"{key}: {why}", origin.name, origin.line)

    def names(self) -> OwnNames:
        """The names that are known beside the registered ones."""
        silencing = (self.allow_silencing_field,) if self.allow_silencing_field else ()
        return OwnNames((*self.fields, *silencing), self.methods, self.schemes)

    def host_names(self) -> HostNames | None:
        """What gives hosts their names, if there are any."""
        return HostNames(self.hosts) if self.hosts else None

    def own_hosts(self) -> Hosts | None:
        """The hosts whose findings are reported; None where those of all are."""
        patterns = places.spelled_out(self.first_party, self.hosts)
        return Hosts(patterns) if patterns else None


def _settle(values: dict[str, Any], selects: bool, ignores: bool) -> None:
    """Takes out what is both selected and ignored, by whichever of the two was said at the higher place."""
    if selects and not ignores and values.get("ignore"):
        values["ignore"] = tuple(prefix for prefix in values["ignore"] if prefix not in values["select"])
    if ignores and not selects and values.get("select"):
        gone = tuple(prefixes(values["ignore"]))
        values["select"] = tuple(prefix for prefix in values["select"] if not prefix.startswith(gone))
        if not values["select"]:                           # which would select everything
            values["ignore"] = ("all",)


ADDED = frozenset(("rules", "outputs", "show"))
"""Keys whose values on the command line are added to those of the file."""


def split(text: str | Iterable[str]) -> tuple[str, ...]:
    """The parts of a text, or of several, that are separated by commas."""
    return tuple(part.strip() for item in ([text] if isinstance(text, str) else text)
                 for part in item.split(",") if part.strip())


def load(path: str | os.PathLike[str], found: bool = False) -> Settings:
    """The settings of a file. Raises ConfigurationError with file and line.

    `found`: nobody has named it; whoever can write into this directory or one above has put it there. It may have us
    write below its own directory only.
    """
    path = os.path.abspath(path)
    values, origins = _said(path, (), [])
    _name_hosts(values)
    settings = Settings(values, origins, path, os.path.dirname(path) if found else None)
    for output in settings.outputs:
        target = output.partition(":")[2]
        if target != "-":
            settings.may_write("outputs", target)
    return settings


MOST_DEEP, MOST_FILES = 10, 50
"""How far configurations extend one another, and how many files are read for one."""

Layer = tuple[dict[str, Any], dict[str, Origin]]
"""Values of keys by their names, and where each was said."""


def _said(path: str, within: tuple[str, ...], files: list[str]) -> Layer:
    """What a file says, and what it extends. `within`: the files that have led here; `files`: all that were read."""
    reader = _SettingsReader(toml.read(path))
    values, origins = reader.values()
    lower: Layer = {}, {}
    for extended in values.get("extends", ()):
        why = ("it extends this one, too" if extended in (*within, path)
               else "there is no such file" if not os.path.isfile(extended)
               else f"configurations are extended at most {MOST_DEEP} deep" if len(within) >= MOST_DEEP
               else f"one configuration is made of at most {MOST_FILES} files" if len(files) >= MOST_FILES else "")
        if why:
            raise reader.fail(("extends",), f"extends: {_shown(extended)}: {why}")
        files.append(extended)
        lower = _over(lower, _said(extended, (*within, path), files))
    return _over(lower, (values, origins))


def _over(lower: Layer, upper: Layer) -> Layer:
    """Both, where the upper one wins; tables are joined, overrides and waivers come after those of the lower one."""
    values, origins = {**lower[0], **upper[0]}, {**lower[1], **upper[1]}
    for key in KEYS:
        name = key.name
        if key.kind in JOINED and name in lower[0] and name in upper[0]:
            below, above = lower[0][name], upper[0][name]
            values[name] = {**below, **above} if isinstance(below, dict) else (*below, *above)
            origins[name] = Origin(f"{lower[1][name]}, {upper[1][name]}")
    _settle(values, "select" in upper[0], "ignore" in upper[0])
    return values, origins


JOINED = frozenset(("level", "aliases", "overrides", "waivers"))


def _name_hosts(values: dict[str, Any]) -> None:
    """Has patterns of hosts know the names of hosts, wherever either was said."""
    if hosts := values.get("hosts"):
        for name in ("override", "waiver"):
            values[name] = tuple(one._replace(where=Where(one.where.keys, hosts)) for one in values.get(name, ()))


def _out_of_bound(path: str, directory: str) -> str | None:
    """Why a configuration of that directory may not have us write to a path; None if it may."""
    target, root = os.path.realpath(path), os.path.realpath(directory)
    inner = os.path.relpath(target, root)
    if inner == os.curdir or inner.split(os.sep)[0] == os.pardir or os.path.isabs(inner):
        why = "is not below its directory"
    elif os.path.lexists(target) and not os.path.isfile(target):
        why = "is no regular file"
    elif any(part.lower() in VERSIONING for part in inner.split(os.sep)):
        why = "belongs to the version control"
    else:
        return None
    return (f"{path} {why}, where a configuration that was found by itself may not write; name the configuration with "
            "--config, or the file on the command line")


VERSIONING = frozenset((".bzr", ".git", ".hg", ".jj", ".svn"))
"""Directories in which files are run, or say what is run."""


class _BadValue(ValueError):
    """A value that does not fit its key."""


class _SettingsReader:
    """Reads one document."""

    def __init__(self, document: toml.TomlFile) -> None:
        if document.table is None:
            raise ConfigurationError("there is no table [tool.httplint]", _shown(document.path))
        self._document = document
        self._table = document.table
        self._path = _shown(document.path)
        self._directory = os.path.dirname(os.path.abspath(document.path))

    def values(self) -> Layer:
        """All of it."""
        values = self._values(self._table, KEYS, (), "")
        return values, {name: self._origin((name,)) for name in values}

    def _origin(self, path: Path) -> Origin:
        return Origin(self._path, self._document.line(path))

    def fail(self, path: Path, why: str) -> ConfigurationError:
        """What is wrong with a key."""
        return ConfigurationError(why, self._path, self._document.line(path))

    def _values(self, table: Mapping[str, Any], keys: tuple[Key, ...], path: Path, within: str) -> dict[str, Any]:
        """The values of a table whose keys are known; `within` names it in messages."""
        known = {key.name: key for key in keys}
        out: dict[str, Any] = {}
        for name, value in table.items():
            here = (*path, name)
            key = known.get(name)
            if key is None:
                raise self.fail(here, f"unknown key {name!r:.100}{within}{_suggestion(name, known)}")
            if key.kind in ("overrides", "waivers"):
                out[name] = self._tables(key, value)
                continue
            try:
                out[name] = KINDS[key.kind](value, key, self._directory)
            except _BadValue as fault:
                raise self.fail(here, f"{name}{within}: {fault}") from None
        return out

    def _tables(self, key: Key, value: object) -> tuple[Any, ...]:
        name = key.name
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail((name,), f"{name}: write each as a table of its own, [[{name}]]")
        make = self._override if name == "override" else self._waiver
        return tuple(make(item, (name, number)) for number, item in enumerate(value))

    def _override(self, table: dict[str, Any], path: Path) -> Override:
        values = self._values(table, OVERRIDE, path, " of an override")
        where = self._where(values, path)
        if not where.keys:
            raise self.fail(path, f"an override says where it holds: {', '.join(places.KEYS)}")
        if not (values.keys() & {"select", "ignore", "level"}):
            raise self.fail(path, "an override says what holds there: select, ignore, level")
        return Override(where, tuple(prefixes(values.get("select", ()))), tuple(prefixes(values.get("ignore", ()))),
                        values.get("level", {}), self._origin(path))

    def _waiver(self, table: dict[str, Any], path: Path) -> Waiver:
        values = self._values(table, WAIVER, path, " of a waiver")
        for name in REQUIRED:
            if name not in values:
                raise self.fail(path, f"a waiver needs the key {name!r}")
        return Waiver(values["rule"], self._where(values, path), values["reason"], values.get("expires"),
                      self._origin(path))

    def _where(self, values: Mapping[str, Any], path: Path) -> Where:
        keys = {key: values[key] for key in (*places.KEYS, places.FIELD) if key in values}
        for key, patterns in keys.items():
            try:
                Where({key: patterns})
            except PatternError as error:
                raise self.fail((*path, key), str(error)) from None
        return Where(keys)


def _suggestion(name: str, known: Iterable[str]) -> str:
    return meant(name.lower().replace("_", "-"), known) or f"; the keys are {', '.join(known)}"


def _shown(path: str) -> str:
    """A path as messages have it: relative to the working directory for files below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:                                     # on another drive
        return path
    return path if relative.startswith(os.pardir) else relative


# -- values

LONGEST_PREFIX = 200


def _text(value: object, what: str = "a text") -> str:
    if not isinstance(value, str):
        raise _BadValue(f"expected {what}, got {value_kind(value)}")
    if not value.strip():
        raise _BadValue(f"expected {what}, got an empty one")
    return value


def _texts(value: object, what: str) -> list[str]:
    if isinstance(value, str):
        return [_text(value, what)]
    if not isinstance(value, list):
        raise _BadValue(f"expected {what}, got {value_kind(value)}")
    return [_text(item, what) for item in value]


def _prefixes(value: object, key: Key, directory: str) -> tuple[str, ...]:
    return split(_texts(value, "a list of prefixes of rule ids"))


def _prefix(value: object, key: Key, directory: str) -> str:
    text = _text(value, "a prefix of rule ids").strip()
    if "," in text:
        raise _BadValue("expected one prefix of rule ids; write a waiver for each")
    return "" if text == "all" else text


def _choice(value: object, key: Key, directory: str) -> str:
    text = _text(value)
    if text not in key.choices:
        raise _BadValue(f"expected {either(key.choices)}, got {text!r:.100}{meant(text, key.choices)}")
    return text


def _choices(value: object, key: Key, directory: str) -> tuple[str, ...]:
    return tuple(_choice(text, key, directory) for text in split(_texts(value, f"a list of {either(key.choices)}")))


def _level(value: object, key: Key, directory: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _BadValue(f"expected a table of prefixes of rule ids, got {value_kind(value)}")
    out: dict[str, str] = {}
    waiting: list[tuple[str, object]] = list(reversed(value.items()))
    while waiting:
        prefix, severity = waiting.pop()
        if len(prefix) > LONGEST_PREFIX:
            raise _BadValue(f"no rule's id begins with {prefix!r:.100}")
        if isinstance(severity, dict):                     # a rule id without quotes is two keys to TOML
            waiting += [(f"{prefix}.{rest}", one) for rest, one in reversed(severity.items())]
            continue
        try:
            out["" if prefix == "all" else prefix] = _choice(severity, key, directory)
        except _BadValue as fault:
            raise _BadValue(f"{prefix}: {fault}") from None
    return out


def _paths(value: object, key: Key, directory: str) -> tuple[str, ...]:
    return tuple(_absolute(text, directory) for text in _texts(value, "a list of paths"))


def _path(value: object, key: Key, directory: str) -> str:
    return _absolute(_text(value, "a path"), directory)


def _absolute(text: str, directory: str) -> str:
    if "\0" in text:
        raise _BadValue("a path has no NUL")
    return os.path.normpath(os.path.join(directory, os.path.expanduser(text)))


def _outputs(value: object, key: Key, directory: str) -> tuple[str, ...]:
    out = []
    for text in _texts(value, "a list of FORMAT:FILE"):
        kind, colon, path = text.partition(":")
        if not (kind and colon and path):
            raise _BadValue(f"expected FORMAT:FILE, got {text!r:.100}")
        out.append(f"{kind}:{path if path == '-' else _absolute(path, directory)}")
    return tuple(out)


def _aliases(value: object, key: Key, directory: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _BadValue(f"expected a table of names, each with its hosts, got {value_kind(value)}")
    out: dict[str, tuple[str, ...]] = {}
    named: dict[str, str] = {}
    for name, patterns in value.items():
        if not ALIAS.fullmatch(name):
            raise _BadValue(f"{name!r:.100} cannot be the name of a host; letters, digits, -, _, . and : can")
        if name.lower() in out:
            raise _BadValue(f"{name!r:.100} is given twice, in large and in small letters")
        try:
            out[name.lower()] = _hosts(patterns, key, directory)
        except _BadValue as fault:
            raise _BadValue(f"{name}: {fault}") from None
        for host in out[name.lower()]:
            if (other := named.setdefault(host.lower(), name)) != name:
                raise _BadValue(f"{host!r:.100} is given to {other}, and to {name}, too")
    return out


ALIAS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,198}[A-Za-z0-9])?")
"""A name for hosts: reports show it, and it is a pattern of hosts elsewhere."""


def _hosts(value: object, key: Key, directory: str) -> tuple[str, ...]:
    patterns = _texts(value, "a list of hosts")
    try:
        Hosts(patterns)
    except PatternError as error:
        raise _BadValue(str(error)) from None
    return tuple(patterns)


def _names(value: object, key: Key, directory: str) -> tuple[str, ...]:
    return tuple(_name(text, key, directory) for text in _texts(value, "a list of names"))


def _name(value: object, key: Key, directory: str) -> str:
    text = _text(value, "a name").strip()
    if not places.TOKEN.fullmatch(text):
        raise _BadValue(f"{text!r:.100} has characters that are in no name")
    return text


def _patterns(value: object, key: Key, directory: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    if key.name == "status":
        items = [str(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in items]
    return tuple(_text(item, "a text or a list of texts") for item in items)


def _date(value: object, key: Key, directory: str) -> datetime.date:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise _BadValue(f"expected a date such as 2030-12-31, got {value!r:.100}") from None
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise _BadValue("expected a date such as 2030-12-31, without time")
    return value


def _reason(value: object, key: Key, directory: str) -> str:
    return _text(value, "a text that gives the reason").strip()


KINDS: dict[str, Callable[[object, Key, str], Any]] = {
    "prefixes": _prefixes, "prefix": _prefix, "choice": _choice, "choices": _choices, "level": _level,
    "paths": _paths, "path": _path, "outputs": _outputs, "aliases": _aliases, "hosts": _hosts, "names": _names,
    "name": _name, "patterns": _patterns, "date": _date, "text": _reason,
}
"""Kind -> how a value of it is read: from the value, its key, and the directory of the file."""
