"""Writes result folders in the format of docs/output.md, for the tests of scripts/plot.

usage: synthetic_results.py FOLDER       writes FOLDER/self-healing-1 and FOLDER/gpu-3
"""
import json
import math
import os
import random
import sys


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def header(pools):
    shares = [f"{kind}_requested_share:{pool}" for kind in ("cpu", "memory", "gpu")
              for pool in pools]
    return ",".join(["time_s", "pods_pending", "pods_running", "pods_succeeded", "pods_failed",
                     "pods_ready", "pods_terminating", "nodes_ready", "nodes_not_ready", *shares,
                     "pending_time_p50_s", "pending_time_p99_s", "events_per_s"])


def sample(second, total):
    """A shop of `total` pods is deployed, loses a node at 300 s and a zone at 600 s."""
    ready = total * (1 - math.exp(-second / 6))
    lost_nodes = (1 if second >= 350 else 0) + (9 if 650 <= second < 900 else 0)
    healing_since = 380 if lost_nodes < 9 else 700
    lost = total / 30 * lost_nodes * max(0.0, 1 - max(0, second - healing_since) / 90)
    pending = total - ready + (lost / 2 if lost_nodes else 0)
    terminating = total / 30 * lost_nodes if second > 380 else 0
    return ready - lost, max(0, pending), terminating, lost_nodes


def self_healing(folder):
    draws = random.Random(1)
    rows = [header(["general"])]
    for second in range(0, 1801, 3):
        ready, pending, terminating, lost = sample(second, 36)
        p50 = "" if pending < 1 else f"{0.01 + draws.random() * 0.02:.4f}"
        p99 = "" if pending < 1 else f"{0.2 + draws.random() * 0.5:.4f}"
        share = (36 - pending) / 36
        rows.append(f"{second},{pending:.0f},{ready + lost / 4:.0f},0,0,{ready:.0f},"
                    f"{terminating:.0f},"
                    f"{30 - lost},{lost},{share * 0.31:.4f},{share * 0.12:.4f},0,{p50},{p99},{200}")
    write(folder, "series.csv", "\n".join(rows) + "\n")
    write(folder, "manifest.json", json.dumps({"scenario": "self-healing", "seed": 1}))
    events = [
        {"t": 0, "kind": "pod", "what": "Scheduled", "object": "default/cart-0", "message": ""},
        {"t": 300, "kind": "fault", "what": "node-crash", "object": "general-7", "message": ""},
        {"t": 600, "kind": "fault", "what": "zone-outage", "object": "b", "message": "for 5m"},
        {"t": 900, "kind": "fault", "what": "zone-outage over", "object": "b", "message": ""},
        {"t": 1200, "kind": "action", "what": "set image", "object": "storefront", "message": ""}]
    write(folder, "events.ndjson", "".join(json.dumps(event) + "\n" for event in events))
    rows = ["time,node,zone,pool,pods,cpu_share"]
    for second in range(0, 1800, 15):
        for node in range(30):
            zone = "abc"[node % 3]
            dark = (node == 7 and second >= 400) or (zone == "b" and 720 <= second)
            share = 0.1 + 0.05 * (node * 7 % 5) + (0.08 if second > 720 else 0)
            share = 0 if dark or second < 15 else share
            rows.append(f"{second},general-{node},{zone},general,{round(share * 10)},{share:.3f}")
    write(folder, "placement.csv", "\n".join(rows) + "\n")


def gpu(folder):
    """149 days, three pools, more marks than can be named, no placement."""
    rows = [header(["cpu", "t4", "v100"])]
    for hour in range(0, 149 * 24, 6):
        load = 0.2 + 0.7 * hour / (149 * 24) + 0.08 * math.sin(hour / 24 * 2 * math.pi)
        factors = (0.4, 0.9, 1.1, 0.3, 0.6, 0.8, 0, 1, 1.2)
        shares = ",".join(f"{min(1.0, load * factor):.4f}" for factor in factors)
        p99 = 10 ** (4 * load - 1.5)
        rows.append(f"{hour * 3600},{load * 90:.0f},{load * 1500:.0f},{hour},{hour // 9},"
                    f"{load * 1490:.0f},0,1523,0,{shares},0.02,{p99:.3f},3")
    write(folder, "series.csv", "\n".join(rows) + "\n")
    write(folder, "manifest.json",
          json.dumps({"scenario": {"metadata": {"name": "openb"}}, "seed": 3}))
    write(folder, "events.ndjson", "".join(
        json.dumps({"t": day * 86400, "kind": "fault", "what": "slow-node", "object": f"n-{i}"})
        + "\n"
        for day in range(5, 149, 6) for i in range(2)))


if __name__ == "__main__":
    self_healing(os.path.join(sys.argv[1], "self-healing-1"))
    gpu(os.path.join(sys.argv[1], "gpu-3"))
