"""The verbs of the command line, and their options. Kept light: a verb's modules load when it runs."""
from __future__ import annotations

import argparse
from collections.abc import Callable

from httplint.model.severity import CONFIDENCES, SEVERITIES, THRESHOLDS
from httplint.report.formats import FORMATS

EPILOG = """\
exit status:
  0  no findings at or above --fail-on        2  bad usage, or input that cannot be read
  1  findings at or above --fail-on           3  nothing to check: no entries in the input
"""

ARCHIVED = """\
exit status:
  0  every capture has its rows, if only of what could not be read
  2  bad usage, a URI that is not there, or output that cannot be written
  3  nothing to lint: no captures
"""

ASKED = """\
exit status:
  0  the report is written
  2  bad usage, a directory that is not what httplint archive writes, or output that cannot be written
  3  nothing was linted
"""
ASKABLE = ("text", "markdown", "html", "csv", "json")
"""The formats of reports of archives."""

SHOWN = ("not-evaluated", "api")
"""What else may be listed."""
Verbs = argparse._SubParsersAction  # of which argparse has no public name


def _check(verbs: Verbs[argparse.ArgumentParser]) -> None:
    check = verbs.add_parser(
        "check", help="lint captures: HAR files, raw HTTP/1.x, WARC, curl -v output and others", epilog=EPILOG,
        description="Lints captures: HAR files (also .gz, .zip, JSONP), traces of Playwright, WARC, WACZ and ARC\n"
                    "files, flows of mitmproxy, Fiddler archives (.saz), cassettes of vcrpy, VCR, betamax and\n"
                    "go-vcr, results of newman, Schemathesis and Hurl, Postman collections, what WireMock keeps,\n"
                    "items of Burp, messages of ZAP, Charles sessions, raw HTTP/1.x octets, what curl -v, HTTPie,\n"
                    "xh and wget -S print, and the notation of the rules' examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    _captures(check)
    _jobs(check)
    _reporting(check)


def _jobs(verb: argparse.ArgumentParser) -> None:
    """What verbs share that judge with several processes."""
    verb.add_argument("--jobs", type=_whole(1), metavar="N",
                      help="judge with so many processes (default: as many as there are processors, where there is "
                           "enough to judge)")


def _archive(verbs: Verbs[argparse.ArgumentParser]) -> None:
    archive = verbs.add_parser(
        "archive", help="lint an archive of captures into tables (Parquet), and ask them",
        description="Lints every capture below the URIs, each by itself, and writes tables of findings, responses,\n"
                    "captures, rules that were not evaluated, and what could not be read. Captures that have rows in\n"
                    "DIR are passed over, so a run that was interrupted goes on with the same command.\n"
                    "httplint archive report DIR makes reports of the tables; a directory of that name is ./report.",
        epilog=ARCHIVED, formatter_class=argparse.RawDescriptionHelpFormatter)
    report = type(archive)(
        prog=f"{archive.prog} report", epilog=ASKED, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Asks the tables that httplint archive has written: which rules are broken most, by host, by\n"
                    "server product, over time, and what could not be checked.")
    _archive_report(report)
    report.set_defaults(verb="archive-report")
    archive.inner = {"report": report}  # type: ignore[attr-defined]
    archive.add_argument("uris", nargs="+", metavar="URI",
                         help="file, directory, pattern such as 'har/**/*.har', or s3://bucket/prefix and the like "
                              "(extras: s3, gcs)")
    archive.add_argument("--out", required=True, metavar="DIR",
                         help="the directory that the tables are written to: a new one, or one of an earlier run with "
                              "the same rules")
    archive.add_argument("--again", action="store_true",
                         help="lint captures anew of which something could not be read or judged, as after a network "
                              "failed")
    _jobs(archive)
    archive.add_argument("--show-secrets", action="store_true",
                         help="do not mask credentials, cookies and tokens in the tables")
    archive.add_argument("--no-progress", action="store_true", help="no progress bar, even on a terminal")
    archive.add_argument("-q", "--quiet", action="store_true", help="print no summary, no notes, no progress bar")
    _selection(archive)


def _archive_report(report: argparse.ArgumentParser) -> None:
    """What `archive report` takes."""
    from httplint.archive.questions import FEW, QUESTIONS
    report.add_argument("directory", metavar="DIR", help="the directory that httplint archive --out has written")
    report.add_argument("--only", choices=QUESTIONS, action="append", default=[], metavar="NAME",
                        help="only this table; may be repeated; the tables are " + ", ".join(QUESTIONS))
    report.add_argument("--rule", metavar="RULE", help="instead, the captures in which this rule is broken")
    report.add_argument("--host", metavar="HOST", help="instead, the captures in which this host breaks rules")
    report.add_argument("--server", metavar="PRODUCT", help="instead, the captures in which this product breaks rules")
    report.add_argument("--top", type=_whole(1), metavar="N",
                        help="tell so many rows of a table, of each severity (default: 10 in text, 20 in markdown, 100 "
                             "in html, all in csv and json)")
    report.add_argument("--severity", choices=SEVERITIES, default=SEVERITIES[-1],
                        help="in tables of rules: findings of this severity and above (default: info, which is all)")
    report.add_argument("--least", type=_whole(0), default=FEW, metavar="N",
                        help=f"mark rows with fewer responses than this, whose shares say little (default: {FEW})")
    report.add_argument("--sql", metavar="DIR", help="write the questions as SQL files into this directory, and end")
    report.add_argument("--output-format", choices=ASKABLE, metavar="FORMAT",
                        help=f"what goes to standard output: {', '.join(ASKABLE)} (default: text); csv with --only")
    report.add_argument("--output", action="append", default=[], metavar="FORMAT:FILE",
                        help="write a report to a file as well; may be repeated; - is standard output; csv:DIR/ writes "
                             "a file for each table")
    report.add_argument("-q", "--quiet", action="store_true", help="print tables alone")
    _color(report)


def _whole(least: int, most: int = 1 << 31) -> Callable[[str], int]:
    """What reads a number of that range."""
    def number(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:12]) <= most:
            wanted = f"of at least {least}" if most == 1 << 31 else f"from {least} to {most}"
            raise argparse.ArgumentTypeError(f"expected a whole number {wanted}, got {text!r:.60}")
        return int(text)

    return number


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 1e6:                              # which nan is not either
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, got {text!r:.60}")
    return seconds


