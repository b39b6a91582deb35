"""What kubectl writes: create of every typed kind, apply, edit, patch, replace, delete, ..."""
import json
import os

from command_case import CommandCase, manifest

# kubectl create: the command, the object it makes, and where it is not in the namespace its scope.
CREATED = {
    "configmap c1 --from-literal=k=v": "configmap/c1",
    "secret generic s1 --from-literal=p=q": "secret/s1",
    "secret docker-registry s2 --docker-username=u --docker-password=p --docker-email=e":
        "secret/s2",
    "serviceaccount sa1": "serviceaccount/sa1",
    "deployment d1 --image=demo/web:1 --replicas=2 --port=80": "deployment.apps/d1",
    "job j1 --image=demo/job:1": "job.batch/j1",
    "cronjob cj1 --image=demo/job:1 --schedule='*/5 * * * *'": "cronjob.batch/cj1",
    "job j2 --from=cronjob/cj1": "job.batch/j2",
    "service clusterip svc1 --tcp=80:8080": "service/svc1",
    "service nodeport svc2 --tcp=80": "service/svc2",
    "service loadbalancer svc3 --tcp=80": "service/svc3",
    "service externalname svc4 --external-name=example.org": "service/svc4",
    "ingress i1 --rule='a.b/*=svc1:80'": "ingress.networking.k8s.io/i1",
    "role r1 --verb=get,list --resource=pods,deployments.apps":
        "role.rbac.authorization.k8s.io/r1",
    "rolebinding rb1 --role=r1 --user=alice": "rolebinding.rbac.authorization.k8s.io/rb1",
    "quota q1 --hard=pods=20,configmaps=50": "resourcequota/q1",
    "poddisruptionbudget p1 --selector=app=d1 --min-available=1": "poddisruptionbudget.policy/p1",
    "clusterrole NS-cr --verb=get --resource=nodes": "clusterrole.rbac.authorization.k8s.io/NS-cr",
    "clusterrolebinding NS-crb --clusterrole=NS-cr --group=devs":
        "clusterrolebinding.rbac.authorization.k8s.io/NS-crb",
    "priorityclass NS-pc --value=7 --description=d": "priorityclass.scheduling.k8s.io/NS-pc",
    "namespace NS-other": "namespace/NS-other",
}


