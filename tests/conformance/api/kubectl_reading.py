"""What kubectl reads: get in all forms, describe, explain, discovery, who may do what."""
import json

from command_case import CommandCase, end, manifest, read_until

DESCRIBED = {
    "deployment/web": ["StrategyType:", "NewReplicaSet:", "ScalingReplicaSet"],
    "replicaset": ["Controlled By:  Deployment/web", "SuccessfulCreate"],
    "pod -l app=web": ["Node:", "Image:          demo/web:1", "Scheduled", "Pulled", "Started",
                       "Ready", "QoS Class:"],
    "service/web": ["Type:", "ClusterIP", "Endpoints:"],
    "configmap/conf": ["Data", "BinaryData"],
    "endpointslice": ["AddressType:", "Ready:"],
    "statefulset/db": ["Pods Status:", "SuccessfulCreate"],
    "daemonset/agent": ["Desired Number of Nodes Scheduled: 3"],
    "rc/old": ["Selector:     app=old", "Pods Status:"],
    "pvc/disk": ["Status:        Pending"],
    "networkpolicy/closed": ["PodSelector:     app=db"],
    "limitrange/limits": ["Container"],
    "serviceaccount/default": ["Name:                default"],
    "node/n-1": ["Non-terminated Pods:", "Allocated resources:", "Lease:", "HolderIdentity:",
                "Capacity:", "Ready"],
    "namespace/default": ["Status:       Active", "No resource quota."],
    "clusterrole/view": ["PolicyRule:", "pods"],
    "clusterrolebinding/cluster-admin": ["system:masters"],
    "priorityclass/system-node-critical": ["Value:"],
}


