"""How pictures look: colours, axes, ticks, matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ._source import minus

if TYPE_CHECKING:
    from ._source import Numbers

# Colours of Okabe & Ito (2008), as on the pictures of the command line.
INK, MUTED, GRID, LINE, COMING = "#222222", "#666666", "#e6e6e6", "#999999", "#f4f6f8"
ACTUAL, BARS, MODEL, SECOND, THIRD = "#333333", "#b8b8b8", "#0072b2", "#d55e00", "#009e73"
# Light to dark of one hue (ColorBrewer's Blues).
RAMP = ["#f7fbff", "#d6e6f4", "#a9cfe5", "#5ba3cf", "#2171b5", "#08306b"]
HEAT = LinearSegmentedColormap.from_list("clvcast", RAMP).with_extremes(bad=GRID)
WAYS = [MODEL, "#ffffff", SECOND]
BOTH_WAYS = LinearSegmentedColormap.from_list("clvcast-both", WAYS).with_extremes(bad=GRID)
# So many periods are drawn with a dot for each.
DOTS = 40
# Every so many periods have their names; 4 quarters and 12 months are a year.
STEPS = (1, 2, 4, 12, 24, 48, 96, 192, 384)


def axis(ax: Axes | None) -> Axes:
    """The axis given, or that of a new figure."""
    return plt.subplots(figsize=(8, 5), layout="constrained")[1] if ax is None else ax


def frame(ax: Axes, title: str, x: str, y: str = "", *, grid: bool = True) -> None:
    """Title and labels, with lines behind the data where asked for."""
    ax.set_title(title)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.spines[["top", "right"]].set_visible(False)
    if grid:
        ax.set_axisbelow(True)
        ax.grid(axis="y", color=GRID)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(ax, value)))


def whole(ax: Axes) -> None:
    """Ticks of the upright axis at whole numbers only."""
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def finish(ax: Axes, *, room: float = 0.06) -> None:
    """A legend, and an upright axis from 0 with some room above, a share of the largest value."""
    ax.set_ylim(0, (1 + room) * max(ax.dataLim.y1, 1e-9))
    ax.legend(fontsize="small")


def tick(ax: Axes, value: float) -> str:
    """A number on the vertical axis, with the decimals that its ticks need."""
    ticks = ax.yaxis.get_majorticklocs()
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    places = len(f"{step:.10f}".rstrip("0").partition(".")[2])
    return minus(f"{value:,.{places}f}")


def em(ax: Axes, size: str | None = None) -> tuple[float, float]:
    """Width and height of the axis, in letters' heights of that size."""
    points = FontProperties(size=size or rcParams["xtick.labelsize"]).get_size_in_points()
    box, dots = ax.get_window_extent(), ax.figure.dpi * points / 72
    return box.width / dots, box.height / dots


def widest(names: Sequence[str]) -> float:
    """Width of the longest line, in letters' heights."""
    return 0.62 * max((len(line) for name in names for line in name.split("\n")), default=0)


def name_ticks(ax: Axes, at: Sequence[float] | Numbers, names: Sequence[str]) -> None:
    """As many names below the axis as fit, each at its place."""
    room = em(ax)[0] / max(1, len(names))
    needed = (widest(names) + 0.8) / room
    every = next((step for step in STEPS if step >= needed), len(names))
    ax.set_xticks(list(at)[::every], list(names)[::every])


def mark_coming(ax: Axes, past: int, periods: int) -> None:
    """The as-of date, and the periods after it in grey; no margins at the sides."""
    left, right = 0.4 - past, periods - past + 0.6
    if past < periods:
        ax.axvspan(0.5, right, color=COMING, zorder=0)
        if past:
            ax.axvline(0.5, color=LINE, lw=1, ls="--", label="as-of date")
    ax.set_xlim(left, right)


def draw_band(
    ax: Axes,
    x: Sequence[float] | Numbers,
    low: Sequence[float] | Numbers,
    high: Sequence[float] | Numbers,
    label: str,
    darkness: float | None = None,
) -> None:
    """An interval as an area, translucent or of a darkness from 0 to 1.

    That of a single period gets some width.
    """
    if len(x) == 1:
        x, low, high = [x[0] - 0.4, x[0] + 0.4], [low[0]] * 2, [high[0]] * 2
    colour = to_rgba(MODEL, 0.2) if darkness is None else HEAT(darkness)
    ax.fill_between(x, low, high, color=colour, lw=0, label=label)


def draw_cells(
    ax: Axes,
    values: Numbers,
    rows: Sequence[str],
    columns: Sequence[str],
    label: str,
    limits: tuple[float, float],
    colours: Colormap = HEAT,
    form: str = ".2f",
) -> QuadMesh:
    """A matrix as coloured cells with their numbers, the first row above; nan is grey.

    Numbers are left out where they do not fit.
    """
    down, across = values.shape
    edges = np.arange(across + 1) - 0.5, np.arange(down + 1) - 0.5
    style: dict[str, Any] = {"cmap": colours, "edgecolors": "white", "linewidth": 0.5}
    masked = np.ma.masked_invalid(values)
    mesh = ax.pcolormesh(*edges, masked, vmin=limits[0], vmax=max(limits[1], 1e-12), **style)
    wide, high = em(ax)
    every = max(1, int(np.ceil(1.2 * down / high)))
    ax.set_yticks(range(0, down, every), list(rows)[::every])
    # The scale and the names beside the cells take a part of the width.
    room = 0.8 * wide / across
    turned = widest(columns) + 0.5 > room
    ax.set_xticks(range(across), list(columns))
    if turned:
        ax.tick_params(axis="x", labelrotation=35)
        for name in ax.get_xticklabels():
            name.set(ha="right", rotation_mode="anchor")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.invert_yaxis()
    ax.figure.colorbar(mesh, ax=ax, label=label, pad=0.02).outline.set_visible(False)
    # What rounds to nothing is not negative.
    shown = np.ndenumerate(np.round(values, 2) + 0.0)
    texts = {place: minus(format(value, form if value else ".2f")) for place, value in shown}
    small_wide, small_high = em(ax, "small")
    fits = widest(list(texts.values())) < 0.8 * small_wide / across and 1.1 < small_high / down
    for (i, j), text in texts.items():
        if fits and np.isfinite(values[i, j]):
            red, green, blue, _ = mesh.to_rgba(values[i, j])
            colour = "white" if 0.3 * red + 0.59 * green + 0.11 * blue < 0.55 else INK
            ax.text(j, i, text, ha="center", va="center", fontsize="small", color=colour)
    return mesh
