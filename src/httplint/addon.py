"""The mitmproxy addon: judges responses while they pass.

    mitmdump --set validate_inbound_headers=false -s "$(httplint addon-path)"

Findings become marks and comments of the flows, a text on the terminal of mitmdump and mitmweb, and files; details
stand in `flow.metadata["httplint"]`. What happens in here never holds up or changes a flow: faults are logged, and
memory is bounded however long the proxy runs. The script of `-s` is `mitmproxy_script`; in a program of your own, add
`HttpLint()` to the addons of the master.
"""
from __future__ import annotations

import asyncio
import gc
import logging
import os
import textwrap
import weakref
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mitmproxy import command, ctx, exceptions, hooks, http, types
from mitmproxy.addonmanager import Loader
from mitmproxy.flow import Flow

from httplint.capture.flows import Flows, no_response, pair, snapshot
from httplint.capture.outcome import Skipped
from httplint.configuration.settings import Settings
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.library import Linter, rules_from
from httplint.mitm import console, options, terminal, web
from httplint.mitm.beside import Beside, Engine, Heard, NoProcess, Waiting
from httplint.mitm.details import Details
from httplint.mitm.log import OF_SCRIPTS, LostInterim, NoConnections, say_connections, without_trace
from httplint.mitm.marks import OWN, annotate
from httplint.mitm.outputs import opened
from httplint.mitm.terminal import Terminal
from httplint.model.errors import SetupError
from httplint.model.exchange import Exchange, Source
from httplint.model.files import cause
from httplint.model.severity import SEVERITIES, from_up
from httplint.report import fault
from httplint.report.colour import Paint
from httplint.report.escape import clipped, printable, slim
from httplint.report.exercise import Exercise
from httplint.report.formats import FORMATS
from httplint.report.lines import Lines, line
from httplint.report.masker import Masker
from httplint.report.output import Outputs
from httplint.report.reporter import Options
from httplint.report.rule_page import conditions, grounds
from httplint.report.summary import Summary
from httplint.report.text import TextReport
from httplint.run import Run
from httplint.selection import SelectionError, named

KEPT = 2_000
"""How many exchanges with findings `httplint.export` can still write, the latest ones."""
REASONS_KEPT = 100
"""How many different reasons for skipping are counted apart."""
FAULTS_LOGGED = 10

CLEAN = "no findings"
PAGE_WIDTH = 96
"""How wide the page of a rule is at most."""

MADE = "httplint_made"
"""Key of a flow's metadata: mitmproxy or another addon made the response up."""

logger = logging.getLogger(__name__)


