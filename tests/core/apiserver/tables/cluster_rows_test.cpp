#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

TEST(NodeRow, ShowsReadinessRolesAndSystem) {
  EXPECT_EQ(row_of("v1", "Node", R"({"metadata":{"name":"n","labels":{
              "node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":"",
              "node-role.kubernetes.io/":"","kubernetes.io/role":"edge"}},
              "spec":{"unschedulable":true},
              "status":{"conditions":[{"type":"MemoryPressure","status":"True"},
                {"type":"Ready","status":"True"}],
                "addresses":[{"type":"Hostname","address":"n"},
                  {"type":"InternalIP","address":"10.0.0.1"},
                  {"type":"InternalIP","address":"fd::1"},
                  {"type":"ExternalIP","address":"1.2.3.4"}],
                "nodeInfo":{"kubeletVersion":"v1.36.2","osImage":"Debian 12","kernelVersion":"6.1",
                  "containerRuntimeVersion":"containerd://2.0"}}})"),
            R"(["n","Ready,SchedulingDisabled","control-plane,edge,worker","<unknown>","v1.36.2",)"
            R"("10.0.0.1","1.2.3.4","Debian 12","6.1","containerd://2.0"])");
  expect_rows({
      {"v1", "Node", R"("status":{"conditions":[{"type":"Ready","status":"Unknown"}]})",
       R"(["x","NotReady","<none>","5m","","<none>","<none>","<unknown>","<unknown>",)"
       R"("<unknown>"])"},
      {"v1", "Node", "",
       R"(["x","Unknown","<none>","5m","","<none>","<none>","<unknown>","<unknown>","<unknown>"])"},
  });
}

TEST(ClusterRows, ShowStatesAndOwners) {
  expect_rows({
      {"v1", "Namespace", R"("status":{"phase":"Active"})", R"(["x","Active","5m"])"},
      {"v1", "ComponentStatus",
       R"("conditions":[{"type":"Healthy","status":"False","message":"m","error":"e"}])",
       R"(["x","Unhealthy","m","e"])"},
      {"v1", "ComponentStatus", "", R"(["x","Unknown","",""])"},
      {"coordination.k8s.io/v1", "Lease", R"("spec":{"holderIdentity":"me"})",
       R"(["x","me","5m"])"},
      {"scheduling.k8s.io/v1", "PriorityClass",
       R"("value":-5,"globalDefault":true,"preemptionPolicy":"Never")",
       R"(["x",-5,true,"5m","Never"])"},
      {"node.k8s.io/v1", "RuntimeClass", R"("handler":"runc")", R"(["x","runc","5m"])"},
      {"apiregistration.k8s.io/v1", "APIService",
       R"("spec":{"service":{"namespace":"d","name":"s"}},)"
       R"("status":{"conditions":[{"type":"Available","status":"False","reason":"Gone"}]})",
       R"x(["x","d/s","False (Gone)","5m"])x"},
      {"apiregistration.k8s.io/v1", "APIService",
       R"("status":{"conditions":[{"type":"Available","status":"True","reason":"Local"}]})",
       R"(["x","Local","True","5m"])"},
      {"apiregistration.k8s.io/v1", "APIService", "", R"(["x","Local","Unknown","5m"])"},
      {"resource.k8s.io/v1", "DeviceClass", "", R"(["x","5m"])"},
      {"resource.k8s.io/v1", "ResourceClaimTemplate", "", R"(["x","5m"])"},
      {"resource.k8s.io/v1", "ResourceClaim", "", R"(["x","pending","5m"])"},
      {"resource.k8s.io/v1", "ResourceClaim",
       R"("status":{"allocation":{},"reservedFor":[{"name":"p"}]})",
       R"(["x","allocated,reserved","5m"])"},
      {"resource.k8s.io/v1", "ResourceSlice",
       R"("spec":{"nodeName":"n","driver":"d","pool":{"name":"p"}})", R"(["x","n","d","p","5m"])"},
  });
  EXPECT_EQ(row_of("resource.k8s.io/v1", "ResourceClaim",
                   R"({"metadata":{"name":"x","deletionTimestamp":"2026-01-01T00:00:00Z"},
                       "status":{"allocation":{}}})"),
            R"(["x","deleted,allocated","<unknown>"])");
}

