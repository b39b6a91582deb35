"""helm 3 (v32) and 4 (v35) against a served cluster: a chart with hooks and a test."""
import subprocess
import sys
import unittest

import command_case
import served

CHART = str(served.HERE / "chart")


class Helm(command_case.CommandCase):
    verbose = ["--debug"]

    def make_namespace(self):
        pass  # helm makes it

    def kubectl(self, *words):
        return subprocess.run([self.kubectl_tool, f"--namespace={self.ns}", *words], check=False,
                              env=self.environment, capture_output=True, text=True,
                              timeout=60).stdout

    def test_release(self):
        self.run_ok(f"install shop {CHART} --create-namespace --wait --timeout 60s",
                    has=["STATUS: deployed", "REVISION: 1", "shop is red."], timeout=70)
        with self.subTest("the hooks ran, and what was waited for is there"):
            jobs = self.kubectl("get", "jobs", "-o", "name")
            self.assertIn("shop-pre-install", jobs)
            self.assertIn("shop-post-install", jobs)
            self.assertIn("2/2", self.kubectl("get", "deploy", "shop"))
        self.run_ok("list", matches=r"^shop\s+release\s+1\s.*deployed\s+shop-1.0.0")
        self.run_ok("list -A -o json", has='"name":"shop"')
        self.run_ok("status shop", has="STATUS: deployed")
        self.run_ok(f"upgrade shop {CHART} --set colour=blue,replicas=3 --wait --timeout 60s",
                    has=["REVISION: 2", "shop is blue."], timeout=70)
        with self.subTest("the upgrade came through"):
            self.assertIn("blue", self.kubectl("get", "cm", "shop", "-o", "jsonpath={.data}"))
            self.assertIn("3/3", self.kubectl("get", "deploy", "shop"))
        self.run_ok("history shop", matches=[r"^1\s.*superseded", r"^2\s.*deployed"])
        self.run_ok("get values shop", has="colour: blue")
        self.run_ok("get manifest shop", has="kind: Deployment")
        self.run_ok("get hooks shop", has="helm.sh/hook: pre-install")
        self.run_ok("get notes shop", has="shop is blue.")
        self.run_ok("get all shop", has=["USER-SUPPLIED VALUES", "COMPUTED VALUES"])
        self.run_ok("test shop --logs --timeout 60s", has=["Succeeded", "reached"], timeout=70)
        self.run_ok("rollback shop 1 --wait --timeout 60s", has="Rollback was a success",
                    timeout=70)
        with self.subTest("the rollback came through"):
            self.assertIn("red", self.kubectl("get", "cm", "shop", "-o", "jsonpath={.data}"))
        self.run_ok("history shop", matches=r"^3\s.*deployed\s.*Rollback to 1")
        self.run_with(1, f"install shop {CHART}", err="name")
        self.run_ok(f"upgrade --install other {CHART} --set replicas=1", has="REVISION: 1",
                    timeout=70)
        self.run_ok("uninstall shop --wait --timeout 60s", has='release "shop" uninstalled',
                    timeout=70)
        self.run_with(1, "status shop", err="release: not found")
        with self.subTest("nothing of the release is left"):
            self.assertNotIn("deployment.apps/shop", self.kubectl("get", "deploy", "-o", "name"))
        self.run_ok("uninstall other", has="uninstalled")

    def test_dry_run(self):
        self.run_ok(f"template shop {CHART}", has="kind: Service")
        self.run_ok(f"install shop {CHART} --dry-run=server", has="colour: red")

    def test_a_release_that_fails_is_told(self):
        self.run_with(1, f"install shop {CHART} --create-namespace --set image=demo/missing:1 "
                      "--wait --timeout 2s", err="INSTALLATION FAILED", timeout=70)
        self.run_ok("list --failed", matches=r"^shop\s.*\sfailed\s")


def main():
    version = sys.argv[1]
    command_case.CommandCase.tool = served.client(f"kubectl-{version}", "helm", "helm")
    Helm.kubectl_tool = served.client(f"kubectl-{version}", "kubectl", "kubectl")
    command_case.CommandCase.served = served.Served()
    try:
        program = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], exit=False, verbosity=2)
    finally:
        command_case.CommandCase.served.stop()
    sys.exit(0 if program.result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
