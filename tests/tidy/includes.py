"""Who may include whom: the table of ARCHITECTURE.md, section 1, read from every include line."""

import re

from source import Finding

_CONTROL_LOOPS = ["core/base", "core/runtime", "core/api", "core/ports", "core/client"]
_SERVICES = ["core/base", "core/runtime", "core/api", "core/ports"]

# Folder -> what it may include beside itself. A folder that is not here may include anything.
LAYERS = {
    "core/base": [],
    "core/runtime": ["core/base"],
    "core/api": ["core/base"],
    # The seam's signatures name a task, a loop and an environment: nothing else of runtime.
    "core/ports": ["core/base", "core/api", "core/runtime/task.h", "core/runtime/event_loop.h",
                   "core/runtime/env.h"],
    "core/store": _SERVICES,
    "core/client": _SERVICES,
    "core/results": _SERVICES,
    "core/apiserver": _SERVICES + ["core/store", "core/client", "core/results"],
    "core/controller": _CONTROL_LOOPS,
    "core/scheduler": _CONTROL_LOOPS,
    "core/kubelet": _CONTROL_LOOPS,
    "core/network": _CONTROL_LOOPS,
    "sim": ["core"],
    "live": ["core"],
    "gui": _CONTROL_LOOPS + ["core/results"],
}
FREE_FILES = {"gui/main.cpp"}
PROJECT_FOLDERS = ("core", "sim", "live", "gui", "cli", "tests", "docs")

# What reaches out of the process: only live/ (and cli/, gui/, tests/) may.
_OUTSIDE = re.compile(
    r"^(sys/|netinet/|arpa/|net/|linux/|unistd\.h|fcntl\.h|poll\.h|pthread\.h|signal\.h|netdb\.h"
    r"|boost/(asio|beast|thread|process)|sqlite3\.h|grpc|openssl/|nghttp2/)")
_STANDARD = re.compile(r"^[a-z_0-9]+$")
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def layer_of(path):
    """The folder of LAYERS that holds this file, or None."""
    parts = path.split("/")
    for depth in (2, 1):
        folder = "/".join(parts[:depth])
        if len(parts) > depth and folder in LAYERS:
            return folder
    return None


def _is_below(path, prefix):
    return path == prefix or path.startswith(prefix + "/")


def _check_project(source, line, target, tree):
    if target.endswith((".moc", ".pb.h")):
        return
    if target.split("/")[0] not in PROJECT_FOLDERS or "/" not in target:
        yield Finding(source.path, line, "include-path",
                      f'"{target}" is not a path from the root; third-party headers take <>')
        return
    if target not in tree.by_path:
        yield Finding(source.path, line, "include-path", f'"{target}" does not exist')
    layer = layer_of(source.path)
    if layer is None or source.path in FREE_FILES:
        return
    if not any(_is_below(target, allowed) for allowed in [layer] + LAYERS[layer]):
        may = ", ".join(LAYERS[layer]) or "nothing but the standard library"
        yield Finding(source.path, line, "include-layer",
                      f"{layer} may not include {target}; it may include {may}")


def _check_third_party(source, line, target):
    layer = layer_of(source.path) or ""
    if target == "nlohmann/json.hpp" and source.is_header:
        yield Finding(source.path, line, "include-json",
                      "costs 13 s a source file: <nlohmann/json_fwd.hpp> in headers")
    if layer in ("core/base", "core/runtime"):
        if target.startswith("fmt/") and not source.is_header:
            return
        if not _STANDARD.match(target):
            yield Finding(source.path, line, "include-layer",
                          f"{layer} uses std only (and fmt in .cpp), not <{target}>")
    elif layer.startswith("core/") or layer == "sim":
        if _OUTSIDE.match(target):
            yield Finding(source.path, line, "include-layer",
                          f"<{target}> reaches the machine: that comes through core/ports/")
    is_qt = re.match(r"^(Q[A-Z]|Qt[A-Z]\w*/)", target)
    if is_qt and layer and layer != "gui":
        yield Finding(source.path, line, "include-layer", f"<{target}>: Qt is for gui/ only")


def check(tree):
    for source in tree.sources:
        if not source.is_cpp:
            continue
        own = re.sub(r"\.(cpp|cc)$", ".h", source.path)
        first = True
        for match in _INCLUDE.finditer(source.text):
            if source.code[match.start():match.end()].strip() == "":
                continue  # within a comment
            line, target = source.line_at(match.start(1)), match[2]
            if match[1] == '"':
                yield from _check_project(source, line, target, tree)
            else:
                yield from _check_third_party(source, line, target)
            if first and own != source.path and own in tree.by_path and target != own:
                yield Finding(source.path, line, "include-own-first",
                              f'"{own}" comes before all other includes')
            first = False
