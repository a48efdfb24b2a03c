"""What HTTPolice reports of exchanges: JSON lines in, JSON lines out. Runs in an environment of its own."""
import json
import sys

from httpolice import Exchange, Request, Response, check_exchange


def entries(fields):
    return [(name, value.encode("latin-1", "replace")) for name, value in fields]


def octets(text):
    return None if text is None else text.encode("latin-1")


def version(text):
    return {"1.0": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2"}.get(text)


def request(asked):
    return Request(asked["scheme"], asked["method"], asked["target"], version(asked["version"]),
                   entries(asked["fields"]), octets(asked["content"]), entries(asked["trailers"]) or None)


def responses(answers):
    return [Response(version(one["version"]), one["status"], one["reason"], entries(one["fields"]),
                     octets(one["content"]), entries(one["trailers"]) or None) for one in answers]


for line in sys.stdin:
    given = json.loads(line)
    try:
        # the request is checked with the responses, but what is said of it alone is left out
        exchange = Exchange(given["request"] and request(given["request"]), responses(given["responses"]))
        check_exchange(exchange)
        found = {}
        for place in [exchange, *exchange.responses]:
            for one in place.complaints or ():
                found[one.notice.id] = [one.notice.severity.name, " ".join(one.notice.find("title").itertext())]
        print(json.dumps({str(notice): what for notice, what in sorted(found.items())}), flush=True)
    except Exception as error:
        print(json.dumps({"failed": ["failed", f"{type(error).__name__}: {error}"]}), flush=True)
