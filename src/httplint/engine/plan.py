"""Which rules an exchange meets, and what is known already of what they say.

Traffic repeats itself: the same server sends the same fields with the same values, and a rule that has looked at them
once has nothing new to say. So a rule is not run for each exchange, but for each combination of what it reads, which
its analysis tells (`Analysis.reads`):

* A `Column` is the lines of one response field, judged by the rules that read nothing else, and by those that look at
  each field by itself.
* A `Cluster` is rules that are looked up under the same field and read the same: presences, values, status code,
  method, versions. Their verdict is known by these.
* A rule that reads more, such as a content, a time or earlier exchanges, is run on each exchange that it may concern.
  Of some, the beginning of `when` (`Analysis.entry`) reads no more than that, and decides whether it may.
* An exchange that is like an earlier one in all that is remembered needs one look.

A rule is looked up under a field without which it says nothing, which the analysis proves (a guard). Where request
fields may be missing, a rule that reads one is run nevertheless: it has to say that it cannot tell.

Nothing of it changes what is found; `plainly` says the same without any of it. Two values are taken for one only by
`folds`, of which tests hold that no rule of ours tells them apart; rules of others that read such a field are run.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import NamedTuple

from httplint.engine.case import Case
from httplint.engine.folds import FOLDS, plain_word
from httplint.engine.judgement import Judge
from httplint.engine.plainly import Trigger, enters, trigger
from httplint.engine.report import NotJudged
from httplint.engine.rule import Rule
from httplint.engine.verdicts import LONGEST, Mark, Memory, Outlook, Sayings, Verdict
from httplint.grammar import table
from httplint.model.evidence import Evidence
from httplint.model.fields import Fields
from httplint.model.message import Request, Response

Line = tuple[str, str]

ANY = frozenset(("response.*", "response.*?", "request.*", "request.*?"))
"""All fields of a message, by which nothing is known."""
KIND = frozenset(("response:status", "response:version", "request:method", "request:version", "request:origin"))
"""What is remembered beside fields."""
PLAIN = frozenset(("response:trailers", "response:interim", "response:irregularities", "response:clipped",
                   "response:transfer_coded", "earlier"))
"""What is the same of all exchanges that are not `odd`."""
FIELDWISE = frozenset(("response:status", "response:version", "request:method"))
"""What else rules may read that look at each field by itself; those that do are run."""


def odd(case: Case) -> bool:
    """Whether an exchange has something that nothing is known by, since few have it: all its rules are run."""
    response = case.response
    assert response.fields is not None
    return bool(response.trailers or response.interim or case.exchange.interim or response.irregularities
                or response.clipped or response.transfer_coded is not None or not response.fields.lines)


class Role(NamedTuple):
    """How a rule is judged: as "own" of a column, "fieldwise", "remembered", "entered", or else "run"; and the atoms
    that this is known by.
    """

    kind: str
    atoms: frozenset[str]


class Roles:
    """Rules, and how they are judged whatever the evidence is."""

    def __init__(self, rules: Iterable[Rule], judge: Judge) -> None:
        self.judge = judge
        self.under: dict[bool, dict[Trigger, list[Rule]]] = {True: {}, False: {}}
        """Whether the capture has all request fields -> trigger -> rules."""
        self.roles: dict[Rule, Role] = {}
        self.fieldwise: list[Rule] = []
        """Those that look at each field by itself."""
        for rule in rules:
            under, answered = trigger(rule, True), trigger(rule, False)
            self.under[True].setdefault(under, []).append(rule)
            self.under[False].setdefault(answered, []).append(rule)
            role = self.roles[rule] = _role(rule, under == answered and under)
            if role.kind == "fieldwise":
                self.fieldwise.append(rule)
        self.atoms = frozenset[str]().union(*[role.atoms for role in self.roles.values() if role.kind != "own"])
        """All that clusters are known by."""
        self._read = self.atoms.union(*[role.atoms for role in self.roles.values() if role.kind == "own"])
        self.asked = sorted({_name(atom).rstrip("?") for atom in (*self.atoms, *self.under[True])
                             if isinstance(atom, str) and atom.startswith("request.")})
        """The request fields that clusters are known by or looked up under, in lower case."""
        self.origin = any("request:origin" in self.roles[rule].atoms for under, rules in self.under[False].items()
                          for rule in rules if not (isinstance(under, str) and under.startswith("response.")))
        """Whether a rule that may concern any response asks for the origin of the request."""


    def fold(self, name: str) -> Callable[[str], object] | None:
        """What tells which values of a response field are alike; None if each is its own."""
        known = table.FIELDS.get(name)
        without = known is None or known.parser is None
        return FOLDS.get(name) or (plain_word if without and f"response.{name}" not in self._read else None)


def _role(rule: Rule, under: Trigger | bool) -> Role:
    analysis = rule.analysis
    reads = analysis.reads - PLAIN
    bound = frozenset(atom for atom, names in (("request:method", rule.methods), ("response:version", rule.versions))
                      if names is not None)
    free = not bound and rule.statuses is None
    if free and rule.built_in and analysis.fieldwise and not reads & FIELDWISE:
        return Role("fieldwise", bound)
    values = [atom for atom in reads if "." in atom and atom[-1] != "?"]
    if free and reads == {under} == set(values) and (rule.built_in or _name(values[0]) not in FOLDS):
        return Role("own", reads)
    if _remembered(reads, rule.built_in):
        return Role("remembered", reads | bound)
    if analysis.entry is not None and _remembered(analysis.entry, rule.built_in):
        return Role("entered", analysis.entry | bound)
    return Role("run", bound)


def _remembered(reads: frozenset[str], built_in: bool) -> bool:
    """Whether verdicts are known by these atoms. Of values that seldom repeat they are not."""
    values = [atom for atom in reads if atom not in KIND and atom[-1] != "?"]
    if not reads.isdisjoint(ANY) or not all(atom.startswith(("response.", "request.")) for atom in values):
        return False
    names = list(map(_name, values))
    if built_in and len(values) == 1 and names[0] in FOLDS and values[0].startswith("response."):
        return True
    return not any(name in FOLDS or _volatile(name) for name in names)


def _name(atom: str) -> str:
    return atom.partition(".")[2]


def _volatile(name: str) -> bool:
    known = table.FIELDS.get(name)
    return known is not None and known.volatile


class Column:
    """The lines of one response field, by themselves."""

    __slots__ = ("_distinct", "_fieldwise", "_marks", "_memory", "_own", "atom", "fold", "known", "origin")

    def __init__(self, name: str, plan: Plan, rules: Roles) -> None:
        self.atom = f"response.{name}"
        self.fold = rules.fold(name)
        """From a value to what stands for it and those like it."""
        self.known: dict[object, Mark] = {}
        under = plan.under.get(self.atom, ())
        self.origin = any("request:origin" in rules.roles[rule].atoms for rule in under)
        """Whether a rule that is looked up under it asks for the origin of the request."""
        self._own = [rules.judge(rule) for rule in under if rules.roles[rule].kind == "own" and not plan.lacks(rule)]
        self._fieldwise = [(number, judged) for number, judged in enumerate(plan.fieldwise)
                           if name in (judged.rule.analysis.among or (name,))]
        self._memory = plan.memory
        self._distinct = self.atom in rules.atoms
        self._marks: dict[Verdict, Mark] = {}

    def mark(self, key: object, lines: tuple[Line, ...], case: Case) -> Mark:
        """The mark of lines that are not known yet. `key` is what they are known by from now on."""
        verdict = self._verdict(lines, case)
        mark = self._marks.get(verdict)
        if mark is None or self._distinct:
            mark = self._marks[verdict] = Mark(verdict)
        if sum([len(value) for _, value in lines]) <= LONGEST:
            self._memory.keep(self.known, key, mark)
        return mark

    def _verdict(self, lines: tuple[Line, ...], case: Case) -> Verdict:
        said = Sayings()
        for judged in self._own:
            said.take(judged, case)
        met = spoke = 0
        if self._fieldwise:
            apart = Case(case.exchange, Response(case.response.status, case.response.version, headers=Fields(lines)),
                         None, case.names)
            for number, judged in self._fieldwise:
                each = Sayings()
                each.take(judged, apart)
                met |= bool(each.held) << number
                spoke |= bool(each.run or each.lacking) << number
        return self._memory.verdict(said, met, spoke)


class Asked:
    """A request field that some cluster asks for: for its presence, or its values, too."""

    __slots__ = ("_values", "atom", "known", "mark")

    def __init__(self, name: str, values: bool) -> None:
        self.atom = f"request.{name}"
        self.mark = object()
        self.known: dict[object, object] | None = {} if values else None


class Cluster:
    """Rules whose verdict is known by the same atoms."""

    __slots__ = ("_key", "_known", "_members", "_plan")

    def __init__(self, members: list[tuple[Rule, Role]], atoms: Iterable[str], plan: Plan) -> None:
        self._members = members
        self._plan = plan
        self._known: dict[object, Verdict] = {}
        atoms = sorted(atoms)
        self._key: Callable[[dict[str, object]], object] = itemgetter(*atoms) if atoms else _nothing
        plan.blank.update(dict.fromkeys(atoms))

    def verdict(self, marks: dict[str, object], case: Case) -> Verdict:
        """What the rules say of an exchange with these marks."""
        key = self._key(marks)
        found = self._known.get(key)
        if found is None:
            found = self._judged(case)
            self._plan.memory.keep(self._known, key, found)
        return found

    def _judged(self, case: Case) -> Verdict:
        plan, request, response = self._plan, case.request, case.response
        said = Sayings()
        for rule, role in self._members:
            if not rule.applies(request.method if request is not None else None, response.version):
                continue
            if lack := plan.lacks(rule):
                said.lacking.append(NotJudged(rule.id, lack))
            elif role.kind == "remembered":
                said.take(plan.judge(rule), case)
            elif role.kind != "entered" or enters(plan.judge(rule), case):
                said.run.append(plan.judge(rule))
        return plan.memory.verdict(said)


def _nothing(marks: dict[str, object]) -> object:
    return None


class Route(dict[Trigger, tuple[Cluster, ...]]):
    """The clusters for one status code, by what they are looked up under; made when they are first wanted."""

    def __init__(self, status: int, plan: Plan) -> None:
        super().__init__()
        self._status = status
        self._plan = plan
        self.outlooks: dict[tuple[object, ...], Outlook] = {}

    def __missing__(self, under: Trigger) -> tuple[Cluster, ...]:
        narrow = [rule for rule in self._plan.under.get(under, ()) if rule.statuses and rule.about(self._status)]
        made = self[under] = (*self._plan.wide(under), *self._plan.clusters(narrow))
        return made


class Plan:
    """The rules for exchanges with some evidence."""

    def __init__(self, rules: Roles, evidence: Evidence, memory: Memory) -> None:
        self.judge = rules.judge
        self.memory = memory
        self.blank: dict[str, object] = {}
        """Atom -> None, of all that some cluster is known by."""
        self.under = rules.under[evidence.knows("request_fields")]
        self._rules = rules
        self._evidence = evidence
        self._columns: dict[str, Column] = {}
        self._asked = {name: Asked(name, f"request.{name}" in rules.atoms) for name in rules.asked}
        self._wide: dict[Trigger, tuple[Cluster, ...]] = {}
        self._routes: dict[int, Route] = {}
        self._among = [under for under in self.under if isinstance(under, frozenset)]
        self.fieldwise = [rules.judge(rule) for rule in rules.fieldwise if not self.lacks(rule)]
        """The rules that look at each field by itself."""

    def lacks(self, rule: Rule) -> str | None:
        """What the evidence lacks for a rule."""
        evidence = self._evidence
        return rule.analysis.lacks(evidence.bits, evidence.response_gaps, evidence.request_gaps)

    def wide(self, under: Trigger) -> tuple[Cluster, ...]:
        """The clusters of rules for all status codes, which routes share."""
        if under not in self._wide:
            self._wide[under] = self.clusters([rule for rule in self.under.get(under, ()) if rule.statuses is None])
        return self._wide[under]

    def clusters(self, rules: Iterable[Rule]) -> tuple[Cluster, ...]:
        """Clusters of rules that are looked up under the same."""
        groups: dict[frozenset[str], tuple[list[tuple[Rule, Role]], set[str]]] = {}
        for rule in rules:
            role = self._rules.roles[rule]
            if role.kind in ("own", "fieldwise") and not self.lacks(rule):
                continue                                   # a column has it
            members, atoms = groups.setdefault(frozenset([atom for atom in role.atoms if atom[-1] != "?"]), ([], set()))
            members.append((rule, role))
            atoms |= role.atoms
        return tuple([Cluster(members, atoms, self) for members, atoms in groups.values()])

    def outlook(self, case: Case) -> Outlook:
        """What is known of exchanges like this one."""
        response, request = case.response, case.request
        assert response.fields is not None
        route = self._routes.get(response.status)
        if route is None:
            route = self._routes[response.status] = Route(response.status, self)
        origin = self._rules.origin
        marks: list[Mark] = []
        columns, lines = self._columns, response.fields.lines
        for name, numbers in response.fields.index.items():
            column = columns.get(name)
            if column is None:
                column = Column(name, self, self._rules)
                self.memory.keep(columns, name, column)
            if len(numbers) == 1:
                line = lines[numbers[0]]
                key: object = line if column.fold is None else (line[0], column.fold(line[1]))
                marks.append(column.known.get(key) or column.mark(key, (line,), case))
            else:
                key = tuple([lines[number] for number in numbers])
                marks.append(column.known.get(key) or column.mark(key, key, case))
            if column.origin:
                origin = True
        kind = (None, response.version) if request is None else (
            request.method, response.version, request.version, _origin(request) if origin else None)
        asked = [] if request is None else self._marks_of(request)
        alike = (response.trailers is None, kind, *marks, *asked)
        found = route.outlooks.get(alike)
        if found is None:
            found = self._outlook(case, route, kind, marks, asked)
            self.memory.keep(route.outlooks, alike, found)
        return found

    def _marks_of(self, request: Request) -> list[object]:
        """The marks of the fields of a request that are asked for."""
        assert request.fields is not None
        marks: list[object] = []
        lines = request.fields.lines
        for name, numbers in request.fields.index.items():
            asked = self._asked.get(name)
            if asked is None:
                continue
            mark = asked.mark
            if asked.known is not None:
                key = lines[numbers[0]][1] if len(numbers) == 1 else tuple([lines[number][1] for number in numbers])
                known = asked.known.get(key)
                mark = object() if known is None else known
                if known is None and sum(map(len, key)) <= LONGEST:
                    self.memory.keep(asked.known, key, mark)
            marks.append(mark)
        return marks

    def _outlook(self, case: Case, route: Route, kind: tuple[object, ...], marks: list[Mark],
                asked: list[object]) -> Outlook:
        request, response = case.request, case.response
        assert response.fields is not None
        index = response.fields.index
        found: list[tuple[str, object]] = [
            (self._columns[name].atom, mark) for name, mark in zip(index, marks, strict=True)]
        if request is not None and request.fields is not None:
            names = [one.atom for name in request.fields.index if (one := self._asked.get(name))]
            found += zip(names, asked, strict=True)
        triggers = [None, *[atom for atom, _ in found if atom in self.under],
                    *[names for names in self._among if not names.isdisjoint(index)]]
        clusters = [cluster for under in triggers for cluster in route[under]]
        known = self.blank.copy()
        known.update(found)
        known.update([(f"{atom}?", True) for atom, _ in found])
        known.update(zip(_KIND, (response.status, *kind), strict=False))
        return Outlook([mark.verdict for mark in marks] + [cluster.verdict(known, case) for cluster in clusters],
                       self.fieldwise, self._evidence)


_KIND = ("response:status", "request:method", "response:version", "request:version", "request:origin")
"""The atoms of what an outlook is known by first."""


def _origin(request: Request) -> object:
    from httplint.vocabulary.transport import origin_key
    return origin_key(request)


class Plans:
    """Plans by evidence, and what is remembered; all of it is let go when that is too much."""

    def __init__(self, rules: Iterable[Rule], judge: Judge) -> None:
        self._roles = Roles(rules, judge)
        self._memory = Memory()
        self._plans: dict[Evidence, Plan] = {}

    def outlook(self, case: Case) -> Outlook:
        """What is known of exchanges like this one."""
        if self._memory.full:
            self._memory = Memory()
            self._plans = {}
        evidence = case.evidence
        plan = self._plans.get(evidence)
        if plan is None:
            plan = Plan(self._roles, evidence, self._memory)
            self._memory.keep(self._plans, evidence, plan)
        return plan.outlook(case)
