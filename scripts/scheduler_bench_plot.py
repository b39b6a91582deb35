"""The picture of a scheduler benchmark (`orrery bench scheduler --out DIR`): scheduler-bench.png.

Called by scripts/plot for folders that hold bench.csv; formats: docs/bench.md.
"""
import csv
import os

import matplotlib.pyplot as plt
import numpy as np

# Okabe and Ito's palette, as in scripts/plot.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]
FAINT = "#8A8A8A"
COLUMNS = ("workload", "scheduler", "pods_per_second", "attempt_ms_p50", "attempt_ms_p99",
           "threshold")


class BadPoints(ValueError):
    """What is wrong with bench.csv, in one line."""


def read_rows(path):
    """{workload: {scheduler: [row of each seed]}} with numbers as floats, in the file's order."""
    out = {}
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for name in COLUMNS:
            if name not in (reader.fieldnames or []):
                raise BadPoints(f"{path}:1: no column {name}; needed: {','.join(COLUMNS)}")
        for row in reader:
            try:
                numbers = {name: float(row[name]) for name in COLUMNS[2:]}
            except (ValueError, TypeError) as wrong:
                raise BadPoints(f"{path}:{reader.line_num}: {wrong}") from None
            if numbers["pods_per_second"] > 0:  # a run that failed has none
                out.setdefault(row["workload"], {}).setdefault(row["scheduler"], []).append(numbers)
    if not out:
        raise BadPoints(f"{path}: has no row with a result")
    return out


def rows_of(rows, schedulers):
    """(height, workload, scheduler, seeds) for each dot, the first workload on top."""
    for at, (workload, by_scheduler) in enumerate(rows.items()):
        for lane, scheduler in enumerate(schedulers):
            if scheduler in by_scheduler:
                shift = (lane - (len(schedulers) - 1) / 2) * 0.7 / len(schedulers)
                yield len(rows) - 1 - at - shift, workload, scheduler, by_scheduler[scheduler]


def draw_throughput(axis, rows, schedulers, colours):
    for height, _, scheduler, seeds in rows_of(rows, schedulers):
        rates = np.array([seed["pods_per_second"] for seed in seeds])
        spread = rates.std(ddof=1) if len(rates) > 1 else 0
        axis.errorbar(rates.mean(), height, xerr=spread, fmt="o", markersize=6,
                      color=colours[scheduler], ecolor="#222222", capsize=3)
        if seeds[0]["threshold"] > 0:
            axis.plot(seeds[0]["threshold"], height, marker="|", markersize=11, color=FAINT)
    axis.set_xscale("log")
    axis.set_xlabel("pods a second (grey: threshold)", size=12)


def draw_attempts(axis, rows, schedulers, colours):
    for height, _, scheduler, seeds in rows_of(rows, schedulers):
        p50 = 1000 * np.mean([seed["attempt_ms_p50"] for seed in seeds])
        p99 = 1000 * np.mean([seed["attempt_ms_p99"] for seed in seeds])
        if p50 <= 0:
            continue
        axis.plot([p50, p99], [height, height], color=colours[scheduler], linewidth=2)
        axis.plot(p50, height, marker="o", markersize=5, color=colours[scheduler])
    axis.set_xscale("log")
    axis.set_xlabel("attempt, p50 to p99 [us]", size=12)
    axis.tick_params(axis="y", labelleft=False)


def draw(folder, out):
    """Writes scheduler-bench.png; returns its path."""
    rows = read_rows(os.path.join(folder, "bench.csv"))
    schedulers = list(dict.fromkeys(name for by in rows.values() for name in by))
    colours = {name: COLOURS[at % len(COLOURS)] for at, name in enumerate(schedulers)}
    height = max(7.0, 1.6 + 0.3 * len(rows))
    figure, (left, right) = plt.subplots(1, 2, sharey=True, figsize=(12, height),
                                         gridspec_kw={"width_ratios": [1.4, 1]})
    figure.subplots_adjust(left=0.42, right=0.97, top=1 - 0.9 / height, bottom=0.85 / height,
                           wspace=0.06)
    figure.text(0.03, 1 - 0.42 / height, "Scheduler benchmark", size=18, weight="bold",
                va="center")
    draw_throughput(left, rows, schedulers, colours)
    draw_attempts(right, rows, schedulers, colours)
    left.set_yticks(range(len(rows)), list(rows)[::-1], size=9)
    left.set_ylim(-0.7, len(rows) - 0.3)
    if len(schedulers) > 1:
        handles = [plt.Line2D([], [], marker="o", linestyle="", color=colours[name], label=name)
                   for name in schedulers]
        figure.legend(handles=handles, loc="upper right", bbox_to_anchor=(0.97, 1 - 0.1 / height),
                      ncols=len(schedulers), fontsize=11, frameon=False)
    path = os.path.join(out, "scheduler-bench.png")
    figure.savefig(path)
    plt.close(figure)
    return path