def _pause(text: str) -> float:
    try:
        return 0.0 if text == "0" else _seconds(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(str(error).replace("above 0", "from 0 up")) from None


def _explain(verbs: Verbs[argparse.ArgumentParser]) -> None:
    explain = verbs.add_parser("explain", help="the page of a rule or a field: what, why, fix, examples",
                               description="Prints a rule: what it demands and why, how to fix it, examples. Or a "
                                           "field: meaning, grammar, source, and the rules about it.")
    explain.add_argument("rule", nargs="?", metavar="RULE",
                         help="a rule id such as 405.allow-missing, or the beginning of one")
    explain.add_argument("--field", metavar="NAME", help="the page of this field instead, such as Cache-Control")
    explain.add_argument("--trace", metavar="FILE[:LINE[:COLUMN]]",
                         help="show the value of each part of the conditions on the exchanges of a capture, or on the "
                              "one at a place, as check prints it")
    explain.add_argument("--entry", type=_whole(0), metavar="N", help="with --trace: only this entry (from 0)")
    _configuration(explain)


def _rules(verbs: Verbs[argparse.ArgumentParser]) -> None:
    rules = verbs.add_parser("rules", help="list, test and write rules; what they cover",
                             description="About the rules themselves.")
    actions = rules.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="all rules, a line each")
    _selection(listing)
    listing.add_argument("--json", action="store_true", help="as JSON, with all keys")
    test = actions.add_parser("test", help="run the examples of rule files, and mutate their conditions")
    test.add_argument("paths", nargs="+", metavar="FILE", help="rule file (TOML), or a directory of them")
    layout = actions.add_parser("format", help="write rule files in the one layout that they have",
                                description="Writes rule files in one layout: keys in one order, examples as they "
                                            "stand on the wire. No value changes, and comments stay.")
    layout.add_argument("paths", nargs="*", default=["rules"], metavar="FILE",
                        help="rule file (TOML), or a directory of them (default: rules)")
    layout.add_argument("--check", action="store_true", help="write nothing, and fail if a file has another layout")
    new = actions.add_parser("new", help="print a rule to start from")
    new.add_argument("id", metavar="ID", help="topic.slug, such as 405.allow-missing")
    new.add_argument("--status", help="the status code or class that it is about, such as 405 or 4xx")
    new.add_argument("--spec", default="RFC 9110 §15", help="document and section (default: RFC 9110 §15)")
    cover = actions.add_parser("coverage", help="which requirements the rules check, per document and status code")
    cover.add_argument("--document", help="only this document, such as 9110: every requirement")
    cover.add_argument("--status", help="only this status code, such as 206: every requirement")
    cover.add_argument("--open", action="store_true", help="list the requirements that have neither rule nor reason")
    docs = actions.add_parser("docs", help="write the documentation of all rules, status codes and fields as Markdown")
    docs.add_argument("directory", metavar="DIR", help="the directory to write to, such as docs")
    docs.add_argument("--rules", action="append", default=[], metavar="PATH",
                      help="a rule file of your own, or a directory of them, too")
    docs.add_argument("--try", dest="playground", metavar="ADDRESS",
                      help="where the playground is, as seen from the page of a rule, such as "
                           "../playground/index.html; each built-in rule links to it, with its bad example filled in")
    functions = actions.add_parser("functions", help="what conditions may call and read: functions, facts, values")
    functions.add_argument("prefix", nargs="*", metavar="PREFIX", help="only those whose name begins with one of these")
    functions.add_argument("--values", action="store_true",
                           help="the kinds of values instead, with their attributes: MediaType, CacheControl …")


