#!/usr/bin/env python3
"""Checks what the house style asks of the tree: layers, banned words, sizes, names and texts.

Prints `file:line: rule: message` for each breach and a summary; exits 1 if there was any.
"""

import argparse
import os
import sys

import includes
import sizes
import texts
import words
from source import Tree

CHECKS = (includes.check, words.check, sizes.check, texts.check)
# Rules about a whole file or folder: no comment on a line exempts from them.
WHOLE_FILE_RULES = {"file-size", "readme", "vague-name", "header-comment", "pragma-once",
                    "exemption-why"}


def examine(tree):
    """All findings, sorted, and the exemptions that were made use of as (path, line)."""
    findings, used = set(), set()
    for check in CHECKS:
        for finding in check(tree):
            source = tree.by_path.get(finding.path)
            if (source and finding.rule not in WHOLE_FILE_RULES
                    and source.exemptions.get(finding.line)):
                used.add((finding.path, finding.line))
            else:
                findings.add(finding)
    return sorted(findings), sorted(used)


def main(arguments=None):
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(here)),
                        help="the tree to check (default: the one this program lies in)")
    parser.add_argument("--exemptions", action="store_true", help="list each exempted line")
    options = parser.parse_args(arguments)

    tree = Tree(options.root)
    findings, used = examine(tree)
    for finding in findings:
        print(finding)
    if options.exemptions:
        for path, line in used:
            print(f"{path}:{line}: exempt: {tree.by_path[path].exemptions[line]}")
    print(f"tidy: {sizes.summary(tree)}")
    print(f"tidy: {len(used)} exempted lines, {len(findings)} breaches")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
