"""scripts/plot draws readable pictures from result folders and says what is wrong with bad ones."""
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import synthetic_results  # noqa: E402

PLOT = os.path.join(HERE, "..", "..", "scripts", "plot")
NO_MATPLOTLIB = subprocess.run(["/usr/bin/python3", "-c", "import matplotlib"], check=False,
                               capture_output=True).returncode != 0


def plot(*arguments):
    return subprocess.run(["/usr/bin/python3", PLOT, *arguments], check=False, capture_output=True,
                          text=True)


def png_size(path):
    with open(path, "rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:24]) if head[:8] == b"\x89PNG\r\n\x1a\n" else None


@unittest.skipIf(NO_MATPLOTLIB, "python3-matplotlib is not here")
class Plot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="orrery-plot-")
        cls.healing = os.path.join(cls.folder, "self-healing-1")
        cls.gpu = os.path.join(cls.folder, "gpu-3")
        synthetic_results.self_healing(cls.healing)
        synthetic_results.gpu(cls.gpu)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def broken(self, name, text):
        """A copy of the good folder with one file replaced, or removed for None."""
        folder = os.path.join(self.folder, "broken")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.healing, folder)
        if text is None:
            os.remove(os.path.join(folder, name))
        else:
            synthetic_results.write(folder, name, text)
        return folder

    def packing(self, points):
        """A folder of `orrery bench packing`."""
        folder = os.path.join(self.folder, "packing")
        synthetic_results.write(folder, "manifest.json", '{"pods": "pods.csv", "seeds": "1..2"}')
        synthetic_results.write(folder, "points.csv", points)
        return folder

    def test_draws_the_picture_of_a_packing_experiment(self):
        header = "policy,seed,arrived_share,gpu_allocated_share,fragment_share,fragment_ratio\n"
        folder = self.packing(header + "".join(
            f"{policy},{seed},{at},{0.7 * at},{0.1 / at},0.5\n"
            for policy in ("Random", "FGD") for seed in (1, 2) for at in (0.4, 1.3)))
        done = plot(folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.split(), [os.path.join(folder, "packing.png")])
        self.assertEqual(png_size(os.path.join(folder, "packing.png")), (1200, 700))

    def test_names_what_is_wrong_with_the_points_of_a_packing_experiment(self):
        for points, message in (
                ("policy,seed\nFGD,1\n", "points.csv:1: no column arrived_share"),
                ("policy,seed,arrived_share,gpu_allocated_share,fragment_share\nFGD,1,x,1,1\n",
                 "points.csv:2: could not convert"),
                ("policy,seed,arrived_share,gpu_allocated_share,fragment_share\n",
                 "points.csv: has no rows")):
            with self.subTest(message):
                done = plot(self.packing(points))
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)
                self.assertNotIn("Traceback", done.stderr)

    BENCH = "workload,scheduler,seed,pods_per_second,attempt_ms_p50,attempt_ms_p99,threshold\n"

    def bench(self, rows):
        """A folder of `orrery bench scheduler`."""
        folder = os.path.join(self.folder, "bench")
        synthetic_results.write(folder, "bench.csv", rows)
        return folder

    def test_draws_the_picture_of_a_scheduler_benchmark(self):
        folder = self.bench(self.BENCH + "".join(
            f"Case/{nodes}Nodes,{scheduler},{seed},{1000 * seed},0.01,0.2,270\n"
            for nodes in (5, 500) for scheduler in ("default", "packed") for seed in (1, 2)))
        done = plot(folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.split(), [os.path.join(folder, "scheduler-bench.png")])
        self.assertEqual(png_size(os.path.join(folder, "scheduler-bench.png")), (1200, 700))

    def test_names_what_is_wrong_with_a_scheduler_benchmark(self):
        for rows, message in (
                ("workload,seed\nA,1\n", "bench.csv:1: no column scheduler"),
                (self.BENCH + "A,default,1,x,1,1,0\n", "bench.csv:2: could not convert"),
                (self.BENCH + "A,default,1,0,1,1,0\n", "bench.csv: has no row with a result")):
            with self.subTest(message):
                done = plot(self.bench(rows))
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)
                self.assertNotIn("Traceback", done.stderr)

    def test_draws_four_pictures_beside_the_data(self):
        done = plot(self.healing)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("pods.png", "utilisation.png", "pending.png", "placement.png"):
            path = os.path.join(self.healing, name)
            self.assertIn(path, done.stdout)
            self.assertEqual(png_size(path), (1200, 700))

    def test_draws_several_folders_and_leaves_out_placement_where_it_was_not_recorded(self):
        out = os.path.join(self.folder, "out")
        done = plot(self.healing, self.gpu, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(os.path.join(out, "self-healing-1", "placement.png")))
        self.assertEqual(sorted(os.listdir(os.path.join(out, "gpu-3"))),
                         ["pending.png", "pods.png", "utilisation.png"])

    def test_draws_without_events(self):
        self.assertEqual(plot(self.broken("events.ndjson", None)).returncode, 0)

    def test_draws_one_row(self):
        folder = self.broken("series.csv", "time_s,pods_running,cpu_requested_share:n\n0,1,0.5\n")
        done = plot(folder)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_names_what_is_missing_or_broken(self):
        cases = [
            ("manifest.json", None, "manifest.json: no such file: is "),
            ("manifest.json", "{", "manifest.json: is not JSON: "),
            ("manifest.json", "[]", "manifest.json: must hold a JSON object"),
            ("series.csv", None, "series.csv: no such file: did the scenario"),
            ("series.csv", "time_s,pods_running\n", "series.csv: has no rows"),
            ("series.csv", "time_s,pods\n0,1\n",
             "series.csv:1: no column pods_running; there are: time_s, pods"),
            ("series.csv", "time_s,pods_running\n0\n",
             "series.csv:2: has 1 fields, the header has 2"),
            ("series.csv", "time_s,pods_running\n0,x\n", "series.csv:2: could not convert"),
            ("events.ndjson", '{"kind": "fault"}\n', "events.ndjson:1: is not an event: "),
            ("placement.csv", "time,node\n0,n\n", "placement.csv:1: no column zone"),
            ("placement.csv", "time,node,zone,pool,pods,cpu_share\n0,n,a,p,1,x\n",
             "placement.csv:2: could not"),
        ]
        for name, text, message in cases:
            with self.subTest(message):
                done = plot(self.broken(name, text))
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)
                self.assertTrue(done.stderr.startswith("error: "))
                self.assertNotIn("Traceback", done.stderr)

    def test_says_that_a_folder_is_not_there_and_draws_the_others(self):
        done = plot("no/such/folder", self.gpu)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: no/such/folder: no such folder", done.stderr)
        self.assertIn("pods.png", done.stdout)


if __name__ == "__main__":
    unittest.main()
