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

from httplint.engine.analysis import Role, Trigger
from httplint.engine.case import Case
from httplint.engine.folds import FOLDS, plain_word
from httplint.engine.judgement import Judge
from httplint.engine.plainly import by_trigger, enters, trigger
from httplint.engine.report import NotJudged
from httplint.engine.rule import Rule
from httplint.engine.verdicts import LONGEST, Mark, Memory, Outlook, Sayings, Verdict
from httplint.grammar import table
from httplint.model.evidence import Evidence
from httplint.model.fields import Fields
from httplint.model.message import VERSIONS, Request, Response
from httplint.model.named import NamedTuple

Line = tuple[str, str]

ANY = frozenset(("response.*", "response.*?", "request.*", "request.*?"))
"""All fields of a message, by which nothing is known."""
KIND = frozenset(("response:status", "response:version", "response:trailers", "request:method", "request:version"))
"""What verdicts are known by beside fields; of trailers, whether it is known that there were none."""
ORIGIN = frozenset(("request:origin", "request:security"))
"""What `transport` tells of the origin of a request."""
VARYING = ("request:origin", "request:security", "request.host", "request.origin")
"""What they are known by that differs from exchange to exchange where others are alike: servers and sites."""
PLACE = "request:place"
"""Host and path of the target URI: clusters are known by which of the targets of their rules it fits."""
RARE = frozenset(("response:trailers", "response:interim", "response:irregularities", "response:clipped",
                  "response:transfer_coded", "earlier"))
"""What is the same of all exchanges that are not `odd`, but that trailers may be known or not."""
FIELDWISE = frozenset(("response:status", "request:method"))
"""What else rules may read that look at each field by itself; those that do are run."""


MANY = 100
"""Field lines of a message beyond which all rules are run: of so many, another time there are others."""


def unlike(case: Case) -> bool:
    """Whether nothing is known of an exchange by what others were like: all its rules are run."""
    request, response = case.request, case.response
    assert response.fields is not None
    if request is None:
        if case.evidence.knows("request"):                 # nobody but a program hands over that
            return True
    elif len(request.method) > LONGEST or (request.fields is not None and len(request.fields.lines) > MANY):
        return True
    if response.trailers and sum(map(len, response.trailers.index)) > LONGEST:
        return True
    return not 0 < len(response.fields.lines) <= MANY


def odd(case: Case) -> bool:
    """Whether an exchange has something that nothing is known by, since few have it: rules that look at it are run."""
    response = case.response
    return bool(response.trailers or response.interim or case.exchange.interim or response.irregularities
                or response.clipped or response.transfer_coded is not None)


class Roles:
    """Rules, and how they are judged whatever the evidence is; `rare`: of exchanges that are `odd`."""

    def __init__(self, rules: Iterable[Rule], judge: Judge, rare: bool) -> None:
        self.judge = judge
        self.roles = {rule: role(rule, rare) if rare or rule.role is None else rule.role for rule in rules}
        self.under = {asked: by_trigger(self.roles, asked) for asked in (True, False)}
        """Whether the capture has all request fields -> trigger -> rules."""
        self.fieldwise = [rule for rule, told in self.roles.items() if told.kind == "fieldwise"]
        """Those that look at each field by itself."""
        self.atoms = frozenset[str]().union(*[told.atoms for told in self.roles.values() if told.kind != "own"])
        """All that clusters are known by."""
        self._read = self.atoms.union(*[rule.analysis.reads for rule, told in self.roles.items()
                                        if told.kind in ("own", "fieldwise")])
        self.asked = sorted({_name(atom).rstrip("?") for atom in (*self.atoms, *self.under[True])
                             if isinstance(atom, str) and atom.startswith("request.")})
        """The request fields that clusters are known by or looked up under, in lower case."""

    def fold(self, name: str) -> Callable[[str], object] | None:
        """What tells which values of a response field are alike; None if each is its own."""
        known = table.FIELDS.get(name)
        without = known is None or known.parser is None
        return FOLDS.get(name) or (plain_word if without and f"response.{name}" not in self._read else None)


