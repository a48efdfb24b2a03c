"""Asks with a session of requests, whatever is wrapped around it."""
from __future__ import annotations

import sys
from typing import Any

import requests
import urllib3


def ask_all(session: requests.Session, job: dict[str, Any]) -> None:
    """Asks what the job wants, in turn; what is not answered is told, and the next one is asked."""
    for ask in job["asks"]:
        try:
            session.request(ask["method"], job["base"] + ask["path"], headers=dict(ask["fields"]), data=ask["content"],
                            allow_redirects=False, timeout=10)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            print(f"{ask['method']} {ask['path']}: {error}", file=sys.stderr)
