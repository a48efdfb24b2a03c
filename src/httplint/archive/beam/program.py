"""The pipeline as a program: `python -m httplint.archive.beam`.

Options that are not its own are those of Beam and of the runner. `--runner` is FnApiRunner unless another is named:
Beam's own default may take Prism, which is loaded from the network.
"""
from __future__ import annotations

import argparse
import logging
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NoReturn

from httplint.archive.closing import closing
from httplint.archive.output import NOTE, Destination, agreed, begun
from httplint.archive.provenance import provenance
from httplint.archive.rows import Recipe
from httplint.capture.finding import MAGIC
from httplint.model import cycles, installation
from httplint.model.errors import HttplintError
from httplint.model.files import cause
from httplint.model.pattern import lazily
from httplint.model.unfinished import OutputError
from httplint.report import fault
from httplint.report.escape import clipped
from httplint.report.lines import line
from httplint.report.masker import masked_error
from httplint.run import CLEAN, INTERRUPTED, NOTHING, TROUBLE

if TYPE_CHECKING:
    from httplint.archive.beam.writing import ArchiveJob

NAME = "httplint.archive.beam"
RUNNER = "FnApiRunner"
HERE = ("FnApiRunner", "DirectRunner")
"""Runners in this process."""
TOLD = 500
"""Characters of what Beam says that is wrong."""

_NAMES = lazily(r"^(?:\w+\.)*\w+(?:Error|Exception): |\[Errno \d+\] | \[while running '[^']*'\]| with exceptions None")
"""What Beam puts around the words of an exception."""


class WrongUsage(HttplintError):
    """An option is not what it should be."""


class EngineFailure(HttplintError):
    """A pipeline did not come to its end; the text has what its runner says."""