class Reading(CommandCase):
    def deploy(self):
        self.kubectl_quietly(f"-n={self.ns}", "apply", "-f", manifest("web.yaml"))
        self.kubectl_quietly(f"-n={self.ns}", "rollout", "status", "deploy/web", "--timeout=30s")

    def test_get(self):
        self.deploy()
        self.run_ok("get pods", matches=[r"^NAME +READY +STATUS +RESTARTS +AGE$",
                                         r"^web-\w+-\w+ +1/1 +Running +0 +\d+"])
        self.run_ok("get pods -o wide", matches=r" +NODE +NOMINATED NODE +READINESS GATES",
                    has=["<none>", "10."])
        self.run_ok("get pods --no-headers", lacks="NAME")
        self.run_ok("get pods --show-labels", has=["LABELS", "app=web,pod-template-hash="])
        self.run_ok("get pods -L app", has="APP")
        self.run_ok("get pods -o name", matches=r"^pod/web-\w+-\w+$")
        text = self.run_ok("get deployment web -o json")
        with self.subTest("the JSON is one Deployment"):
            self.assertEqual(json.loads(text)["kind"], "Deployment")
        self.run_ok("get deployment/web -o yaml", has=["kind: Deployment", "readyReplicas: 2"],
                    lacks="managedFields")
        self.run_ok("get deployment web -o yaml --show-managed-fields", has="managedFields")
        self.run_ok(["get", "pods", "-o", "jsonpath={.items[*].status.phase}"],
                    has="Running Running")
        self.run_ok(["get", "pods", "-o", "go-template={{range .items}}{{.kind}};{{end}}"],
                    has="Pod;Pod;")
        self.run_ok("get pods -o custom-columns=N:.metadata.labels.app,P:.status.phase",
                    matches=[r"^N +P$", r"^web +Running$"])
        self.run_ok("get all", has=["pod/web-", "service/web", "deployment.apps/web",
                                    "replicaset.apps/web-"])
        self.run_ok("get deploy,svc,cm", has=["deployment.apps/web", "service/web",
                                              "configmap/conf"])
        self.run_ok("get -f " + manifest("web.yaml"), has=["deployment.apps/web", "configmap/conf"])

    def test_get_selected(self):
        self.deploy()
        self.run_ok("get pods -A", has=["NAMESPACE", self.ns])
        self.run_ok("get pods -l app=web", has="web-")
        self.run_ok(["get", "pods", "-l", "app in (web,db),app!=db"], has="web-")
        self.run_ok("get pods -l app=other", has="", err="No resources found")
        self.run_ok("get pods --field-selector status.phase=Running", has="web-")
        self.run_ok("get pods --field-selector spec.nodeName=nowhere", err="No resources found")
        self.run_ok("get nodes --sort-by=.metadata.name", matches=r"(?s)n-0 .*n-1 .*n-2 ")
        self.run_ok(["get", "cm", "--sort-by={.metadata.creationTimestamp}"], has="conf")
        self.run_ok("get pods --chunk-size=1", matches=r"(?s)web-.*web-")
        self.run_ok("get deploy web --subresource=scale", has="web")
        self.run_ok("get deploy web --subresource=status -o name", has="deployment.apps/web")
        self.run_ok("get ns " + self.ns, has="Active")
        self.run_ok("get cm nope --ignore-not-found", lacks="nope")
        self.run_with(1, "get cm nope", err='configmaps "nope" not found')
        self.run_with(1, "get foo", err='the server doesn\'t have a resource type "foo"')
        self.run_ok("get --raw /healthz", has="ok")
        self.run_ok("get --raw /readyz?verbose", has="readyz check passed")
        self.run_ok("get --raw /version", has='"major": "1"')
        self.run_ok("get --raw /api/v1/nodes/n-0", has='"kind":"Node"')

    def test_get_watch(self):
        self.deploy()
        watching = self.start("get configmaps -w")
        self.addCleanup(end, watching)
        with self.subTest("get -w begins with what is there"):
            self.assertIn("conf", read_until(watching.stdout, "conf"))
        self.run_ok("create configmap late --from-literal=k=v", has="created")
        with self.subTest("get -w goes on with what comes"):
            self.assertRegex(read_until(watching.stdout, "late"), r"late +1 +")
        one = self.start("get pods -l app=web -w -o name")
        self.addCleanup(end, one)
        with self.subTest("get -w -o name"):
            self.assertIn("pod/web-", read_until(one.stdout, "pod/web-"))
        events = self.start("get configmap late --watch-only --output-watch-events")
        self.addCleanup(end, events)
        self.run_ok("label configmap late a=b", has="labeled")
        self.run_ok("delete configmap late", has="deleted")
        with self.subTest("get --output-watch-events"):
            self.assertIn("DELETED", read_until(events.stdout, "DELETED"))
        self.run_with("any", "get pods -w --request-timeout=1s", has="web-")

    def test_describe(self):
        self.deploy()
        self.kubectl_quietly(f"-n={self.ns}", "apply", "-f", manifest("workloads.yaml"))
        self.eventually("get statefulset db", matches=r"db +2/2")
        self.eventually("get daemonset agent", matches=r"agent +3 +3 +3")
        for what, texts in DESCRIBED.items():
            self.run_ok("describe " + what, has=texts)
        self.run_ok("describe pods", has="Containers:")

    def test_explain(self):
        self.run_ok("explain pod.spec.containers.image", has=["KIND:", "FIELD: image"])
        self.run_ok("explain deployments --recursive", has=["replicas", "maxSurge"])
        self.run_ok("explain hpa --api-version=autoscaling/v2", has="HorizontalPodAutoscaler")
        self.run_ok("explain pod.spec --output=plaintext-openapiv2", has="containers")
        self.run_with(1, "explain pod.spec.nope", err='field "nope" does not exist')

    def test_discovery(self):
        self.run_ok("api-resources", matches=[r"^pods +po +v1 +true +Pod$",
                                              r"^deployments +deploy +apps/v1 +true"])
        self.run_ok("api-resources --namespaced=false -o wide", has=["nodes", "get,list"],
                    lacks="configmaps")
        self.run_ok("api-resources --api-group=apps --verbs=list,get -o name",
                    has="statefulsets.apps", lacks="pods")
        self.run_ok("api-versions", has=["apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1"])
        self.run_ok("version", has="Server Version: v1.36")
        self.run_ok("cluster-info", has="Kubernetes control plane")
        self.run_ok("config view", has="certificate-authority-data: DATA+OMITTED")
        self.run_ok("config current-context", has="orrery")

    def test_events(self):
        self.deploy()
        self.run_ok("events", has="ScalingReplicaSet")
        self.run_ok("events --for deployment/web", has="ScalingReplicaSet", lacks="Scheduled")
        self.run_ok("events --types=Warning", lacks="ScalingReplicaSet")
        self.run_ok("get events", matches=r"^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE$",
                    has="ScalingReplicaSet")
        self.run_ok("get events.events.k8s.io --field-selector reason=Scheduled", has="Scheduled")
        watching = self.start("events -w")
        self.addCleanup(end, watching)
        with self.subTest("events -w"):
            self.assertIn("Scheduled", read_until(watching.stdout, "Scheduled"))

    def test_auth(self):
        robot = f"--as=system:serviceaccount:{self.ns}:robot"
        self.run_ok("create serviceaccount robot", has="created")
        self.run_ok("auth can-i delete pods", has="yes")
        self.run_with(1, f"auth can-i delete pods {robot}", has="no")
        self.run_with(1, f"get pods {robot}", err=[
            'pods is forbidden: User "system:serviceaccount:', 'cannot list resource "pods"'])
        self.run_ok("create role r --verb=get,list --resource=pods", has="created")
        self.run_ok(f"create rolebinding rb --role=r --serviceaccount={self.ns}:robot",
                    has="created")
        self.eventually(f"auth can-i list pods {robot}", has="yes")
        self.run_ok(f"auth can-i --list {robot}", matches=r"^pods +\[\] +\[\] +\[get list\]$")
        self.run_ok("auth whoami", has=["Username", "Groups", "system:masters"])
        self.run_ok("auth whoami --as=alice --as-group=devs", has=["alice", "devs"])
        self.run_ok("auth reconcile -f -", has="reconciled", stdin=(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"
            f"metadata: {{name: r, namespace: {self.ns}}}\n"
            "rules: [{apiGroups: [''], resources: [pods], verbs: [get, list, watch]}]\n"))
        token = self.run_ok("create token robot --duration=10m", matches=r"^\w+\.[\w-]+\.[\w-]+$")
        with self.subTest("the token is that of the service account"):
            self.assertIn(f"system:serviceaccount:{self.ns}:robot", self._whoami(token.strip()))

    def _whoami(self, token):
        """With the token alone: the kubeconfig without its client certificate."""
        text = "".join(line for line in self.served.kubeconfig.read_text().splitlines(True)
                       if "client-" not in line)
        path = self.write("no-user", text)
        return self.call(f"auth whoami --token={token} --kubeconfig={path}")[1]

    def test_top(self):
        self.deploy()
        self.eventually("top nodes", matches=[r"^NAME +CPU\(cores\) +CPU",
                                              r"^n-0 +\d+m +\d+% +\d+Mi +\d+%"])
        self.eventually("top pods", matches=r"^web-\w+-\w+ +\d+m +\d+Mi")
        self.run_ok("top pods --containers", matches=r"web-\w+-\w+ +c +\d+m")
        self.run_ok("top pods -A --sort-by=cpu", has=self.ns)
        self.run_ok("top node n-1", matches=r"^n-1 +\d+m")
