"""Replays the recorded run of kubectl 1.35.2 against a served cluster and compares what it prints.

The record ($ORRERY_GOLDEN/kubectl) holds 60 of the 100 commands of one run on a cluster whose pods
were made Ready by a script. The commands between them that left something behind are BETWEEN.
Compared are exit code and stdout, and for commands that fail the error line. 95 % must be equal;
each difference must be in DIFFERENCES with its reason, and each of those must still be one.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

import served

GOLDEN = pathlib.Path(os.environ.get("ORRERY_GOLDEN", "../shared/data/golden")) / "kubectl"
NAMESPACE = "recorded"
# What was run before the command of that index, and is not in the record.
BETWEEN = {
    8: [f"create namespace {NAMESPACE}"],
    26: ["apply -f m2.yaml"],
    31: ["rollout pause deploy/web"],
    35: ["autoscale deploy/web --min=1 --max=5 --cpu-percent=50"],
    38: ["delete hpa web", "set image deploy/web c=nginx:1.27"],
    42: ["label cm conf x=z --overwrite"],
    50: ["create cm c2 --from-literal=a=b"],
    53: ["create sa robot", "create role r --verb=get,list --resource=pods"],
    62: ["create job job1 --image=busybox"],
    98: ["delete cronjob,job --all --wait=false"],
}
# Between these commands nothing happens in the cluster: the record shows what was there at once.
AT_ONCE = {34, 35}
# From here on the Deployment's template holds the time of the recording (rollout restart), and so
# does the hash in the names of its pods.
HASH_IS_RECORDED_UNTIL = 28
DIFFERENCES = {
    0: "the server calls itself v1.36.2+orrery",
    86: "pods of the simulation have logs; the recorded nodes had no kubelet",
    92: "metrics of the simulation are served; the recorded cluster had none",
}
TOKENS = [
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uid>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<ts>"),
    (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}", "<ts>"),
    (r'resourceVersion: "\d+"', 'resourceVersion: "<rv>"'),
    (r"\b10\.\d+\.\d+\.\d+\b", "<clusterIP>"),
    (r"\A[\w-]+\.[\w-]+\.[\w-]+\n?\Z", "<token>"),
    (r"<invalid>|\b\d+(?:ms|[smhd])(?:\d+[smh])?\b", "<age>"),
    (r"\b((?:web-[0-9a-z]{8,10}|job1|manual)-)[0-9a-z]{5}\b", r"\1<rand>"),
    (r"\bendpointslice(\S*)/web-\w{5}\b", r"endpointslice\1/web-<rand>"),
    (r"(?m)^(n\d .*) v1\.36\.\d$", r"\1 <kubelet>"),
    (r" +", " "),
]


def normal(text, index):
    """What belongs to the run, not to kubectl, becomes a token. The recorded cluster was without
    metrics-server, and its nodes said v1.36.0: lines of that group and that version are left out.
    """
    text = "".join(line for line in text.splitlines(True) if "metrics.k8s.io" not in line)
    text = re.sub(r"\bn-([012])\b", r"n\1", text.replace(NAMESPACE, "<ns>"))
    for pattern, token in TOKENS:
        text = re.sub(pattern, token, text)
    if index >= HASH_IS_RECORDED_UNTIL:
        text = re.sub(r"\bweb-[0-9a-z]{8,10}-", "web-<hash>-", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


class Replay:
    def __init__(self, cluster, tool):
        self.cluster, self.tool = cluster, tool
        self.environment = cluster.environment()
        for name in ("m.yaml", "m2.yaml"):
            shutil.copy(GOLDEN / name, cluster.folder)

    def kubectl(self, words, stdin=""):
        done = subprocess.run([self.tool, *words], env=self.environment, cwd=self.cluster.folder,
                              input=stdin, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def pods(self):
        return json.loads(self.cluster.get(f"/api/v1/namespaces/{NAMESPACE}/pods"))["items"]

    def settle(self):
        """Until all pods are Ready and stay as they are, as the recording script made them."""
        before = None
        for _ in range(100):
            pods = self.pods()
            now = sorted(p["metadata"]["name"] for p in pods if "deletionTimestamp" not in
                         p["metadata"] and any(c["type"] == "Ready" and c["status"] == "True"
                                               for c in p.get("status", {}).get("conditions", [])))
            if now == before and len(now) == len(pods):
                return
            before = now
            time.sleep(0.1)

    def step_until_terminating(self):
        """In small steps, so that the pods are seen between their deletion and their end."""
        for _ in range(300):
            if all("deletionTimestamp" in p["metadata"] for p in self.pods()):
                return
            self.cluster.clock("step", "10ms")

    def run(self, record):
        index = record["index"]
        for command in BETWEEN.get(index, []):
            where = [] if command.startswith("create namespace") else ["-n", NAMESPACE]
            code, _, error = self.kubectl([*where, *shlex.split(command)])
            if code != 0:
                print(f"before {index}: {command}: {error}")
            if index not in AT_ONCE and index != 98:
                self.settle()
        if index == 98:
            self.step_until_terminating()
        # The recorded nodes are n0, n1, n2; those of a pool are n-0, n-1, n-2.
        command = re.sub(r"\bn([012])\b", r"n-\1", record["cmd"].replace("<ns>", NAMESPACE))
        where = [] if "(no -n)" in command else ["-n", NAMESPACE]
        return self.kubectl([*where, *words_of(command)], record.get("stdin") or "")


def words_of(command):
    """The record joins the words by spaces: those of a schedule or a JSON body belong together."""
    command = command.removeprefix("kubectl ").replace("(no -n)", "").strip()
    if "--schedule=" in command:
        head, schedule = command.split("--schedule=")
        return [*head.split(), "--schedule=" + schedule]
    return command.split(" ")


def is_equal(record, index, code, out, error):
    if code != record["exit"] or normal(out, index) != normal(record["stdout"], index):
        return False
    if code == 0:
        return True
    expected = normal((record.get("stderrTail") or "").strip(), index).split("\n")[0]
    return expected in normal(error, index)


def replay_all(replay, records):
    wrong = {}
    for record in records:
        index = record["index"]
        if index == 35:
            replay.cluster.clock("pause")
        if index == 95:
            replay.settle()
            replay.cluster.clock("pause")
        code, out, error = replay.run(record)
        if index == 35:
            replay.cluster.clock("resume")
        if not is_equal(record, index, code, out, error):
            wrong[index] = (record, code, out, error)
        if index not in AT_ONCE and index < 95:
            replay.settle()
    return wrong


def tell(wrong):
    for index, (record, code, out, error) in wrong.items():
        print(f"\n--- {index}: {record['cmd']}\n    {DIFFERENCES.get(index, 'NOT EXPECTED')}")
        if index not in DIFFERENCES:
            print(f"exit {code}, recorded {record['exit']}\nstdout:\n{normal(out, index)}\n"
                  f"recorded stdout:\n{normal(record['stdout'], index)}\n"
                  f"stderr: {error}\nrecorded stderr: {record.get('stderrTail')}")


def main():
    tool = served.client("kubectl-v35", "kubectl", "kubectl")
    if not (GOLDEN / "kubectl.jsonl").exists():
        served.skip(f"{GOLDEN} is not there; set ORRERY_GOLDEN")
    records = [json.loads(line) for line in (GOLDEN / "kubectl.jsonl").open()]
    cluster = served.Served(speed="30")
    try:
        wrong = replay_all(Replay(cluster, tool), records)
    finally:
        cluster.stop()
    tell(wrong)
    equal = len(records) - len(wrong)
    print(f"\nequal: {equal} of {len(records)} ({100 * equal / len(records):.1f} %)")
    unexpected = set(wrong) - set(DIFFERENCES)
    gone = set(DIFFERENCES) - set(wrong)
    if gone:
        print(f"these no longer differ, take them out of DIFFERENCES: {sorted(gone)}")
    sys.exit(1 if unexpected or gone or equal < 0.95 * len(records) else 0)


if __name__ == "__main__":
    main()