def role(rule: Rule, rare: bool = False) -> Role:
    """How a rule is judged whatever the evidence is; `rare`: on exchanges that are `odd`, where trailers may be among
    what it is looked up under.
    """
    under, answered = trigger(rule, True), trigger(rule, False)
    if rare and (isinstance(under, frozenset) or not rule.analysis.reads.isdisjoint(RARE)):
        return Role(under, answered, *_entry(rule))
    return Role(under, answered, *_kind(rule, under == answered and under))


def _kind(rule: Rule, under: Trigger | bool) -> tuple[str, frozenset[str]]:
    analysis = rule.analysis
    reads = analysis.reads - RARE | analysis.reads & KIND
    always = bound(rule)
    free = not always and rule.statuses is None
    if free and rule.built_in and analysis.fieldwise and not reads & FIELDWISE:
        return "fieldwise", always
    values = [atom for atom in reads if "." in atom and atom[-1] != "?"]
    if free and reads == {under} == set(values) and (rule.built_in or _name(values[0]) not in FOLDS):
        return "own", reads
    if _remembered(reads, rule.built_in):
        return "remembered", reads | always
    return _entry(rule)


def _entry(rule: Rule) -> tuple[str, frozenset[str]]:
    """How a rule is judged whose verdict is not remembered."""
    entry = rule.analysis.entry
    if entry is not None and _remembered(entry, rule.built_in):
        return "entered", entry | bound(rule)
    return "run", bound(rule)


def bound(rule: Rule) -> frozenset[str]:
    """The atoms by which it is known whether an exchange is one of those that a rule is about."""
    return frozenset(atom for atom, names in (("request:method", rule.methods), ("response:version", rule.versions),
                                              (PLACE, rule.targets)) if names is not None)


def _remembered(reads: frozenset[str], built_in: bool) -> bool:
    """Whether verdicts are known by these atoms. Of values that seldom repeat they are not."""
    values = [atom for atom in reads if atom not in KIND and atom[-1] != "?" and atom not in ORIGIN]
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


_VERSIONS = (None, *VERSIONS)
"""All that the version of a message may be: columns do not tell them apart."""


class Column:
    """The lines of one response field, by themselves."""

    __slots__ = ("_distinct", "_evidence", "_fieldwise", "_marks", "_memory", "_own", "atom", "fold", "known",
                 "present", "triggers")

    def __init__(self, name: str, plan: Plan, roles: Roles) -> None:
        self.atom = f"response.{name}"
        self.present = f"response.{name}?"
        self.fold = roles.fold(name)
        """From a value to what stands for it and those like it."""
        self.known: dict[object, Mark] = {}
        under = plan.under.get(self.atom, ())
        self.triggers = bool(under)
        """Whether rules are looked up under it."""
        self._own = [roles.judge(rule) for rule in under if roles.roles[rule].kind == "own" and not plan.lacks(rule)]
        self._fieldwise = [(number, judged) for number, judged in enumerate(plan.fieldwise)
                           if name in (judged.rule.analysis.among or (name,))]
        self._evidence = plan.evidence                     # no part knows its plan: both go when nobody asks for them
        self._memory = plan.memory
        self._distinct = self.atom in roles.atoms
        self._marks: dict[Verdict, Mark] = {}

    def mark(self, key: object, lines: tuple[Line, ...], case: Case) -> Mark:
        """The mark of lines that are not known yet. `key` is what they are known by from now on."""
        verdict = self._verdict(lines, case)
        mark = self._marks.get(verdict)
        if mark is None or self._distinct:
            mark = self._marks[verdict] = Mark(verdict)
        if sum([len(value) for _, value in lines]) <= LONGEST >= len(lines[0][0]) * len(lines):
            self._memory.keep(self.known, key, mark)
        return mark

    def _verdict(self, lines: tuple[Line, ...], case: Case) -> Verdict:
        said = Sayings()
        for judged in self._own:
            said.take(judged, case)
        met = spoke = 0
        fields = Fields(lines)
        for number, judged in self._fieldwise:
            each = Sayings()
            for version in _VERSIONS if "response:version" in judged.rule.analysis.reads else _VERSIONS[:1]:
                apart = Response(case.response.status, version, headers=fields)
                each.take(judged, Case(case.exchange, apart, None, case.names))
            met |= bool(each.held) << number
            spoke |= bool(each.run or each.lacking) << number
        return self._memory.verdict(said, self._evidence, met, spoke)


