"""What people do to workloads and nodes: scale, autoscale, rollout, wait, cordon, drain, taint."""
from command_case import CommandCase, manifest

PLAIN_POD = """apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: %s}}
spec:
  nodeName: n-2
  terminationGracePeriodSeconds: 1
  containers: [{name: c, image: "demo/web:1"}]
"""


class Workloads(CommandCase):
    def deploy(self):
        self.run_ok("apply -f " + manifest("web.yaml"), has="deployment.apps/web created")
        self.run_ok("rollout status deploy/web --timeout=30s", has="successfully rolled out")

    def test_scale(self):
        self.deploy()
        self.run_ok("scale deploy/web --replicas=3", has="deployment.apps/web scaled")
        self.eventually("get deploy web", matches=r"^web +3/3 +3 +3")
        self.run_with(1, "scale deploy/web --replicas=1 --current-replicas=7",
                      err="Expected replicas to be 7, was 3")
        self.run_ok("scale deploy/web --replicas=1 --current-replicas=3", has="scaled")
        self.run_ok("scale deploy/web --replicas=0 --timeout=20s", has="scaled")
        self.eventually("get pods -l app=web -o name", lacks="web-")

    def test_autoscale(self):
        self.deploy()
        flag = "--cpu=50%" if self.version >= 34 else "--cpu-percent=50"
        self.run_ok(f"autoscale deploy/web --min=1 --max=5 {flag}",
                    has="horizontalpodautoscaler.autoscaling/web autoscaled")
        # That it scales is for the tests of its controller.
        self.run_ok("get hpa web", matches=r"^web +Deployment/web +(cpu: )?\S+/50% +1 +5 +\d")
        self.run_ok("describe hpa web", has=["Min replicas:", "Reference:"])

    def test_rollout(self):
        self.deploy()
        self.run_ok("annotate deploy/web kubernetes.io/change-cause=first", has="annotated")
        self.run_ok("apply -f " + manifest("web2.yaml"), has="configured")
        self.run_ok("rollout status deploy/web --timeout=30s", has="successfully rolled out")
        self.run_ok("rollout history deploy/web", matches=[r"^REVISION +CHANGE-CAUSE$",
                                                           r"^1 +first$", r"^2 +"])
        self.run_ok("rollout history deploy/web --revision=1", has="demo/web:1")
        self.run_ok("rollout undo deploy/web", has="deployment.apps/web rolled back")
        self.run_ok("rollout status deploy/web --timeout=30s", has="successfully rolled out")
        self.run_ok("get deploy web -o jsonpath={..image}", has="demo/web:1")
        self.run_ok("rollout undo deploy/web --to-revision=2", has="rolled back")
        self.run_ok("rollout restart deploy/web", has="deployment.apps/web restarted")
        self.run_ok("rollout pause deploy/web", has="deployment.apps/web paused")
        self.run_with(1, "rollout pause deploy/web", err="already paused")
        self.run_with(1, "rollout undo deploy/web", err="paused")
        self.run_ok("rollout resume deploy/web", has="deployment.apps/web resumed")
        self.run_ok("rollout status deploy/web --timeout=30s", has="successfully rolled out")
        self.run_ok("set image deploy/web c=demo/missing:1", has="updated")
        self.run_with("any-failure", "rollout status deploy/web --timeout=2s", err="timed out")
        self.eventually("get pods", matches=r"web-\w+-\w+ +0/1 +(ErrImagePull|ImagePullBackOff)")

    def test_rollout_of_sets(self):
        self.run_ok("apply -f " + manifest("workloads.yaml"), has="created")
        done = "roll.*complete|success"
        for name in ("statefulset/db", "daemonset/agent"):
            self.run_ok(f"rollout status {name} --timeout=40s", matches=done)
            self.run_ok(f"set image {name} c=demo/web:2", has="image updated")
            self.eventually(f"rollout history {name}", matches=[r"^1 ", r"^2 "])
            self.run_ok(f"rollout undo {name}", has="rolled back")
            self.run_ok(f"rollout restart {name}", has="restarted")
        self.run_ok("rollout status statefulset/db --timeout=60s", matches=done, timeout=70)

    def test_wait(self):
        self.deploy()
        self.run_ok("wait --for=condition=Available deploy/web --timeout=20s", has="condition met")
        self.run_ok("wait --for=condition=Ready pod -l app=web --timeout=20s", has="condition met")
        self.run_ok(["wait", "--for=jsonpath={.status.readyReplicas}=2", "deploy/web",
                     "--timeout=20s"], has="condition met")
        self.run_with(1, "wait --for=condition=Nope deploy/web --timeout=1s", err="timed out")
        self.run_ok("create job j --image=demo/job:1")
        self.run_ok("wait --for=condition=Complete job/j --timeout=30s", has="condition met")
        self.run_ok("get job j", matches=r"^j +(Complete +)?1/1")
        self.run_ok("delete job j", has="deleted")
        self.run_ok("wait --for=delete job/j --timeout=20s")
        self.run_ok("create cronjob tick --image=demo/job:1 --schedule='* * * * *'")
        self.run_ok("get cronjob tick", matches=r"^tick +\* \* \* \* \* +(<none> +)?False")

    def test_taint(self):
        self.run_ok("taint node n-1 k=v:NoSchedule", has="node/n-1 tainted")
        self.run_ok("describe node n-1", has="k=v:NoSchedule")
        self.run_with(1, "taint node n-1 k=w:NoSchedule", err="--overwrite is false")
        self.run_ok("taint node n-1 k=w:NoSchedule --overwrite", has="node/n-1 modified")
        self.run_ok("taint node n-1 k-", has="node/n-1 untainted")

    def test_drain(self):
        self.run_ok("create -f -", stdin=PLAIN_POD % ("guarded", "guarded"), has="created")
        self.run_ok("wait --for=condition=Ready pod/guarded --timeout=20s", has="condition met")
        self.run_ok("create pdb guard --selector=app=guarded --min-available=1")
        self.eventually("get pdb guard", matches=r"^guard +1 +N/A +0 ")
        self.run_ok("cordon n-2", has="node/n-2 cordoned")
        self.run_ok("get node n-2", has="Ready,SchedulingDisabled")
        only = "drain n-2 --ignore-daemonsets --pod-selector=app=guarded --delete-emptydir-data"
        self.run_with(1, only, err="cannot delete")
        self.run_with(1, only + " --force --timeout=2s", err=[
            "Cannot evict pod as it would violate the pod's disruption budget"])
        self.run_ok("delete pdb guard", has="deleted")
        self.run_ok(only + " --force", has=["pod/guarded evicted", "node/n-2 drained"])
        self.run_ok("uncordon n-2", has="node/n-2 uncordoned")
        self.run_ok("get node n-2", lacks="SchedulingDisabled")
