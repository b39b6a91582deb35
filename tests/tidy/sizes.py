"""Sizes: files, functions, columns (STYLE 1.2), and the shares that the summary prints."""

import ast
import re

from functions import functions_of
from source import Finding

FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100


def _python_functions(source):
    try:
        parsed = ast.parse(source.text)
    except SyntaxError as error:
        yield Finding(source.path, error.lineno or 1, "python", f"does not parse: {error.msg}")
        return
    for node in ast.walk(parsed):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield _too_long(source.path, node.lineno, node.name, length)


def _too_long(path, line, name, length):
    return Finding(path, line, "function-size",
                   f"{name} has {length} lines; at most {FUNCTION_LINES_MAX}: split it")


def _columns(source):
    data = source.raw_string_lines if source.is_cpp else ()
    if source.name == "CMakeLists.txt":
        return  # lists of files, which read better one folder a line
    for number, line in enumerate(source.lines, 1):
        if len(line) <= COLUMNS_MAX or number in data:
            continue
        if "://" in line or re.match(r"\s*#\s*include", line):
            continue  # cannot be broken
        yield Finding(source.path, number, "columns", f"{len(line)} columns; at most {COLUMNS_MAX}")


def check(tree):
    for source in tree.sources:
        if not source.is_source:
            continue
        if len(source.lines) > FILE_LINES_MAX:
            yield Finding(source.path, FILE_LINES_MAX + 1, "file-size",
                          f"{len(source.lines)} lines; at most {FILE_LINES_MAX}: split it")
        yield from _columns(source)
        if source.is_python:
            yield from _python_functions(source)
        elif source.is_cpp:
            for function in functions_of(source):
                if function.length > FUNCTION_LINES_MAX:
                    yield _too_long(source.path, function.line, function.name, function.length)


def summary(tree):
    """One line about the sizes of all source files, beside the shares that STYLE 1.2 aims at."""
    sizes = [len(s.lines) for s in tree.sources if s.is_source]
    if not sizes:
        return "no source files"
    share = {n: 100 * sum(size < n for size in sizes) / len(sizes) for n in (150, 400)}
    largest = max((s for s in tree.sources if s.is_source), key=lambda s: len(s.lines))
    return (f"{len(sizes)} source files, {sum(sizes)} lines: {share[150]:.0f} % under 150 lines "
            f"(aim 50), {share[400]:.0f} % under 400 (aim 90), largest {largest.path} "
            f"({len(largest.lines)})")