class RequestColumn:
    """A request field that some cluster asks for: for its presence, or its values, too."""

    __slots__ = ("atom", "known", "mark", "present", "triggers", "varies")

    def __init__(self, name: str, values: bool, triggers: bool) -> None:
        self.atom = f"request.{name}"
        self.present = f"request.{name}?"
        self.mark = object()
        self.varies = self.atom in VARYING
        self.known: dict[object, object] | None = {} if values and not self.varies else None
        self.triggers = triggers


class Cluster:
    """Rules whose verdict is known by the same atoms; `varying` are those of them that seldom repeat.

    `targets` are those of its rules, of which some fit, and others do not.
    """

    __slots__ = ("_evidence", "_judge", "_members", "_memory", "key", "known", "targets", "varying")

    def __init__(self, members: list[tuple[Rule, str, str | None]], atoms: set[str], plan: Plan) -> None:
        """`members`: rules, the kind of their role, and what the evidence lacks for them."""
        self._members = members
        self._judge = plan.judge
        self._evidence = plan.evidence
        self._memory = plan.memory
        self.known: dict[object, Verdict] = {}
        self.varying = [atom for atom in VARYING if atom in atoms]
        self.targets = list({(rule.hosts, rule.paths): rule.targets for rule, _, _ in members
                             if rule.targets is not None}.values())
        fixed = sorted(atoms.difference(VARYING, (PLACE,)))
        self.key: Callable[[dict[str, object]], object] = itemgetter(*fixed) if fixed else _nothing
        """What its verdict is known by, but for what varies."""
        plan.blank.update(dict.fromkeys(fixed))

    def judged(self, key: object, case: Case) -> Verdict:
        """What the rules say of an exchange that is not known yet; it is known by the key from now on."""
        said = Sayings()
        for rule, kind, lack in self._members:
            if not rule.applies(case.request, case.response.version):
                continue
            if lack is not None:
                said.lacking.append(NotJudged(rule.id, lack))
            elif kind == "remembered":
                said.take(self._judge(rule), case)
            elif kind != "entered" or enters(self._judge(rule), case):
                said.leave(self._judge(rule), kind == "entered")
        verdict = self._memory.verdict(said, self._evidence)
        self._memory.keep(self.known, key, verdict)
        return verdict


def _nothing(marks: dict[str, object]) -> object:
    return None


class Late(NamedTuple):
    """A cluster that is known by something that varies, and what it is known by besides."""

    cluster: Cluster
    key: object


class Route:
    """What is known of responses with one status code: clusters by what they are looked up under, and outlooks."""

    __slots__ = ("clusters", "outlooks")

    def __init__(self) -> None:
        self.clusters: dict[Trigger, tuple[Cluster, ...]] = {}
        self.outlooks: dict[tuple[object, ...], tuple[Outlook, list[Late]]] = {}


