"""What files are called, how they open, and what their text must not hold (STYLE 1.1 to 1.8)."""

import re

from source import Finding

README_LINES_MAX = 40
HEADER_COMMENT_LINES_MAX = 20  # two to six lines, and room for the diagram of a state machine
VAGUE_NAMES = {"util", "utils", "utility", "utilities", "common", "misc", "helper", "helpers",
               "manager", "managers"}

# A folder with one of these below it, at this depth, carries a README.md.
_DOCUMENTED = re.compile(r"^(?:core|sim|live|gui|cli|scenarios|scripts|tests|docs|results)$"
                         r"|^(?:core|sim|live|gui)/[^/]+$")
_BANNER = re.compile(r"^\s*(?://|#)\s*([-=*#~/_])\1{3,}")
_BANNER_BLOCK = re.compile(r"^\s*/\*[*=-]{3,}")
_AUTHOR = re.compile(r"^\s*(?://|#|\*)\s*@?(?:author|created(?: on| by)?|date)\s*:", re.IGNORECASE)
_MACHINE_PATH = re.compile(r"(?<![\w.}\])*-])/(?:home|root|Users|work)/[\w.]")
_DATA_SUFFIXES = (".yaml", ".yml", ".json", ".jsonl", ".csv", ".ndjson")


def _names(tree):
    seen = set()
    for path in tree.paths:
        parts = path.split("/")
        for depth, part in enumerate(parts, 1):
            place = "/".join(parts[:depth])
            words = re.split(r"[_\-.]", part.lower())
            if place in seen or not VAGUE_NAMES.intersection(words):
                continue
            seen.add(place)
            yield Finding(place, 1, "vague-name", "name the thing it holds")


def _readmes(tree):
    folders = {}
    for path in tree.paths:
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            folders[folder] = folders.get(folder, False) or depth == len(parts)
    for folder, holds_files in sorted(folders.items()):
        if not holds_files or not _DOCUMENTED.match(folder):
            continue
        readme = tree.by_path.get(folder + "/README.md")
        if readme is None:
            yield Finding(folder + "/README.md", 1, "readme",
                          "missing: what it is, its diagram, who calls it, what it must never do")
        elif len(readme.lines) > README_LINES_MAX:
            yield Finding(readme.path, README_LINES_MAX + 1, "readme",
                          f"{len(readme.lines)} lines; at most {README_LINES_MAX}")


def _opening(source):
    """How many comment lines a header opens with."""
    count = 0
    for line in source.lines:
        if not line.startswith("//"):
            break
        count += 1
    return count


def _header(source):
    if not re.search(r"^#pragma once$", source.text, re.MULTILINE):
        yield Finding(source.path, 1, "pragma-once", "a header says #pragma once")
    lines = _opening(source)
    if lines == 0:
        yield Finding(source.path, 1, "header-comment",
                      "opens with two to six lines: what it is, who calls it, the caller's rule")
    elif lines > HEADER_COMMENT_LINES_MAX:
        yield Finding(source.path, 1, "header-comment",
                      f"{lines} lines; the folder's README or docs/ has room for more")


def _lines(source):
    opening = _opening(source) if source.is_header else 0
    is_data = source.name.endswith(_DATA_SUFFIXES)
    for number, line in enumerate(source.lines, 1):
        if source.is_source and number > opening:
            if _BANNER.match(line) or _BANNER_BLOCK.match(line):
                yield Finding(source.path, number, "banner", "no banner comments")
            if _AUTHOR.match(line):
                yield Finding(source.path, number, "banner", "no author or date lines: git knows")
        if not is_data and "/" in line and _MACHINE_PATH.search(line):
            yield Finding(source.path, number, "machine-path", "a path of one machine")


def _exemptions(source):
    for number, why in source.exemptions.items():
        if not why:
            yield Finding(source.path, number, "exemption-why", "`tidy:` says why")


def check(tree):
    yield from _names(tree)
    yield from _readmes(tree)
    for source in tree.sources:
        if source.is_header:
            yield from _header(source)
        if source.is_source or source.name.endswith(".md") or source.name.endswith(_DATA_SUFFIXES):
            yield from _lines(source)
        if source.is_source:
            yield from _exemptions(source)
