"""The mitmproxy addon: judges responses while they pass.

    mitmdump --set validate_inbound_headers=false -s "$(httplint addon-path)"

Findings become marks and comments of the flows, a text on the terminal of mitmdump and mitmweb, and files; details
stand in `flow.metadata["httplint"]`. What happens in here never holds up or changes a flow: faults are logged, and
memory is bounded however long the proxy runs. Within mitmproxy, this module is the script of `-s`; in a program of your
own, add `HttpLint()` to the addons of the master.
"""
from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import textwrap
import traceback
import weakref
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from mitmproxy import command, ctx, exceptions, hooks, http, types
from mitmproxy.addonmanager import Loader

from httplint.capture.flows import Flows, no_response
from httplint.capture.outcome import Skipped
from httplint.configuration import ConfigurationError
from httplint.configuration import settings as configuration  # whose load is no hook of the script
from httplint.configuration.finding import find
from httplint.configuration.settings import Settings
from httplint.engine.errors import RuleError
from httplint.engine.report import Finding, Report
from httplint.engine.rule import Rule
from httplint.library import Linter, rules_from
from httplint.model.exchange import Source
from httplint.model.severity import SEVERITIES, THRESHOLDS, worst
from httplint.report import fault
from httplint.report.colour import Paint, wanted
from httplint.report.escape import clipped, printable, slim
from httplint.report.formats import FORMATS, STDOUT, FormatError, parse
from httplint.report.kind import kind_of
from httplint.report.lines import Lines, line
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.rule_page import conditions, grounds
from httplint.report.summary import Summary
from httplint.report.text import TextReport
from httplint.run import Run
from httplint.selection import SelectionError, named

CHOICES = {"httplint_severity": SEVERITIES, "httplint_fail_on": THRESHOLDS,
           "httplint_live": ("new", "all", "off")}
"""Option -> its values, beside None."""
JUDGING = {f"httplint_{name}" for name in ("select", "ignore", "profile", "rules", "config")}
"""The options that decide what is judged, and how."""
MARKS = {"error": ":red_circle:", "warning": ":orange_circle:", "info": ":large_blue_circle:"}
"""Severity of the worst finding -> mark of the flow."""

KEPT = 2_000
"""How many exchanges with findings `httplint.export` can still write, the latest ones."""
SHOWN_ONCE = 20_000
"""How many kinds of findings are remembered as shown already."""
REASONS_KEPT = 100
"""How many different reasons for skipping are counted apart."""
COMMENTED = 3
"""How many findings the comment of a flow names."""
FAULTS_LOGGED = 10

OWN = "httplint"
"""Key of a flow's metadata: what was found, and what was written where users can write too."""
MADE = "httplint_made"
"""Key of a flow's metadata: mitmproxy or another addon made the response up."""

Told = tuple[Finding, str, str]
"""A finding, its message and its place without secrets."""

logger = logging.getLogger(__name__)


class Output:
    """A file that reports go to as they come, so that others can follow it. It tells the run if it fails.

    Raises OptionsError for what is not FORMAT:FILE, or cannot be written.
    """

    def __init__(self, spec: str, options: Options, run: Run) -> None:
        try:
            made, path = parse(spec)
        except FormatError as error:
            raise exceptions.OptionsError(f"httplint_output: {error}") from None
        self._spec = spec
        self._run = run
        self._failed = False
        try:
            self._stream: TextIO | None = open_text(path)
        except OSError as error:
            raise exceptions.OptionsError(f"httplint_output: {path}: {error.strerror or error}") from None
        self._reporter = made.reporter(self._write, options)

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
        except OSError as error:
            self._fail(error.strerror or str(error))

    def _fail(self, cause: str) -> None:
        self._close()
        self._failed = self._run.failed = True
        logger.error(f"httplint: {self._spec} cannot be written: {cause}")

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None and stream is not sys.stdout:
            try:
                stream.close()
            except OSError:                                # what is still in the buffer cannot be written
                self._failed = self._run.failed = True

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._tried(self._reporter.report, report)

    def end(self, summary: Summary) -> None:
        """Writes the summary, and closes the file."""
        self._tried(self._reporter.end, summary)
        self._close()

    def _tried(self, what: Callable[..., object], given: object) -> None:
        try:
            if not self._failed:
                what(given)
        except OSError as error:                           # no room for what a reporter puts aside
            self._fail(error.strerror or str(error))
        except Exception as error:                         # the other files are as good as before
            self._fail(fault.told(error))