class Plan:
    """The rules for exchanges with some evidence."""

    def __init__(self, roles: Roles, evidence: Evidence, memory: Memory) -> None:
        self.judge = roles.judge
        self.evidence = evidence
        self.memory = memory
        self.blank: dict[str, object] = {}
        """Atom -> None, of all that some cluster is known by."""
        self.under = roles.under[evidence.knows("request_fields")]
        self.fieldwise = [roles.judge(rule) for rule in roles.fieldwise if not self.lacks(rule)]
        """The rules that look at each field by itself."""
        self._roles = roles
        self._columns: dict[str, Column] = {}
        self._asked = {name: RequestColumn(name, f"request.{name}" in roles.atoms, f"request.{name}" in self.under)
                       for name in roles.asked}
        self._wide: dict[Trigger, tuple[Cluster, ...]] = {}
        """The clusters of rules for all status codes, which routes share."""
        self._routes: dict[int, Route] = {}
        self._among = [under for under in self.under if isinstance(under, frozenset)]
        self._met: dict[int, Verdict] = {}

    def lacks(self, rule: Rule) -> str | None:
        """What the evidence lacks for a rule."""
        return rule.analysis.lacks(self.evidence)

    def _found(self, under: Trigger, status: int, route: Route) -> tuple[Cluster, ...]:
        """The clusters for a status code that are looked up under that; made when they are first wanted."""
        if under not in route.clusters:
            rules = self.under.get(under, ())
            if under not in self._wide:
                self._wide[under] = self._clusters([rule for rule in rules if rule.statuses is None])
            narrow = self._clusters([rule for rule in rules if rule.statuses and rule.about(status)])
            route.clusters[under] = (*self._wide[under], *narrow)
        return route.clusters[under]

    def _clusters(self, rules: Iterable[Rule]) -> tuple[Cluster, ...]:
        """Clusters of rules that are looked up under the same: those that read the same values are one."""
        groups: dict[frozenset[str], tuple[list[tuple[Rule, str, str | None]], set[str]]] = {}
        for rule in rules:
            role, lack = self._roles.roles[rule], self.lacks(rule)
            if role.kind in ("own", "fieldwise") and lack is None:
                continue                                   # a column has it
            known = role.atoms if lack is None else bound(rule)
            values = frozenset([atom for atom in known if atom[-1] != "?" and atom not in KIND])
            members, atoms = groups.setdefault(values, ([], set()))
            members.append((rule, role.kind, lack))
            atoms |= known
        return tuple([Cluster(members, atoms, self) for members, atoms in groups.values()])

    def outlooks(self, case: Case) -> list[Outlook]:
        """What is known of exchanges like this one; and what is by that which varies."""
        response, request = case.response, case.request
        assert response.fields is not None
        route = self._routes.get(response.status)
        if route is None:
            route = Route()
            self.memory.keep(self._routes, response.status, route)
        marks: list[Mark] = []
        columns, lines = self._columns, response.fields.lines
        for name, numbers in response.fields.index.items():
            column = columns.get(name) or self._column(name)
            if len(numbers) == 1:
                line = lines[numbers[0]]
                key: object = line if column.fold is None else (line[0], column.fold(line[1]))
                marks.append(column.known.get(key) or column.mark(key, (line,), case))
            else:
                key = tuple([lines[number] for number in numbers])
                marks.append(column.known.get(key) or column.mark(key, key, case))
        trailers = None if response.trailers is None else frozenset(response.trailers.index)
        kind = (trailers, response.version) if request is None else (
            trailers, response.version, request.method, request.version)
        asked = [] if request is None else self._marks_of(request)
        alike = (kind, *marks, *asked)
        found = route.outlooks.get(alike)
        if found is None:
            found = self._outlook(case, route, kind, marks, asked)
            self.memory.keep(route.outlooks, alike, found)
        outlook, late = found
        return [outlook, *_late(late, case)] if late else [outlook]

    def _column(self, name: str) -> Column:
        """The column of a field; one of a long name is made each time anew."""
        column = self._columns.get(name)
        if column is None:
            column = Column(name, self, self._roles)
            if len(name) <= LONGEST:
                self.memory.keep(self._columns, name, column)
        return column

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
                 asked: list[object]) -> tuple[Outlook, list[Late]]:
        request, response = case.request, case.response
        assert response.fields is not None
        index = response.fields.index
        names = index.keys() | response.trailers.index.keys() if response.trailers else index.keys()
        met: list[tuple[Column | RequestColumn, object]] = list(
            zip(map(self._column, index), marks, strict=True))
        if request is not None and request.fields is not None:
            met += zip([self._asked[name] for name in request.fields.index if name in self._asked], asked, strict=True)
        under: list[Trigger] = [None, *[one.atom for one, _ in met if one.triggers],
                                *[among for among in self._among if not among.isdisjoint(names)]]
        clusters: list[Cluster] = []
        for each in under:
            clusters += route.clusters.get(each) or self._found(each, response.status, route)
        known = self.blank.copy()
        known["response:status"] = response.status
        known.update(zip(_KIND, kind, strict=False))
        for one, mark in met:
            known[one.atom] = mark
            known[one.present] = True
        verdicts = [mark.verdict for mark in marks]
        verdicts.append(self._of_fields(verdicts))
        late: list[Late] = []
        for cluster in clusters:
            key = cluster.key(known)
            if cluster.varying or cluster.targets:
                late.append(Late(cluster, key))
            else:
                verdicts.append(cluster.known.get(key) or cluster.judged(key, case))
        return Outlook(verdicts), late

    def _of_fields(self, verdicts: list[Verdict]) -> Verdict:
        """What rules say that look at each field by itself, of all fields."""
        met = spoke = 0
        for verdict in verdicts:
            met |= verdict.met
            spoke |= verdict.spoke
        key = met << len(self.fieldwise) | spoke
        found = self._met.get(key)
        if found is None:
            said = Sayings()
            for number, judged in enumerate(self.fieldwise):
                if spoke >> number & 1:
                    said.run.append(judged)
                elif met >> number & 1:
                    said.held.append(judged.rule)
            found = self.memory.verdict(said, self.evidence)
            self.memory.keep(self._met, key, found)
        return found


