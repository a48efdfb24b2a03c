"""Asks with requests, and vcrpy writes the cassette."""
from __future__ import annotations

import json
import sys

import requests
import urllib3
import vcr

job = json.load(sys.stdin)
recorder = vcr.VCR(serializer="json" if job["json"] else "yaml", record_mode="all",
                   decode_compressed_response=job["decoded"])
with recorder.use_cassette(job["out"]), requests.Session() as session:
    for ask in job["asks"]:
        try:
            session.request(ask["method"], job["base"] + ask["path"], headers=dict(ask["fields"]), data=ask["content"],
                            allow_redirects=False, timeout=10)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            print(f"{ask['method']} {ask['path']}: {error}", file=sys.stderr)
