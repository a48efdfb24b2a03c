"""Plots as SVG within a page: drawn by whatever shows the page, and legible at any width.

No text is scaled with its plot. Bars have none: what they show stands beside them. A course over time has the places of
its texts and marks in per cent of the width; its lines alone are in units that are stretched, without their thickness.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from httplint.model.named import NamedTuple

LENGTH, THICKNESS, SEEN = 1000, 10, 4
"""Of a bar, in units that are stretched; so much of it shows whatever is not nothing."""
HEIGHT, TOP, NAMES, CROWD = 180, 10, 34, 40
"""Pixels of a course: the height of its shares and the room above them, the room for names of periods below, and the
height of the bars below those."""
INSET = 2.0
"""Per cent of the width that stay free on both sides, as bars have a width."""
APART, APART_ON_PHONES = 11.0, 27.0
"""Per cent of the width from one name below a course to the next, wide and narrow."""
MARKED = 60
"""With more periods than these, what stands in a line by itself alone has a mark."""


class BarPart(NamedTuple):
    """A part of a bar. `tone`: its class, a word of ours, of which `striped` has stripes; `share`: its length, from 0
    to 1.
    """

    tone: str
    share: float


class Curve(NamedTuple):
    """A line of a course. `tone`: its class, a word of ours; `shares`: from 0 to 1, None where there is none."""

    tone: str
    shares: Sequence[float | None]


class Period(NamedTuple):
    """A period of a course: its first day, its name as markup, and the responses that the shares are of."""

    first: date
    name: str
    responses: int


def percent(share: float) -> str:
    """A share in words, which says neither none nor all unless it is so."""
    if share in (0, 1):
        return f"{share:.0%}"
    if share < 0.0001:
        return "<0.01%"
    if share > 0.999:
        return ">99.9%"
    return f"{100 * share:.{2 if share < 0.01 else 1}f}%"


def rounded(share: float) -> str:
    """A share of a scale in words: as many digits as it has."""
    return f"{100 * share:.6g}%"


def bar(*parts: BarPart) -> str:
    """Parts beside one another on a track that is the whole. It says nothing by itself: numbers stand beside it."""
    out, at = [], 0
    for tone, share in parts:
        length = min(max(round(LENGTH * share), SEEN if share else 0), LENGTH - at)
        if length > 0:
            out.append(f'<path class="{tone}" d="M{at} {THICKNESS // 2}h{length}"/>')
        at += length
    return (f'<svg class="share" viewBox="0 0 {LENGTH} {THICKNESS}" preserveAspectRatio="none" aria-hidden="true">'
            f'{"".join(out)}</svg>')


def columns(shares: Sequence[float | None]) -> str:
    """Shares side by side, the largest as high as the plot; nothing where there is none. Words stand beside it."""
    most = max([share for share in shares if share is not None], default=0) or 1
    width = LENGTH / max(len(shares), 1)
    drawn = "".join(f"M{at * width:.1f} {CROWD}v{-max(1, CROWD * share / most):.1f}h{0.8 * width:.1f}V{CROWD}z"
                    for at, share in enumerate(shares) if share)
    return (f'<svg class="columns" viewBox="0 0 {LENGTH} {CROWD}" preserveAspectRatio="none" aria-hidden="true">'
            f'<path class="part" d="{drawn}"/></svg>')


def course(name: str, periods: Sequence[Period], curves: Sequence[Curve], label: str, about: str) -> str:
    """Shares over time, and below them how many responses they are of.

    `name`: what its ids begin with; `label`, `about`: what it shows, and how that goes, as markup.
    """
    places = _places([period.first for period in periods])
    steps = scale(share for curve in curves for share in curve.shares if share is not None)
    return "".join((
        f'<svg class="course" role="img" aria-labelledby="{name}-title {name}-about" height="{_ground() + 4}">\n'
        f'<title id="{name}-title">{label}</title><desc id="{name}-about">{about}</desc>\n',
        *_grid(steps), *_names(periods, places), _crowd(periods, places),
        *(_curve(curve, periods, places, steps[-1]) for curve in curves), "</svg>\n"))


def sample(tone: str) -> str:
    """A piece of a line with its mark, for a legend."""
    return (f'<svg class="sample {tone}" viewBox="0 0 32 12" aria-hidden="true"><path class="line" d="M0 6H32"/>'
            f'{_mark(tone, "16", 6)}</svg>')


def scale(shares: Iterable[float]) -> list[float]:
    """Shares that read well beside a scale, from 0 to one that none of these is above."""
    most = max([*shares, 0.0001])
    size = 10.0 ** math.floor(math.log10(most))
    step = next(step for step in (size / 5, size / 2, size, 2 * size) if most <= 5 * step * (1 + 1e-9))
    return [min(round(step * number, 9), 1.0) for number in range(math.ceil(round(most / step, 6)) + 1)]


def _ground() -> int:
    """Where the bars below stand."""
    return TOP + HEIGHT + NAMES + CROWD


def _places(days: Sequence[date]) -> list[float]:
    """Days -> where they are, in per cent of the width."""
    if not days:
        return []
    first, span = min(days), (max(days) - min(days)).days
    return [round(INSET + (100 - 2 * INSET) * (day - first).days / span, 2) if span else 50.0 for day in days]


def _y(share: float, most: float) -> float:
    return round(TOP + HEIGHT * (1 - share / most), 1)


def _grid(steps: Sequence[float]) -> Iterator[str]:
    for share in steps:
        y = _y(share, steps[-1])
        yield (f'<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
               f'<text class="scale" x="-8" y="{y + 4}">{rounded(share)}</text>\n')


def _names(periods: Sequence[Period], places: Sequence[float]) -> Iterator[str]:
    """Names of as many periods as have room, the last one first; phones show fewer."""
    shown = shown_on_phones = math.inf
    for period, place in sorted(zip(periods, places, strict=True), key=lambda one: -one[1]):
        if shown - place < APART:
            continue
        shown, wide = place, shown_on_phones - place < APART_ON_PHONES
        shown_on_phones = shown_on_phones if wide else place
        side = "first" if place < APART / 2 else "last" if place > 100 - APART / 2 else "within"
        yield (f'<text class="{side}{" wide" if wide else ""}" x="{place}%" y="{TOP + HEIGHT + 18}">{period.name}'
               "</text>\n")


def _crowd(periods: Sequence[Period], places: Sequence[float]) -> str:
    """Bars for the responses, and the largest number of them."""
    most = max((period.responses for period in periods), default=0)
    if not most:
        return ""
    gaps = [after - before for before, after in pairwise(places)]
    width, ground = 10 * min(2 * INSET, 0.7 * min(gaps, default=2 * INSET)), _ground()
    bars = (f"M{10 * place - width / 2:.1f} {CROWD}v{-max(1, CROWD * period.responses / most):.1f}h{width:.1f}V{CROWD}z"
            for period, place in zip(periods, places, strict=True) if period.responses)
    drawn = f'<path class="crowd" d="{"".join(bars)}"/>'
    return (f'{_stretched(ground - CROWD, CROWD, drawn)}'
            f'<line class="grid" x1="0" x2="100%" y1="{ground}" y2="{ground}"/>'
            f'<text class="scale" x="-8" y="{ground - CROWD + 8}">{compact(most)}</text>'
            f'<text class="scale" x="-8" y="{ground}">0</text>\n')


def _curve(curve: Curve, periods: Sequence[Period], places: Sequence[float], most: float) -> str:
    """A line that is broken where there is no share, and its marks."""
    points = [None if share is None else (place, _y(share, most))
              for place, share in zip(places, curve.shares, strict=True)]
    way, marks, before = [], [], None
    for number, (point, after) in enumerate(zip(points, [*points[1:], None], strict=True)):
        if point is not None:
            way.append(f"{'L' if before else 'M'}{10 * point[0]:.1f} {point[1]}")
            if len(points) <= MARKED or not (before or after):
                marks.append(_mark(curve.tone, f"{point[0]}%", point[1],
                                   f"{periods[number].name}: {percent(curve.shares[number] or 0)}"))
        before = point
    line = f'<path class="line" d="{"".join(way)}"/>'
    return f'<g class="{curve.tone}">{_stretched(0, TOP + HEIGHT, line)}{"".join(marks)}</g>\n'


def _stretched(y: int, height: int, drawn: str) -> str:
    """What is as wide as the plot, whatever that is. `drawn`: in 1000 units of width, and pixels of height."""
    return (f'<svg class="stretched" y="{y}" width="100%" height="{height}" viewBox="0 0 1000 {height}" '
            f'preserveAspectRatio="none">{drawn}</svg>')


def _mark(tone: str, x: str, y: float, said: str = "") -> str:
    """What stands on a line; its form tells the line as its colour does. `said`: shown where it is pointed at."""
    title = f"<title>{said}</title>" if said else ""
    if tone == "warning":
        return (f'<rect class="mark" x="{x}" y="{y}" width="7" height="7" transform="translate(-3.5 -3.5)">{title}'
                "</rect>")
    if tone == "host":
        return f'<svg class="mark" x="{x}" y="{y}"><path d="M-4.5 0L0-4.5L4.5 0L0 4.5z"/>{title}</svg>'
    return f'<circle class="mark" cx="{x}" cy="{y}" r="3.5">{title}</circle>'


def compact(number: int) -> str:
    """A number that fits beside a scale: 950, 12k, 3.4M."""
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size:
            told = f"{number / size:.1f}" if number < 10 * size else f"{number // size:,}"
            return told.removesuffix(".0") + letter
    return str(number)
