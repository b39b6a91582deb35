"""What tidy reads: the tracked and the new files of the tree, each with its text split up once.

Rules get a `Tree` of `Source`s and answer `Finding`s. A line with the comment `tidy: <why>` (or the
line below a comment that says only that) is exempt from the rules that speak about one line.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property

CPP_SUFFIXES = (".h", ".hpp", ".cpp", ".cc")
SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".cache"}

_TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>\bu?8?R"(?P<mark>[^\s()\\"]{0,16})\(.*?\)(?P=mark)")'
    r'|(?P<text>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')",
    re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One file: `text` as it is, `code` without comments and string contents, same line numbers."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.folder, _, self.name = path.rpartition("/")
        self.lines = text.split("\n")
        if self.lines and self.lines[-1] == "":
            self.lines.pop()
        self.first_line = self.lines[0] if self.lines else ""

    @property
    def is_header(self):
        return self.name.endswith((".h", ".hpp"))

    @property
    def is_cpp(self):
        return self.name.endswith(CPP_SUFFIXES)

    @property
    def is_python(self):
        return self.name.endswith(".py") or (
            self.first_line.startswith("#!") and "python" in self.first_line)

    @property
    def is_source(self):
        """Written by hand for a machine: what the size and column rules are for."""
        return (self.is_cpp or self.is_python or self.name.endswith((".sh", ".cmake"))
                or self.name == "CMakeLists.txt" or self.first_line.startswith("#!"))

    @cached_property
    def _split(self):
        raw_lines, comments, starts = set(), [], self.line_starts

        def replace(match):
            if match["comment"] is not None:
                comments.append(match.start())
                return _blank(match[0])
            if match["raw"] is not None:
                first = self._line_at(match.start(), starts)
                raw_lines.update(range(first + 1, first + match[0].count("\n") + 1))
                return '""' + _blank(match[0])[2:]
            return match[0][0] + _blank(match[0][1:-1]) + match[0][-1]

        return _TOKEN.sub(replace, self.text), raw_lines

    @cached_property
    def line_starts(self):
        return [0] + [m.end() for m in re.finditer("\n", self.text)]

    @staticmethod
    def _line_at(offset, starts):
        import bisect
        return bisect.bisect_right(starts, offset)

    def line_at(self, offset):
        """The number of the line at this offset, from 1."""
        return self._line_at(offset, self.line_starts)

    @property
    def code(self):
        return self._split[0]

    @cached_property
    def code_lines(self):
        return self.code.split("\n")

    @cached_property
    def code_without_directives(self):
        return _DIRECTIVE.sub(lambda m: _blank(m[0]), self.code)

    @property
    def raw_string_lines(self):
        """Lines within a raw string literal, its first line aside: data, not code."""
        return self._split[1]

    @cached_property
    def exemptions(self):
        """line -> why, for each line that a `tidy:` comment exempts."""
        mark = r"//" if self.is_cpp else r"#"
        found = {}
        if "tidy:" not in self.text:
            return found
        for number, line in enumerate(self.lines, 1):
            match = re.search(mark + r"\s*tidy:\s*(.*?)\s*$", line)
            if not match:
                continue
            alone = line[:match.start()].strip() == ""
            found[number + 1 if alone else number] = match[1]
        return found


class Tree:
    """All files below `root` that git would keep, by path from the root."""

    def __init__(self, root):
        self.root = root
        self.paths = sorted(set(_paths(root)))
        self.sources = [Source(p, t) for p, t in ((p, self._read(p)) for p in self.paths)
                        if t is not None]
        self.by_path = {s.path: s for s in self.sources}

    def _read(self, path):
        full = os.path.join(self.root, path)
        if not os.path.isfile(full) or os.path.getsize(full) > 2_000_000:
            return None
        try:
            with open(full, encoding="utf-8", newline="\n") as file:
                return file.read()
        except UnicodeDecodeError:
            return None  # a picture or another binary file


def _paths(root):
    if os.path.exists(os.path.join(root, ".git")):
        listed = subprocess.run(
            ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True, check=False)
        if listed.returncode == 0:
            return [p for p in listed.stdout.decode().split("\0") if p]
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        found += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return found
