"""`httplint`: reads the command line and hands over to the verb. Kept light: a verb's modules load when it runs."""
from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from httplint import __version__
from httplint.cli.streams import Streams
from httplint.model import cycles, unfinished
from httplint.run import CLEAN, FINDINGS, INTERRUPTED, NOTHING, TROUBLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from httplint.report.lines import Lines


class Parser(argparse.ArgumentParser):
    """Says in a line what is wrong with arguments, and what was probably meant: `cli.wrong` has the words.

    Arguments may be names of strangers' files. What cannot be written is an OSError.
    """

    words: Sequence[str] = ()
    """What it was given, verbs and actions of it too."""
    inner: Mapping[str, argparse.ArgumentParser] = {}
    """First word -> what parses the others, where other first words are arguments."""

    def __init__(self, *, formatter_class: Any = argparse.HelpFormatter, **named: Any) -> None:
        super().__init__(formatter_class=partial(formatter_class, width=columns() - 2), **named)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse has it. The namespace has the `parser` of the verb, or of its action, too."""
        if args and args[0] in self.inner:
            return self.inner[args[0]].parse_known_args(args[1:], namespace)
        self.words = args
        found, rest = super().parse_known_args(args, namespace)
        if not hasattr(found, "parser"):                   # that of the action came first
            found.parser = self
        return found, rest

    def error(self, message: str) -> NoReturn:
        from httplint.cli.wrong import told
        from httplint.report.lines import line
        from httplint.report.masker import masked_error
        self.exit(TROUBLE, line(masked_error(f"{self.prog}: {told(self, self.words, message)} "
                                             f"({self.prog} --help lists what there is)")) + "\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            from httplint.cli.wrong import unknown
            raise unknown(action, value)

    def _print_message(self, message: str, file: Any = None) -> None:
        (file or sys.stderr).write(message)


def columns() -> int:
    """Those of the terminal, as shutil.get_terminal_size has them: its module loads others, of compressed files."""
    with suppress(KeyError, ValueError):
        if (columns := int(os.environ["COLUMNS"])) > 0:
            return columns
    with suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    return 80


def parser(called: str | None = None) -> argparse.ArgumentParser:
    """The command line of all verbs; or of the one that is called only, or of none for `--version`: that is faster."""
    top: argparse.ArgumentParser = Parser(
        prog="httplint", description="Tells whether HTTP responses conform to the specifications.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"httplint {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, prog=top.prog)
    if called != "--version":
        from httplint.cli.verbs import EPILOG, VERBS
        top.epilog = EPILOG
        for name in (called,) if called in VERBS else VERBS:
            VERBS[name](verbs)
    return top


def run(argv: Sequence[str] | None = None) -> int:
    """The command: returns its exit code, or raises SystemExit as argparse does.

    As the program itself (`argv` is None) it always raises SystemExit: not all that starts programs looks at what a
    function returns.
    """
    with Streams() as streams:
        left = argv is None
        try:
            code = _code(argv)
        except SystemExit as end:
            left, code = True, end.code if isinstance(end.code, int) else CLEAN if end.code is None else TROUBLE
        finally:
            unfinished.remove_all()                        # what a fault or Ctrl-C has left
        lost, now = streams.lost()
        good = code in (CLEAN, FINDINGS, NOTHING)
        if lost and (now or good):
            fail(lost)
        if lost is not None and good:
            code = TROUBLE
    if left:
        sys.exit(code)
    return code


def _code(argv: Sequence[str] | None) -> int:
    """The exit code, however the verb ends."""
    cycles.seldom()
    try:
        arguments = _arguments(argv)
        verb = importlib.import_module(f"httplint.cli.{arguments.verb.replace('-', '_')}")
        code: int = verb.run(arguments)
        return code
    except BrokenPipeError:                                # the reader of our output went away: head, less
        return TROUBLE
    except KeyboardInterrupt:
        fail("interrupted")
        return INTERRUPTED
    except SystemExit:
        raise
    except BaseException as error:                         # a panic of Rust is no Exception
        if error is getattr(sys.stdout, "error", None):    # which is told at the end
            return CLEAN
        if isinstance(error, OSError) and error.strerror:  # of the system
            return fail(f"{f'{error.filename}: ' if error.filename else ''}{error.strerror}")
        from httplint.report import fault
        return fail(fault.told(error))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    words = sys.argv[1:] if argv is None else argv
    top = parser(words[0] if words else None)
    if not words:
        top.print_help(sys.stderr)
        top.exit(TROUBLE)
    arguments, rest = top.parse_known_args(words)
    if rest and arguments.verb != "proxy":                 # whose rest goes to mitmproxy
        from httplint.cli.wrong import superfluous
        arguments.parser.error(superfluous(arguments.parser, rest))
    arguments.rest = rest
    return arguments


def fail(message: str) -> int:
    """Says on stderr what is wrong, without secrets; returns the exit code for it."""
    from httplint.report.masker import masked_error
    tell(masked_error(message))
    return TROUBLE


def tell(message: str) -> None:
    """Says something on stderr, on a terminal no wider than that is."""
    from httplint.report.lines import PLAIN, Lines
    Lines(sys.stderr.write, PLAIN, columns() if sys.stderr.isatty() else None)(f"httplint: {message}")


def printer() -> Lines:
    """What writes lines to standard output, in colour on a terminal."""
    from httplint.report.colour import Paint, wanted
    from httplint.report.lines import Lines
    return Lines(sys.stdout.write, Paint(wanted("auto", sys.stdout)))


if __name__ == "__main__":
    sys.exit(run())
