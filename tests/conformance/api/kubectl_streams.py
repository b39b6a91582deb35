"""Streams: logs, exec, attach, cp, port-forward, proxy, debug, against pods of the simulation."""
import re
import urllib.request

from command_case import CommandCase, end, in_a_terminal, manifest, read_until

BOX = """apiVersion: v1
kind: Pod
metadata: {name: box, labels: {app: box}}
spec:
  containers:
  - {name: c, image: "demo/web:1", ports: [{containerPort: 80}], env: [{name: COLOUR, value: blue}]}
  - {name: side, image: "demo/side:1"}
"""


class Streams(CommandCase):
    def setUp(self):
        super().setUp()
        self.run_ok("create -f -", stdin=BOX, has="pod/box created")
        self.run_ok("wait --for=condition=Ready pod/box --timeout=20s", has="condition met")

    def test_logs(self):
        self.eventually("logs box -c c", matches=r".")
        self.run_ok("logs box", err="Defaulted container")
        self.run_ok("logs box -c c --tail=1", matches=r"\A[^\n]+\n\Z")
        self.run_ok("logs box --all-containers --prefix", has=["[pod/box/c]", "[pod/box/side]"])
        self.run_ok("logs box -c c --timestamps", matches=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
        self.run_ok("logs box -c c --since=1h", matches=r".")
        self.run_ok("logs -l app=box -c c --tail=2", matches=r".")
        self.run_ok("logs box -c c --limit-bytes=5", matches=r"\A.{5}\Z")
        self.run_with(1, "logs box -c nope", err="container nope is not valid for pod box")
        self.run_with(1, "logs box -c c --previous", err="previous terminated container")
        following = self.start("logs -f box -c c")
        self.addCleanup(end, following)
        with self.subTest("logs -f goes on"):
            first = read_until(following.stdout, "\n")
            self.assertTrue(first)
            self.assertTrue(read_until(following.stdout, "\n"), "no line came after the first")
        self.run_ok("run crash --image=demo/crash:1", has="created")
        self.eventually("logs crash --previous", matches=r".")
        self.eventually("get pod crash", matches=r"crash +\d/1 +\w+ +[1-9]")

    def test_logs_of_workloads(self):
        self.run_ok("apply -f " + manifest("web.yaml"))
        self.run_ok("rollout status deploy/web --timeout=30s", has="success")
        self.eventually("logs deploy/web", matches=r".")
        self.run_ok("create job j --image=demo/job:1")
        self.run_ok("wait --for=condition=Complete job/j --timeout=30s")
        self.run_ok("logs job/j", matches=r".")

    def test_exec(self):
        self.run_ok("exec box -c c -- echo hello", matches=r"\Ahello\n\Z")
        self.run_ok("exec box -c c -- printenv COLOUR", has="blue")
        self.run_ok("exec box -c c -- hostname", has="box")
        self.run_with(3, "exec box -c c -- sh -c 'exit 3'", err="exit code 3")
        self.run_ok("exec box -c c -- sh -c 'echo out; echo err >&2'", has="out", err="err")
        self.run_ok("exec -i box -c c -- cat", stdin="from outside\n", has="from outside")
        self.run_ok("exec -i box -c c -- wc -c", stdin="x" * 300000, has="300000")
        self.run_with("any-failure", "exec box -c nope -- true", err="nope")
        self.run_with("any-failure", "exec box -c c -- no-such-program", err="no-such-program")
        self.run_with(1, "exec nope -- true", err='pods "nope" not found')
        code, screen = in_a_terminal(
            self.words("exec -it box -c c -- sh"),
            ["echo I see $((40 + 2))", "cd /tmp", "pwd", "exit 7"], self.environment)
        with self.subTest("exec -it"):
            self.assertIn("I see 42", screen)
            self.assertRegex(screen, r"(?m)^/tmp\r?$")
            self.assertEqual(7, code, screen)

    def test_attach(self):
        attached = self.start("attach box -c c")
        self.addCleanup(end, attached)
        with self.subTest("attach shows what the container writes"):
            self.assertTrue(read_until(attached.stdout, "\n"))
        self.run_ok("run talk --image=demo/test:1 --restart=Never --attach --rm "
                    "--command -- echo hi", has='"talk" deleted')

    def test_cp(self):
        local = self.write("local.txt", "a file of ours\n" * 2000)
        self.run_ok(f"cp {local} box:/tmp/there.txt -c c")
        self.run_ok("exec box -c c -- wc -l /tmp/there.txt", has="2000")
        back = self.folder / "back.txt"
        self.run_ok(f"cp {self.ns}/box:/tmp/there.txt {back} -c c")
        with self.subTest("the copy is the file"):
            self.assertEqual(back.read_text(), "a file of ours\n" * 2000)
        tree = self.folder / "tree" / "sub"
        tree.mkdir(parents=True)
        (tree / "leaf").write_text("leaf")
        self.run_ok(f"cp {tree.parent} box:/tmp -c c")
        self.run_ok("exec box -c c -- cat /tmp/tree/sub/leaf", has="leaf")
        self.run_ok(f"cp box:/tmp/tree {self.folder / 'tree2'} -c c")
        with self.subTest("the folder came back"):
            self.assertEqual((self.folder / "tree2" / "sub" / "leaf").read_text(), "leaf")

    def test_port_forward(self):
        self.run_ok("expose pod box --port=8080 --target-port=80", has="exposed")
        for what, port in (("pod/box", 80), ("service/box", 8080)):
            with self.subTest(forward=what):
                forward = self.start(f"port-forward {what} :{port} --address=127.0.0.1")
                self.addCleanup(end, forward)
                said = read_until(forward.stdout, "->")
                found = re.search(r"127\.0\.0\.1:(\d+) ->", said)
                self.assertTrue(found, said + read_until(forward.stderr, "\n", 1))
                url = f"http://127.0.0.1:{found[1]}/"
                for _ in range(3):
                    with urllib.request.urlopen(url, timeout=10) as answer:
                        self.assertEqual(200, answer.status)
                        self.assertTrue(answer.read())
                self.assertIsNone(forward.poll())

    def test_proxy(self):
        proxy = self.start("proxy --port=0")
        self.addCleanup(end, proxy)
        said = read_until(proxy.stdout, "\n")
        found = re.search(r"127\.0\.0\.1:(\d+)", said)
        with self.subTest("proxy"):
            self.assertTrue(found, said)
            base = f"http://127.0.0.1:{found[1]}"
            with urllib.request.urlopen(base + f"/api/v1/namespaces/{self.ns}/pods/box",
                                        timeout=10) as answer:
                self.assertIn(b'"name":"box"', answer.read())

    def test_debug(self):
        self.run_ok("debug box --image=demo/tool:1 --container=probe --target=c -- sleep 1000",
                    has=())
        self.run_ok("get pod box -o jsonpath={.spec.ephemeralContainers[*].name}", has="probe")