class HttpLint:
    """The addon."""

    name = "httplint"

    def __init__(self, exits: bool = False) -> None:
        """`exits`: whether the process ends with an exit code that tells of findings, once mitmproxy shuts down."""
        self._exits = exits
        self._flows = Flows()
        self._judge: Callable[[object], Report] | None = None
        self._engine: Engine | None = None
        self._beside: Beside | None = None
        self._fit = False
        """Whether there may be a process beside mitmproxy: as long as that runs, unless it could not be started."""
        self._settings = Settings()
        self._linter: Linter | None = None
        self._rules: list[Rule] = []
        self._outputs: dict[str, Outputs] = {}
        self._faults = 0
        self._number = 0
        self._taken: weakref.WeakSet[http.Response] = weakref.WeakSet()
        self._paint = Paint(False)
        self._printed: list[str] = []
        self._log = LostInterim()
        self._without_connections = NoConnections()
        self._view = web.FindingsView(self._of_one, lambda one: self._details.worst(one) is not None)
        self._masker = Masker()
        self._run = Run(self._nothing())
        self._reset()

    def _nothing(self) -> Summary:
        """What begins to count anew."""
        summary = Summary(len(self._rules), self._masker)
        summary.places, summary.exercise = Counter(), Exercise()
        summary.describe(None if self._linter is None else self._linter.descriptions)
        summary.baseline = self._settings.baseline is not None
        return summary

    def _reset(self) -> None:
        self._run.summary = self._nothing()
        self._kept: deque[Report] = deque(maxlen=KEPT)
        self._dropped = 0
        self._details = Details()
        self._terminal = Terminal()
        self._text: TextReport | None = None

    # -- options

    def load(self, loader: Loader) -> None:
        """Adds the options."""
        OF_SCRIPTS.addFilter(without_trace)
        options.add(loader)

    def configure(self, updated: set[str]) -> None:
        """Takes changed options over. Raises OptionsError."""
        self._drain()                                      # what passed before is shown as was wanted then
        try:
            settings = options.settings()
            if self._judge is None or updated & options.JUDGING:
                self._judge_by(Linter(config=settings))
        except (SetupError, OSError) as error:
            raise exceptions.OptionsError(f"httplint: {printable(str(error))}") from None
        self._settings = settings
        if self._masker.shows != ctx.options.httplint_show_secrets:
            self._masker = Masker(ctx.options.httplint_show_secrets)    # outputs that are open keep the one they have
        self._open(settings.outputs)
        say_connections(ctx.options.httplint_connections, self._without_connections)
        self._run.severity, self._run.fail_on = settings.severity, settings.fail_on
        self._run.confidence = settings.confidence
        self._settle()

    def _judge_by(self, linter: Linter) -> None:
        self._linter = linter
        assert linter.policy is not None
        self._engine = Engine(linter.rule_linter, linter.policy)
        self._rules = linter.rules
        self._run.summary.rules = len(self._rules)
        self._run.summary.describe(linter.descriptions)
        self._judge = linter.stream()

    def _open(self, specs: Sequence[str]) -> None:
        """Opens the files that are new, ends those that are no more wanted."""
        before = self._outputs.copy()
        self._outputs = {spec: before.pop(spec) if spec in before else opened(spec, self._options(), self._run)
                         for spec in dict.fromkeys(specs)}
        for output in before.values():
            output.end(self._run.summary)
        self._run.outputs = list(self._outputs.values())

    def _options(self, paint: Paint | None = None) -> Options:
        return Options(paint or Paint(False), self._masker, "not-evaluated" in self._settings.show,
                       self._settings.fail_on, self._rules, show_api="api" in self._settings.show)

    def running(self) -> None:
        """mitmproxy has started."""
        logging.getLogger().addHandler(self._log)
        if self._exits:                                    # the process is ours
            # Rules and modules stay: the collections need not walk them, which halves the time that they stop flows.
            gc.collect()
            gc.freeze()
        self._fit = True
        self._settle()
        if console.is_here():                              # the keys of the user come first, which are read meanwhile
            asyncio.get_running_loop().call_soon(console.bind)
        if web.is_here():
            web.add(self._view)
            if ctx.options.httplint_mark:
                web.show_comments()

    # -- the process beside mitmproxy

    def _settle(self) -> None:
        """Has responses judged where they shall be."""
        if self._beside is not None and not options.beside():
            self._beside.end()
            self._beside = None
        elif self._beside is None and self._fit and self._engine is not None and options.beside():
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:                           # nobody would bring the verdicts
                return
            try:
                self._beside = Beside(loop, self._engine, self._hear, self._lose, self._take_back)
            except NoProcess as why:
                self._take_back([], str(why))

    def _take_back(self, waiting: list[Waiting], why: str) -> None:
        """Judges within mitmproxy from here on, since the process beside it did not come up."""
        self._beside, self._fit = None, False
        logger.warning(f"httplint: there is no process beside mitmproxy, which judges by itself: {printable(why)}")
        for one in waiting:
            try:
                self._judge_here(one.flow, pair(*one.messages, Source("mitmproxy", one.number)))
            except Exception as error:
                self._fault(one.flow, error)

    def _drain(self) -> None:
        """Waits for the verdicts on all that has passed."""
        if self._beside is not None:
            self._beside.drain()

    def _lose(self, waiting: Waiting, why: str) -> None:
        self._run.failed = True
        self._skip(waiting.flow, why)

    def _hear(self, verdicts: list[Heard]) -> None:
        """Takes in what the process beside says."""
        changed = []
        for one in verdicts:
            try:
                if self._told(one):
                    changed.append(one.waiting.flow)
            except Exception as error:
                self._fault(one.waiting.flow, error)
        if changed:
            ctx.master.addons.trigger(hooks.UpdateHook(changed))

    def _told(self, heard: Heard) -> bool:
        """Takes in a verdict; returns whether it changed the flow."""
        flow, policy = heard.waiting.flow, heard.waiting.engine.policy
        if heard.fault is not None:
            self._failed(flow, *heard.fault)
            return False
        before, counted = OWN in flow.metadata, not policy.chooses
        if counted:
            self._count(heard)
            if not (heard.findings or before or self._run.outputs):    # nobody wants to know the rest
                self._details.say(flow, CLEAN)
                return False
        self._judged(flow, policy.apply(heard.report()), counted)
        return before or OWN in flow.metadata

    def _count(self, heard: Heard) -> None:
        summary = self._run.summary
        summary.met(1)
        summary.place(heard.kind)
        for group in heard.groups:
            summary.lack(group)

    # -- flows

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Notes whether mitmproxy made the response up; lets server-sent events pass."""
        response = flow.response
        if not flow.live or response is None:
            return
        if response.timestamp_end is not None:             # a server's is still on its way
            flow.metadata[MADE] = True
        elif not response.stream and _is_of_events(response) and ctx.options.httplint_stream_events:
            response.stream = True

    def response(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """A response is complete; also that of a WebSocket handshake. Returns what it has to wait for, if anything."""
        return self._take(flow)

    def error(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """A response was refused or broke off, or there is none."""
        return self._take(flow)

    def _take(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        response = flow.response
        if response is not None:
            if response in self._taken:                    # a client that goes away can bring both hooks about
                return None
            self._taken.add(response)
        try:
            return self._lint(flow)
        except Exception as error:                         # nothing may hold up a flow
            self._fault(flow, error)
            return None

    def _fault(self, flow: http.HTTPFlow, error: Exception) -> None:
        self._failed(flow, *fault.logged(error))

    def _failed(self, flow: http.HTTPFlow, told: str, trace: str) -> None:
        """httplint failed on a flow."""
        self._faults += 1
        self._run.failed = True
        self._skip(flow, "a fault of httplint, see the log")
        if self._faults <= FAULTS_LOGGED:
            logger.error(f"httplint failed on a flow: {self._masker.text(told)}\n{self._masker.text(trace)}")

    def _lint(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        if flow.metadata.get(MADE):
            self._skip(flow, "the response does not come from the server, but from mitmproxy")
            return None
        number = self._number
        self._number += 1
        source, now = Source("mitmproxy", number), snapshot(flow)
        answered = self._flows.answer(now, source)
        if isinstance(answered, Skipped):
            self._skip(flow, answered.reason)
            annotate(flow, [], comment=self._refusal(flow))
            return None
        if self._beside is not None:
            assert self._engine is not None
            return self._beside.judge(Waiting(flow, number, now, answered, self._engine))
        self._judge_here(flow, pair(now.asked, answered, now.error is not None, source))
        return None

    def _judge_here(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        assert self._judge is not None
        self._judged(flow, self._judge(exchange))

    def _judged(self, flow: http.HTTPFlow, report: Report, counted: bool = False) -> None:
        """Takes in what is said of a flow. `counted`: whether the summary has counted it."""
        self._run.take(report, counted=counted)
        shown = self._masker.of(report.exchange)
        annotate(flow, [(finding, shown.message(finding), shown.place(finding.location))
                        for finding in report.findings])
        self._details.say(flow, self._keep(report) if report.findings else CLEAN)
        if report.findings:
            self._terminal.show(report, shown)

    def _skip(self, flow: http.HTTPFlow, reason: str) -> None:
        self._details.say(flow, f"not judged: {self._masker.text(reason)}")
        known = self._run.summary.skipped
        self._run.summary.skip(reason if reason in known or len(known) < REASONS_KEPT else "other reasons")

    def _refusal(self, flow: http.HTTPFlow) -> str:
        """What to say of a flow whose response mitmproxy refused; empty for other flows."""
        message = flow.error.msg if flow.error is not None and flow.response is None else ""
        refused = no_response(message).startswith("mitmproxy refused")
        said = clipped(self._masker.text(message), 300)
        return f"httplint: not evaluated, mitmproxy refused the response: {said}" if refused else ""

    def _keep(self, report: Report) -> Report:
        """Keeps a report for exports, without the contents, and returns it so."""
        kept = slim(report)
        self._dropped += len(self._kept) == KEPT
        self._kept.append(kept)
        self._grouped().report(kept)
        return kept

    def _grouped(self) -> TextReport:
        if self._text is None:
            self._text = TextReport(self._printed.append, self._options(self._paint)._replace(
                worst_first=console.is_here(), width=terminal.width()))
        return self._text

    def _of(self, flows: Sequence[Flow]) -> list[str]:
        """What was found in flows, in lines."""
        if not all(map(self._details.knows, flows)):       # some may wait for their verdict
            self._drain()
        width = web.WIDTH if web.is_here() else terminal.width()
        return self._details.lines(flows, self._options()._replace(worst_first=True, width=width))

    def _of_one(self, flow: Flow | None) -> list[str]:
        return self._of([flow] if flow is not None else [])

    # -- commands

    @command.command("httplint.show")
    def show_command(self, flows: Sequence[Flow]) -> Sequence[str]:
        """Shows what was found in flows, such as @focus or @marked: the octets, the fix, and the section."""
        if not flows:
            raise exceptions.CommandError("there is no such flow")
        return self._of(flows)

    @command.command("httplint.next")
    @command.argument("severity", type=types.Choice("httplint.severities"))
    def next_command(self, severity: str = SEVERITIES[-1]) -> None:
        """Selects the next flow with findings, of a severity and above."""
        self._go(1, severity)

    @command.command("httplint.prev")
    @command.argument("severity", type=types.Choice("httplint.severities"))
    def prev_command(self, severity: str = SEVERITIES[-1]) -> None:
        """Selects the flow with findings before this one, of a severity and above."""
        self._go(-1, severity)

    def _go(self, step: int, severity: str) -> None:
        console.go(step, lambda one: self._details.worst(one) in from_up(severity))

    @command.command("httplint.severities")
    def severities_command(self) -> Sequence[str]:
        """The severities of findings, the worst first."""
        return list(SEVERITIES)

    @command.command("httplint.report")
    def report_command(self) -> Sequence[str]:
        """Shows what was found so far, alike findings in one block, and a summary."""
        self._drain()
        return self._rendered(Paint(False)).split("\n")

    @command.command("httplint.export")
    @command.argument("format", type=types.Choice("httplint.formats"))
    def export_command(self, format: str, path: types.Path) -> None:
        """Writes what was found so far to a file, in one of the formats. For all findings of a long run, set
        httplint_output."""
        self._drain()
        try:
            with open(os.path.expanduser(path), "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                if format == "text":
                    stream.write(self._rendered(Paint(False)))
                else:
                    self._run.write(self._kept, FORMATS[format].reporter(stream.write, self._options()))
        except OSError as error:
            raise exceptions.CommandError(f"{path}: {cause(error)}") from None
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
        rules = rules_from(self._settings.rules)
        try:
            found = named(rules, rule)
        except SelectionError as error:
            raise exceptions.CommandError(str(error)) from None
        notes = rules.notes([rule])
        width = min(terminal.width() or PAGE_WIDTH, PAGE_WIDTH)
        if len(found) > 1:
            return [*notes, *(part for one in found for part in _wrapped(f"{one.id}: {one.title}", width, "", 4))]
        return [*notes, *_page(found[0], width)]

    @command.command("httplint.clear")
    def clear_command(self) -> None:
        """Forgets what was found so far, and takes the marks and comments away again."""
        self._drain()
        self._reset()
        view = ctx.master.addons.get("view")
        flows = [flow for flow in view or () if isinstance(flow, http.HTTPFlow) and OWN in flow.metadata]
        for flow in flows:
            annotate(flow, [])
            del flow.metadata[OWN]
        if flows:
            ctx.master.addons.trigger(hooks.UpdateHook(flows))

    def _rendered(self, paint: Paint) -> str:
        """The grouped report so far."""
        self._paint.on, self._paint.links = paint.on, paint.links
        self._printed.clear()
        self._grouped().end(self._run.summary)
        say = Lines(self._printed.append, width=terminal.width())
        for remark in self._remarks():
            say(f"  {remark}")
        text = "".join(self._printed)
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
        OF_SCRIPTS.removeFilter(without_trace)
        say_connections(True, self._without_connections)
        if web.is_here():
            web.remove(self._view)
        if self._judge is None:                            # it never started
            return
        self._fit = False
        if self._beside is not None:
            self._beside.end()
            self._beside = None
        if self._linter is not None:
            self._run.note(self._linter.notes())
        self._run.end()
        if self._terminal.is_ours():
            self._terminal.write(self._rendered(terminal.paint()))
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


def _is_of_events(response: http.Response) -> bool:
    """Whether a response says that it consists of server-sent events."""
    for name, value in response.headers.fields:            # mitmproxy's own way takes ten times as long
        if name.lower() == b"content-type":
            return bool(value.partition(b";")[0].strip().lower() == b"text/event-stream")
    return False


def _page(rule: Rule, width: int) -> list[str]:
    out = [f"{rule.id}  {rule.level}", line(rule.title), ""]
    names = {"when": "when", "foreach": "for", "require": "demand"}
    told = dict(conditions(rule))
    said = [(name, f"{text}  {address or ''}") for name, text, address in grounds(rule)]
    for name, text in (*said, *((names[one], told[one]) for one in names if one in told)):
        out += _wrapped(text, width, f"{name:8}", 8)
    return out


def _wrapped(text: str, width: int, first: str, then: int) -> list[str]:
    """A text in lines; the first begins with a text, the others with so many spaces."""
    return textwrap.wrap(line(" ".join(text.split())), width, initial_indent=first, subsequent_indent=" " * then,
                         break_long_words=False, break_on_hyphens=False)
