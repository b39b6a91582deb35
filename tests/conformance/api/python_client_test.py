"""Debian's python3-kubernetes against a served cluster: typed and dynamic clients, watch, exec."""
import sys
import unittest

import served

try:
    import yaml
    from kubernetes import client, config, dynamic, utils, watch
    from kubernetes.client.rest import ApiException
    from kubernetes.stream import stream
except ImportError as e:
    served.skip(f"{e}; install it with scripts/setup (Debian's python3-kubernetes)")

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "box"},
       "spec": {"containers": [{"name": "c", "image": "demo/web:1"}]}}


class PythonClient(unittest.TestCase):
    served = None

    @classmethod
    def setUpClass(cls):
        config.load_kube_config(str(cls.served.kubeconfig))
        cls.core = client.CoreV1Api()
        cls.apps = client.AppsV1Api()

    def setUp(self):
        self.ns = self.id().rsplit(".", 1)[-1].replace("_", "-")[:50]
        self.core.create_namespace({"metadata": {"name": self.ns}})
        for _ in range(100):
            if self.core.list_namespaced_service_account(self.ns).items:
                break

    def test_version_and_discovery(self):
        self.assertEqual("36", client.VersionApi().get_code().minor)
        groups = [group.name for group in client.ApisApi().get_api_versions().groups]
        self.assertIn("apps", groups)

    def test_objects_live_from_create_to_delete(self):
        self.core.create_namespaced_config_map(
            self.ns, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="c", labels={"a": "b"}),
                                        data={"k": "v"}))
        self.assertEqual({"k": "v"}, self.core.read_namespaced_config_map("c", self.ns).data)
        patched = self.core.patch_namespaced_config_map("c", self.ns, {"data": {"l": "w"}})
        self.assertEqual({"k": "v", "l": "w"}, patched.data)
        patched.data = {"only": "this"}
        self.assertEqual({"only": "this"},
                         self.core.replace_namespaced_config_map("c", self.ns, patched).data)
        patched.metadata.resource_version = "1"
        with self.assertRaises(ApiException) as conflict:
            self.core.replace_namespaced_config_map("c", self.ns, patched)
        self.assertEqual(409, conflict.exception.status)
        listed = self.core.list_namespaced_config_map(self.ns, label_selector="a=b")
        self.assertEqual(["c"], [item.metadata.name for item in listed.items])
        self.assertEqual("Success", self.core.delete_namespaced_config_map("c", self.ns).status)
        with self.assertRaises(ApiException) as missing:
            self.core.read_namespaced_config_map("c", self.ns)
        self.assertEqual(404, missing.exception.status)

    def test_lists_come_in_pages(self):
        for i in range(5):
            self.core.create_namespaced_config_map(self.ns, {"metadata": {"name": f"c{i}"}})
        names, token = [], None
        while token != "":
            page = self.core.list_namespaced_config_map(self.ns, limit=2, _continue=token)
            self.assertLessEqual(len(page.items), 2)
            names += [item.metadata.name for item in page.items]
            token = page.metadata._continue or ""
        self.assertEqual([f"c{i}" for i in range(5)], [n for n in names if n.startswith("c")])

    def test_a_watch_tells_what_happens(self):
        self.core.create_namespaced_config_map(self.ns, {"metadata": {"name": "first"}})
        seen, watching = [], watch.Watch()
        for event in watching.stream(self.core.list_namespaced_config_map, self.ns,
                                     timeout_seconds=600):
            name = event["object"].metadata.name
            if name not in ("first", "second"):
                continue
            seen.append((event["type"], name))
            if len(seen) == 1:
                self.core.create_namespaced_config_map(self.ns, {"metadata": {"name": "second"}})
            elif len(seen) == 2:
                self.core.delete_namespaced_config_map("second", self.ns)
            else:
                watching.stop()
        self.assertEqual([("ADDED", "first"), ("ADDED", "second"), ("DELETED", "second")], seen)

    def test_manifests_become_pods(self):
        with open(served.HERE / "manifests" / "web.yaml", encoding="utf-8") as file:
            for document in yaml.safe_load_all(file):
                utils.create_from_dict(client.ApiClient(), document, namespace=self.ns)
        watching = watch.Watch()
        for event in watching.stream(self.apps.list_namespaced_deployment, self.ns,
                                     timeout_seconds=600):
            if (event["object"].status.ready_replicas or 0) == 2:
                watching.stop()
        pods = self.core.list_namespaced_pod(self.ns, field_selector="status.phase=Running")
        self.assertEqual(2, len(pods.items))
        scale = self.apps.patch_namespaced_deployment_scale("web", self.ns,
                                                            {"spec": {"replicas": 3}})
        self.assertEqual(3, scale.spec.replicas)

    def test_exec_and_logs_of_a_pod(self):
        self.core.create_namespaced_pod(self.ns, POD)
        watching = watch.Watch()
        for event in watching.stream(self.core.list_namespaced_pod, self.ns, timeout_seconds=600):
            if event["object"].status.phase == "Running":
                watching.stop()
        connect = self.core.connect_get_namespaced_pod_exec
        said = stream(connect, "box", self.ns, command=["echo", "hello"], stdout=True, stderr=True,
                      stdin=False, tty=False)
        self.assertEqual("hello\n", said)
        shell = stream(connect, "box", self.ns, command=["sh"], stdout=True, stderr=True,
                       stdin=True, tty=False, _preload_content=False)
        shell.write_stdin("echo from a shell; exit 5\n")
        shell.run_forever(timeout=10)
        self.assertIn("from a shell", shell.read_stdout())
        self.assertEqual(5, shell.returncode)
        self.assertTrue(self.core.read_namespaced_pod_log("box", self.ns, tail_lines=1))

    def test_the_dynamic_client_finds_kinds_by_itself(self):
        found = dynamic.DynamicClient(client.ApiClient(configuration=None))
        maps = found.resources.get(api_version="v1", kind="ConfigMap")
        maps.create(body={"metadata": {"name": "d"}, "data": {"k": "v"}}, namespace=self.ns)
        self.assertEqual("v", maps.get(name="d", namespace=self.ns).data.k)
        maps.patch(body={"data": {"k": "w"}}, name="d", namespace=self.ns,
                   content_type="application/merge-patch+json")
        # Its own server_side_apply() refuses to send a dict as apply-patch+yaml; text it sends.
        applied = maps.patch(
            body="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e}\ndata: {x: text}\n",
            name="e", namespace=self.ns, field_manager="python",
            content_type="application/apply-patch+yaml")
        self.assertEqual("text", applied.data.x)
        deployments = found.resources.get(api_version="apps/v1", kind="Deployment")
        self.assertEqual([], deployments.get(namespace=self.ns).items)
        maps.delete(name="d", namespace=self.ns)


def main():
    PythonClient.served = served.Served()
    try:
        program = unittest.main(argv=sys.argv, exit=False, verbosity=2)
    finally:
        PythonClient.served.stop()
    sys.exit(0 if program.result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