_KIND = ("response:trailers", "response:version", "request:method", "request:version")
"""The atoms of what an outlook is known by first."""


def _late(late: list[Late], case: Case) -> list[Verdict]:
    """What is known by that which varies."""
    values: dict[str, object] = {}
    verdicts: list[Verdict] = []
    for cluster, fixed in late:
        for atom in cluster.varying:
            if atom not in values:
                values[atom] = _varying(atom, case.request)
        key = (fixed, *[values[atom] for atom in cluster.varying],
               *[targets.fit(case.request) for targets in cluster.targets])
        verdicts.append(cluster.known.get(key) or cluster.judged(key, case))
    return verdicts


def _varying(atom: str, request: Request | None) -> object:
    """The value of an atom that varies; of a long one, something that is met but once."""
    if request is None or request.fields is None:
        return None
    if atom in ORIGIN:
        from httplint.vocabulary.transport import origin_key, security_key
        return origin_key(request) if atom == "request:origin" else security_key(request)
    values = tuple(request.fields.values(_name(atom)))
    return values if sum(map(len, values)) <= LONGEST else object()


class Plans:
    """Plans by evidence, and what is remembered; all of it is let go when that is too much."""

    def __init__(self, rules: Iterable[Rule], judge: Judge, rare: bool = False) -> None:
        """`rare`: for exchanges that are `odd`."""
        self._roles = Roles(rules, judge, rare)
        self._memory = Memory()
        self._plans: dict[Evidence, Plan] = {}

    def under(self, case: Case) -> dict[Trigger, list[Rule]]:
        """The rules by what they are looked up under, for `plainly`."""
        return self._roles.under[case.evidence.knows("request_fields")]

    def outlooks(self, case: Case) -> list[Outlook]:
        """What is known of exchanges like this one."""
        if self._memory.full:
            self._memory = Memory()
            self._plans = {}
        evidence = case.evidence
        plan = self._plans.get(evidence)
        if plan is None:
            plan = Plan(self._roles, evidence, self._memory)
            self._memory.keep(self._plans, evidence, plan)
        return plan.outlooks(case)
