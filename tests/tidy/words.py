"""Words that do not pass in core/ and sim/: STYLE 4.1, what would make two runs differ."""

import os
import re

from source import Finding

_LIBM = ("exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|"
         "cbrt|hypot|erf|erfc|tgamma|lgamma")
_CLOCK = "core is told the time (EventLoop::now)"
_DRAW = "draw from a named stream (core/base/random.h)"
_THREAD = "a world has one thread; live threads post to the loop's mailbox"
_MATHS = "libm differs between machines: exact_exp, exact_log (core/base/random.h)"

_BANNED = [
    (r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock|file_clock)\b", _CLOCK),
    (r"\b(?:gettimeofday|clock_gettime|timespec_get)\b", _CLOCK),
    (r"\bstd::time\s*\(|(?<![\w.>:])(?:::)?time\s*\(\s*(?:NULL|nullptr|0|&)", _CLOCK),
    (r"\b[sd]?rand(?:_r|48)?\s*\(|\brandom_device\b|\bmt19937(?:_64)?\b|\b\w+_distribution\s*[<({]",
     _DRAW),
    (r"#\s*include\s*<random>", _DRAW),
    (r"\b(?:j?thread|this_thread|thread_local|pthread_\w+)\b", _THREAD),
    (r"\b\w*mutex\b|\b(?:lock_guard|unique_lock|scoped_lock)\b|\bcondition_variable\w*\b",
     _THREAD),
    (r"\batomic(?:_\w+)?\b", _THREAD),
    (r"\basync\b|\bstd::(?:promise|packaged_task|future)\b|#\s*include\s*<future>", _THREAD),
    (r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b", "wait with EventLoop::after"),
    (r"\b(?:secure_)?getenv\b", "settings come in by constructor"),
    (r"\bis_simulated\b", "core never asks where it runs"),
    (rf"(?:\bstd|(?<![\w:]))::(?:{_LIBM})[fl]?\s*\(", _MATHS),
    (r"(?<![\w.>:~&*])(?<!\w )(?:exp|pow|sin|cos|tan|atan2|log2|log10|log1p|hypot)[fl]?\s*\(",
     _MATHS),
]
BANNED = [(re.compile(pattern), why) for pattern, why in _BANNED]
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _BANNED))

_UNORDERED = re.compile(r"\bunordered_(?:multi)?(?:map|set)\s*<")
_ALIAS_BEFORE = re.compile(r"\busing\s+(\w+)\s*=\s*(?:std::)?$")
_NAME_AFTER = re.compile(r"\s*(?:const\b)?[&*\s]*(\w+)\s*[;={,)(]")
_FOR = re.compile(r"\bfor\s*\(")
_LAST_NAME = re.compile(r"(\w+)\s*$")


def is_deterministic_side(path):
    return path.startswith(("core/", "sim/"))


def _banned_words(source):
    if not _ANY.search(source.code):
        return
    for number, line in enumerate(source.code_lines, 1):
        if not _ANY.search(line):
            continue
        for pattern, why in BANNED:
            match = pattern.search(line)
            if match:
                word = re.sub(r"[\s(<{]+$", "", match[0])
                yield Finding(source.path, number, "banned-word", f"`{word}`: {why}")


def _close(code, at, opening, closing):
    """The offset of what closes the bracket at `at`; len(code) if nothing does."""
    depth = 0
    for i in range(at, len(code)):
        if code[i] == opening:
            depth += 1
        elif code[i] == closing and code[i - 1] != "-":
            depth -= 1
            if depth == 0:
                return i
    return len(code)


def unordered_names(code):
    """Names of variables and members declared as unordered containers, directly or by an alias."""
    names, aliases = set(), set()
    for match in _UNORDERED.finditer(code):
        alias = _ALIAS_BEFORE.search(code[max(0, match.start() - 80):match.start()])
        if alias:
            aliases.add(alias[1])
            continue
        end = _close(code, match.end() - 1, "<", ">")
        name = _NAME_AFTER.match(code, end + 1)
        if name:
            names.add(name[1])
    for alias in aliases:
        names.update(m[1] for m in re.finditer(rf"\b{alias}\b[&*\s]+(\w+)\s*[;={{,)(]", code))
    return names


def _range_of(inner):
    """The range of a range-for's parentheses; None for a plain for."""
    if ";" in re.sub(r"\{[^{}]*\}", "", inner).rstrip():
        inner = inner.rpartition(";")[2]
    parts = re.split(r"(?<!:):(?!:)", inner, maxsplit=1)
    return parts[1] if len(parts) == 2 else None


def _unordered_iteration(source, tree):
    stem = os.path.splitext(source.path)[0]
    pair = [tree.by_path[p] for p in (stem + ".h", stem + ".cpp") if p in tree.by_path]
    if not any("unordered_" in s.text for s in pair):
        return
    names = set().union(*(unordered_names(s.code) for s in pair))
    if not names:
        return
    code, message = source.code, "`{}` has no order that two runs share: sort, or use std::map"
    for match in _FOR.finditer(code):
        inner = code[match.end():_close(code, match.end() - 1, "(", ")")]
        name = _LAST_NAME.search(_range_of(inner) or "")
        if name and name[1] in names:
            yield Finding(source.path, source.line_at(match.start()), "unordered-iteration",
                          message.format(name[1]))
    for match in re.finditer(r"\b(\w+)\s*(?:\.|->)\s*c?begin\s*\(", code):
        if match[1] in names:
            yield Finding(source.path, source.line_at(match.start()), "unordered-iteration",
                          message.format(match[1]))


def check(tree):
    for source in tree.sources:
        if source.is_cpp and is_deterministic_side(source.path):
            yield from _banned_words(source)
            yield from _unordered_iteration(source, tree)
