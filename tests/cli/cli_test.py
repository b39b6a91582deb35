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
        for words in ([], ["sim", "run"], ["sim", "import", "openb"]):
            done = orrery(*words, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn("Examples:", done.stdout)


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
