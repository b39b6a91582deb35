"""The picture of a packing experiment (`orrery bench packing --out DIR`): packing.png.

Called by scripts/plot for folders that hold points.csv; formats: docs/packing.md.
"""
import csv
import os

import matplotlib.pyplot as plt
import numpy as np

# Okabe and Ito's palette, as in scripts/plot; grey for the policy that decides nothing.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000"]
GREY, FAINT = "#7F7F7F", "#8A8A8A"
COLUMNS = ("policy", "seed", "arrived_share", "gpu_allocated_share", "fragment_share")


class BadPoints(ValueError):
    """What is wrong with points.csv, in one line."""


def read_points(path):
    """{policy: {arrived: [(allocated, fragments) of each seed]}}, policies in their order."""
    out = {}
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for name in COLUMNS:
            if name not in (reader.fieldnames or []):
                raise BadPoints(f"{path}:1: no column {name}; needed: {','.join(COLUMNS)}")
        for row in reader:
            try:
                arrived = float(row["arrived_share"])
                pair = float(row["gpu_allocated_share"]), float(row["fragment_share"])
            except (ValueError, TypeError) as wrong:
                raise BadPoints(f"{path}:{reader.line_num}: {wrong}") from None
            out.setdefault(row["policy"], {}).setdefault(arrived, []).append(pair)
    if not out:
        raise BadPoints(f"{path}: has no rows")
    return out


def colour_of(policies):
    """The same colour for a policy in both panels; Random is grey."""
    others = [policy for policy in policies if policy != "Random"]
    colours = {policy: COLOURS[at % len(COLOURS)] for at, policy in enumerate(reversed(others))}
    colours["Random"] = GREY
    return colours


def draw_allocation(axis, points, colours):
    """Bars: what each policy has allocated at the end, with one deviation of the seeds."""
    names = list(points)
    ends = [100 * np.array(points[name][max(points[name])])[:, 0] for name in names]
    means = np.array([end.mean() for end in ends])
    spread = [end.std(ddof=1) if len(end) > 1 else 0 for end in ends]
    rows = np.arange(len(names))[::-1]
    axis.barh(rows, means, xerr=spread, color=[colours[name] for name in names], height=0.62,
              error_kw={"ecolor": "#222222", "elinewidth": 1.2, "capsize": 3})
    low = max(0.0, np.floor((means - spread).min() / 5) * 5 - 5)
    axis.set_xlim(low, 100)
    axis.set_yticks(rows, names)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="y", visible=False)
    for row, mean, error in zip(rows, means, spread):
        axis.text(mean + error + 0.01 * (100 - low), row, f"{mean:.2f}", va="center", size=11)
    axis.set_xlabel("GPU capacity allocated at the end [%]")
    if low > 0:
        axis.text(0, -0.15, f"axis starts at {low:.0f} %", transform=axis.transAxes, size=9,
                  color=FAINT, va="top")


def draw_fragments(axis, points, colours):
    """Lines: fragments over the arrived demand; the band is one deviation of the seeds."""
    for name, by_demand in points.items():
        demands = sorted(by_demand)
        values = [100 * np.array(by_demand[demand])[:, 1] for demand in demands]
        means = np.array([value.mean() for value in values])
        spread = np.array([value.std(ddof=1) if len(value) > 1 else 0 for value in values])
        x = 100 * np.array(demands)
        axis.fill_between(x, means - spread, means + spread, color=colours[name], alpha=0.15,
                          linewidth=0)
        axis.plot(x, means, color=colours[name], marker="o", markersize=5, label=name)
    axis.set_ylim(bottom=0)
    axis.set_xlabel("GPU demand that has arrived [% of the capacity]")
    axis.set_ylabel("fragments [% of all GPUs]")
    axis.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0, fontsize=11)


def draw(folder, out, manifest):
    """Writes packing.png; returns its path."""
    points = read_points(os.path.join(folder, "points.csv"))
    colours = colour_of(points)
    figure, (left, right) = plt.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.15]})
    figure.subplots_adjust(left=0.13, right=0.86, top=0.82, bottom=0.16, wspace=0.28)
    pods = os.path.basename(str(manifest.get("pods", "")))
    figure.text(0.03, 0.945, "GPU packing by policy", size=18, weight="bold", va="center")
    figure.text(0.03, 0.90, f"{pods}, seeds {manifest.get('seeds', '?')}, "
                f"tie-break {manifest.get('tie_break', '?')}; mean and one standard deviation",
                size=12, color=FAINT, va="center")
    draw_allocation(left, points, colours)
    draw_fragments(right, points, colours)
    path = os.path.join(out, "packing.png")
    figure.savefig(path)
    plt.close(figure)
    return path
