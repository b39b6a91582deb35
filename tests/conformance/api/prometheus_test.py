"""Debian's prometheus scrapes /metrics of a served cluster, by the kubeconfig's certificate.

Debian builds it without kubernetes_sd, so that it cannot look for nodes and pods by itself.
"""
import json
import socket
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request

import served
from command_case import end

CONFIG = """global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: apiserver
  scheme: https
  tls_config: {ca_file: FOLDER/ca.pem, cert_file: FOLDER/user.pem, key_file: FOLDER/user.key}
  static_configs: [{targets: ["TARGET"]}]
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus(unittest.TestCase):
    served = program = None

    @classmethod
    def setUpClass(cls):
        folder = cls.served.folder
        target = cls.served.server_url().removeprefix("https://")
        (folder / "prometheus.yml").write_text(
            CONFIG.replace("FOLDER", str(folder)).replace("TARGET", target))
        cls.port = free_port()
        cls.log = open(folder / "prometheus.log", "wb")
        cls.process = subprocess.Popen(
            [cls.program, f"--config.file={folder}/prometheus.yml",
             f"--storage.tsdb.path={folder}/tsdb", f"--web.listen-address=127.0.0.1:{cls.port}"],
            stdout=cls.log, stderr=subprocess.STDOUT, env=cls.served.environment())

    @classmethod
    def tearDownClass(cls):
        end(cls.process)
        cls.log.close()

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}",
                                    timeout=5) as answer:
            return json.load(answer)["data"]

    def eventually(self, look, seconds=60):
        found, stop = None, time.monotonic() + seconds
        while time.monotonic() < stop:
            try:
                found = look()
            except OSError:
                found = None
            if found:
                return found
            time.sleep(0.3)
        log = (self.served.folder / "prometheus.log").read_text()
        self.fail(f"not within {seconds} s; prometheus says:\n{log[-3000:]}")

    def query(self, text):
        return self.ask("query?query=" + urllib.parse.quote(text))["result"]

    def test_the_api_server_is_scraped(self):
        self.eventually(lambda: [r for r in self.query('up{job="apiserver"}')
                                 if r["value"][1] == "1"])
        self.assertIn(b"n-1", self.served.get("/api/v1/nodes"))
        requests = self.eventually(lambda: self.query(
            'apiserver_request_total{verb="LIST",resource="nodes"}'))
        self.assertEqual("200", requests[0]["metric"]["code"])
        self.assertTrue(self.eventually(lambda: self.query("apiserver_longrunning_requests")))

    def test_the_counts_are_those_of_the_cluster(self):
        found = self.eventually(lambda: self.query('apiserver_storage_objects{resource="nodes"}'))
        self.assertEqual("3", found[0]["value"][1])


def main():
    Prometheus.program = served.client("prometheus", "usr", "bin", "prometheus")
    Prometheus.served = served.Served()
    try:
        program = unittest.main(argv=sys.argv, exit=False, verbosity=2)
    finally:
        Prometheus.served.stop()
    sys.exit(0 if program.result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
