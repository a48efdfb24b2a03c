"""Asks with requests, and betamax writes the cassette."""
from __future__ import annotations

import json
import sys
from pathlib import Path

import betamax
import requests
import urllib3

job = json.load(sys.stdin)
out = Path(job["out"])
session = requests.Session()
recorder = betamax.Betamax(session, cassette_library_dir=str(out.parent), default_cassette_options={
    "record_mode": "all", "preserve_exact_body_bytes": job["exact"]})
with recorder.use_cassette(out.stem):
    for ask in job["asks"]:
        try:
            session.request(ask["method"], job["base"] + ask["path"], headers=dict(ask["fields"]), data=ask["content"],
                            allow_redirects=False, timeout=10)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            print(f"{ask['method']} {ask['path']}: {error}", file=sys.stderr)
