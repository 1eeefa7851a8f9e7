"""The pictures among the artifacts, as PNG files of a few kilobytes."""

import io
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

COLOURS = 24


def new_axes(title: str, x_label: str, y_label: str = "") -> Axes:
    """An empty picture with its labels."""
    axes = Figure(figsize=(4.2, 2.8), layout="constrained").add_subplot()
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(x_label, fontsize=8)
    axes.set_ylabel(y_label, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def as_png(axes: Axes) -> bytes:
    """The picture as the bytes of a PNG file, small as it has few colours."""
    full, small = io.BytesIO(), io.BytesIO()
    axes.figure.savefig(full, format="png", dpi=80)
    Image.open(full).convert("RGB").quantize(COLOURS).save(small, format="png", optimize=True)
    return small.getvalue()


def bars(values: pd.Series, title: str, x_label: str) -> bytes:
    """A horizontal bar for each value."""
    axes = new_axes(title, x_label)
    axes.barh(values.index, values, color="#4c78a8")
    axes.axvline(0, color="#333333", linewidth=0.8)
    return as_png(axes)


def truth_and_guess(truth: Sequence[float], guess: Sequence[float], unit: str) -> bytes:
    """A dot for each prediction, on a diagonal if it is right."""
    axes = new_axes("Predictions for the validation weeks", f"true {unit}", f"predicted {unit}")
    axes.scatter(truth, guess, s=8, color="#4c78a8", alpha=0.6, linewidths=0)
    axes.axline((truth.iloc[0], truth.iloc[0]), slope=1, color="#e45756", linewidth=1)
    return as_png(axes)


def lines(table: pd.DataFrame, title: str, x_label: str, y_label: str) -> bytes:
    """A line for each column over the index."""
    axes = new_axes(title, x_label, y_label)
    for column in table:
        axes.plot(table.index, table[column], linewidth=1.2, label=column)
    axes.legend(fontsize=7, frameon=False)
    return as_png(axes)


def heat_map(table: pd.DataFrame, title: str) -> bytes:
    """A cell for each row and column, dark where the value is low."""
    axes = new_axes(title, table.columns.name, table.index.name)
    lowest, highest = table.min(axis=None), table.max(axis=None)
    brightest = highest + (highest - lowest) / 2  # beyond all cells, so white text can be read
    axes.imshow(table, cmap="viridis", aspect="auto", vmin=lowest, vmax=brightest)
    axes.set_xticks(range(table.shape[1]), table.columns)
    axes.set_yticks(range(table.shape[0]), table.index)
    for row, column in ((r, c) for r in range(table.shape[0]) for c in range(table.shape[1])):
        text = f"{table.iat[row, column]:.1f}"
        axes.text(column, row, text, ha="center", va="center", color="white", fontsize=7)
    return as_png(axes)