TEST(StorageRows, ShowVolumesAndClaims) {
  expect_rows({
      {"v1", "PersistentVolume",
       R"("spec":{"capacity":{"storage":"5Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce",)"
       R"("ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","storageClassName":"fast",)"
       R"("claimRef":{"namespace":"d","name":"c"},"volumeMode":"Block"},)"
       R"("status":{"phase":"Bound","reason":"R"})",
       R"(["x","5Gi","RWO,RWX","Retain","Bound","d/c","fast","<unset>","R","5m","Block"])"},
      {"v1", "PersistentVolume", R"("spec":{"volumeAttributesClassName":"gold"})",
       R"(["x","0","","","","","","gold","","5m","<unset>"])"},
      {"v1", "PersistentVolumeClaim",
       R"("spec":{"volumeName":"v","storageClassName":"fast","volumeMode":"Filesystem"},)"
       R"("status":{"phase":"Bound","capacity":{"storage":"5Gi"},)"
       R"("accessModes":["ReadWriteOncePod"]})",
       R"(["x","Bound","v","5Gi","RWOP","fast","<unset>","5m","Filesystem"])"},
      {"v1", "PersistentVolumeClaim",
       R"("spec":{"accessModes":["ReadWriteOnce"]},"status":{"phase":"Pending"})",
       R"(["x","Pending","","","","","<unset>","5m","<unset>"])"},
      {"storage.k8s.io/v1", "StorageClass", R"("provisioner":"p","allowVolumeExpansion":true)",
       R"(["x","p","Delete","Immediate",true,"5m"])"},
      {"storage.k8s.io/v1", "VolumeAttributesClass", R"("driverName":"d")", R"(["x","d","5m"])"},
      {"storage.k8s.io/v1", "VolumeAttachment",
       R"("spec":{"attacher":"a","nodeName":"n","source":{"persistentVolumeName":"v"}},)"
       R"("status":{"attached":true})",
       R"(["x","a","v","n",true,"5m"])"},
      {"storage.k8s.io/v1", "CSINode", R"("spec":{"drivers":[{},{}]})", R"(["x",2,"5m"])"},
      {"storage.k8s.io/v1", "CSIDriver", R"("spec":{})",
       R"(["x",true,false,false,"<unset>",false,"<none>","5m"])"},
      {"storage.k8s.io/v1", "CSIDriver",
       R"("spec":{"attachRequired":false,"podInfoOnMount":true,"storageCapacity":true,)"
       R"("tokenRequests":[{"audience":"a"},{"audience":"b"}],"requiresRepublish":true,)"
       R"("volumeLifecycleModes":["Persistent","Ephemeral"]})",
       R"(["x",false,true,true,"a,b",true,"Persistent,Ephemeral","5m"])"},
  });
}

TEST(StorageRows, MarkTheDefaultClassAndReadTheBetaAnnotation) {
  EXPECT_EQ(row_of("storage.k8s.io/v1", "StorageClass",
                   R"({"metadata":{"name":"x","annotations":{
                     "storageclass.kubernetes.io/is-default-class":"true"}},
                     "provisioner":"p","reclaimPolicy":"Retain",
                     "volumeBindingMode":"WaitForFirstConsumer"})"),
            R"x(["x (default)","p","Retain","WaitForFirstConsumer",false,"<unknown>"])x");
  EXPECT_EQ(row_of("v1", "PersistentVolumeClaim",
                   R"({"metadata":{"name":"x","deletionTimestamp":"2026-01-01T00:00:00Z",
                     "annotations":{"volume.beta.kubernetes.io/storage-class":"old"}},
                     "spec":{"storageClassName":"new"},"status":{"phase":"Bound"}})"),
            R"(["x","Terminating","","","","old","<unset>","<unknown>","<unset>"])");
}

}  // namespace
}  // namespace orrery::test
