"""`orrery sim serve` for one test program, and the clients that scripts/clients installed.

The one rule: nothing but loopback is used, each program has a server, a home folder and a port of
its own, and only processes started here are ended, by their id.
"""
import base64
import ctypes
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77  # ctest's SKIP_RETURN_CODE
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
CLIENTS = CACHE / "orrery" / "clients"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def client(*parts):
    """The path of an installed client; without it the whole program is skipped."""
    path = CLIENTS.joinpath(*parts)
    if not path.exists():
        skip(f"{path} is not there; install it with scripts/clients")
    return str(path)


def _end_with_parent():
    """A test program that is killed (ctest's time limit) takes its server along."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Served:
    """A cluster that runs until stop(). `speed` as of --speed."""

    def __init__(self, speed="60", scenario=HERE / "cluster.yaml"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orrery-conformance-"))
        self.kubeconfig = self.folder / "kubeconfig"
        self.log = self.folder / "server.log"
        program = os.environ["ORRERY_PROGRAM"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program, "sim", "serve", str(scenario), "--speed", speed, "--port", "0",
                 "--kubeconfig", str(self.kubeconfig)],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=_end_with_parent)
        self._await_ready()

    def environment(self, home="home"):
        """Of a client: its own home, so that no cache and no setting of the user is touched."""
        folder = self.folder / home
        folder.mkdir(exist_ok=True)
        keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**keep, "HOME": str(folder), "KUBECONFIG": str(self.kubeconfig), "TERM": "dumb",
                "HELM_CACHE_HOME": str(folder / "helm"), "NO_COLOR": "1"}

    def clock(self, *words):
        subprocess.run([os.environ["ORRERY_PROGRAM"], "sim", "clock", "--kubeconfig",
                        str(self.kubeconfig), *words], check=True, capture_output=True, timeout=60)

    def server_url(self):
        for line in self.kubeconfig.read_text().splitlines():
            if line.strip().startswith("server:"):
                return line.split("server:")[1].strip().strip('"')
        raise AssertionError("the kubeconfig names no server")

    def write_certificates(self):
        """Those of the kubeconfig, as files of the server's folder: ca.pem, user.pem, user.key."""
        text = self.kubeconfig.read_text()
        for field, name in (("certificate-authority-data", "ca.pem"),
                            ("client-certificate-data", "user.pem"),
                            ("client-key-data", "user.key")):
            found = re.search(field + r': *"?([A-Za-z0-9+/=]+)', text)
            assert found, f"the kubeconfig has no {field}"
            (self.folder / name).write_bytes(base64.b64decode(found[1]))

    def get(self, path):
        """The body of an answer, asked for with the kubeconfig's certificate."""
        trust = ssl.create_default_context(cafile=self.folder / "ca.pem")
        trust.load_cert_chain(self.folder / "user.pem", self.folder / "user.key")
        with urllib.request.urlopen(self.server_url() + path, timeout=5, context=trust) as answer:
            return answer.read()

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        """Ends the server; returns its exit code."""
        if self.is_alive():
            self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def _await_ready(self):
        error = None
        for _ in range(600):
            if not self.is_alive():
                break
            try:
                self.write_certificates()
                self.get("/readyz")
                return
            except (OSError, AssertionError) as e:
                error = e
            time.sleep(0.05)
        text = self.log.read_text()
        alive = self.is_alive()
        self.stop()
        raise AssertionError(f"the server did not become ready (runs: {alive}): {error}\n{text}")