def _report(verbs: Verbs[argparse.ArgumentParser]) -> None:
    report = verbs.add_parser(
        "report", help="make other reports of a result, make one of several, compare them",
        description="Makes reports of a result that httplint check --output json:FILE (or jsonl:FILE) has written: "
                    "nothing is linted again. Or makes several results one, or tells what changed from one to another.")
    source = report.add_mutually_exclusive_group(required=True)
    source.add_argument("--from", dest="source", metavar="FILE",
                        help="a result in the format json or jsonl; exit with 1 for findings only where --fail-on is "
                             "said")
    source.add_argument("--merge", nargs="+", metavar="FILE",
                        help="several results as one, such as those of the jobs of a matrix; then as --from")
    source.add_argument("--diff", nargs=2, metavar=("OLD", "NEW"),
                        help="what changed from one result to another, as text, json, markdown or html: kinds of "
                             "findings that are new, more, fewer, gone or unchanged; exit with 1 for what is new at "
                             "or above --fail-on")
    source.add_argument("--trend", nargs="+", metavar="FILE",
                        help="how the findings went over several results, in this order, by severity and by rule, as "
                             "text, json, markdown or html")
    source.add_argument("--schema", action="store_true", help="print the JSON schema of json, and of a line of jsonl")
    _outputs(report)


def _config(verbs: Verbs[argparse.ArgumentParser]) -> None:
    config = verbs.add_parser("config", help="show the settings that hold, and where each comes from",
                              description="About the configuration: httplint.toml, or [tool.httplint] of "
                                          "pyproject.toml.")
    actions = config.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="every setting with its origin, under the options of this command line",
                              description="Prints every setting with its origin, under the options of this command "
                                          "line.")
    show.add_argument("--json", action="store_true", help="as JSON")
    _reporting(show)
    actions.add_parser("schema", help="the JSON schema of the configuration, for editors",
                       description="Prints the JSON schema of httplint.toml and of [tool.httplint], for editors.")


