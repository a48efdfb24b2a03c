"""Schemathesis: the reports vcr, ndjson and har of one run, and the cassette of version 3.

It is told what to ask as a description of an API, whose operations have one value for each field.
"""
from __future__ import annotations

import json
from typing import Any

from asks import Asked
from recorder import Job
from servers import environment

RECORDINGS = {"schemathesis": ".yaml", "schemathesis-exact": ".yaml", "schemathesis-3": ".yaml"}


def record(job: Job) -> None:
    """Three files of one run, where there are three."""
    (job.work / "api.json").write_text(json.dumps(described(job.asks)), "utf-8")
    old = job.name == "schemathesis-3"
    wanted = ("schemathesis>=3.39,<4", "hypothesis<6.120") if old else ("schemathesis>=4.32",)
    binaries = environment(job.environments / ("schemathesis-3" if old else "schemathesis"), wanted, "schemathesis")
    asked = [binaries / "schemathesis", "run", "api.json"]
    if old:
        job.run([*asked, "-b", job.base, "--hypothesis-max-examples=1", "--hypothesis-phases=generate",
                 "--checks=response_headers_conformance", f"--cassette-path={job.out}"])
        return
    exact = ["--report-preserve-bytes"] if job.name == "schemathesis-exact" else [
        f"--report-ndjson-path={job.out.with_suffix('.ndjson')}", f"--report-har-path={job.out.with_suffix('.har')}"]
    job.run([*asked, "-u", job.base, "--phases=fuzzing", "--max-examples=1", "--mode=positive", "--continue-on-failure",
             "--checks=response_headers_conformance", f"--report-vcr-path={job.out}", *exact])


def described(asks: list[Asked]) -> dict[str, Any]:
    """An API that has these requests as its operations; of several to one path, the last one with that method."""
    paths: dict[str, dict[str, Any]] = {}
    for ask in asks:
        operation: dict[str, Any] = {
            "responses": {"default": {"description": ""}, "300": {"description": "not followed"}},
            "parameters": [{"in": "header", "name": name, "required": True,
                            "schema": {"type": "string", "enum": [value]}} for name, value in ask.fields]}
        if ask.content is not None:
            operation["requestBody"] = {"required": True, "content": {"text/plain": {"schema": {
                "type": "string", "enum": [ask.content]}}}}
        paths.setdefault(ask.path, {})[ask.method.lower()] = operation
    return {"openapi": "3.0.3", "info": {"title": "fixtures", "version": "1"}, "paths": paths}
