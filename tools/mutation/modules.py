"""The modules that are tried, their changes, and the explanations of those that no test can tell."""
from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path("src", "httplint")
EXPLAINED = Path(__file__).parent / "explained.toml"


@dataclass(frozen=True, slots=True)
class Module:
    """A module that is tried: its path below the package, and all changes of it."""

    path: str
    source: str
    mutants: tuple[Mutant, ...]

    @property
    def name(self) -> str:
        return ".".join(("httplint", *Path(self.path).with_suffix("").parts)).removesuffix(".__init__")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why no test can tell a change: `file` and `line` (its text) say where, `change` what; all changes without it."""

    file: str
    line: str
    change: str
    why: str

    def fits(self, module: Module, mutant: Mutant) -> bool:
        return self.file == module.path and self.line == mutant.text and self.change in ("", mutant.change)


def explained(file: Path = EXPLAINED) -> list[Explanation]:
    """The explanations of changes that no test can tell."""
    return [Explanation(one["file"], one["line"], one.get("change", ""), one["why"])
            for one in tomllib.loads(file.read_text("utf-8")).get("explained", ())]


def selected(text: str, sample: int | None, seed: str) -> Iterator[tuple[Module, list[Mutant]]]:
    """The modules that an argument names, each with the changes to try."""
    text, _, lines = text.partition(":")
    path = ROOT / PACKAGE / text
    if not path.exists() and path.with_suffix(".py").exists():
        path = path.with_suffix(".py")
    if not path.exists():
        raise SystemExit(f"tools/mutate: no module {text} below {PACKAGE}")
    first, _, last = lines.partition("-")
    for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
        source = file.read_text("utf-8")
        module = Module(file.relative_to(ROOT / PACKAGE).as_posix(), source, tuple(mutants(source)))
        some = [one for one in module.mutants if not lines or int(first) <= one.line <= int(last or first)]
        if sample is not None and sample < len(some):
            picked = random.Random(f"{seed}:{module.path}").sample(range(len(some)), sample)
            some = [some[number] for number in sorted(picked)]
        if some:
            yield module, some


def stale(explanations: Sequence[Explanation], modules: Sequence[Module]) -> list[Explanation]:
    """The explanations of changes in these modules that cannot be made any more."""
    return [one for one in explanations for module in modules
            if one.file == module.path and not any(one.fits(module, mutant) for mutant in module.mutants)]
