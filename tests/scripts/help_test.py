"""The scripts explain themselves from any folder and refuse what they do not know."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
SHELL = ["setup", "clients", "run", "test", "bench", "format"]


def run(*arguments):
    with tempfile.TemporaryDirectory() as elsewhere:
        return subprocess.run([str(a) for a in arguments], cwd=elsewhere, capture_output=True,
                              text=True, check=False)


class Help(unittest.TestCase):
    def test_each_script_prints_its_usage_and_examples(self):
        for name in SHELL:
            with self.subTest(script=name):
                answer = run(SCRIPTS / name, "--help")
                self.assertEqual(0, answer.returncode, answer.stderr)
                self.assertIn(f"usage: scripts/{name}", answer.stdout)
                self.assertGreaterEqual(answer.stdout.count(f"  scripts/{name}"), 2)

    def test_unknown_options_are_refused_before_anything_is_done(self):
        for name in ("setup", "clients", "test"):
            with self.subTest(script=name):
                answer = run(SCRIPTS / name, "--no-such-option")
                self.assertEqual(2, answer.returncode)
                self.assertIn("--no-such-option", answer.stderr)

    def test_a_time_to_fuzz_that_is_no_number_of_seconds_is_refused(self):
        for given in ("0", "1m", "-5"):
            with self.subTest(given=given):
                answer = run(SCRIPTS / "test", "--no-setup", "--fuzz", given)
                self.assertEqual(2, answer.returncode)
                self.assertIn("--fuzz", answer.stderr)

    def test_a_scenario_that_is_not_there_is_refused(self):
        answer = run(SCRIPTS / "run", "--no-setup", "nowhere.yaml")
        self.assertEqual(2, answer.returncode)
        self.assertIn("nowhere.yaml", answer.stderr)


if __name__ == "__main__":
    unittest.main()