class Writing(CommandCase):
    def test_create(self):
        for command, made in CREATED.items():
            made = made.replace("NS", self.ns)
            command = "create " + command.replace("NS", self.ns)
            self.run_ok(command + " --dry-run=server", has=made + " created (server dry run)")
            self.run_ok(command, has=made + " created")
            self.run_ok("get " + made + " -o name", has=made)
        self.run_with(1, "create configmap c1", err='configmaps "c1" already exists')
        self.run_with(1, "create configmap A_b", err=["ConfigMap \"A_b\" is invalid",
                                                      "RFC 1123 subdomain"])
        self.run_ok("create -f " + manifest("web.yaml"), has="deployment.apps/web created")
        self.run_with(1, "create -f - --validate=strict", err='unknown field "foo"',
                      stdin="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nfoo: 1\n")
        self.run_ok("create -f - --validate=warn", err='unknown field "foo"', has="created",
                    stdin="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nfoo: 1\n")
        for kind in ("clusterrole/{}-cr", "clusterrolebinding/{}-crb", "priorityclass/{}-pc",
                     "namespace/{}-other"):
            self.run_ok("delete " + kind.format(self.ns), has="deleted")

    def test_apply(self):
        self.run_ok("apply -f " + manifest("web.yaml"), has=[
            "deployment.apps/web created", "service/web created", "configmap/conf created"])
        self.run_ok("apply -f " + manifest("web.yaml"), has=[
            "deployment.apps/web unchanged", "configmap/conf unchanged"])
        self.run_with(1, "diff -f " + manifest("web2.yaml"), has=[
            "-      - image: demo/web:1", "+      - image: demo/web:2", "-  b: \"2\""])
        self.run_ok("diff -f " + manifest("web.yaml"), lacks="+")
        self.run_ok("apply --dry-run=server -f " + manifest("web2.yaml"),
                    has="deployment.apps/web configured (server dry run)")
        self.run_ok("apply -f " + manifest("web2.yaml"), has=[
            "deployment.apps/web configured", "service/web unchanged", "configmap/conf configured"])
        self.run_ok("get cm conf -o jsonpath={.data}", has='{"a":"9"}')
        self.run_ok("apply view-last-applied cm conf", has="a: \"9\"")
        self.run_ok("apply set-last-applied -f " + manifest("web.yaml"), has="configmap/conf")
        prune = ["apply", "--prune", "-l", "app=web", "--prune-allowlist=core/v1/ConfigMap",
                 "--prune-allowlist=core/v1/Service", "-f", self.write("one.yaml", (
                     "apiVersion: v1\nkind: ConfigMap\n"
                     "metadata: {name: only, labels: {app: web}}\ndata: {a: '1'}\n"))]
        self.run_ok(prune, has=["configmap/only created", "configmap/conf pruned",
                                "service/web pruned"])
        self.run_ok("get cm,svc -l app=web -o name", has="configmap/only", lacks="conf\n")

    def test_apply_on_the_server(self):
        self.run_ok("apply --server-side -f " + manifest("web.yaml"),
                    has="deployment.apps/web serverside-applied")
        self.run_ok("set image deployment/web c=demo/web:7", has="image updated")
        self.run_with(1, "apply --server-side -f " + manifest("web.yaml"), err=[
            'Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: '
            '.spec.template.spec.containers[name="c"].image'])
        self.run_with(1, "diff --server-side --force-conflicts -f " + manifest("web.yaml"),
                      has="+      - image: demo/web:1")
        self.run_ok("apply --server-side --force-conflicts -f " + manifest("web.yaml"),
                    has="serverside-applied")
        self.run_ok("apply --server-side --field-manager=other -f -", has="serverside-applied",
                    stdin="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n"
                          "data: {c: '3'}\n")
        self.run_ok("get cm conf -o jsonpath={.data}", has='{"a":"1","b":"2","c":"3"}')
        self.run_ok("apply -k " + manifest("kustomize"), has=[
            "configmap/k-plain created", "configmap/k-generated-"])
        done = self.kubectl_quietly("kustomize", manifest("kustomize"))
        with self.subTest("kustomize"):
            self.assertIn("made-by: kustomize", done.stdout)
        self.run_ok("delete -k " + manifest("kustomize"), has='"k-plain" deleted')

    def test_edit(self):
        self.run_ok("create configmap c --from-literal=k=old", has="created")
        editor = self.folder / "editor"
        editor.write_text("#!/bin/sh\nsed -i 's/k: old/k: new/' \"$1\"\n")
        os.chmod(editor, 0o755)
        self.run_ok("edit configmap c", env={"KUBE_EDITOR": str(editor)}, has="configmap/c edited")
        self.run_ok("get configmap c -o jsonpath={.data.k}", has="new")
        self.run_ok("edit configmap c", env={"KUBE_EDITOR": "true"}, err="no changes made")

    def test_patch(self):
        self.run_ok("apply -f " + manifest("web.yaml"))
        self.run_ok(["patch", "cm", "conf", "--type=merge", "-p", '{"data":{"k":"v","a":null}}'],
                    has="configmap/conf patched")
        self.run_ok("get cm conf -o jsonpath={.data}", has='{"b":"2","k":"v"}')
        self.run_ok(["patch", "deploy", "web", "-p", json.dumps({"spec": {"template": {"spec": {
            "containers": [{"name": "c", "env": [{"name": "A", "value": "b"}]}]}}}})],
                    has="deployment.apps/web patched")
        self.run_ok("get deploy web -o jsonpath={.spec.template.spec.containers[0].image}",
                    has="demo/web:1")
        self.run_ok(["patch", "svc", "web", "--type=json", "-p",
                     '[{"op":"replace","path":"/spec/ports/0/port","value":81}]'], has="patched")
        self.run_with(1, ["patch", "svc", "web", "--type=json", "-p",
                          '[{"op":"test","path":"/spec/ports/0/port","value":1}]'],
                      err="The request is invalid")
        self.run_ok(["patch", "deploy", "web", "--subresource=scale", "--type=merge", "-p",
                     '{"spec":{"replicas":3}}'], has="scale.autoscaling/web patched")
        self.run_ok(["patch", "cm", "conf", "--type=merge", "-p", '{"data":{"b":"2"}}'],
                    has="patched (no change)")
        self.run_with(1, ["patch", "deploy", "web", "-p", '{"spec":{"replicas":-1}}'],
                      err="spec.replicas: Invalid value: -1")
        self.run_with(1, ["patch", "cm", "nope", "-p", "{}"], err="not found")

    def test_replace(self):
        self.run_ok("apply -f " + manifest("web.yaml"))
        self.run_ok("replace -f -", has="configmap/conf replaced", stdin=(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {r: '1'}\n"))
        self.run_ok("get cm conf -o jsonpath={.data}", has='{"r":"1"}')
        self.run_with(1, "replace -f -", err="nope", stdin=(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nope}\n"))
        self.run_ok("replace --force -f " + manifest("web2.yaml"), has=[
            "deployment.apps/web replaced", "service/web replaced", "configmap/conf replaced"])

    def test_set_run_expose(self):
        self.run_ok("apply -f " + manifest("web.yaml"))
        self.run_ok("set image deploy/web c=demo/web:3", has="deployment.apps/web image updated")
        self.run_ok("set env deploy/web A=b", has="deployment.apps/web env updated")
        self.run_ok("set env deploy/web --list", has="A=b")
        self.run_ok("set resources deploy/web --limits=cpu=200m,memory=128Mi",
                    has="resource requirements updated")
        self.run_ok("create serviceaccount robot")
        self.run_ok("set serviceaccount deploy/web robot", has="serviceaccount updated")
        self.run_ok("set selector svc web app=other", has="selector updated")
        self.run_ok("create role r --verb=get --resource=pods")
        self.run_ok("create rolebinding rb --role=r --user=a")
        self.run_ok("set subject rolebinding rb --user=b", has="subjects updated")
        self.run_ok("expose deploy web --name=web2 --port=8080 --target-port=80",
                    has="service/web2 exposed")
        self.run_ok("run solo --image=demo/web:1 --restart=Never --port=80 --expose "
                    "--labels=app=solo --env=A=b", has=["service/solo created", "pod/solo created"])
        self.run_ok("wait --for=condition=Ready pod/solo --timeout=20s", has="condition met")
        self.run_ok("run try --image=demo/web:1 --dry-run=client -o yaml", has="kind: Pod")

    def test_label_annotate(self):
        self.run_ok("create configmap c --from-literal=k=v")
        self.run_ok("label cm c x=y", has="configmap/c labeled")
        self.run_with(1, "label cm c x=z", err="--overwrite is false")
        self.run_ok("label cm c x=z --overwrite", has="labeled")
        self.run_ok("label cm --all w=1", has="labeled")
        self.run_ok("label cm c x-", has="unlabeled")
        self.run_ok("label cm c --list", has="w=1", lacks="x=")
        self.run_ok("annotate cm c note='some text'", has="configmap/c annotated")
        self.run_ok("annotate cm c note-", has="annotated")
        self.run_with(1, "label cm c 'x=!'", err="a valid label must be")

    def test_delete(self):
        self.run_ok("apply -f " + manifest("web.yaml"))
        self.run_ok("rollout status deploy/web --timeout=30s", has="successfully rolled out")
        self.run_ok("delete cm conf --dry-run=server", has="(server dry run)")
        self.run_ok("delete cm conf", has='configmap "conf" deleted')
        self.run_with(1, "delete cm conf", err='configmaps "conf" not found')
        self.run_ok("delete cm conf --ignore-not-found")
        self.run_ok("delete deploy web --cascade=orphan", has='"web" deleted')
        self.run_ok("get rs -l app=web -o name", has="replicaset.apps/web-")
        self.run_ok("delete rs -l app=web --cascade=foreground", has="deleted")
        self.eventually("get pods -l app=web -o name", lacks="web-")
        self.run_ok("run one --image=demo/web:1", has="created")
        self.run_ok("wait --for=condition=Ready pod/one --timeout=20s")
        self.run_ok("delete pod one --wait=false", has='pod "one" deleted')
        self.run_ok("wait --for=delete pod/one --timeout=30s")
        self.run_ok("run two --image=demo/web:1", has="created")
        self.run_ok("delete pod two --grace-period=0 --force", has='pod "two" force deleted')
        self.run_ok("run three --image=demo/web:1", has="created")
        self.run_ok("delete pod three --now", has='pod "three" deleted')
        self.run_ok("delete cm --all", has="deleted")
        self.run_ok("delete svc -l app=web", has='service "web" deleted')
        self.run_ok("create -f " + manifest("web.yaml"))
        self.run_ok("delete -f " + manifest("web.yaml"), has=['"web" deleted', '"conf" deleted'])
        self.run_ok("create namespace " + self.ns + "-gone", has="created")
        self.run_ok("delete namespace " + self.ns + "-gone", has="deleted")

    def test_custom_resources(self):
        self.run_ok("apply -f " + manifest("widgets.yaml"), has="created")
        crd = "crd/widgets.conformance.orrery.dev"
        self.addCleanup(self.kubectl_quietly, "delete", crd)
        self.run_ok(f"wait --for=condition=Established {crd} --timeout=20s", has="condition met")
        text = ("apiVersion: conformance.orrery.dev/v1\nkind: Widget\nmetadata: {name: w}\n"
                "spec: {replicas: %s}\n")
        self.eventually("get widgets", err="No resources")
        self.run_ok("apply -f -", stdin=text % 2, has="widget.conformance.orrery.dev/w created")
        self.run_ok("apply -f -", stdin=text % 3, has="widget.conformance.orrery.dev/w configured")
        self.run_ok("get wd", matches=[r"^NAME +SIZE$", r"^w +3$"])
        self.run_ok("get wd w -o jsonpath={.spec.colour}", has="red")
        self.run_with(1, "apply -f -", stdin=text % -1, err="spec.replicas")
        self.run_ok("scale widget w --replicas=5", has="scaled")
        self.run_ok("explain widget.spec", has="what a widget should be")
        self.run_ok("describe widget w", has="Colour:    red")
        self.run_ok("apply --server-side --force-conflicts -f -", stdin=text % 4, has="applied")
        self.run_ok("delete widget w", has="deleted")