class _Options(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{message} (python -m {NAME} --help lists what there is)")


def run(argv: Sequence[str]) -> int:
    """The program: returns its exit code."""
    try:
        return _run(argv)
    except HttplintError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        _fail("interrupted: a job in this process has written nothing, one elsewhere goes on")
        return INTERRUPTED


def _fail(message: str) -> int:
    print(line(masked_error(f"{NAME}: {message}")), file=sys.stderr)
    return TROUBLE


def _parser() -> argparse.ArgumentParser:
    parser = _Options(
        prog=f"python -m {NAME}", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Lints every capture that the inputs name, on Apache Beam, into the tables of httplint archive.",
        epilog="Other options are those of Beam and of the runner, such as --project, --region and --temp_location\n"
               "of DataflowRunner. Captures that have rows in the output are passed over.")
    parser.add_argument("--input", nargs="+", required=True, action="extend", metavar="URI",
                        help="files, directories (ending with /) or patterns, in which ** stands for directories, too")
    parser.add_argument("--output", required=True, metavar="DIR", help="a directory of one's own for the tables")
    parser.add_argument("--runner", default=RUNNER,
                        help="FnApiRunner (in this process; the default), DirectRunner, DataflowRunner, FlinkRunner, "
                             "SparkRunner, PortableRunner")
    for name, meaning in (("select", "run the rules whose ids begin so, separated by commas"),
                          ("ignore", "leave out the rules whose ids begin so"),
                          ("profile", "a choice of rules: default, strict, api, browser, security"),
                          ("rules", "a directory with rules of one's own, which workers must have, too")):
        parser.add_argument(f"--{name}", action="append", default=[], metavar=name.upper(), help=meaning)
    parser.add_argument("--config", metavar="FILE", help="a configuration (httplint.toml); none is looked for")
    parser.add_argument("--show-secrets", action="store_true", help="do not mask credentials, cookies and tokens")
    return parser


def _run(argv: Sequence[str]) -> int:
    arguments, others = _parser().parse_known_args(argv)
    recipe = _recipe(arguments)
    made = _made(recipe)
    _import()
    runner, options = _runner(arguments.runner, others)
    _say(arguments.runner)
    if "dataflow" in arguments.runner.lower() and "://" not in arguments.output:
        raise WrongUsage(f"--output: {arguments.output} is on this machine, where no worker of Dataflow gets to; name "
                         "gs://bucket/directory")
    for uri in arguments.input:
        _look_for(uri)
    with _job(arguments.output, made, recipe.shows) as job:
        counts = _lint(arguments.input, recipe, job, runner, options)
    return _conclude(counts, arguments.output)


def _recipe(arguments: argparse.Namespace) -> Recipe:
    """How captures are judged. Raises SetupError."""
    select, ignore, profile = (tuple(getattr(arguments, name)) for name in ("select", "ignore", "profile"))
    rules = tuple(map(os.path.abspath, arguments.rules))
    if arguments.config is None:
        return Recipe(select, ignore, rules, profile, None, arguments.show_secrets)
    from httplint.configuration.settings import load
    settings = load(arguments.config).with_options(
        {"select": select, "ignore": ignore, "rules": rules, "profile": profile})
    return Recipe.configured(settings, arguments.show_secrets)


def _made(recipe: Recipe) -> dict[str, Any]:
    """What the rows come from. Raises SetupError, WrongUsage."""
    try:
        return provenance(recipe, recipe.mapper().linter.rules)
    except OSError as error:
        raise WrongUsage(f"{error.filename}: {cause(error)}") from None


def _import() -> None:
    """Loads Beam, which has modules by the thousand. Raises WrongUsage."""
    cycles.seldom()
    try:
        with _quiet():
            import apache_beam  # noqa: F401
    except ImportError as error:
        raise WrongUsage(f"Apache Beam is not installed: {installation.command('beam')}"
                         if error.name == "apache_beam" else
                         f"Apache Beam cannot be loaded: {_words(error)}") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Beam's warnings are not shown: of packages for clouds that nobody asked for, of options that are told better."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _words(error: BaseException) -> str:
    """What was raised, in words: engines put traces before it, and names around it."""
    lines = [text for text in str(error).splitlines() if text.strip()]
    return clipped(_NAMES.sub("", lines[-1].strip()) if lines else type(error).__name__, TOLD)


def _say(runner: str) -> None:
    """Has Beam tell of a job elsewhere (where it can be looked at, what became of it), and of one here nothing that is
    told anyhow.
    """
    if runner not in HERE:
        logging.basicConfig(level=logging.INFO, format="%(message)s")
    elif not os.environ.get(fault.DEBUG):
        logging.getLogger("apache_beam").setLevel(logging.CRITICAL)


def _runner(name: str, others: Sequence[str]) -> tuple[Any, Any]:
    """The runner, and the options of the pipeline. Raises WrongUsage."""
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.runners.runner import create_runner
    try:
        with _quiet():
            options = PipelineOptions([f"--runner={name}", *others])
            known = options.get_all_options()
            unknown = set(options.get_all_options(retain_unknown_options=True)) - set(known)
            runner = create_runner(name)
            FileSystems.set_options(options)               # captures are looked for before there is a pipeline
    except SystemExit:                                     # as argparse does, which has said why
        raise WrongUsage("the options of Beam are not in order") from None
    except Exception as error:
        raise WrongUsage(f"--runner {name}: {_words(error)}") from None
    if unknown and name in HERE:                           # another runner may know more than Beam does here
        raise WrongUsage(f"there is no option --{min(unknown)}, of this program or of Beam")
    return runner, options


def _look_for(uri: str) -> None:
    """Raises WrongUsage if there is no such capture, directory or match of a pattern."""
    from httplint.archive.beam.reading import missing
    if why := missing(uri):
        raise WrongUsage(why)


@contextmanager
def _job(directory: str, made: dict[str, Any], shows: bool) -> Iterator[ArchiveJob]:
    """A job that writes to a directory, whose unfinished files are taken away at the end. Raises OutputError."""
    from httplint.archive.beam.writing import ArchiveJob
    part = f"beam-{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    if "://" not in directory:
        if MAGIC.intersection(directory):
            raise WrongUsage(f"--output: {directory} has one of * ? [ in it, which Beam takes for a pattern")
        with Destination(directory, made, shows) as destination:
            yield ArchiveJob(os.path.abspath(directory), part, destination.key)
        return
    job = ArchiveJob(directory, part, _key(directory, made))
    try:
        yield job
    except EngineFailure:                                    # else it has its place, or the job goes on elsewhere
        job.clear()
        raise


def _key(directory: str, made: dict[str, Any]) -> bytes:
    """The key of an archive elsewhere, which is begun if it is new. Raises OutputError."""
    from apache_beam.io.filesystems import FileSystems

    from httplint.archive.beam.reading import innermost
    try:
        path = FileSystems.join(directory, "archive.json")
        if not FileSystems.exists(path):
            with FileSystems.create(path) as stream:
                stream.write(begun(made).encode())
        with FileSystems.open(path) as stream:
            return agreed(stream.read(NOTE), made, directory)
    except HttplintError:
        raise
    except Exception as error:                             # each file system has exceptions of its own
        why = _words(innermost(error))
        raise OutputError(f"{directory} cannot be written: {why}", why) from None


def _lint(uris: Sequence[str], recipe: Recipe, job: ArchiveJob, runner: Any, options: Any) -> dict[str, int]:
    """Runs the pipeline; what its counters have counted. Raises EngineFailure."""
    import apache_beam as beam

    from httplint.archive.beam.transforms import NAMESPACE
    from httplint.archive.beam.writing import FindCaptures, WriteArchive
    try:
        pipeline = beam.Pipeline(runner=runner, options=options)
        _ = pipeline | FindCaptures(uris, job, recipe.shows) | WriteArchive(recipe, job)
        result = pipeline.run()
        state = result.wait_until_finish() or result.state
        counters = result.metrics().query(beam.metrics.MetricsFilter().with_namespace(NAMESPACE))["counters"]
    except Exception as error:                             # each runner has exceptions of its own
        raise EngineFailure(f"the pipeline failed: {_words(error)}") from None
    if state != beam.runners.runner.PipelineState.DONE:
        raise EngineFailure(f"the pipeline ended as {state}; the log of {type(runner).__name__} says more")
    return {one.key.metric.name: one.result for one in counters}


def _conclude(counts: dict[str, int], directory: str) -> int:
    """Says what was done, and what to type next."""
    done, before = counts.get("captures", 0), counts.get("passed_over", 0)
    if not done and not before:
        _fail("there are no captures there")
        return TROUBLE if counts.get("unlisted") else NOTHING
    linted, found, dead = (counts.get(name, 0) for name in ("responses", "findings", "dead_letters"))
    for text in closing(done, linted, found, before, f"{dead:,}" if dead else "", directory):
        print(text)
    return TROUBLE if counts.get("unlisted") else CLEAN
