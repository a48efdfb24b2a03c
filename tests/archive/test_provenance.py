"""Runs that add rows to the same tables have the same rules and settings, wherever these are written down."""
from __future__ import annotations

import json
from pathlib import Path

import httplint
from httplint.archive.provenance import provenance
from httplint.archive.rows import Recipe
from httplint.configuration.settings import load

PACK = Path(__file__).parents[1] / "programs" / "house" / "mine" / "mine.toml"


def of(recipe: Recipe) -> dict[str, object]:
    made = provenance(recipe, recipe.mapper().linter.rules)
    assert json.loads(json.dumps(made)) == made
    return made


def configured(path: Path, text: str) -> Recipe:
    path.write_text(text, "utf-8")
    return Recipe(config=load(str(path)))


def test_it_says_which_rules_are_on() -> None:
    every = of(Recipe())
    assert {name: every[name] for name in ("format", "httplint", "secrets")} == {
        "format": 1, "httplint": httplint.__version__, "secrets": "masked"}
    assert of(Recipe(select=("304",)))["rules"] != every["rules"] == of(Recipe())["rules"]
    assert of(Recipe(select=("304",), ignore=("304.other",))) != of(Recipe(select=("304",)))
    assert of(Recipe(shows=True)) == every | {"secrets": "shown"}


def test_rules_of_others_are_told_by_what_they_say(tmp_path: Path) -> None:
    text, made = PACK.read_text("utf-8"), []
    for name, said in (("a", text), ("b", text), ("c", text.replace("was sent", "is sent"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "shop.toml").write_text(said, "utf-8")
        made.append(of(Recipe(rules=(str(tmp_path / name),))))
    assert made[0] == made[1] != made[2]


def test_settings_that_change_rows_are_held_and_others_are_not(tmp_path: Path) -> None:
    level = of(configured(tmp_path / "a.toml", '[level]\n"405" = "info"\n'))
    assert level["level"] == {"405": "info"}
    assert of(configured(tmp_path / "b.toml", '# moved\nfail-on = "warning"\nshow = ["not-evaluated"]\n\n'
                                              '[level]\n"405" = "info"\n')) == level
    waived = '[[waiver]]\nrule = "date"\nhost = "{}"\nreason = "known"\nexpires = 2099-01-01\n'
    made = [of(configured(tmp_path / "c.toml", waived.format(host))) for host in ("a.example", "b.example")]
    assert made[0] != made[1]
    assert {name for name in made[0] if made[0][name] != made[1][name]} == {"waiver"}
    assert of(configured(tmp_path / "d.toml", "")) == of(Recipe())