def _proxy(verbs: Verbs[argparse.ArgumentParser]) -> None:
    proxy = verbs.add_parser(
        "proxy", help="lint live traffic: start mitmproxy with the addon", epilog=EPILOG,
        description="Starts mitmproxy with the addon that lints responses while they pass. Options that are not\n"
                    "listed here go to mitmproxy, as does everything behind --.",
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    proxy.add_argument("--ui", choices=("dump", "console", "web"), default="dump",
                       help="which of mitmproxy's programs: mitmdump (default), mitmproxy or mitmweb")
    proxy.add_argument("--port", type=_whole(0, 65535), metavar="N",
                       help="the port to listen on (mitmproxy's default: 8080)")
    proxy.add_argument("--listen-host", default="127.0.0.1", metavar="ADDRESS",
                       help="the address to listen on (default: 127.0.0.1, only this machine)")
    proxy.add_argument("--mode", action="append", default=[], metavar="MODE",
                       help="such as reverse:https://shop.example (default: a proxy for browsers)")
    _selection(proxy)
    _description(proxy)
    proxy.add_argument("--severity", choices=SEVERITIES,
                       help="report findings of this severity and above (default: info, which is all)")
    proxy.add_argument("--confidence", choices=CONFIDENCES,
                       help="report findings of this confidence and above (default: low, which is all)")
    proxy.add_argument("--fail-on", choices=THRESHOLDS,
                       help="exit with 1 for findings of this severity and above (default: error)")
    proxy.add_argument("--output", action="append", default=[], metavar="FORMAT:FILE",
                       help="write findings to a file; formats: " + ", ".join(FORMATS) + "; - is standard output")
    proxy.add_argument("--live", choices=("new", "all", "off"), default="new",
                       help="what the terminal shows: the first finding of each kind (default), all, or nothing")
    proxy.add_argument("--show", choices=SHOWN[:1], action="append", default=[],
                       help="list also the rules that could not be evaluated, and why")
    proxy.add_argument("--show-secrets", action="store_true",
                       help="do not mask credentials, cookies and tokens in reports")
    proxy.add_argument("--print-command", action="store_true", help="print the command for mitmproxy and end")


def _addon_path(verbs: Verbs[argparse.ArgumentParser]) -> None:
    verbs.add_parser("addon-path", help="print where the addon for mitmproxy is",
                     description='Prints where the addon is: mitmdump -s "$(httplint addon-path)"')


def _baseline(verbs: Verbs[argparse.ArgumentParser]) -> None:
    baseline = verbs.add_parser(
        "baseline", help="take the findings of today as known, so that only new ones count",
        description="Keeps a file with the findings that are known, counted by rule, host, method, path template and "
                    "field. httplint check --baseline FILE, or baseline in the configuration, reports what goes "
                    "beyond.")
    actions = baseline.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, about in (("create", "write the file: all findings of these captures"),
                        ("update", "take out what these captures have no more; with --add, take in what is new"),
                        ("check", "tell whether the file is up to date: exit with 1 for what is new or gone")):
        action = actions.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        _captures(action, "*")
        action.add_argument("--from", dest="source", action="append", default=[], metavar="FILE",
                            help="instead of captures, a result that --output json:FILE has written, such as that of "
                                 "a test run with pytest; may be repeated")
        action.add_argument("--baseline", metavar="FILE",
                            help="the file (default: that of the configuration, or .httplint-baseline.json)")
        if name == "create":
            action.add_argument("--force", action="store_true", help="write it anew, though it is there")
        if name == "update":
            action.add_argument("--add", action="store_true", help="take in new findings too")
        _selection(action)
        _description(action)
        action.add_argument("--no-progress", action="store_true", help="no progress bar, even on a terminal")


def _init(verbs: Verbs[argparse.ArgumentParser]) -> None:
    init = verbs.add_parser("init", help="begin: a configuration with comments, and what CI needs",
                            description="Writes httplint.toml with comments into this directory, and prints what to "
                                        "put into CI.")
    init.add_argument("--force", action="store_true", help="write it anew, though it is there")


def _completion(verbs: Verbs[argparse.ArgumentParser]) -> None:
    completion = verbs.add_parser("completion", help="print a script that completes commands in a shell",
                                  description="Prints a script that completes verbs, options and ids of rules. For "
                                              'bash and zsh: eval "$(httplint completion bash)"; for fish: '
                                              "httplint completion fish | source")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))


def _captures(verb: argparse.ArgumentParser, number: str = "+") -> None:
    """What verbs share that read captures; `number`: how many, as argparse has it."""
    verb.add_argument("paths", nargs=number, metavar="PATH",
                      help="file, directory, pattern such as 'har/**/*.har', or - for standard input")
    verb.add_argument("--octets", action="store_true",
                      help="these are octets of HTTP/1.x as they came over the wire, to the end of the connection: "
                           "judge also what is missing at the end, or follows it")


def _description(verb: argparse.ArgumentParser) -> None:
    """What verbs share that tell where findings belong."""
    verb.add_argument("--api", action="append", default=[], metavar="FILE",
                      help="a description of the API, OpenAPI as YAML or JSON: findings are grouped by its operations, "
                           "and the report says which of them the traffic did not show; may be repeated (extra: api)")


def _reporting(verb: argparse.ArgumentParser) -> None:
    """What verbs share that lint and report."""
    _outputs(verb)
    _selection(verb)
    _description(verb)
    verb.add_argument("--profile-rules", action="store_true",
                      help="tell how long each rule took, the slowest first (on standard error)")
    verb.add_argument("--severity", choices=SEVERITIES,
                      help="show findings of this severity and above (default: info, which is all)")
    verb.add_argument("--confidence", choices=CONFIDENCES,
                      help="show findings of this confidence and above (default: low, which is all)")
    verb.add_argument("--baseline", metavar="FILE", help="findings that are known already: they are only counted")
    verb.add_argument("--no-progress", action="store_true", help="no progress bar, even on a terminal")


