"""A line chart as SVG in the page: a line for each severity over the results, and a small one for each rule."""
from __future__ import annotations

from collections.abc import Sequence

from httplint.model.named import NamedTuple

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 280, 88, 10, 20, 14
"""Of the chart, in its own units: the whole, and the margins, on the left for numbers."""
SPARK_WIDTH, SPARK_HEIGHT = 96, 24


class Line(NamedTuple):
    """A line of a chart."""

    name: str
    """Its class; a word of ours."""
    values: Sequence[int]


def chart(lines: Sequence[Line], label: str) -> str:
    """The chart. `label`: what it shows, as markup."""
    most = _round(max((max(line.values) for line in lines), default=0))
    out = [f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">\n']
    for value in (0, most // 2, most) if most > 1 else (0, most):
        y = _y(value, most)
        out.append(f'<path class="grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
                   f'<text class="scale" x="{LEFT - 8}" y="{y + 4}">{value:,}</text>\n')
    for line in lines:
        points = [(_x(at, len(line.values)), _y(value, most)) for at, value in enumerate(line.values)]
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in points)
        out.append(f'<g class="{line.name}"><path class="line" d="{_way(points)}"/>{dots}</g>\n')
    return "".join([*out, "</svg>\n"])


def sample() -> str:
    """A piece of a line, for a legend."""
    return '<svg class="chart sample" viewBox="0 0 32 8" aria-hidden="true"><path class="line" d="M0 4H32"/></svg>'


def spark(values: Sequence[int]) -> str:
    """A line without words, beside which the numbers stand."""
    most, high = max(values) or 1, SPARK_HEIGHT - 6
    points = [(3 + (SPARK_WIDTH - 6) * at // max(1, len(values) - 1), SPARK_HEIGHT - 3 - high * value // most)
              for at, value in enumerate(values)]
    x, y = points[-1]
    return (f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" aria-hidden="true">'
            f'<path class="line" d="{_way(points)}"/><circle cx="{x}" cy="{y}" r="2.5"/></svg>')


def _round(value: int) -> int:
    """The next number that reads well at the end of a scale, as its half does."""
    size = 1
    while value > 100 * size:
        size *= 10
    return next(step * size for step in (1, 2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80, 100) if step * size >= value)


def _x(at: int, number: int) -> int:
    return LEFT + (WIDTH - LEFT - RIGHT) * at // (number - 1) if number > 1 else (WIDTH - RIGHT + LEFT) // 2


def _y(value: int, most: int) -> int:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value // most


def _way(points: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
