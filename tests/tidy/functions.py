"""Finds C++ functions and their lengths by matching braces: good enough for clang-formatted code.

A brace is a scope (namespace, class), a function, or data. Lambdas count with the function around
them; initialiser tables and raw strings inside a function are data and do not count.
"""

import re
from dataclasses import dataclass

_BRACE = re.compile(r"[{};]")
_QUALIFIERS = r"(?:\s|const\b|noexcept\b(?:\s*\([^()]*\))?|override\b|final\b|mutable\b|&)*"
_FUNCTION_HEAD = re.compile(rf"\){_QUALIFIERS}(?:->[^;{{}}()=]*(?:\([^()]*\))?[^;{{}}()=]*)?$")
_CONSTRUCTOR_HEAD = re.compile(r"\)\s*(?:noexcept\s*)?:[^:].*[)}]\s*$", re.DOTALL)
_LAMBDA_HEAD = re.compile(r"\[[^\[\]]*\]\s*$")
_SCOPE_HEAD = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")
_ACCESS = re.compile(r"\s*(?:(?:public|private|protected)\s*:(?!:)\s*)*")
_NAME = re.compile(r"([\w:~]+(?:\s*operator\s*\S{1,3})?)\s*\(")

SCOPE, FUNCTION, DATA = "scope", "function", "data"


@dataclass
class _Block:
    kind: str
    head_start: int
    opened: int
    resume_head: int  # where the head around goes on when this block is data


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    length: int


def _kind(head, around):
    text = head.rstrip()
    if around == DATA:
        is_lambda = _LAMBDA_HEAD.search(text) or ("[" in text and _FUNCTION_HEAD.search(text))
        return FUNCTION if is_lambda else DATA
    if _FUNCTION_HEAD.search(text) or _CONSTRUCTOR_HEAD.search(text) or _LAMBDA_HEAD.search(text):
        return FUNCTION
    return SCOPE if _SCOPE_HEAD.search(text) and not text.endswith("=") else DATA


def _name_of(head):
    match = _NAME.search(head)
    return match[1] if match else "lambda"


def _body_end(code, opened):
    """Offset of the brace that closes the one at `opened`, and the data blocks `= {...}` within."""
    depth, data, data_start, data_depth = 0, [], None, 0
    for match in re.compile(r"[{}]").finditer(code, opened):
        at = match.start()
        if match[0] == "{":
            if data_start is None and depth > 0 and code[:at].rstrip().endswith("="):
                data_start, data_depth = at, depth
            depth += 1
            continue
        depth -= 1
        if data_start is not None and depth == data_depth:
            data.append((data_start, at))
            data_start = None
        if depth == 0:
            return at, data
    return len(code) - 1, data


def _measure(source, head_start, opened):
    code = source.code_without_directives
    end, data = _body_end(code, opened)
    first, last = source.line_at(head_start), source.line_at(end)
    skipped = {n for n in source.raw_string_lines if first <= n <= last}
    for start, stop in data:
        skipped.update(range(source.line_at(start) + 1, source.line_at(stop) + 1))
    function = Function(_name_of(code[head_start:opened]), first, last - first + 1 - len(skipped))
    return function, end


def functions_of(source):
    """All functions at namespace and class scope, in order."""
    code = source.code_without_directives
    blocks, found, head, at = [], [], 0, 0
    while match := _BRACE.search(code, at):
        at = match.end()
        around = blocks[-1].kind if blocks else SCOPE
        if match[0] == ";":
            head = at
        elif match[0] == "{":
            head_start = _ACCESS.match(code, head).end()
            kind = _kind(code[head_start:match.start()], around)
            if kind == FUNCTION and around == DATA:
                head_start = code.rindex("[", head_start, match.start())
            if kind == FUNCTION:
                function, end = _measure(source, head_start, match.start())
                found.append(function)
                head = at = end + 1
                continue
            blocks.append(_Block(kind, head_start, match.start(), head))
            head = at
        elif blocks:
            block = blocks.pop()
            outer = blocks[-1].kind if blocks else SCOPE
            head = block.resume_head if block.kind == DATA and outer == SCOPE else at
        else:
            head = at
    return found
