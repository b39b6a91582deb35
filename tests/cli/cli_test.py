"""The orrery program as a user meets it: exit codes, error lines, machine-readable output."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["ORRERY_PROGRAM"]
BAD = """apiVersion: v1
kind: Service
metadata: {name: ok}
spec: {ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  replicas: -1
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: c, image: i}
"""


def orrery(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)


class SimRun(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def test_writes_the_documented_files_and_exits_with_0(self):
        out = self.path / "out"
        done = orrery("sim", "run", "scenarios/first-deployment.yaml", "--out", str(out),
                      "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout)
        self.assertTrue(summary["passed"])
        for name in summary["files"]:
            self.assertTrue((out / name).exists(), name)
        digest = (out / "digest").read_text().strip()
        self.assertEqual(digest, summary["simulated"]["digest"])
        self.assertEqual(json.loads((out / "manifest.json").read_text())["seed"], 1)

    def test_names_file_line_document_and_field_of_a_bad_manifest_and_runs_nothing(self):
        (self.path / "shop.yaml").write_text(BAD)
        out = self.path / "out"
        done = orrery("sim", "run", "--manifests", str(self.path), "--nodes", "3",
                      "--out", str(out))
        self.assertEqual(done.returncode, 2)
        self.assertIn(
            'shop.yaml:10: document 2, Deployment "cart": spec.replicas: Invalid value: -1',
            done.stderr)
        self.assertFalse(out.exists())

    def test_takes_a_scheduler_configuration_and_names_its_mistakes(self):
        config = self.path / "scheduler.yaml"
        head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n"
        config.write_text(head + "profiles: [{tieBreak: LowestName}]\n")
        command = ("sim", "run", "scenarios/first-deployment.yaml", "--no-files", "-o", "json",
                   "--scheduler-config", str(config))
        done = orrery(*command)
        self.assertEqual(done.returncode, 0, done.stderr)
        config.write_text(head + "profiles:\n- tieBrake: LowestName\n")
        done = orrery(*command)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"{config}:4: profiles[0].tieBrake: unknown field", done.stderr)

    def test_a_broken_expectation_exits_with_1(self):
        scenario = self.path / "s.yaml"
        scenario.write_text("apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: s}\n"
                            "spec:\n  until: 1m\n  cluster: {nodePools: [{name: n, count: 1}]}\n"
                            "  expect: [{running: 5}]\n")
        done = orrery("sim", "run", str(scenario), "--no-files")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("BROKEN", done.stdout)

    def test_an_unknown_flag_and_an_absent_file_exit_with_2(self):
        self.assertEqual(orrery("sim", "run", "--bogus").returncode, 2)
        done = orrery("sim", "run", "absent.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("absent.yaml", done.stderr)

    def test_a_folder_that_cannot_be_written_exits_with_3(self):
        (self.path / "file").write_text("")
        done = orrery("sim", "run", "scenarios/first-deployment.yaml", "--out",
                      str(self.path / "file" / "out"))
        self.assertEqual(done.returncode, 3, done.stderr)

    def test_verify_finds_two_runs_equal(self):
        done = orrery("sim", "run", "scenarios/self-healing.yaml", "--verify")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("verified: two runs", done.stdout)

    def test_another_seed_gives_another_digest(self):
        digests = set()
        for seed in ("1", "1", "2"):
            done = orrery("sim", "run", "scenarios/self-healing.yaml", "--no-files", "--seed", seed,
                          "-o", "json")
            digests.add((seed, json.loads(done.stdout)["simulated"]["digest"]))
        self.assertEqual(len(digests), 2)

    def test_every_command_shows_examples(self):
        for words in ([], ["sim", "run"], ["sim", "serve"], ["sim", "clock"],
                      ["sim", "import", "openb"], ["explain", "pod"]):
            done = orrery(*words, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn("Examples:", done.stdout)


class Explain(unittest.TestCase):
    SCENARIO = """apiVersion: orrery.dev/v1alpha1
