"""Rules as their files say them: the keys, each said once with all that is to know of it, and the values.

A row of the table is a `RuleKey`, a descriptor: it stands in the class as the attribute by which the value is read.
A rule keeps what was said of it as it was said; a row reads its value at the first use, and puts it in its own place.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, NoReturn, TypeVar, get_args, overload

from httplint.engine.analysis import Analysis, Role
from httplint.model.message import VERSIONS, Request
from httplint.model.pattern import lazily
from httplint.model.severity import CONFIDENCES, SEVERITY, Confidence, Level, Severity
from httplint.model.target import PatternError, Targets, host_pattern, path_pattern

Profile = Literal["default", "strict", "api", "browser", "security"]
"""What users may choose: sets of rules for a purpose. "strict" is every rule, previews too."""
PROFILES: tuple[Profile, ...] = get_args(Profile)

ID = lazily(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+\Z")
RESERVED = "internal."
"""How the ids of findings begin that the linter has about itself."""

LONGEST_TEXT, LONGEST_NAME, LONGEST_EXAMPLE = 10_000, 100, 65_536
"""Characters of a text, an id or a field name, and an example, at most."""
MOST_EXAMPLES = 100
"""Items of a list, such as the good or bad examples, at most."""

_STATUS = lazily(r"[1-9]xx\Z")

T = TypeVar("T")


class RuleKey(Generic[T]):
    """A row of the table of keys: what a rule file may say under one key, and what a rule then has as its value.

    `kinds` are the types of TOML that fit: with `list` a list of the others, or of texts. `apart`: no plan is made by
    it, so that the built index has it in a file of its own, of which a start reads those rules that it is asked of.
    `prose`: it may stand on several lines, and is read as one. `examples`: the line end before the closing quotes of
    its texts is none of theirs. `index`: whether an index has it where it is said, where nothing is said, too, or
    never, as other keys say the same. `flaw` tells what is wrong with one item. `fact` is the fact of the evidence that
    a rule with the key needs. `read` makes the value of what is said, `write` the latter again. `key` is the name in
    files, if it is not that of the attribute.
    """

    def __init__(self, *kinds: type, key: str = "", default: Any = None, required: bool = False, apart: bool = False,
                 prose: bool = False, examples: bool = False, index: Literal["said", "always", "never"] = "said",
                 longest: int = LONGEST_TEXT,
                 choices: tuple[str, ...] = (), flaw: Callable[[Any], str | None] | None = None,
                 fact: str | None = None, read: Callable[[Any], Any] | None = None,
                 write: Callable[[Any], Any] | None = None) -> None:
        self.kinds = kinds
        self.default = () if list in kinds and default is None and read is None else default
        self.required = required
        self.apart = apart
        self.prose = prose
        self.examples = examples
        self.index = index
        self.choices = choices
        self.longest = longest
        self.fact = fact
        self.key = key
        self._flaw = flaw
        self._read = read or (_many if list in kinds else _as_it_is)
        self.write = write or (list if list in kinds else _as_it_is)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.key = self.key or name

    @overload
    def __get__(self, rule: None, owner: type) -> RuleKey[T]: ...
    @overload
    def __get__(self, rule: Provision, owner: type) -> T: ...

    def __get__(self, rule: Provision | None, owner: type) -> RuleKey[T] | T:
        if rule is None:
            return self
        said = rule.told(self.key) if self.apart else rule.said.get(self.key)
        value: Any = self.default if said is None else self._read(said)
        rule.__dict__[self.name] = value
        return value  # type: ignore[no-any-return]

    def unfit(self, value: object) -> str | None:
        """Why a value cannot be what the key says: of another type, too long; None if it can."""
        if not isinstance(value, self.kinds) or isinstance(value, bool):
            from httplint.model.toml import value_kind
            words = {str: "a text", int: "a number", list: "a list"}
            wanted = " or ".join([word for kind, word in words.items() if kind in self.kinds])
            return f"{value_kind(value)} does not fit here: {wanted} is wanted{', [...]' * self.examples}"
        many = value if isinstance(value, list) else [value]
        if not all(isinstance(one, (str, int) if int in self.kinds else str) and not isinstance(one, bool)
                   for one in many):
            return f"a list of {'codes' if int in self.kinds else 'texts'} is wanted"
        if any(isinstance(one, str) and len(one) > self.longest for one in many):
            return f"a text of more than {self.longest:,} characters"
        return f"more than {MOST_EXAMPLES}" if len(many) > MOST_EXAMPLES else None

    def plain(self, value: Any) -> Any:
        """A value without what serves the look of its file alone."""
        if self.prose:
            return " ".join(value.split())
        return [text.removesuffix("\n") for text in value] if self.examples else value

    def wrong(self, value: Any) -> str | None:
        """What is wrong with a value that is fit; None if nothing is."""
        for one in value if isinstance(value, list) else [value]:
            if self.choices and one not in self.choices:
                return f"{one!r:.100} is none of {', '.join(self.choices)}"
            if self._flaw and (why := self._flaw(one)):
                return why
        return None


def _as_it_is(value: Any) -> Any:
    return value


def _many(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _set(value: Any) -> frozenset[str] | None:
    return frozenset(_many(value)) or None


def id_flaw(name: str) -> str | None:
    """Why a text cannot be the id of a rule; None if it can."""
    if name.startswith(RESERVED):
        return f"ids that begin with {RESERVED} are the linter's own"
    return None if ID.match(name) else f"{name!r:.100} is no id, topic.slug: lower-case words, hyphens, a dot"


def _status_flaw(item: int | str) -> str | None:
    if _STATUS.match(item) if isinstance(item, str) else 0 <= item <= 999:
        return None
    shown = repr(item)[:100] if isinstance(item, str) or abs(item) < 10**9 else "a number"
    return f"{shown} is neither a code nor a class such as '4xx': write 404, \"4xx\" or [404, 410]"


def _method_flaw(name: str) -> str | None:
    if name.isupper():
        return None
    from httplint.grammar import registry
    return f"methods are case-sensitive: write {name.upper()!r}" if name.upper() in registry.methods() else None


def _statuses(value: Any) -> frozenset[int] | None:
    """404, ["4xx", 200] -> the codes; None for all."""
    return _expanded(_many(value))


@functools.lru_cache(256)
def _expanded(spec: tuple[int | str, ...]) -> frozenset[int] | None:
    out: set[int] = set()
    for item in spec:
        out |= {item} if isinstance(item, int) else set(range(int(item[0]) * 100, int(item[0]) * 100 + 100))
    return frozenset(out) or None


def classes(statuses: frozenset[int] | None) -> list[int | str]:
    """The codes as a rule file has them, whole classes as such."""
    codes = statuses or frozenset()
    whole = [hundred for hundred in range(1, 10) if codes >= set(range(hundred * 100, hundred * 100 + 100))]
    return [f"{hundred}xx" for hundred in whole] + sorted(code for code in codes if code // 100 not in whole)


def _fitting(pattern: Callable[[str], object]) -> Callable[[str], str | None]:
    """What tells why a text is no such pattern."""
    def flaw(text: str) -> str | None:
        try:
            pattern(text)
        except PatternError as error:
            return str(error)
        return None
    return flaw


def _sorted(values: frozenset[str] | None) -> list[str]:
    return sorted(values or ())


class Provision:
    """What is demanded, by which section, and what to say about it: all that reports need of a rule.

    The provisions of a result, and of the linter about itself, have no more than that; others are rules.
    """

    id: RuleKey[str] = RuleKey(str, required=True, longest=LONGEST_NAME, flaw=id_flaw)
    title: RuleKey[str] = RuleKey(str, required=True, prose=True, apart=True)
    level: RuleKey[Level] = RuleKey(str, required=True, choices=get_args(Level), apart=True)
    spec: RuleKey[str] = RuleKey(str, required=True, prose=True, apart=True)
    requirement: RuleKey[tuple[str, ...]] = RuleKey(str, list, apart=True, index="always")
    """The statements of the coverage table that it checks."""
    statuses: RuleKey[frozenset[int] | None] = RuleKey(
        int, str, list, index="always", flaw=_status_flaw, read=_statuses, write=classes, key="status")
    why: RuleKey[str] = RuleKey(str, required=True, prose=True, apart=True)
    fix: RuleKey[str] = RuleKey(str, required=True, prose=True, apart=True)
    bad: RuleKey[tuple[str, ...]] = RuleKey(list, required=True, apart=True, examples=True, longest=LONGEST_EXAMPLE)
    good: RuleKey[tuple[str, ...]] = RuleKey(list, required=True, apart=True, examples=True, longest=LONGEST_EXAMPLE)
    confidence: RuleKey[Confidence] = RuleKey(str, default="high", choices=CONFIDENCES, apart=True)
    basis: RuleKey[str] = RuleKey(str, default="explicit", choices=("explicit", "implied"), apart=True)
    tags: RuleKey[tuple[str, ...]] = RuleKey(list, apart=True)
    once: RuleKey[str | None] = RuleKey(str, choices=("host",), apart=True)
    """How far one finding speaks for all alike: what a host sends with every response is said once, with the number;
    None if every finding stands for itself."""

    renamed: tuple[str, ...] = ()
    """The ids that it had before, by the catalogue; those of what it is a part of, too."""
    order: int
    """Place in the catalogue, by which findings are sorted."""

    def __init__(self, said: Mapping[str, Any], order: int = 0) -> None:
        """`said`: what is said under each key."""
        self.__dict__.update(said=said, order=order)

    said: Mapping[str, Any]

    def told(self, key: str) -> Any:
        """What is said under a key that stands apart; None if nothing is."""
        return self.said.get(key)

    @property
    def severity(self) -> Severity:
        """error, warning or info: by default, settings may change it."""
        return SEVERITY[self.level]

    def about(self, status: int) -> bool:
        """Whether it is about responses with that status code."""
        return self.statuses is None or status in self.statuses

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self!r} is not changed: {name}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


class Rule(Provision):
    """A provision with conditions by which exchanges are judged, as a rule file says it."""

    methods: RuleKey[frozenset[str] | None] = RuleKey(
        str, list, index="always", fact="request", flaw=_method_flaw, read=_set, write=_sorted, key="method")
    versions: RuleKey[frozenset[str] | None] = RuleKey(
        str, list, index="always", fact="version", choices=VERSIONS, read=_set, write=_sorted, key="version")
    hosts: RuleKey[tuple[str, ...]] = RuleKey(str, list, fact="request", longest=LONGEST_NAME,
                                              flaw=_fitting(host_pattern), key="host")
    paths: RuleKey[tuple[str, ...]] = RuleKey(str, list, fact="request", longest=LONGEST_NAME,
                                              flaw=_fitting(path_pattern), key="path")
    malformed: RuleKey[str | None] = RuleKey(str, longest=LONGEST_NAME, index="never")
    """The field, in lower case, whose malformed values are its matter alone; what else that says, the keys say."""
    when: RuleKey[str | None] = RuleKey(str, apart=True)
    foreach: RuleKey[str | None] = RuleKey(str, apart=True)
    require: RuleKey[str] = RuleKey(str, required=True, apart=True)
    message: RuleKey[str] = RuleKey(str, required=True, prose=True, apart=True)
    party: RuleKey[str | None] = RuleKey(
        str, choices=("origin", "proxy", "cache", "client", "server"), apart=True)
    stage: RuleKey[str] = RuleKey(str, default="stable", choices=("stable", "preview", "deprecated"))
    profiles: RuleKey[tuple[Profile, ...]] = RuleKey(str, list, choices=PROFILES)
    """The profiles that it is on in; empty: in all."""

    path: str
    line: int
    """Of the file, from 1."""
    analysis: Analysis
    built_in = False
    """Whether it comes with httplint, so that our tests have tried it."""
    role: Role | None = None
    """As the built index has it; None if it is to be found."""
    _apart: Callable[[str], Mapping[str, Any]] | None

    def __init__(self, said: Mapping[str, Any], analysis: Analysis, path: str, line: int, order: int = 0,
                 apart: Callable[[str], Mapping[str, Any]] | None = None, role: Role | None = None) -> None:
        """`apart` tells of an id what is said under the keys that stand apart, if `said` does not."""
        super().__init__(said, order)
        self.__dict__.update(analysis=analysis, path=path, line=line, _apart=apart, role=role)

    def told(self, key: str) -> Any:
        """What is said under a key that stands apart; None if nothing is."""
        return (self.said if self._apart is None else self._apart(self.id)).get(key)

    def but(self, order: int, analysis: Analysis, renamed: tuple[str, ...]) -> Rule:
        """The same rule at that place of a catalogue, with that analysis and those former ids."""
        if (order, analysis, renamed) == (self.order, self.analysis, self.renamed):
            return self
        other = Rule.__new__(Rule)
        other.__dict__.update(self.__dict__, order=order, analysis=analysis, renamed=renamed,
                              role=self.role if analysis == self.analysis else None)
        return other

    def ours(self) -> Rule:
        """The same rule as one that comes with httplint."""
        self.__dict__.update(built_in=True)
        return self

    @functools.cached_property
    def targets(self) -> Targets | None:
        """The requests that it is about by their hosts and paths; None if these do not matter."""
        return Targets(self.hosts, self.paths) if self.hosts or self.paths else None

    def applies(self, request: Request | None, version: str | None) -> bool:
        """Whether the rule is about such exchanges; an unknown request or version is judged by the evidence."""
        return ((self.versions is None or version is None or version in self.versions)
                and (request is None or ((self.methods is None or request.method in self.methods)
                                         and (self.targets is None or self.targets.fit(request)))))

    def as_index(self) -> dict[str, Any]:
        """All that there is to know of the rule, as plain data: what is said under each key, and the analysis."""
        out: dict[str, Any] = {}
        for key, row in KEYS.items():
            value = getattr(self, row.name)
            if row.index == "always" or (row.index == "said" and value != row.default):
                out[key] = row.write(value)
        return {**out, "file": self.path, "line": self.line, **self.analysis.as_index()}


KEYS: dict[str, RuleKey[Any]] = {row.key: row for kind in (Provision, Rule) for row in vars(kind).values()
                                 if isinstance(row, RuleKey)}
"""Key of a rule file -> its row of the table."""
