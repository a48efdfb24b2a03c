"""WireMock: the stubs that it records while it passes requests on, and the journal of what passed.

It comes as a package of npm, and needs a Java (Debian: default-jre-headless).
"""
from __future__ import annotations

import http.client
import json
import subprocess
from urllib.parse import urlsplit

from recorder import Job
from servers import started

RECORDINGS = {"wiremock": ".json"}
PACKAGE = "wiremock@3.13.2"


def record(job: Job) -> None:
    """The journal is written beside the stubs."""
    home = job.environments / "wiremock"
    if not (home / "node_modules").exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", home, PACKAGE], check=True)
    jar = next(home.glob("node_modules/wiremock/build/wiremock-standalone-*.jar"))
    host, port = urlsplit(job.base).hostname or "", (urlsplit(job.base).port or 0) + 1
    with started(["java", "-jar", jar, "--port", str(port), "--bind-address", host, "--root-dir", job.work / "stubs"],
                 port, log=job.work / "java.log"):
        def told(method: str, path: str, content: str | None = None,
                 fields: tuple[tuple[str, str], ...] = ()) -> bytes:
            connection = http.client.HTTPConnection(host, port, timeout=60)
            connection.request(method, path, None if content is None else content.encode(), dict(fields))
            answer = connection.getresponse().read()
            connection.close()
            return answer

        told("POST", "/__admin/recordings/start", json.dumps({"targetBaseUrl": job.base}))
        for ask in job.asks:
            told(ask.method, ask.path, ask.content, ask.fields)
        journal = told("GET", "/__admin/requests")
        job.out.write_bytes(told("POST", "/__admin/recordings/stop"))
        job.out.with_suffix(".journal.json").write_bytes(journal)
