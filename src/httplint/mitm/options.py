"""The options, and the configuration under them."""
from __future__ import annotations

import os
from collections.abc import Sequence

from mitmproxy import ctx, exceptions
from mitmproxy.addonmanager import Loader

from httplint.configuration.finding import find
from httplint.configuration.settings import Settings, load
from httplint.model.severity import CONFIDENCES, SEVERITIES, THRESHOLDS
from httplint.report.formats import FORMATS

CHOICES = {"httplint_severity": SEVERITIES, "httplint_confidence": CONFIDENCES, "httplint_fail_on": THRESHOLDS,
           "httplint_live": ("new", "all", "off"), "httplint_process": ("auto", "beside", "within")}
"""Option -> its values, beside None."""
JUDGING = {f"httplint_{name}" for name in ("select", "ignore", "profile", "rules", "api", "config")}
"""The options that decide what is judged, and how."""


def add(loader: Loader) -> None:
    """Adds the options to those of mitmproxy."""
    option = loader.add_option
    option("httplint_select", Sequence[str], [],
        "Only rules whose id begins so, such as 304 or 304.etag; separated by commas, or several times. The "
        "longest prefix wins.")
    option("httplint_ignore", Sequence[str], [], "All but rules whose id begins so.")
    option("httplint_profile", Sequence[str], [],
        "Rules for a purpose: default, api, browser, security, or strict (all, previews too).")
    option("httplint_rules", Sequence[str], [], "Directories with rule files of your own.")
    option("httplint_api", Sequence[str], [],
        "Descriptions of the API (OpenAPI as YAML or JSON), by whose operations findings are grouped.")
    option("httplint_config", str, "auto",
        "The configuration: a file; auto for httplint.toml, or pyproject.toml with [tool.httplint], in the working "
        "directory or the nearest one above; empty for none. The other options win over it.")
    option("httplint_severity", str | None, None,
        "Report findings of this severity and above (by default what the configuration says, else info).",
        choices=CHOICES["httplint_severity"])
    option("httplint_confidence", str | None, None,
        "Report findings of this confidence and above (by default what the configuration says, else low).",
        choices=CHOICES["httplint_confidence"])
    option("httplint_fail_on", str | None, None,
        "End with exit status 1 if there were findings of this severity and above (by default what the "
        "configuration says, else error).", choices=CHOICES["httplint_fail_on"])
    option("httplint_output", Sequence[str], [],
        f"Write findings to files, FORMAT:FILE; formats: {', '.join(FORMATS)}; - is standard output.")
    option("httplint_live", str, "new",
        "What the terminal of mitmdump and mitmweb shows: the first finding of each kind (rule, host, method, "
        "path) and a report at the end; all findings; or nothing.", choices=CHOICES["httplint_live"])
    option("httplint_connections", bool, True,
        "Let the terminal of mitmdump and mitmweb show who connects and disconnects.")
    option("httplint_process", str, "auto",
        "Where responses are judged: in a process beside mitmproxy, which lets them pass meanwhile, so that marks and "
        "comments come a moment later; or within mitmproxy, which lets them wait. auto: beside, unless mitmproxy "
        "writes a file of flows as they come (-w), which would miss them.", choices=CHOICES["httplint_process"])
    option("httplint_mark", bool, True, "Mark flows with findings, and say in their comment what was found; mitmweb "
        "shows its column of comments, unless web_columns says which to show.")
    option("httplint_view", bool, False,
        "Let mitmweb show the findings of a response, if there are any, in the place of its content, unless another "
        "view is chosen.")
    option("httplint_show_secrets", bool, False, "Do not mask credentials, cookies and tokens in reports.")
    option("httplint_show_not_evaluated", bool, False,
        "List also the rules that could not be evaluated, and why.")
    option("httplint_stream_events", bool, True,
        "Pass server-sent events on as they come; mitmproxy by itself holds them back until the last one.")


def beside() -> bool:
    """Whether responses shall be judged in a process beside mitmproxy."""
    wanted = ctx.options.httplint_process
    return wanted == "beside" or (wanted == "auto" and not (
        "save_stream_file" in ctx.options and ctx.options.save_stream_file))


def settings() -> Settings:
    """The configuration, under the options as they are now. Raises OptionsError, ConfigurationError."""
    options = ctx.options
    for name, choices in CHOICES.items():                  # which mitmproxy does not check
        if getattr(options, name) not in (None, *choices):
            raise exceptions.OptionsError(f"{name}: expected one of {', '.join(choices)}")
    named = os.path.expanduser(options.httplint_config)
    path = find() if named == "auto" else named or None
    return (Settings() if path is None else load(path, found=named == "auto")).with_options({
        "select": options.httplint_select, "ignore": options.httplint_ignore, "profile": options.httplint_profile,
        "rules": [os.path.expanduser(pack) for pack in options.httplint_rules],
        "api": [os.path.expanduser(path) for path in options.httplint_api],
        "severity": options.httplint_severity, "confidence": options.httplint_confidence,
        "fail-on": options.httplint_fail_on, "outputs": options.httplint_output,
        "show": ["not-evaluated"] if options.httplint_show_not_evaluated else []})
