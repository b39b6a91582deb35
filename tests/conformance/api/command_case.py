"""CommandCase: a unittest case whose steps are commands of a real client against one server.

    self.run_ok("create configmap a --from-literal=k=v", has="configmap/a created")

Each command is a sub-test of its own: one that fails prints what the client printed and the
requests it sent (it is run again with -v=8), and the steps after it go on.
"""
import fcntl
import os
import pathlib
import re
import shlex
import struct
import subprocess
import termios
import time
import unittest

TAIL_LINES = 45


class CommandCase(unittest.TestCase):
    """Set by the program: `served`, `tool` (the client's path), `verbose` (its flag for requests).
    Each test method has a namespace of its own, made by setUp."""

    served = None
    tool = None
    verbose = ["-v=8"]

    def setUp(self):
        self.assertTrue(self.served.is_alive(), "the server is gone")
        self.ns = self.id().rsplit(".", 1)[-1].removeprefix("test_").replace("_", "-")[:40]
        self.folder = self.served.folder / self.ns
        self.folder.mkdir(exist_ok=True)
        self.environment = self.served.environment()
        self.make_namespace()

    def make_namespace(self):
        self.kubectl_quietly("create", "namespace", self.ns)
        self.kubectl_quietly("wait", f"--namespace={self.ns}", "--for=jsonpath={.metadata.name}="
                             "default", "serviceaccount/default", "--timeout=20s")

    def tearDown(self):
        if not self.served.is_alive():
            self.fail("the server ended:\n" + self.served.log.read_text()[-3000:])

    def kubectl_quietly(self, *words):
        return subprocess.run([self.tool, *words], env=self.environment, capture_output=True,
                              text=True, check=False, timeout=60)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def words(self, command):
        words = shlex.split(command) if isinstance(command, str) else list(command)
        return [self.tool, f"--namespace={self.ns}", *words]

    def start(self, command, **options):
        return subprocess.Popen(self.words(command), env=self.environment, cwd=self.folder,
                                stdin=options.pop("stdin", subprocess.DEVNULL),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                **options)

    def call(self, command, stdin=None, timeout=40, env=None, more=()):
        """Runs to the end. A command that hangs is an answer, too: code "timeout"."""
        words = [*self.words(command)[:2], *more, *self.words(command)[2:]]
        try:
            done = subprocess.run(words, env={**self.environment, **(env or {})}, cwd=self.folder,
                                  input=stdin if stdin is not None else "", capture_output=True,
                                  text=True, check=False, timeout=timeout)
            return done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as e:
            texts = [t.decode(errors="replace") if isinstance(t, bytes) else t or ""
                     for t in (e.stdout, e.stderr)]
            return ("timeout", *texts)

    def run_ok(self, command, **expected):
        return self.run_with(0, command, **expected)

    def run_with(self, code, command, *, has=(), lacks=(), matches=(), err=(), **options):
        """Returns stdout. `has`, `lacks`, `err`: texts in stdout or stderr; `matches`: regexes."""
        shown = command if isinstance(command, str) else shlex.join(command)
        out = ""
        with self.subTest(command=shown):
            actual, out, errors = self.call(command, **options)
            wrong = _differences(actual, out, errors, code, has, lacks, matches, err)
            if wrong:
                self.fail(self._story(command, wrong, actual, out, errors, options))
        return out

    def eventually(self, command, seconds=20, **expected):
        """Until the output is as expected; for what controllers do in their own time."""
        code = expected.pop("code", 0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            actual, out, errors = self.call(command)
            if not _differences(actual, out, errors, code, expected.get("has", ()),
                                expected.get("lacks", ()), expected.get("matches", ()), ()):
                return out
            time.sleep(0.2)
        return self.run_with(code, command, **expected)

    def _story(self, command, wrong, code, out, errors, options):
        options = {**options, "timeout": 10}
        again = self.call(command, more=self.verbose, **options)[2].splitlines()
        return "\n".join([*wrong, f"exit: {code}", f"stdout: {out[-2500:]}",
                          f"stderr: {errors[-2500:]}", "the same again, with its requests:",
                          *[line[:400] for line in again[-TAIL_LINES:]]])


def _differences(actual, out, errors, code, has, lacks, matches, err):
    def listed(texts):
        return [texts] if isinstance(texts, str) else list(texts)

    wrong = []
    as_meant = {"any": actual != "timeout", "any-failure": actual not in (0, "timeout")}
    if not as_meant.get(code, actual == code):
        wrong.append(f"exit code {actual}, expected {code}")
    wrong += [f"stdout lacks {text!r}" for text in listed(has) if text not in out]
    wrong += [f"stdout holds {text!r}" for text in listed(lacks) if text in out]
    wrong += [f"stdout does not match {p!r}" for p in listed(matches)
              if not re.search(p, out, re.MULTILINE)]
    wrong += [f"stderr lacks {text!r}" for text in listed(err) if text not in errors]
    return wrong


def in_a_terminal(words, typed, environment, seconds=20):
    """Runs words in a terminal of its own and types the lines; returns (exit code, screen)."""
    leader, follower = os.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 121, 0, 0))
    process = subprocess.Popen(words, env=environment, stdin=follower, stdout=follower,
                               stderr=follower, start_new_session=True, close_fds=True)
    os.close(follower)
    os.set_blocking(leader, False)
    screen, lines, quiet_since = "", list(typed), time.monotonic()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            read = os.read(leader, 65536)
            screen, quiet_since = screen + read.decode(errors="replace"), time.monotonic()
        except BlockingIOError:
            if process.poll() is not None:
                break
            # The next line once the program has said something and waits.
            if lines and screen and time.monotonic() - quiet_since > 0.4:
                os.write(leader, (lines.pop(0) + "\n").encode())
                quiet_since = time.monotonic()
            time.sleep(0.02)
        except OSError:  # the follower's last end was closed
            break
    if process.poll() is None:
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
    code = process.wait()
    os.close(leader)
    return code, screen


def read_until(stream, text, seconds=15):
    """Reads a pipe until `text` was seen or the time is up; returns what was read."""
    os.set_blocking(stream.fileno(), False)
    read, end = "", time.monotonic() + seconds
    while text not in read and time.monotonic() < end:
        try:
            piece = os.read(stream.fileno(), 65536)
            if not piece:
                break
            read += piece.decode(errors="replace")
        except BlockingIOError:
            time.sleep(0.02)
    return read


def end(process):
    """Ends a client that was started to run on, and closes its pipes."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()


def manifest(name):
    return str(pathlib.Path(__file__).resolve().parent / "manifests" / name)