def open_text(path: str) -> TextIO:
    """The file for writing, or standard output for `-`; each line goes out at once."""
    if path == STDOUT:
        if hasattr(sys.stdout, "reconfigure"):             # a terminal that cannot show a character gets an escape
            sys.stdout.reconfigure(errors="backslashreplace")
        return sys.stdout
    return open(os.path.expanduser(path), "w", encoding="utf-8", errors="backslashreplace", buffering=1, newline="")


class LostInterim(logging.Handler):
    """Counts what mitmproxy says in its log only."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.swallowed = 0
        """Interim responses over HTTP/2 that were not shown."""
        self.trailers = 0
        """Responses over HTTP/1.1 that were dropped because of trailers."""

    def emit(self, record: logging.LogRecord) -> None:
        """Takes in a line of the log."""
        if record.exc_info and isinstance(record.exc_info[1], NotImplementedError):
            self.trailers += "trailers" in str(record.exc_info[1])
        elif isinstance(record.msg, str) and "Swallowing HTTP/2 informational" in record.msg:
            self.swallowed += 1


class HttpLint:
    """The addon."""

    name = "httplint"

    def __init__(self, exits: bool = False) -> None:
        """`exits`: whether the process ends with an exit code that tells of findings, once mitmproxy shuts down."""
        self._exits = exits
        self._flows = Flows()
        self._judge: Callable[[object], Report] | None = None
        self._settings = Settings()
        self._linter: Linter | None = None
        self._rules: list[Rule] = []
        self._outputs: dict[str, Output] = {}
        self._faults = 0
        self._number = 0
        self._taken: weakref.WeakSet[http.Response] = weakref.WeakSet()
        self._paint = Paint(False)
        self._printed: list[str] = []
        self._log = LostInterim()
        self._masker = Masker()
        self._run = Run(self._nothing())
        self._reset()

    def _nothing(self) -> Summary:
        """What begins to count anew."""
        summary = Summary(len(self._rules), self._masker)
        summary.places = Counter()
        return summary

    def _reset(self) -> None:
        self._run.summary = self._nothing()
        self._kept: deque[Report] = deque(maxlen=KEPT)
        self._dropped = 0
        self._seen: OrderedDict[object, None] = OrderedDict()
        self._text: TextReport | None = None

    # -- options

    def load(self, loader: Loader) -> None:
        """Adds the options."""
        add = loader.add_option
        add("httplint_select", Sequence[str], [],
            "Only rules whose id begins so, such as 304 or 304.etag; separated by commas, or several times. The "
            "longest prefix wins.")
        add("httplint_ignore", Sequence[str], [], "All but rules whose id begins so.")
        add("httplint_profile", Sequence[str], [],
            "Rules for a purpose: default, api, browser, security, or strict (all, previews too).")
        add("httplint_rules", Sequence[str], [], "Directories with rule files of your own.")
        add("httplint_config", str, "auto",
            "The configuration: a file; auto for httplint.toml, or pyproject.toml with [tool.httplint], in the working "
            "directory or the nearest one above; empty for none. The other options win over it.")
        add("httplint_severity", str | None, None,
            "Report findings of this severity and above (by default what the configuration says, else info).",
            choices=CHOICES["httplint_severity"])
        add("httplint_fail_on", str | None, None,
            "End with exit status 1 if there were findings of this severity and above (by default what the "
            "configuration says, else error).", choices=CHOICES["httplint_fail_on"])
        add("httplint_output", Sequence[str], [],
            f"Write findings to files, FORMAT:FILE; formats: {', '.join(FORMATS)}; - is standard output.")
        add("httplint_live", str, "new",
            "What the terminal of mitmdump and mitmweb shows: the first finding of each kind (rule, host, method, "
            "path) and a report at the end; all findings; or nothing.", choices=CHOICES["httplint_live"])
        add("httplint_mark", bool, True, "Mark flows with findings, and say in their comment what was found.")
        add("httplint_show_secrets", bool, False, "Do not mask credentials, cookies and tokens in reports.")
        add("httplint_show_not_evaluated", bool, False,
            "List also the rules that could not be evaluated, and why.")
        add("httplint_stream_events", bool, True,
            "Pass server-sent events on as they come; mitmproxy by itself holds them back until the last one.")

    def configure(self, updated: set[str]) -> None:
        """Takes changed options over. Raises OptionsError."""
        options = ctx.options
        for name, choices in CHOICES.items():              # which mitmproxy does not check
            if getattr(options, name) not in (None, *choices):
                raise exceptions.OptionsError(f"{name}: expected one of {', '.join(choices)}")
        try:
            settings = _settings()
            if self._judge is None or updated & JUDGING:
                self._judge_by(Linter(config=settings))
        except (ConfigurationError, RuleError, SelectionError, OSError) as error:
            raise exceptions.OptionsError(f"httplint: {printable(str(error))}") from None
        self._settings = settings
        if self._masker.shows != options.httplint_show_secrets:
            self._masker = Masker(options.httplint_show_secrets)    # outputs that are open keep the one they have
        self._open(settings.outputs)
        self._run.severity, self._run.fail_on = settings.severity, settings.fail_on

    def _judge_by(self, linter: Linter) -> None:
        self._linter = linter
        self._rules = linter.rules
        self._run.summary.rules = len(self._rules)
        self._judge = linter.stream()

    def _open(self, specs: Sequence[str]) -> None:
        """Opens the files that are new, ends those that are no more wanted."""
        before = self._outputs.copy()
        self._outputs = {spec: before.pop(spec) if spec in before else Output(spec, self._options(), self._run)
                         for spec in dict.fromkeys(specs)}
        for output in before.values():
            output.end(self._run.summary)
        self._run.outputs = list(self._outputs.values())

    def _options(self, paint: Paint | None = None) -> Options:
        return Options(paint or Paint(False), self._masker, "not-evaluated" in self._settings.show,
                       self._settings.fail_on, self._rules)

    def running(self) -> None:
        """mitmproxy has started."""
        logging.getLogger().addHandler(self._log)
        if self._exits:                                    # the process is ours
            # Rules and modules stay: the collections need not walk them, which halves the time that they stop flows.
            gc.collect()
            gc.freeze()

    # -- flows

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Notes whether mitmproxy made the response up; lets server-sent events pass."""
        response = flow.response
        if not flow.live or response is None:
            return
        if response.timestamp_end is not None:             # a server's is still on its way
            flow.metadata[MADE] = True
        elif ctx.options.httplint_stream_events and not response.stream:
            kind = response.headers.get("content-type", "")
            if kind.partition(";")[0].strip().lower() == "text/event-stream":
                response.stream = True

    def response(self, flow: http.HTTPFlow) -> None:
        """A response is complete; also that of a WebSocket handshake."""
        self._take(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """A response was refused or broke off, or there is none."""
        self._take(flow)

    def _take(self, flow: http.HTTPFlow) -> None:
        response = flow.response
        if response is not None:
            if response in self._taken:                    # a client that goes away can bring both hooks about
                return
            self._taken.add(response)
        try:
            self._lint(flow)
        except Exception as error:                         # nothing may hold up a flow
            self._faults += 1
            self._run.failed = True
            self._skip("a fault of httplint, see the log")
            if self._faults <= FAULTS_LOGGED:
                trace = self._masker.text("".join(traceback.format_exception(error, limit=-8)))
                logger.error(f"httplint failed on a flow: {self._masker.text(fault.told(error))}\n{trace}")

    def _lint(self, flow: http.HTTPFlow) -> None:
        if flow.metadata.get(MADE):
            self._skip("the response does not come from the server, but from mitmproxy")
            return
        source = Source("mitmproxy", self._number)
        self._number += 1
        made = self._flows.exchange(flow, source)
        if isinstance(made, Skipped):
            self._skip(made.reason)
            self._annotate(flow, [], comment=self._refusal(flow))
            return
        assert self._judge is not None
        report = self._run.take(self._judge(made))
        shown = self._masker.of(report.exchange)
        self._annotate(flow, [(finding, shown.message(finding), shown.place(finding.location))
                              for finding in report.findings])
        if report.findings:
            self._keep(report)
            self._show(report)

    def _skip(self, reason: str) -> None:
        known = self._run.summary.skipped
        self._run.summary.skip(reason if reason in known or len(known) < REASONS_KEPT else "other reasons")

    def _refusal(self, flow: http.HTTPFlow) -> str:
        """What to say of a flow whose response mitmproxy refused; empty for other flows."""
        message = flow.error.msg if flow.error is not None and flow.response is None else ""
        refused = no_response(message).startswith("mitmproxy refused")
        said = clipped(self._masker.text(message), 300)
        return f"httplint: not evaluated, mitmproxy refused the response: {said}" if refused else ""

    def _annotate(self, flow: http.HTTPFlow, told: Sequence[Told], comment: str = "") -> None:
        """Marks a flow, or takes our mark away; what users and other addons wrote stays."""
        before = flow.metadata.get(OWN)
        if before is None and not told and not comment:
            return
        old = before.get("comment", "") if isinstance(before, dict) else ""
        mark = ""
        if told:
            mark = MARKS[worst(finding.severity for finding, *_ in told)]
            comment = _comment(told)
        if ctx.options.httplint_mark:
            if not flow.marked or flow.marked in MARKS.values():
                flow.marked = mark
            if old and old in flow.comment:
                flow.comment = flow.comment.replace(old, comment).strip("\n")
            elif comment:
                flow.comment = f"{flow.comment}\n{comment}" if flow.comment else comment
        else:
            comment = ""
        flow.metadata[OWN] = {"comment": comment, "findings": [_details(*one) for one in told]}

    def _keep(self, report: Report) -> None:
        """Keeps a report for exports, without the contents."""
        kept = Report(slim(report.exchange))
        kept.findings, kept.groups, kept.suppressed = report.findings, report.groups, report.suppressed
        self._dropped += len(self._kept) == KEPT
        self._kept.append(kept)
        self._grouped().report(kept)

    def _grouped(self) -> TextReport:
        if self._text is None:
            self._text = TextReport(self._printed.append, self._options(self._paint))
        return self._text

    # -- the terminal

    def _terminal(self) -> bool:
        """Whether there is a terminal that we may write to; that of the console belongs to mitmproxy."""
        return ctx.options.httplint_live != "off" and ctx.master.addons.get("consoleaddon") is None

    def _show(self, report: Report) -> None:
        if not self._terminal():
            return
        everything = ctx.options.httplint_live == "all"
        findings = [finding for finding in report.findings if self._is_new(finding, report) or everything]
        if findings:
            self._print(self._live_text(report, findings))

    def _is_new(self, finding: Finding, report: Report) -> bool:
        kind = kind_of(finding, report)
        if kind in self._seen:
            return False
        self._seen[kind] = None
        if len(self._seen) > SHOWN_ONCE:
            self._seen.popitem(last=False)
        return True

    def _live_text(self, report: Report, findings: list[Finding]) -> str:
        lines: list[str] = []
        say = Lines(lines.append, Paint(wanted("auto", sys.stdout)))
        shown = self._masker.of(report.exchange)
        say(("dim", "-->"), f" {clipped(f'{shown.method()} {shown.uri()}', 110)} ", ("dim", "→"),
            f" {report.exchange.response.status}")
        for finding in findings:
            say("    ", (finding.severity, f"{finding.severity}[{finding.rule_id}]"), f" {shown.message(finding)}")
            say("        ", ("dim", "fix:"), f" {finding.fix}")
        return "".join(lines)

    def _print(self, text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except UnicodeEncodeError:
            sys.stdout.write(text.encode("ascii", "backslashreplace").decode("ascii"))
        except OSError:                                    # nobody reads it any more
            ctx.options.update(httplint_live="off")

    # -- commands

    @command.command("httplint.report")
    def report_command(self) -> Sequence[str]:
        """Shows what was found so far, alike findings in one block, and a summary."""
        return self._rendered(Paint(False)).split("\n")

    @command.command("httplint.export")
    @command.argument("format", type=types.Choice("httplint.formats"))
    def export_command(self, format: str, path: types.Path) -> None:
        """Writes what was found so far to a file, in one of the formats. For all findings of a long run, set
        httplint_output."""
        try:
            with open(os.path.expanduser(path), "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                if format == "text":
                    stream.write(self._rendered(Paint(False)))
                else:
                    self._run.write(self._kept, FORMATS[format].reporter(stream.write, self._options()))
        except OSError as error:
            raise exceptions.CommandError(f"{path}: {error.strerror or error}") from None
        if self._dropped and format != "text":
            logger.warning(f"httplint: {path} has the latest {KEPT:,} exchanges with findings; {self._dropped:,} "
                           "earlier ones are no longer kept. httplint_output writes them all.")

    @command.command("httplint.formats")
    def formats_command(self) -> Sequence[str]:
        """The formats that httplint.export can write."""
        return list(FORMATS)

    @command.command("httplint.explain")
    def explain_command(self, rule: str) -> Sequence[str]:
        """Shows what a rule demands and why, and how to fix it; the begin of an id shows all that begin so."""
        try:
            found = named(rules_from(self._settings.rules), rule)
        except SelectionError as error:
            raise exceptions.CommandError(str(error)) from None
        if len(found) > 1:
            return [f"{one.id}: {one.title}" for one in found]
        return _page(found[0])

    @command.command("httplint.clear")
    def clear_command(self) -> None:
        """Forgets what was found so far, and takes the marks and comments away again."""
        self._reset()
        view = ctx.master.addons.get("view")
        flows = [flow for flow in view or () if isinstance(flow, http.HTTPFlow) and OWN in flow.metadata]
        for flow in flows:
            self._annotate(flow, [])
            del flow.metadata[OWN]
        if flows:
            ctx.master.addons.trigger(hooks.UpdateHook(flows))

    def _rendered(self, paint: Paint) -> str:
        """The grouped report so far."""
        self._paint.on = paint.on
        self._printed.clear()
        self._grouped().end(self._run.summary)
        text = "".join(self._printed) + "".join(f"{line(f'  {remark}')}\n" for remark in self._remarks())
        self._printed.clear()
        return text

    def _remarks(self) -> list[str]:
        """What the summary has to say about mitmproxy, and at the end about the configuration."""
        lines = [*self._run.summary.notes,
                 "mitmproxy does not show interim responses of HTTP/2, whitespace, line ends and chunks"]
        if self._log.swallowed:
            lines.append(f"it swallowed {self._log.swallowed:,} interim responses of HTTP/2")
        if self._log.trailers:
            lines.append(f"it dropped {self._log.trailers:,} responses of HTTP/1.1 because of their trailers; "
                         "their header sections were linted")
        if "validate_inbound_headers" in ctx.options and ctx.options.validate_inbound_headers:
            lines.append("it refuses some malformed responses; validate_inbound_headers=false lets them be linted")
        return lines

    # -- the end

    def done(self) -> None:
        """mitmproxy shuts down, or loads another version of this script."""
        logging.getLogger().removeHandler(self._log)
        if self._judge is None:                            # it never started
            return
        if self._linter is not None:
            self._run.note(self._linter.policy)
        self._run.end()
        if self._terminal():
            self._print(self._rendered(Paint(wanted("auto", sys.stdout))))
        if self._exits and ctx.master.should_exit.is_set() and self.exit_code():
            self._exit(self.exit_code())

    def exit_code(self) -> int:
        """The exit status: of `httplint check`, over all flows of this run."""
        return self._run.exit_status()

    def _exit(self, code: int) -> None:
        """Ends the process with that code, after mitmproxy and all its addons have ended."""
        def leave(_: object) -> None:
            asyncio.get_running_loop().set_exception_handler(_unless_cancelled)
            raise SystemExit(code)

        task = asyncio.current_task()
        if task is not None:
            task.add_done_callback(leave)


def _unless_cancelled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What fails at the very end is told, unless it is a connection that the end broke off: asyncio of Python 3.11
    prints a traceback for each."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def _settings() -> Settings:
    """The configuration, under the options. Raises ConfigurationError."""
    options = ctx.options
    named = os.path.expanduser(options.httplint_config)
    path = find() if named == "auto" else named or None
    return (Settings() if path is None else configuration.load(path, found=named == "auto")).with_options({
        "select": options.httplint_select, "ignore": options.httplint_ignore, "profile": options.httplint_profile,
        "rules": [os.path.expanduser(pack) for pack in options.httplint_rules],
        "severity": options.httplint_severity, "fail-on": options.httplint_fail_on, "outputs": options.httplint_output,
        "show": ["not-evaluated"] if options.httplint_show_not_evaluated else []})


def _comment(told: Sequence[Told]) -> str:
    named = [f"{finding.severity} {finding.rule_id}: {clipped(message, 150)}"
             for finding, message, _ in told[:COMMENTED]]
    more = len(told) - len(named)
    return "httplint: " + "; ".join([*named, *([f"and {more} more"] if more else [])])


def _details(finding: Finding, message: str, place: str) -> dict[str, Any]:
    """A finding as plain data, which mitmproxy can save."""
    return {"rule": finding.rule_id, "severity": finding.severity, "level": finding.level,
            "message": clipped(message, 500), "fix": finding.fix, "spec": finding.spec,
            "location": clipped(place, 200)}


def _page(rule: Rule) -> list[str]:
    out = [f"{rule.id}  {rule.level}", line(rule.title), ""]
    names = {"when": "when", "foreach": "for", "require": "demand"}
    told = dict(conditions(rule))
    for name, text in (*grounds(rule), *((names[one], told[one]) for one in names if one in told)):
        out += textwrap.wrap(line(" ".join(text.split())), 96, initial_indent=f"{name:8}", subsequent_indent=" " * 8,
                             break_long_words=False, break_on_hyphens=False)
    return out


addons = [HttpLint(exits=True)]