kind: Scenario
metadata: {name: s}
spec:
  until: 2m
  cluster: {nodePools: [{name: node, count: 3, cpu: "4", memory: 8Gi}]}
  manifests: [pods.yaml]
  actions:
  - {at: 1m, apply: vip.yaml}
"""
    PODS = """apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 1000
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: "2", memory: 1Gi}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: giant}
spec: {containers: [{name: c, image: i, resources: {requests: {cpu: "9"}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: gated}
spec: {schedulingGates: [{name: x.y/wait}], containers: [{name: c, image: i}]}
"""
    VIP = """apiVersion: v1
kind: Pod
metadata: {name: vip}
spec:
  priorityClassName: high
  containers: [{name: c, image: i, resources: {requests: {cpu: "2", memory: 1Gi}}}]
"""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "s.yaml").write_text(self.SCENARIO)
        (self.path / "pods.yaml").write_text(self.PODS)
        (self.path / "vip.yaml").write_text(self.VIP)

    def explain(self, pod, *words):
        return orrery("explain", "pod", pod, str(self.path / "s.yaml"), *words)

    def told(self, pod, *words):
        done = self.explain(pod, *words, "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_tells_the_scores_and_the_choice_of_a_deployments_first_pod(self):
        told = self.told("deploy/web")
        self.assertEqual((told["outcome"], told["attempt"]), ("Placed", 1))
        self.assertEqual(told, self.told("web-*"))
        self.assertIn(told["node"], told["ties"])
        for node in told["nodes"]:
            total = sum(s["weighted"] for s in node["scores"].values())
            self.assertEqual(node["total"], total)
            self.assertEqual(node["behind"] if "behind" in node else 0, told["score"] - total)
            for plugin, score in node["scores"].items():
                self.assertEqual(score["weighted"], told["weights"][plugin] * score["normalized"])

    def test_tells_kubernetes_message_of_a_pod_that_fits_nowhere(self):
        told = self.told("giant")
        self.assertTrue(told["message"].startswith("0/3 nodes are available: 3 Insufficient cpu."))
        self.assertEqual(told["nodes"][0]["rejected_by"], "NodeResourcesFit")
        self.assertIsNone(told["preemption"]["node"])
        page = self.explain("giant").stdout
        self.assertIn("0/3 nodes are available: 3 Insufficient cpu.", page)
        self.assertNotIn("\x1b[", page)

    def test_tells_who_is_preempted_and_that_it_really_happens(self):
        told = self.told("vip")
        chosen = [c for c in told["preemption"]["candidates"] if c["chosen"]]
        self.assertEqual(len(chosen), 1)
        self.assertEqual(chosen[0]["node"], told["preemption"]["node"])
        later = self.told("vip", "--at", "110s")
        self.assertEqual(later["placed_on"], told["preemption"]["node"])
        self.assertIsNone(later["attempt"])

    def test_explains_a_placed_pod_as_if_it_were_pending(self):
        told = self.told("deploy/web", "--at", "30s")
        self.assertEqual(told["node"], told["placed_on"])
        self.assertEqual(told["window"]["feasible"], 1)

    def test_one_node_has_the_verdict_of_every_filter(self):
        told = self.told("giant", "--node", "node-1")
        self.assertEqual([n["node"] for n in told["nodes"]], ["node-1"])
        verdicts = {v["plugin"]: v["code"] for v in told["nodes"][0]["verdicts"]}
        self.assertEqual(verdicts["NodeResourcesFit"], "UnschedulableAndUnresolvable")
        self.assertEqual(verdicts["TaintToleration"], "Success")
        self.assertEqual(len(verdicts), len(told["filters"]))
        done = self.explain("giant", "--node", "nod-1")
        self.assertEqual(done.returncode, 2)
        self.assertIn('no node "nod-1"; near names: node-1', done.stderr)

    def test_says_that_a_gated_pod_is_held_back(self):
        told = self.told("gated")
        self.assertIsNone(told["attempt"])
        self.assertEqual(told["held_back"]["plugin"], "SchedulingGates")

    def test_names_near_pods_when_there_is_none(self):
        for asked, near in (("gaint", "default/giant"), ("deploy/wbe", "default/deploy/web")):
            done = self.explain(asked)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f'no pod "{asked}"', done.stderr)
            self.assertIn("near names: " + near, done.stderr)

    def test_refuses_bad_words(self):
        for words, message in ((["web-["], "is no regular expression"),
                               (["a/b/c/d"], "names no pod"),
                               (["giant", "--at", "soon"], "--at: must be a duration")):
            done = self.explain(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(message, done.stderr)

    def test_csv_has_a_row_for_each_node(self):
        lines = self.explain("deploy/web", "-o", "csv").stdout.splitlines()
        self.assertEqual(len(lines), 1 + 3)
        self.assertTrue(lines[0].startswith("node,looked_at,fits,chosen,tied,total,rejected_by"))

    def test_a_run_writes_each_decision_and_stays_the_same(self):
        scenario = str(self.path / "s.yaml")
        digests = []
        for words in ([], ["--explain", "deploy/web,vip"], ["--explain", "^(web|vip)"]):
            out = self.path / f"out{len(digests)}"
            done = orrery("sim", "run", scenario, "--out", str(out), "-o", "json", *words)
            digests.append(json.loads(done.stdout)["simulated"]["digest"])
            self.assertEqual(json.loads(done.stdout)["problems"], [])
            if not words:
                continue
            lines = [json.loads(x) for x in (out / "explain.ndjson").read_text().splitlines()]
            # Six of the Deployment, one that replaces the victim, two attempts of the vip.
            self.assertGreaterEqual(len(lines), 6 + 1 + 2)
            self.assertEqual(lines[0], self.told("deploy/web"))
            vip = [x for x in lines if x["pod"] == "default/vip"]
            self.assertEqual([x["attempt"] for x in vip], [1, 2])
            self.assertEqual(vip[1]["node"], vip[0]["preemption"]["node"])
            events = [json.loads(x) for x in (out / "events.ndjson").read_text().splitlines()]
            self.assertEqual(sum(e["what"] == "Explained" for e in events), len(lines))
        self.assertEqual(len(set(digests)), 1)

    def test_a_run_needs_a_place_to_write_to(self):
        done = orrery("sim", "run", str(self.path / "s.yaml"), "--explain", "vip", "--no-files")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--explain writes a file", done.stderr)


class BenchPacking(unittest.TestCase):
    NODES = "sn,cpu_milli,memory_mib,gpu,model\na,16000,65536,2,T4\nb,16000,65536,4,V100\n"
    PODS = ("name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n"
            "p-1,1000,1024,1,500,\np-2,2000,1024,1,1000,V100\np-3,4000,1024,0,0,\n")

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "nodes.csv").write_text(self.NODES)
        (self.path / "pods.csv").write_text(self.PODS)

    def bench(self, *words):
        return orrery("bench", "packing", "--nodes", str(self.path / "nodes.csv"),
                      "--pods", str(self.path / "pods.csv"), *words)

    def test_tells_each_policy_and_writes_its_files(self):
        out = self.path / "out"
        done = self.bench("--policy", "FGD,BestFit", "--seeds", "1..3", "-o", "json",
                          "--out", str(out))
        self.assertEqual(done.returncode, 0, done.stderr)
        results = json.loads(done.stdout)["results"]
        self.assertEqual([r["policy"] for r in results], ["FGD", "BestFit"])
        self.assertTrue(all(r["seeds"] == 3 for r in results))
        self.assertEqual(json.loads((out / "summary.json").read_text())["results"], results)
        self.assertEqual(len((out / "runs.csv").read_text().splitlines()), 1 + 2 * 3)
        self.assertEqual(len((out / "points.csv").read_text().splitlines()), 1 + 2 * 3 * 5)

    def test_refuses_bad_input_with_what_would_do(self):
        for words, message in (
                (["--policy", "Best"], "--policy: no policy \"Best\"; there are: Random, "),
                (["--seeds", "5..1"], "--seeds: must be numbers such as 42..51"),
                (["--demand", "0"], "--demand: must be above 0"),
                (["--tie-break", "x"], "--tie-break")):
            with self.subTest(message):
                done = self.bench(*words)
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
