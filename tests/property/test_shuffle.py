"""Field order, field-line splitting and the case of names must not matter to any rule."""
from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from relations import Spoken

from httplint.capture.notation import notation
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import Rule
from httplint.grammar import table
from httplint.library import built_in_rules
from httplint.model.evidence import BITS
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields

RULES = built_in_rules()
Recase = Callable[[str], str]
CASES = [(rule, text) for rule in RULES for text in (*rule.bad, *rule.good)]


def verdict(rule: Rule, exchanges: list[Exchange]) -> list[list[str]]:
    linter = RuleLinter([rule])
    return [[finding.rule_id for finding in report.findings] for report in linter.lint_all(exchanges)]


@settings(max_examples=400)
@given(case=st.sampled_from(CASES), data=st.data())
def test_shuffled_split_and_recased(case: tuple[Rule, str], data: st.DataObject) -> None:
    rule, text = case
    exchanges = notation(text)
    cases: list[Recase] = [str] if rule.analysis.needs & BITS["name_case"] else [str, str.lower, str.upper, str.title]
    changed = [_changed(exchange, data, cases) for exchange in exchanges]
    assert verdict(rule, changed) == verdict(rule, exchanges)


def _changed(exchange: Exchange, data: st.DataObject, cases: list[Recase]) -> Exchange:
    def message(old: Spoken) -> Spoken:
        return old.but(fields=_fields(old.fields, data, cases))

    return exchange.but(response=message(exchange.response), request=exchange.request and message(exchange.request),
                        interim=tuple([message(one) for one in exchange.interim]))


def _fields(fields: Fields | None, data: st.DataObject, cases: list[Recase]) -> Fields | None:
    """The same section with its fields in another order, list fields split over lines, names in another case."""
    if fields is None:
        return None
    groups: list[list[tuple[str, str]]] = []
    for key in fields.index:
        entry = table.field(key)
        lines = [(name, value) for name, value in fields if name.lower() == key]
        name, value = lines[0]
        if (entry is not None and entry.list and len(lines) == 1 and "," in value and '"' not in value
                and "=" not in value and data.draw(st.booleans())):
            cut = data.draw(st.sampled_from([at for at, c in enumerate(value) if c == ","]))
            lines = [(name, value[:cut]), (name, value[cut + 1:])]
        groups.append(lines)
    groups = data.draw(st.permutations(groups))
    recase = data.draw(st.sampled_from(cases))
    return Fields(tuple((recase(name), value) for group in groups for name, value in group))
