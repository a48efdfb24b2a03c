"""Every rule's own examples are its test; and they must be worth something."""
from __future__ import annotations

import pytest

from httplint.adequacy import examples, survivors
from httplint.engine.rule import Rule
from httplint.library import built_in_rules

RULES = built_in_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_come_out_as_they_should(rule: Rule) -> None:
    assert list(examples(rule)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_some_example_notices_each_mutant_of_the_conditions(rule: Rule) -> None:
    mutants = list(survivors(rule))
    assert mutants
    assert [f"{condition} -> {value}" for condition, value, noticed in mutants if not noticed] == []
