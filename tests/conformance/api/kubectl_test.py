"""kubectl of one version against a served cluster: kubectl_test.py v28|v32|v35 [TEST...]."""
import sys
import unittest

import command_case
import served
from kubectl_reading import Reading
from kubectl_streams import Streams
from kubectl_workloads import Workloads
from kubectl_writing import Writing

__all__ = ["Reading", "Streams", "Workloads", "Writing"]


def main():
    version = sys.argv[1]
    case = command_case.CommandCase
    case.tool = served.client(f"kubectl-{version}", "kubectl", "kubectl")
    case.version = int(version[1:])
    case.served = served.Served()
    try:
        program = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], exit=False, verbosity=2)
    finally:
        code = case.served.stop()
    if code != 0:
        print(f"the server ended with {code}")
    sys.exit(0 if program.result.wasSuccessful() and code == 0 else 1)


if __name__ == "__main__":
    main()
