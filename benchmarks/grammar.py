"""Time of every field's parser on the worst values we can think of: `python benchmarks/grammar.py [--no-gc] [NAME …]`.

For each parser the slowest of many repeated patterns is timed at 10 kB, 100 kB and 1 MB. Linear means: ten times the
octets take ten times as long; the last column is the time at 1 MB as a multiple of that at 100 kB. Patterns that a
parser refuses at once are the fastest, so the slowest ones are those that it reads to the end, or nearly. Times are
CPU seconds, the better ones of two runs. With --no-gc the garbage collector is off, whose passes over half a million
new objects are what makes some ratios larger than ten.
"""
from __future__ import annotations

import contextlib
import gc
import sys
import time

from httplint.grammar.syntax import Malformed
from httplint.grammar.table import FIELDS, Field

SIZES = (10_000, 100_000, 1_000_000)
ENOUGH = 20.0
"""Seconds after which a parser is not asked about more patterns."""
UNITS = (
    "a", "a,", "a, ", ",", ", ", " ", "\t", ";", "a;", "a=b,", "a=b;", "a=b; ",
    "a=\"b\",", '"', '"a",', '\\"', "\\", "(", ")",
    "(a)", "a (b) ", "=", "==", "a=", "<", "<a>,", "<a>;b=c,", "%", "%41", "'", "''",
    "utf-8''a", "*", "*,", ":", ":YQ==:,",
    "0", "00", "9", "1,", "1-2,", "-", "--", "a-", "a/b,", "a/b;c=d,", "W/\"a\",", "?1,", "@1,", "1.1 a,",
    "Basic a=b,",
    "a b,", "a b=c,", "[", "]", "{}", '{"a":1},', "é", "\x00", "https://a/ ", "https://a:1/?b#c,", "'self' ",
    "a:b@", ".", "a.",
    "Mon, 01 Jan 2024 00:00:00 GMT,", "h3=\":443\";ma=1,",
)
STARTS = ("", '"', "a=", 'a="', "a (", "a;b=", "<", "bytes=", "Basic ", "a=b; ", "default-src ",
          "utf-8''", ":", "(", "inline; filename=\"")


def main(names: list[str]) -> int:
    if "--no-gc" in names:
        gc.disable()
    chosen = {name.lower() for name in names} - {"--no-gc"}
    parsers: dict[str, Field] = {}
    for one in FIELDS.values():
        if one.parser and (not chosen or one.name.lower() in chosen):
            parsers.setdefault(one.parser, one)
    print(f"{'field':36} {'10 kB':>9} {'100 kB':>9} {'1 MB':>9}   ratio  worst")
    worst = 0.0
    for parser in sorted(parsers):
        one = parsers[parser]
        pattern = _slowest(one)
        times = [_time(one, _value(pattern, size)) for size in SIZES]
        ratio = times[2] / times[1]
        worst = max(worst, times[2])
        start, unit = pattern
        shown = "".join(f" {seconds * 1e3:6.1f} ms" for seconds in times)
        print(f"{one.name:36}{shown}  {ratio:6.1f}  {start + unit * 2!r}…", flush=True)
    print(f"{len(parsers)} parsers; slowest value of 1 MB: {worst:.2f} s")
    return 0


def _slowest(one: Field) -> tuple[str, str]:
    """The pattern that takes longest at 10 kB."""
    begin = time.perf_counter()
    slowest = (0.0, ("", "a"))
    for start in STARTS:
        for unit in UNITS:
            pattern = start, unit
            slowest = max(slowest, (_time(one, _value(pattern, SIZES[0])), pattern))
            if time.perf_counter() - begin > ENOUGH:
                return slowest[1]
    return slowest[1]


def _value(pattern: tuple[str, str], size: int) -> str:
    start, unit = pattern
    return (start + unit * (size // len(unit) + 1))[:size]


def _time(one: Field, value: str) -> float:
    function = one.function
    best = 1e9
    for _ in range(2):
        begin = time.process_time()
        with contextlib.suppress(Malformed):
            function(value)
        best = min(best, time.process_time() - begin)
    return best


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
