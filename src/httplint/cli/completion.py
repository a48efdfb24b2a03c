"""`httplint completion`: prints the script that completes commands in a shell."""
from __future__ import annotations

import argparse

from httplint.cli.main import fail, parser
from httplint.model import installation
from httplint.run import CLEAN

RULES = {
    "bash": """\
_httplint_rule_ids() {
  local begin=""
  [[ "$1" == *,* ]] && begin="${1%,*},"
  compgen -P "$begin" -W "$(httplint rules list 2>/dev/null | cut -d ' ' -f 1)" -- "${1##*,}"
}
""",
    "zsh": """\
_httplint_rule_ids() {
  compset -P '*,'
  compadd -- ${(f)"$(httplint rules list 2>/dev/null | cut -d ' ' -f 1)"}
}
""",
    "fish": """\
function _httplint_rule_ids
  httplint rules list 2>/dev/null | string replace --regex ' .*' ''
end
""",
}
"""Shell -> the function that completes ids of rules. It asks when it is needed: other versions have other rules."""

FILES, DIRECTORIES = ("PATH", "FILE", "URI"), ("DIR",)
RULE_IDS = ("RULE", "PREFIX[,…]")
"""What the help calls arguments that are files, directories, ids of rules."""


def run(arguments: argparse.Namespace) -> int:
    """Prints the script; returns the exit code."""
    try:
        import shtab
    except ImportError:
        return fail(f"completion needs a library: {installation.command('completion')}")
    top = parser()
    completes: dict[object, object] = dict.fromkeys(FILES, shtab.FILE)
    completes |= dict.fromkeys(DIRECTORIES, shtab.DIRECTORY)
    completes |= {name: dict.fromkeys(("bash", "zsh"), "_httplint_rule_ids") | {"fish": "(_httplint_rule_ids)"}
                  for name in RULE_IDS}
    _mark(top, completes)
    print(shtab.complete(top, arguments.shell, preamble=RULES[arguments.shell]))
    return CLEAN


def _mark(top: argparse.ArgumentParser, completes: dict[object, object]) -> None:
    """Tells the library what to complete arguments with, by what the help calls them."""
    for action in top._actions:                         # argparse has no public way to its tree
        if isinstance(action, argparse._SubParsersAction):
            for verb in action._choices_actions:           # shells have little room for what is said of a verb
                action.choices[verb.dest].description = verb.help
            for parser in action.choices.values():
                _mark(parser, completes)
        elif action.metavar in completes:
            action.complete = completes[action.metavar]  # type: ignore[attr-defined]
