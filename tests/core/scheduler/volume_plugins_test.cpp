// VolumeRestrictions, NodeVolumeLimits, VolumeBinding (up to Filter) and VolumeZone, one row a
// situation; DynamicResources and NodeDeclaredFeatures.
#include <gtest/gtest.h>

#include "core/scheduler/cache_trial.h"
#include "tests/core/scheduler/volume_world.h"

namespace orrery::scheduler::test {
namespace {

constexpr Watched kPv = Watched::kPersistentVolume;
constexpr Watched kPvc = Watched::kPersistentVolumeClaim;
constexpr Watched kClass = Watched::kStorageClass;

Doc claim(const std::string& name, const std::string& spec, const std::string& rest = "") {
  return {kPvc, "{'metadata':{'name':'" + name + "'},'spec':{" + spec + "}" + rest + "}"};
}
Doc bound_claim(const std::string& name, const std::string& volume,
                const std::string& modes = "'ReadWriteOnce'") {
  return {kPvc, "{'metadata':{'name':'" + name +
                    "','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},'spec':{"
                    "'accessModes':[" + modes + "],'volumeName':'" + volume + "'}}"};
}
Doc volume(const std::string& name, const std::string& spec, const std::string& labels = "") {
  return {kPv, "{'metadata':{'name':'" + name + "','labels':{" + labels + "}},'spec':{" + spec +
                   "},'status':{'phase':'Available'}}"};
}
Doc csi_volume(const std::string& name) {
  return volume(name, "'csi':{'driver':'csi.a','volumeHandle':'" + name + "'}");
}
Doc wait_class(const std::string& provisioner, const std::string& rest = "") {
  return {kClass, "{'metadata':{'name':'wait'},'provisioner':'" + provisioner +
                      "','volumeBindingMode':'WaitForFirstConsumer'" + rest + "}"};
}
Doc csi_node(int limit, const std::string& driver = "csi.a", const std::string& migrated = "") {
  return {Watched::kCsiNode,
          "{'metadata':{'name':'n0','annotations':{'storage.alpha.kubernetes.io/"
          "migrated-plugins':'" + migrated + "'}},'spec':{'drivers':[{'name':'" + driver +
              "','allocatable':{'count':" + std::to_string(limit) + "}}]}}"};
}
std::string affinity(const std::string& key, const std::string& value) {
  return "'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'" + key +
         "','operator':'In','values':['" + value + "']}]}]}}";
}
const std::string kWait = "'storageClassName':'wait','accessModes':['ReadWriteOnce'],'resources':"
                          "{'requests':{'storage':'5Gi'}}";
const std::string kSized = "'storageClassName':'wait','accessModes':['ReadWriteOnce'],'capacity':"
                           "{'storage':'10Gi'}";
const std::string kGb = "'capacity':{'storage':'10Gi'},";

struct Case {
  std::string name;
  std::vector<Doc> docs;
  std::vector<std::string> existing;  // volumes of the pods on n0
  std::string volumes;                // of the pod in question
  std::string wanted;
  std::vector<std::string> labels;  // of n0
};

std::string disk(const std::string& source) { return "[{'name':'d'," + source + "}]"; }
const std::string kDisk = "VolumeRestrictions: node(s) had no available disk";
const std::string kFull = "NodeVolumeLimits: node(s) exceed max volume count";
const std::string kZone = "VolumeZone: node(s) had no available volume zone";
const std::string kNoMatch =
    "VolumeBinding: node(s) didn't find available persistent volumes to bind";
const std::string kAffinity =
    "VolumeBinding: node(s) didn't match PersistentVolume's node affinity";

void run(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    VolumeWorld world;
    world.tell(c.docs);
    world.add_node("n0", c.labels);
    for (std::size_t i = 0; i < c.existing.size(); ++i) {
      world.cache.add_pod(on_node(pod_with("e" + std::to_string(i), c.existing[i]), "n0"));
    }
    EXPECT_EQ(world.verdict(*pod_with("p", c.volumes)), c.wanted);
  }
}

TEST(VolumeRestrictions, KeepsDisksFromBeingMountedTwice) {
  const std::string gce = disk("'gcePersistentDisk':{'pdName':'a'}");
  const std::string gce_read = disk("'gcePersistentDisk':{'pdName':'a','readOnly':true}");
  const std::string aws = disk("'awsElasticBlockStore':{'volumeID':'a','readOnly':true}");
  const std::string rbd = disk("'rbd':{'monitors':['m1','m2'],'pool':'p','image':'i'}");
  run({
      {"same disk, one writes", {}, {gce_read}, gce, kDisk, {}},
      {"same disk, all read", {}, {gce_read}, gce_read, "", {}},
      {"EBS allows no sharing at all", {}, {aws}, aws, kDisk, {}},
      {"one common monitor", {}, {rbd}, disk("'rbd':{'monitors':['m2'],'pool':'p','image':'i'}"),
       kDisk, {}},
      {"another pool", {}, {rbd}, disk("'rbd':{'monitors':['m1'],'pool':'q','image':'i'}"), "", {}},
      {"iscsi by iqn", {}, {disk("'iscsi':{'iqn':'x'}")}, disk("'iscsi':{'iqn':'x'}"), kDisk, {}},
      {"another kind of disk", {}, {gce}, disk("'iscsi':{'iqn':'a'}"), "", {}},
      {"a secret is no disk", {}, {gce}, disk("'secret':{'secretName':'a'}"), "", {}},
  });
}

TEST(VolumeRestrictions, GivesASinglePodClaimToOnePodOnly) {
  const std::string in_use =
      "VolumeRestrictions: node(s) unavailable due to PersistentVolumeClaim with "
      "ReadWriteOncePod access mode already in-use by another pod";
  const std::vector<Doc> docs{csi_volume("v"), bound_claim("c", "v", "'ReadWriteOncePod'")};
  run({
      {"in use", docs, {claims({"c"})}, claims({"c"}), in_use, {}},
      {"free", docs, {}, claims({"c"}), "", {}},
      {"a shared mode", {csi_volume("v"), bound_claim("c", "v")}, {claims({"c"})}, claims({"c"}),
       "", {}},
      {"no such claim", {}, {}, claims({"gone"}),
       "VolumeRestrictions: persistentvolumeclaim \"gone\" not found", {}},
  });
}

TEST(VolumeRestrictions, SeesAClaimSetFreeByATrial) {
  VolumeWorld world;
  world.tell({csi_volume("v"), bound_claim("c", "v", "'ReadWriteOncePod'")});
  world.add_node("n0");
  world.cache.add_pod(on_node(pod_with("e0", claims({"c"})), "n0"));
  const auto pod = pod_with("p", claims({"c"}));
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed = 0;
  ASSERT_TRUE(world.framework->run_pre_filter(state, *pod, names, narrowed).ok());
  const NodeSlot slot = world.cache.find_node(Symbol("n0"));
  EXPECT_FALSE(world.framework->run_filter(state, *pod, world.cache.node(slot)).ok());
  {
    NodeTrial trial(world.cache, slot);
    trial.remove(trial.pods().front());
    EXPECT_TRUE(world.framework->run_filter(state, *pod, world.cache.node(slot)).ok());
  }
  EXPECT_FALSE(world.framework->run_filter(state, *pod, world.cache.node(slot)).ok());
}

TEST(NodeVolumeLimits, CountsEachVolumeOfADriverOnce) {
  const std::vector<Doc> two{csi_node(1), csi_volume("v1"), csi_volume("v2"),
                             bound_claim("c1", "v1"), bound_claim("c2", "v2")};
  std::vector<Doc> shared = two;
  shared.push_back(bound_claim("c3", "v1"));
  std::vector<Doc> other = two;
  other[0] = csi_node(1, "csi.b");
  std::vector<Doc> attached{csi_node(1), csi_volume("v1"), csi_volume("v2"),
                            bound_claim("c2", "v2")};
  attached.push_back({Watched::kVolumeAttachment,
                      "{'metadata':{'name':'va'},'spec':{'attacher':'csi.a','nodeName':'n0',"
                      "'source':{'persistentVolumeName':'v1'}}}"});
  run({
      {"no room", two, {claims({"c1"})}, claims({"c2"}), kFull, {}},
      {"room", two, {}, claims({"c2"}), "", {}},
      {"two at once", two, {}, claims({"c1", "c2"}), kFull, {}},
      {"the same claim", two, {claims({"c1"})}, claims({"c1"}), "", {}},
      {"the same volume by another claim", shared, {claims({"c1"})}, claims({"c3"}), "", {}},
      {"the limit is another driver's", other, {claims({"c1"})}, claims({"c2"}), "", {}},
      {"an attachment without a pod", attached, {}, claims({"c2"}), kFull, {}},
      {"claims to come count for their class", {csi_node(1), csi_volume("v1"),
        bound_claim("c1", "v1"), wait_class("csi.a"), claim("w", kWait)},
       {claims({"c1"})}, claims({"w"}), kFull, {}},
  });
}

TEST(NodeVolumeLimits, CountsInTreeVolumesOnNodesWhereTheyMigrated) {
  const auto docs = [](const std::string& migrated) {
    return std::vector<Doc>{csi_node(1, "ebs.csi.aws.com", migrated),
                            volume("v1", "'awsElasticBlockStore':{'volumeID':'aws://z/vol-1'}"),
                            volume("v2", "'awsElasticBlockStore':{'volumeID':'vol-2'}"),
                            volume("v3", "'awsElasticBlockStore':{'volumeID':'vol-1'}"),
                            bound_claim("c1", "v1"), bound_claim("c2", "v2"),
                            bound_claim("c3", "v3")};
  };
  run({
      {"migrated", docs("kubernetes.io/aws-ebs"), {claims({"c1"})}, claims({"c2"}), kFull, {}},
      {"not migrated", docs(""), {claims({"c1"})}, claims({"c2"}), "", {}},
      {"one handle", docs("kubernetes.io/aws-ebs"), {claims({"c1"})}, claims({"c3"}), "", {}},
      {"in the pod", docs("kubernetes.io/aws-ebs"), {claims({"c1"})},
       disk("'awsElasticBlockStore':{'volumeID':'vol-9'}"), kFull, {}},
  });
}

TEST(NodeVolumeLimits, FollowsAClaimToItsVolume) {
  VolumeWorld world;
  const Doc waiting = claim("w", kWait);
  world.tell({csi_node(1), csi_volume("v1"), wait_class("csi.a"), waiting,
              bound_claim("c1", "v1")});
  world.add_node("n0");
  world.cache.add_pod(on_node(pod_with("e0", claims({"w"})), "n0"));
  const auto pod = pod_with("p", claims({"c1"}));
  EXPECT_EQ(world.verdict(*pod), kFull);
  world.change(waiting, bound_claim("w", "v1"));  // the same volume as the pod's
  EXPECT_EQ(world.verdict(*pod), "");
  world.cache.remove_pod(Uid::parse("pod-e0"));
  EXPECT_EQ(world.cache.volumes().claim_count(), 0u);
}

TEST(VolumeZone, WantsTheNodeInOneOfTheVolumesZones) {
  const std::string ga = "topology.kubernetes.io/zone", beta =
      "failure-domain.beta.kubernetes.io/zone";
  const auto docs = [&](const std::string& key, const std::string& value) {
    return std::vector<Doc>{volume("v", "'csi':{'driver':'d','volumeHandle':'h'}",
                                   "'" + key + "':'" + value + "'"),
                            bound_claim("c", "v")};
  };
  run({
      {"another zone", docs(ga, "z1"), {}, claims({"c"}), kZone, {ga + "=z0"}},
      {"one of several", docs(ga, "z0__z1"), {}, claims({"c"}), "", {ga + "=z0"}},
      {"beta label, node with the stable one", docs(beta, "z0"), {}, claims({"c"}), "",
       {ga + "=z0"}},
      {"beta label, another zone", docs(beta, "z1"), {}, claims({"c"}), kZone, {ga + "=z0"}},
      {"a node without zones", docs(ga, "z1"), {}, claims({"c"}), "", {}},
      {"a node with a region only", docs(ga, "z1"), {}, claims({"c"}), kZone,
       {"topology.kubernetes.io/region=r0"}},
      {"an empty zone in the list", docs(ga, "z1__"), {}, claims({"c"}), "", {ga + "=z0"}},
  });
}

TEST(VolumeBinding, TurnsDownPodsWhoseClaimsCannotBeUsed) {
  const Doc lost{kPvc, "{'metadata':{'name':'c'},'spec':{'volumeName':'v'},"
                       "'status':{'phase':'Lost'}}"};
  const Doc deleted{kPvc, "{'metadata':{'name':'c','deletionTimestamp':'2026-01-01T00:00:00Z'},"
                          "'spec':{'volumeName':'v'}}"};
  const Doc owned{kPvc, "{'metadata':{'name':'p-e','annotations':{'pv.kubernetes.io/"
                        "bind-completed':'yes'},'ownerReferences':[{'apiVersion':'v1','kind':"
                        "'Pod','name':'p','uid':'pod-p','controller':true}]},"
                        "'spec':{'volumeName':'v'}}"};
  run({
      {"not bound, immediate", {claim("c", "'storageClassName':'now'")}, {}, claims({"c"}),
       "VolumeBinding: pod has unbound immediate PersistentVolumeClaims", {}},
      {"its volume is gone", {bound_claim("c", "v")}, {}, claims({"c"}),
       "VolumeZone: persistentvolume \"v\" not found", {}},
      {"ephemeral, its volume is gone", {owned}, {},
       "[{'name':'e','ephemeral':{'volumeClaimTemplate':{}}}]",
       "VolumeBinding: node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
       {}},
      {"lost", {lost}, {}, claims({"c"}),
       "VolumeBinding: persistentvolumeclaim \"c\" bound to non-existent persistentvolume \"v\"",
       {}},
      {"being deleted", {deleted}, {}, claims({"c"}),
       "VolumeBinding: persistentvolumeclaim \"c\" is being deleted", {}},
      {"ephemeral, not made yet", {}, {}, "[{'name':'e','ephemeral':{'volumeClaimTemplate':{}}}]",
       "VolumeBinding: waiting for ephemeral volume controller to create the "
       "persistentvolumeclaim \"p-e\"", {}},
      {"ephemeral, of someone else", {bound_claim("p-e", "v")}, {},
       "[{'name':'e','ephemeral':{'volumeClaimTemplate':{}}}]",
       "VolumeBinding: PVC default/p-e was not created for pod default/p (pod is not owner)", {}},
  });
}

TEST(VolumeBinding, WantsBoundVolumesWithinReach) {
  const auto docs = [](const std::string& node) {
    return std::vector<Doc>{volume("v", "'local':{'path':'/x'}," +
                                            affinity("kubernetes.io/hostname", node)),
                            bound_claim("c", "v")};
  };
  const std::string ebs = "'awsElasticBlockStore':{'volumeID':'vol-1'},";
  const std::string zone = affinity("topology.kubernetes.io/zone", "z0");
  const std::string csi_zone = "topology.ebs.csi.aws.com/zone=z0";
  run({
      {"here", docs("n0"), {}, claims({"c"}), "", {}},
      {"elsewhere", docs("n1"), {}, claims({"c"}), kAffinity, {}},
      {"in-tree, not migrated", {volume("v", ebs + zone), bound_claim("c", "v")}, {},
       claims({"c"}), kAffinity, {csi_zone}},
      {"in-tree, migrated: the driver's label", {volume("v", ebs + zone), bound_claim("c", "v"),
        csi_node(9, "x", "kubernetes.io/aws-ebs")}, {}, claims({"c"}), "", {csi_zone}},
  });
}

TEST(VolumeBinding, FindsVolumesForClaimsThatWait) {
  const Doc cls = wait_class("kubernetes.io/no-provisioner");
  const Doc want = claim("c", kWait);
  const std::string here = "," + affinity("kubernetes.io/hostname", "n0");
  const std::string there = "," + affinity("kubernetes.io/hostname", "n1");
  const std::string mine = ",'claimRef':{'name':'c','namespace':'default'}";
  const std::string small = "'storageClassName':'wait','accessModes':['ReadWriteOnce'],"
                            "'capacity':{'storage':'1Gi'}";
  run({
      {"one that fits", {cls, want, volume("v", kSized + here)}, {}, claims({"c"}), "", {}},
      {"on another node", {cls, want, volume("v", kSized + there)}, {}, claims({"c"}), kNoMatch,
       {}},
      {"too small", {cls, want, volume("v", small)}, {}, claims({"c"}), kNoMatch, {}},
      {"another mode", {cls, want, volume("v", kGb + "'storageClassName':'wait'")}, {},
       claims({"c"}), kNoMatch, {}},
      {"prebound here", {cls, want, volume("v", kSized + here + mine)}, {}, claims({"c"}), "", {}},
      {"prebound elsewhere, a free one here",
       {cls, want, volume("v", kSized + there + mine), volume("w", kSized + here)}, {},
       claims({"c"}), kNoMatch, {}},
      {"one volume for two claims", {cls, want, claim("d", kWait), volume("v", kSized)}, {},
       claims({"c", "d"}), kNoMatch, {}},
      {"two volumes for two claims",
       {cls, want, claim("d", kWait), volume("v", kSized), volume("w", kSized)}, {},
       claims({"c", "d"}), "", {}},
  });
}

TEST(VolumeBinding, ProvisionsWhereTheClassAllowsIt) {
  const Doc want = claim("c", kWait);
  const std::string zone = "topology.kubernetes.io/zone";
  const Doc zoned = wait_class("csi.a", ",'allowedTopologies':[{'matchLabelExpressions':[{'key':'" +
                                            zone + "','values':['z0','z2']}]}]");
  const Doc driver{Watched::kCsiDriver,
                   "{'metadata':{'name':'csi.a'},'spec':{'storageCapacity':true}}"};
  const auto capacity = [&](const std::string& amount) {
    return Doc{Watched::kCsiStorageCapacity,
               "{'metadata':{'name':'cap'},'storageClassName':'wait','capacity':'" + amount +
                   "','nodeTopology':{'matchLabels':{'" + zone + "':'z0'}}}"};
  };
  const std::string space = "VolumeBinding: node(s) did not have enough free storage";
  const Doc placed{kPvc, "{'metadata':{'name':'c','annotations':{'volume.kubernetes.io/"
                         "selected-node':'n1'}},'spec':{" + kWait + "}}"};
  run({
      {"anywhere", {wait_class("csi.a"), want}, {}, claims({"c"}), "", {}},
      {"in the zone", {zoned, want}, {}, claims({"c"}), "", {zone + "=z2"}},
      {"not in the zone", {zoned, want}, {}, claims({"c"}), kNoMatch, {zone + "=z1"}},
      {"enough space", {wait_class("csi.a"), want, driver, capacity("5Gi")}, {}, claims({"c"}),
       "", {zone + "=z0"}},
      {"too little space", {wait_class("csi.a"), want, driver, capacity("4Gi")}, {},
       claims({"c"}), space, {zone + "=z0"}},
      {"space elsewhere", {wait_class("csi.a"), want, driver, capacity("5Gi")}, {}, claims({"c"}),
       space, {zone + "=z1"}},
      {"space is not looked at", {wait_class("csi.a"), want, capacity("4Gi")}, {}, claims({"c"}),
       "", {zone + "=z0"}},
      {"on its way elsewhere", {wait_class("csi.a"), placed}, {}, claims({"c"}), kNoMatch, {}},
  });
}

TEST(DynamicResources, WaitsForClaimsThatDoNotExist) {
  VolumeWorld world;
  world.add_node("n0");
  auto pod = pod_with("p", "[]");
  EXPECT_EQ(world.verdict(*pod), "");
  api::PodSpec spec = *pod->spec;
  spec.extra = parse_short("{'resourceClaims':[{'name':'g','resourceClaimName':'x'}]}");
  pod->spec = spec;
  EXPECT_EQ(world.verdict(*pod),
            "DynamicResources: resourceclaim.resource.k8s.io \"x\" not found");
}

TEST(NodeDeclaredFeatures, WantsWhatTheSpecNeeds) {
  VolumeWorld world;
  world.add_node("n0");
  auto pod = pod_with("p", "[]");
  api::PodSpec spec = *pod->spec;
  spec.host_network = true;
  spec.extra = parse_short("{'hostUsers':false}");
  pod->spec = spec;
  EXPECT_EQ(world.verdict(*pod),
            "NodeDeclaredFeatures: node(s) didn't match Pod's required features");
  auto node = make_node("n0");
  node->status.extra =
      parse_short("{'declaredFeatures':['UserNamespacesHostNetworkSupport']}");
  world.cache.update_node(node);
  EXPECT_EQ(world.verdict(*pod), "");
}

}  // namespace
}  // namespace orrery::scheduler::test