def _outputs(verb: argparse.ArgumentParser) -> None:
    """What verbs share that write results."""
    verb.add_argument("--show-secrets", action="store_true",
                      help="do not mask credentials, cookies and tokens in reports")
    verb.add_argument("--output-format", choices=tuple(FORMATS), metavar="FORMAT",
                      help="what goes to standard output: " + "; ".join(
                          f"{made.name}, {made.what}" for made in FORMATS.values()) + " (default: text)")
    verb.add_argument("--output", action="append", default=[], metavar="FORMAT:FILE",
                      help="write a report to a file as well; may be repeated; - is standard output")
    verb.add_argument("--category", default="", metavar="NAME",
                      help="in SARIF, what code scanning tells results of one commit apart by, such as the job of a "
                           "matrix (default: whoever uploads it says so)")
    verb.add_argument("--statistics", action="store_true",
                      help="count findings by rule, host and status code, below the report (on standard error if the "
                           "report is for programs)")
    verb.add_argument("--fail-on", choices=THRESHOLDS,
                      help="findings of this severity and above are failures: exit with 1 (default: error)")
    verb.add_argument("--show", choices=SHOWN, action="append", default=[],
                      help="list also the rules that could not be evaluated, and why; or, of an API (--api), all that "
                           "the traffic did not show")
    verb.add_argument("--group-by", choices=("rule", "endpoint", "finding"), default="rule",
                      help="what the findings of a block of text share: rule, field and host (default); method and "
                           "path, too (endpoint); or nothing, a block each (finding)")
    verb.add_argument("-q", "--quiet", action="store_true",
                      help="print findings alone: no summary, no notes, no progress bar")
    _color(verb)


def _color(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--color", choices=("auto", "always", "never"), default="auto",
                      help="colours: on a terminal unless NO_COLOR is set (default), always, or never; never means no "
                           "hyperlinks either, for which FORCE_HYPERLINK may be 1 or 0")


