"""`httplint init`: a configuration to begin with, and what to put into CI."""
from __future__ import annotations

import argparse
import os
import shlex

from httplint.cli.main import fail
from httplint.configuration import OWN, SHARED, ConfigurationError
from httplint.configuration.finding import find
from httplint.model import installation
from httplint.model.files import cause, packaged
from httplint.run import CLEAN

SCHEMA = ".httplint-schema.json"
"""What editors know of the configuration by, offline and for a whole team: beside it, to be committed with it."""

CONFIGURATION = f"""\
#:schema ./{SCHEMA}
# The configuration of httplint for this directory and all below it.
# Everything is optional: take away the # before what you want to say. "httplint config show" tells what holds.

# What several repositories share: a configuration that this one extends; what is said here wins.
#extends = "../platform/httplint.toml"

# Which rules: prefixes of their ids, of which the longest wins. "httplint rules list" has them all.
#profile = ["api"]
#ignore = ["405.allow-differs", "503"]
#rules = ["httplint-rules"]             # a directory with rule files of your own

# What is shown, and what makes the exit status 1: error, warning or info (fail-on: also never).
#severity = "info"
#confidence = "medium"                  # how well the capture proves it: high, medium or low
#fail-on = "warning"

# Your hosts: findings about others are counted, but not reported.
#first-party = ["shop.example", "*.shop.example"]

# The description of your API: findings are grouped by its operations; what the traffic never showed is listed.
#api = "openapi.yaml"

# Fields that are your own, beside the registered ones.
#fields = ["X-Shop-Basket"]

# What was there when you began: httplint baseline create PATH… writes the file. Only what goes beyond is reported.
#baseline = ".httplint-baseline.json"

# What your hosts are called, wherever a run has them: a baseline made on one holds on the others.
#[hosts]
#shop = ["127.0.0.1", "localhost", "app:8000"]

# How serious a rule is to you: error, warning, info, or off.
#[level]
#"405.allow-missing" = "warning"

# Other rules at some places: host, path, method, status, content-type say where.
#[[override]]
#path = "/legacy/**"
#ignore = ["304"]

# Findings that you live with: for a reason, and until a day, perhaps.
#[[waiver]]
#rule = "405.allow-missing"
#host = "shop.example"
#path = "/orders/*"
#reason = "the gateway drops Allow until it is replaced"
#expires = 2030-06-30
"""

GITHUB = """\
# .github/workflows/httplint.yml
name: httplint
on: [push, pull_request]
permissions:
  contents: read
  security-events: write                # for the upload of the SARIF file
jobs:
  httplint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: pip install {httplint}
      # here: run the tests that record the traffic into har/
      - run: httplint check har --output github:- --output sarif:httplint.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with:
          sarif_file: httplint.sarif
"""

GITLAB = """\
# .gitlab-ci.yml
httplint:
  image: python:3.13
  script:
    - pip install {httplint}
    # here: run the tests that record the traffic into har/
    - httplint check har --output gitlab:httplint.json --output junit:httplint.xml
  artifacts:
    when: always
    reports:
      codequality: httplint.json
      junit: httplint.xml
"""

PUT = """\
{do}: the jobs install httplint from there, as this one came from no package index.

"""

NEXT = """\
Next:
  httplint check har                     lints the captures in the directory har
  httplint baseline create har           takes what it finds as known, in a file to commit; then say
                                         baseline = ".httplint-baseline.json" in {name}
  httplint check har                     reports what is new from now on
  httplint explain RULE                  tells why, and how to fix it
"""


def run(arguments: argparse.Namespace) -> int:
    """Writes the file, and says what comes next; returns the exit code."""
    if not arguments.force and (there := _there()) is not None:
        return fail(f"there is a configuration already: {there} (--force writes {OWN} anew)")
    try:
        _write(OWN, CONFIGURATION, arguments.force)
        _write(SCHEMA, packaged("httplint.configuration", "schema.json").decode("utf-8"), True)
    except FileExistsError:
        return fail(f"{OWN} is there already, and is no file")
    except OSError as error:
        return fail(f"{error.filename or OWN} cannot be written: {cause(error)}")
    httplint = installation.committed()
    do = f"Commit {httplint}" if os.path.exists(httplint) else f"Put httplint at {httplint}, and commit it"
    put = PUT.format(do=do) if httplint.startswith("./") else ""
    github, gitlab = (_indented(job.replace("{httplint}", shlex.quote(httplint))) for job in (GITHUB, GITLAB))
    print(f"Wrote {OWN}, and {SCHEMA}, which tells editors its keys (httplint config schema prints it anew).\n\n"
          f"For GitHub:\n\n{github}\nFor GitLab:\n\n{gitlab}\n{put}{NEXT.format(name=OWN)}", end="")
    return CLEAN


def _write(path: str, text: str, anew: bool) -> None:
    with open(path, "w" if anew else "x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _there() -> str | None:
    """The configuration of this very directory, if there is one."""
    try:
        path = find()
    except ConfigurationError as error:
        path = error.path
    if path is not None and os.path.dirname(os.path.abspath(path)) == os.getcwd():
        return OWN if os.path.basename(path) == OWN else f"[tool.httplint] in {SHARED}"
    return None


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
