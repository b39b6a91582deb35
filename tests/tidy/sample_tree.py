"""Small trees in a temporary folder, for tidy's own tests."""

import os
import tempfile

import tidy
from source import Tree

# What the samples include; each folder documented, so that only the sample itself can be wrong.
_AROUND = ["core/base/x.h", "core/runtime/x.h", "core/runtime/metrics.h", "core/runtime/env.h",
           "core/runtime/event_loop.h", "core/api/x.h", "core/store/x.h", "core/client/x.h",
           "core/apiserver/x.h", "core/scheduler/x.h", "core/network/x.h", "sim/x.h", "live/x.h"]


def header(body):
    """A header that opens as the house style asks."""
    return "// What it is. Who calls it.\n#pragma once\n\n" + body


def tree_of(files, own_readmes=False):
    """A Tree of `files` (path -> text) with the headers and the READMEs that samples stand on."""
    everything = {path: header("") for path in _AROUND}
    everything.update(files)
    if not own_readmes:
        for path in list(everything):
            parts = path.split("/")
            for depth in range(1, len(parts)):
                everything.setdefault("/".join(parts[:depth]) + "/README.md", "# A folder\n")
    with tempfile.TemporaryDirectory() as root:
        for path, text in everything.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        return Tree(root)


def findings_in(files, own_readmes=False):
    return tidy.examine(tree_of(files, own_readmes))[0]


def rules_in(files, own_readmes=False):
    """(rule, line) of each finding in the files given."""
    return [(f.rule, f.line) for f in findings_in(files, own_readmes)
            if f.path in files or own_readmes or f.rule == "vague-name"]
