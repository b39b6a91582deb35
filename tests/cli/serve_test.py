"""orrery sim serve and sim clock as a user meets them: a TLS client, a kubeconfig, signals."""
import base64
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ["ORRERY_PROGRAM"]
SCENARIO = """apiVersion: orrery.dev/v1alpha1
kind: Scenario
metadata: {name: small}
spec:
  until: 1m
  startTime: "2026-02-01T00:00:00Z"
  cluster: {nodePools: [{name: n, count: 2, cpu: "4", memory: 8Gi}]}
  manifests: [web.yaml]
  models: {behaviours: [{match: {image: "web:*"}, usage: {cpu: 30m, memory: 90Mi}}]}
"""
WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "web:1", ports: [{containerPort: 80}]}
"""


def orrery(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False,
                          timeout=120)


def field(text, name):
    """The value of a kubeconfig's line `name: value`."""
    return next(line.split(": ", 1)[1] for line in text.splitlines()
                if line.strip().startswith(name + ":"))


class Served:
    """A running server and a client of it."""

    def __init__(self, folder, *flags):
        self.kubeconfig = folder / "kubeconfig"
        (folder / "web.yaml").write_text(WEB)
        (folder / "s.yaml").write_text(SCENARIO)
        self.process = subprocess.Popen(
            [PROGRAM, "sim", "serve", str(folder / "s.yaml"), "--kubeconfig",
             str(self.kubeconfig), *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        self.first_line = self.process.stdout.readline()
        if not self.first_line:
            raise AssertionError(self.process.stderr.read())
        config = self.kubeconfig.read_text()
        self.address = field(config, "server")
        self.context = ssl.create_default_context(
            cadata=base64.b64decode(field(config, "certificate-authority-data")).decode())
        pair = folder / "client.pem"
        pair.write_bytes(base64.b64decode(field(config, "client-certificate-data")) +
                         base64.b64decode(field(config, "client-key-data")))
        self.anonymous = ssl.create_default_context(
            cadata=base64.b64decode(field(config, "certificate-authority-data")).decode())
        self.context.load_cert_chain(pair)

    def ask(self, method, path, body=None, context=None):
        host, port = self.address.removeprefix("https://").rsplit(":", 1)
        connection = http.client.HTTPSConnection(host, int(port), timeout=60,
                                                 context=context or self.context)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def get(self, path):
        status, text = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"{path}: {status} {text}")
        return text

    def clock(self, *words):
        return orrery("sim", "clock", *words, "--kubeconfig", str(self.kubeconfig), "-o", "json")

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        output = self.process.communicate(timeout=30)
        return self.process.returncode, output


class SimServe(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def serve(self, *flags):
        served = Served(self.path, *flags)
        self.addCleanup(served.end)
        return served

    def test_answers_tls_clients_and_ends_at_sigterm(self):
        served = self.serve("--speed", "paused")
        self.assertIn(served.address, served.first_line)
        self.assertEqual(self.path.joinpath("kubeconfig").stat().st_mode & 0o777, 0o600)
        self.assertEqual(served.get("/healthz"), "ok")
        self.assertEqual(json.loads(served.get("/api"))["versions"], ["v1"])
        service = json.loads(served.get("/api/v1/namespaces/default/services/kubernetes"))
        self.assertEqual(service["spec"]["clusterIP"], "10.96.0.1")
        code, (_, errors) = served.end()
        self.assertEqual((code, errors), (0, ""))
        self.assertTrue(served.kubeconfig.exists())

    def test_knows_nobody_without_a_certificate(self):
        served = self.serve("--speed", "paused")
        status, text = served.ask("GET", "/api/v1/pods", context=served.anonymous)
        self.assertEqual((status, json.loads(text)["reason"]), (401, "Unauthorized"))
        status, _ = served.ask("GET", "/orrery.dev/v1alpha1/clock", context=served.anonymous)
        self.assertEqual(status, 401)

    def test_the_clock_steps_pauses_and_refuses_nonsense(self):
        served = self.serve("--speed", "paused")
        pods = "/api/v1/namespaces/default/pods"
        self.assertEqual(json.loads(served.get(pods))["items"], [])
        stepped = served.clock("step", "2m")
        self.assertEqual(stepped.returncode, 0, stepped.stderr)
        state = json.loads(stepped.stdout)
        self.assertEqual((state["elapsed"], state["paused"]), ("2m0s", True))
        self.assertEqual(state["now"], "2026-02-01T00:02:00.000000Z")
        items = json.loads(served.get(pods))["items"]
        self.assertEqual([p["status"]["phase"] for p in items], ["Running"] * 3)
        self.assertEqual(json.loads(served.clock("show").stdout)["elapsed"], "2m0s")
        self.assertEqual(json.loads(served.clock("until", "2m30s").stdout)["elapsed"], "2m30s")
        for words, message in ((["speed", "fast"], "speed: must be a factor"),
                               (["step", "soon"], "step: must be a duration"),
                               (["until", "1m"], "until: 1m has passed")):
            done = served.clock(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr)

    def test_runs_on_past_the_scenarios_end(self):
        served = self.serve("--speed", "2000")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if json.loads(served.clock("show").stdout)["now"] > "2026-02-01T00:10:00Z":
                break
        else:
            self.fail("the clock stands")
        self.assertFalse(json.loads(served.clock("speed", "1").stdout)["paused"])
        nodes = json.loads(served.get("/api/v1/nodes"))["items"]
        for node in nodes:
            ready = next(c for c in node["status"]["conditions"] if c["type"] == "Ready")
            self.assertEqual(ready["status"], "True")
            self.assertNotIn("taints", node["spec"])

    def test_at_full_speed_all_that_is_to_happen_happens_at_once(self):
        served = self.serve("--speed", "max")
        deadline = time.monotonic() + 60
        phases = []
        while phases != ["Running"] * 3 and time.monotonic() < deadline:
            pods = json.loads(served.get("/api/v1/namespaces/default/pods"))["items"]
            phases = [p["status"].get("phase") for p in pods]
        self.assertEqual(phases, ["Running"] * 3)

    def test_every_namespace_gets_its_account_and_its_root_certificate(self):
        served = self.serve("--speed", "paused")
        status, text = served.ask("POST", "/api/v1/namespaces", {"metadata": {"name": "shop"}})
        self.assertEqual(status, 201, text)
        served.clock("step", "5s")
        served.get("/api/v1/namespaces/shop/serviceaccounts/default")
        map_ = json.loads(served.get("/api/v1/namespaces/shop/configmaps/kube-root-ca.crt"))
        self.assertIn("BEGIN CERTIFICATE", map_["data"]["ca.crt"])

    def test_tells_usage_and_metrics(self):
        served = self.serve("--speed", "paused")
        served.clock("step", "2m")
        groups = [g["name"] for g in json.loads(served.get("/apis"))["groups"]]
        self.assertIn("metrics.k8s.io", groups)
        pods = json.loads(served.get("/apis/metrics.k8s.io/v1beta1/namespaces/default/pods"
                                     "?labelSelector=app%3Dweb"))
        self.assertEqual(pods["kind"], "PodMetricsList")
        self.assertEqual([p["containers"] for p in pods["items"]],
                         [[{"name": "web", "usage": {"cpu": "30m", "memory": "92160Ki"}}]] * 3)
        none = served.get("/apis/metrics.k8s.io/v1beta1/pods?labelSelector=app%3Dother")
        self.assertEqual(json.loads(none)["items"], [])
        nodes = json.loads(served.get("/apis/metrics.k8s.io/v1beta1/nodes"))
        self.assertEqual(len(nodes["items"]), 2)
        lines = served.get("/metrics").splitlines()
        self.assertIn('apiserver_storage_objects{resource="nodes"} 2', lines)
        self.assertTrue(any(line.startswith("apiserver_request_total{verb=\"LIST\"") and
                            'resource="nodes"' in line and line.endswith(" 1")
                            for line in lines), lines)
        self.assertIn("# TYPE scheduler_schedule_attempts_total counter", lines)

    def test_refuses_bad_input(self):
        (self.path / "s.yaml").write_text(SCENARIO.replace("nodePools", "nodePoles"))
        done = orrery("sim", "serve", str(self.path / "s.yaml"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("s.yaml:7: spec.cluster.nodePoles", done.stderr)
        done = orrery("sim", "serve", "scenarios/first-deployment.yaml", "--speed", "0")
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: --speed: must be", done.stderr)

    def test_a_port_that_is_taken_exits_with_3(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = orrery("sim", "serve", "scenarios/first-deployment.yaml", "--port",
                          str(taken.getsockname()[1]))
        self.assertEqual(done.returncode, 3)
        self.assertIn("address already in use", done.stderr)

    def test_the_clock_command_says_how_to_find_a_server(self):
        done = orrery("sim", "clock", "show", "--kubeconfig", str(self.path / "none"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no such file", done.stderr)


if __name__ == "__main__":
    unittest.main()
