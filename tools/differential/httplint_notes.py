"""What the library with the distribution name httplint notes on exchanges: JSON lines in, JSON lines out.

Runs in an environment of its own.
"""
import json
import sys

from httplint import HttpRequestLinter, HttpResponseLinter


def lines(fields):
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in fields]


def fed(linter, message):
    linter.process_headers(lines(message["fields"]))
    content = message["content"]
    if content:
        linter.feed_content(content.encode("latin-1"))
    linter.finish_content(True, lines(message["trailers"]))


def notes(given):
    asked = None
    if given["request"] is not None:
        one = given["request"]
        asked = HttpRequestLinter(no_content=one["content"] is None)
        asked.process_request_topline(one["method"].encode(), one["target"].encode("utf-8"), one["version"].encode())
        fed(asked, one)
    for answer in given["responses"]:
        linter = HttpResponseLinter(start_time=given["started"], no_content=answer["content"] is None)
        linter.request = asked
        linter.is_head_response = asked is not None and asked.method == "HEAD"
        linter.process_response_topline(answer["version"].encode(), b"%03d" % answer["status"],
                                        answer["reason"].encode("latin-1", "replace"))
        fed(linter, answer)
        for note in linter.notes:
            for each in [note, *note.subnotes]:
                yield type(each).__name__, [each.level.value, str(each.summary)]


for line in sys.stdin:
    try:
        print(json.dumps(dict(notes(json.loads(line)))), flush=True)
    except Exception as error:
        print(json.dumps({"failed": ["failed", f"{type(error).__name__}: {error}"]}), flush=True)