def _fetch(verbs: Verbs[argparse.ArgumentParser]) -> None:
    fetch = verbs.add_parser(
        "fetch", help="ask a server, and lint its answer octet by octet", epilog=EPILOG,
        description="Asks each URL once (twice with --conditional), over a connection of its own, and lints the\n"
                    "answer as it came. Follows no redirects and asks nothing that it was not told to.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    fetch.add_argument("urls", nargs="+", metavar="URL", help="http:// or https://")
    method = fetch.add_mutually_exclusive_group()
    method.add_argument("--head", dest="method", action="store_const", const="HEAD", help="ask with HEAD")
    method.add_argument("--options", dest="method", action="store_const", const="OPTIONS", help="ask with OPTIONS")
    method.add_argument("--method", metavar="M", help="ask with this method (default: GET, or POST with --data)")
    fetch.add_argument("--range", metavar="R", help="ask for a part: 0-99, -500 or 0-0,-1 of bytes; or unit=ranges")
    fetch.add_argument("--conditional", action="store_true",
                       help="ask again with the ETag and Last-Modified of the answer, which should give 304")
    fetch.add_argument("--gzip", action="store_true", help="accept gzip")
    _sending(fetch)
    fetch.add_argument("--data", metavar="D", help="send this content")
    fetch.add_argument("--http2", action="store_true", help="ask with HTTP/2 (extra: http2)")
    _answering(fetch, 30, 64)
    _saving(fetch)
    _reporting(fetch)


def _probe(verbs: Verbs[argparse.ArgumentParser]) -> None:
    probe = verbs.add_parser(
        "probe", help="ask a resource what only active requests show, and lint the conversation", epilog=EPILOG,
        description="Asks each URL some forty questions (HEAD, conditions, ranges, content codings, CORS, HTTP/1.0,\n"
                    "broken Host ...), one after the other, by safe methods, and lints all answers together. Asks no\n"
                    "other scheme, host or port than those that are named.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    probe.add_argument("urls", nargs="*", metavar="URL", help="http:// or https://")
    probe.add_argument("--from", action="append", default=[], metavar="FILE",
                       help="ask what a HAR, or another capture, has asked with GET or HEAD, of hosts that are named; "
                            "may be repeated")
    probe.add_argument("--sitemap", action="append", default=[], metavar="URL|FILE",
                       help="ask the URLs of a sitemap, of its own host and others that are named; may be repeated")
    probe.add_argument("--server", metavar="URL",
                       help="ask the operations of the API (--api) there, if they are safe and have examples of what "
                            "they need; without a path, it has the base paths of the description")
    probe.add_argument("--host", action="append", default=[], metavar="HOST",
                       help="captures and sitemaps may lead to this host, such as shop.example, *.shop.example or "
                            "localhost:8080, too; may be repeated (default: first-party of the configuration)")
    probe.add_argument("--max-urls", type=_whole(1), default=100, metavar="N",
                       help="ask no more URLs than this of captures, sitemaps and operations (default: 100)")
    _sending(probe)
    probe.add_argument("--dry-run", action="store_true", help="print what would be asked, and ask nothing")
    probe.add_argument("--follow", action="store_true",
                       help="follow redirects one by one, if they lead to a scheme, host and port that was named, and "
                            "probe where they end, too")
    probe.add_argument("--unsafe", action="store_true", help="ask also with a method that nobody knows")
    probe.add_argument("--http2", action="store_true", help="ask also with HTTP/2 (extra: http2)")
    probe.add_argument("--check", action="append", default=[], metavar="NAME[,…]",
                       help="ask only what these checks ask, as --dry-run names them; may be repeated")
    probe.add_argument("--pause", type=_pause, default=0.1, metavar="S",
                       help="seconds between two requests (default: 0.1)")
    _answering(probe, 10, 4)
    probe.add_argument("--max-requests", type=_whole(1), default=1000, metavar="N",
                       help="send no more requests than this, in all (default: 1000)")
    probe.add_argument("--max-time", type=_seconds, default=600, metavar="S",
                       help="ask nothing more after so many seconds (default: 600)")
    _saving(probe)
    _reporting(probe)


def _sending(verb: argparse.ArgumentParser) -> None:
    """What verbs share that ask: the field lines that they send."""
    verb.add_argument("--header", action="append", default=[], metavar="'N: V'",
                      help="send this field; 'N:' leaves out one that is sent otherwise; @FILE sends the lines of a "
                           "file")
    verb.add_argument("--netrc", action="store_true",
                      help="send what ~/.netrc, or the file that NETRC names, says of a host")
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--auth", metavar="USER[:PASSWORD]",
                       help="send Basic credentials; a password that is left out is asked for")
    which.add_argument("--bearer-env", metavar="NAME",
                       help="send the token that this environment variable holds")


def _answering(verb: argparse.ArgumentParser, seconds: int, megabytes: int) -> None:
    """What verbs share that ask: from whom they take answers, and how much of these."""
    verb.add_argument("--insecure", action="store_true", help="do not verify the certificate")
    verb.add_argument("--timeout", type=_seconds, default=seconds, metavar="S",
                      help=f"seconds until an answer must be complete (default: {seconds})")
    verb.add_argument("--max-size", type=_whole(1), default=megabytes, metavar="MB",
                      help=f"read no more of an answer than this (default: {megabytes})")


def _saving(verb: argparse.ArgumentParser) -> None:
    """What verbs share that ask: where the conversation is kept."""
    verb.add_argument("--save", metavar="FILE",
                      help="write what was asked and answered as HAR, without secrets unless --show-secrets is given")


def _selection(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--select", action="append", default=[], metavar="PREFIX[,…]",
                      help="only rules whose id begins so, such as 304 or 304.etag; the longest prefix wins")
    verb.add_argument("--ignore", action="append", default=[], metavar="PREFIX[,…]",
                      help="all but rules whose id begins so")
    verb.add_argument("--profile", action="append", default=[], metavar="NAME[,…]",
                      help="rules for a purpose: default, api, browser, security, or strict (all, previews too)")
    _configuration(verb)


def _configuration(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--rules", action="append", default=[], metavar="PATH",
                      help="a rule file of your own, or a directory of them")
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--config", metavar="FILE",
                       help="the configuration (default: httplint.toml, or pyproject.toml with [tool.httplint], in "
                            "this directory or the nearest one above); other options win over it")
    which.add_argument("--isolated", action="store_true", help="take no configuration")


VERBS: dict[str, Callable[[Verbs[argparse.ArgumentParser]], None]] = {
    "check": _check, "fetch": _fetch, "probe": _probe, "archive": _archive, "explain": _explain, "rules": _rules,
    "report": _report, "config": _config, "proxy": _proxy, "addon-path": _addon_path, "baseline": _baseline,
    "init": _init, "completion": _completion}
"""Name -> what adds it to a command line, in the order of the help."""
