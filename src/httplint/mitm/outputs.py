"""Files that reports go to while flows pass, so that others can follow them."""
from __future__ import annotations

import logging
import os
import sys

from mitmproxy import exceptions

from httplint.model.files import cause
from httplint.model.unfinished import OutputError, WholeFile
from httplint.report.formats import STDOUT, FormatError, parse
from httplint.report.output import Outputs
from httplint.report.reporter import Options, Write
from httplint.run import Run

logger = logging.getLogger(__name__)


def opened(spec: str, options: Options, run: Run) -> Outputs:
    """The output of an option, which tells the run and the log if it fails.

    Raises OptionsError for what is not FORMAT:FILE, or cannot be written.
    """
    def failed(cause: str) -> None:
        run.failed = True
        logger.error(f"httplint: {cause if cause.startswith(spec) else f'{spec}: {cause}'}")

    outputs = Outputs(None, (), options, failed)
    try:
        made, path = parse(spec)
        file = None if path == STDOUT else WholeFile(os.path.expanduser(path), spec, live=True)
    except FormatError as error:
        raise exceptions.OptionsError(f"httplint_output: {error}") from None
    except OutputError as error:
        raise exceptions.OptionsError(f"httplint_output: {path}: {error.cause}") from None
    outputs.open(made, _stdout(spec) if file is None else file.write, options, file)
    return outputs


def _stdout(spec: str) -> Write:
    """What writes to standard output. It raises OutputError."""
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):                     # a terminal that cannot show a character gets an escape
        stream.reconfigure(errors="backslashreplace")

    def write(text: str) -> None:
        try:
            stream.write(text)
        except OSError as error:
            why = cause(error)
            raise OutputError(f"{spec} cannot be written: {why}", why) from None

    return write
