"""CPU of reading what recorders keep, against the HAR of the same exchanges: `python benchmarks/captures.py`.

Each file of `fixtures/captures` and the HAR that mitmproxy wrote of the same run are read in turns, in this process,
ROUNDS times, so that what else the machine does meets both; the least time of each counts. Reading alone is timed, no
rule is run. A HAR of that size is read by the plain decoder, as such files are.
"""
from __future__ import annotations

import gc
import time
from pathlib import Path

from httplint.capture.reading import read, recognised
from httplint.model.exchange import Exchange

FIXTURES = Path(__file__).parents[1] / "fixtures" / "captures"
ROUNDS = 30


def main() -> int:
    print(f"{'file':24} {'kind':24} {'octets':>9} {'exchanges':>9} {'µs each':>8} {'× HAR':>6}")
    for path in sorted(FIXTURES.iterdir()):
        har = FIXTURES / f"{path.name.partition('.')[0]}.mitmproxy.har"
        if path == har or path.suffix == ".md":
            continue
        taken, seen = [], []
        for _ in range(ROUNDS):
            taken.append(_timed(path))
            seen.append(_timed(har))
        (least, count), (of_har, of_same) = min(taken), min(seen)
        each = least / count
        print(f"{path.name:24} {recognised(str(path)) or 'in a zip':24} {path.stat().st_size:9,} {count:9} "
              f"{each * 1e6:8.0f} {each / (of_har / of_same):6.2f}")
    return 0


def _timed(path: Path) -> tuple[float, int]:
    """CPU seconds of reading a file, and how many exchanges it holds."""
    gc.collect()
    before = time.process_time()
    found = [outcome for outcome in read(path) if isinstance(outcome, Exchange)]
    return time.process_time() - before, len(found)


if __name__ == "__main__":
    raise SystemExit(main())
