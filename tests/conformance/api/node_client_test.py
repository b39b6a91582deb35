"""npm's @kubernetes/client-node against a served cluster: runs node_client.mjs."""
import shutil
import subprocess
import sys

import served


def main():
    folder = served.client("client-node-1.4.0", "node_modules")
    if not shutil.which("node"):
        served.skip("there is no node; install it with scripts/setup")
    cluster = served.Served()
    try:
        done = subprocess.run(["node", str(served.HERE / "node_client.mjs"), folder],
                              env=cluster.environment(), check=False, timeout=200)
    finally:
        cluster.stop()
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
