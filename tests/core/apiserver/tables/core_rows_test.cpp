#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

TEST(ServiceRow, ShowsWhereTheServiceIsReached) {
  expect_rows({
      {"v1", "Service",
       R"("spec":{"type":"ClusterIP","clusterIP":"10.96.0.7","clusterIPs":["10.96.0.7"],)"
       R"("ports":[{"port":80,"protocol":"TCP"}],"selector":{"app":"web","a":"b"}})",
       R"(["x","ClusterIP","10.96.0.7","<none>","80/TCP","5m","a=b,app=web"])"},
      {"v1", "Service", R"("spec":{"type":"ClusterIP","clusterIP":"None"})",
       R"(["x","ClusterIP","None","<none>","<none>","5m","<none>"])"},
      {"v1", "Service",
       R"("spec":{"type":"NodePort","clusterIP":"10.96.0.7","externalIPs":["1.1.1.1","2.2.2.2"],)"
       R"("ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]})",
       R"(["x","NodePort","10.96.0.7","1.1.1.1,2.2.2.2","80:30080/TCP,53/UDP","5m","<none>"])"},
      {"v1", "Service", R"("spec":{"type":"LoadBalancer","clusterIP":"10.96.0.7"})",
       R"(["x","LoadBalancer","10.96.0.7","<pending>","<none>","5m","<none>"])"},
      {"v1", "Service",
       R"("spec":{"type":"LoadBalancer","clusterIP":"10.96.0.7","externalIPs":["1.1.1.1"]},)"
       R"("status":{"loadBalancer":{"ingress":[{"hostname":"lb.a"},{"ip":"9.9.9.9"}]}})",
       R"(["x","LoadBalancer","10.96.0.7","9.9.9.9,lb.a,1.1.1.1","<none>","5m","<none>"])"},
      {"v1", "Service", R"("spec":{"type":"ExternalName","externalName":"a.b"})",
       R"(["x","ExternalName","<none>","a.b","<none>","5m","<none>"])"},
      {"v1", "Service", R"("spec":{})", R"(["x","","<none>","<unknown>","<none>","5m","<none>"])"},
  });
}

TEST(ConfigurationRows, CountTheirEntries) {
  expect_rows({
      {"v1", "ConfigMap", R"("data":{"a":"1","b":"2"},"binaryData":{"c":"AA=="})",
       R"(["x",3,"5m"])"},
      {"v1", "ConfigMap", "", R"(["x",0,"5m"])"},
      {"v1", "Secret", R"("type":"Opaque","data":{"a":"AA=="})", R"(["x","Opaque",1,"5m"])"},
      {"v1", "ServiceAccount", R"("secrets":[{"name":"s"}])", R"(["x","5m"])"},
  });
}

TEST(EndpointsRow, ShowsThreeAddressesAndCountsTheRest) {
  expect_rows({
      {"v1", "Endpoints", "", R"(["x","<none>","5m"])"},
      {"v1", "Endpoints", R"("subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"2.2.2.2"}]}])",
       R"(["x","1.1.1.1,2.2.2.2","5m"])"},
      {"v1", "Endpoints",
       R"("subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"fd::2"}],)"
       R"("ports":[{"port":80},{"port":81},{"port":82}]}])",
       R"(["x","1.1.1.1:80,[fd::2]:80,1.1.1.1:81 + 3 more...","5m"])"},
      {"v1", "Endpoints",
       R"("subsets":[{"notReadyAddresses":[{"ip":"1.1.1.1"}],"ports":[{"port":1}]}])",
       R"(["x","","5m"])"},
  });
}

TEST(ResourceQuotaRow, PartsRequestsFromLimits) {
  expect_rows({
      {"v1", "ResourceQuota",
       R"("status":{"hard":{"requests.cpu":"2","pods":"10","limits.memory":"2Gi",)"
       R"("limits.cpu":"4"},)"
       R"("used":{"pods":"3","limits.memory":"1Gi"}})",
       R"(["x","pods: 3/10, requests.cpu: 0/2","limits.cpu: 0/4, limits.memory: 1Gi/2Gi","5m"])"},
      {"v1", "ResourceQuota", "", R"(["x","","","5m"])"},
  });
}

TEST(TemplateRows, ShowContainersAndLabels) {
  expect_rows({
      {"v1", "PodTemplate",
       R"("template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[)"
       R"({"name":"c","image":"i:1"},{"name":"d","image":"j"}]}})",
       R"(["x","c,d","i:1,j","a=b"])"},
      {"v1", "ReplicationController",
       R"("spec":{"replicas":3,"selector":{"a":"b"},"template":{"spec":{"containers":[)"
       R"({"name":"c","image":"i"}]}}},"status":{"replicas":2,"readyReplicas":1})",
       R"(["x",3,2,1,"5m","c","i","a=b"])"},
  });
}

TEST(EventRow, ReadsOldAndNewEvents) {
  expect_rows({
      {"v1", "Event",
       R"("involvedObject":{"kind":"Pod","name":"p","fieldPath":"spec.containers{c}"},)"
       R"("type":"Normal","reason":"Pulled","message":"  pulled it\n","count":7,)"
       R"("source":{"component":"kubelet","host":"n1"},"firstTimestamp":"2025-12-31T23:50:00Z",)"
       R"("lastTimestamp":"2025-12-31T23:59:00Z")",
       R"(["60s","Normal","Pulled","pod/p","spec.containers{c}","kubelet, n1","pulled it",)"
       R"("10m",7,"x"])"},
      {"v1", "Event",
       R"("involvedObject":{"kind":"Node"},"type":"Warning","reason":"R","message":"m",)"
       R"("eventTime":"2025-12-31T23:58:00.000000Z","reportingComponent":"s",)"
       R"("reportingInstance":"s-0")",
       R"(["2m","Warning","R","node","","s, s-0","m","2m",1,"x"])"},
      {"v1", "Event",
       R"("involvedObject":{"kind":"Pod","name":"p"},"eventTime":"2025-12-31T23:58:00.000000Z",)"
       R"("series":{"count":9,"lastObservedTime":"2025-12-31T23:59:30.000000Z"})",
       R"(["30s","","","pod/p","","","","2m",9,"x"])"},
      {"events.k8s.io/v1", "Event",
       R"("regarding":{"kind":"Pod","name":"p"},"type":"Normal","reason":"Scheduled","note":"n",)"
       R"("reportingController":"default-scheduler","deprecatedCount":2,)"
       R"("deprecatedFirstTimestamp":"2025-12-31T23:50:00Z",)"
       R"("deprecatedLastTimestamp":"2025-12-31T23:59:00Z")",
       R"(["60s","Normal","Scheduled","pod/p","","default-scheduler","n","10m",2,"x"])"},
      {"v1", "Event", "", R"(["<unknown>","","","","","","","<unknown>",1,"x"])"},
  });
}

TEST(NetworkRows, ShowHostsAddressesAndPorts) {
  expect_rows({
      {"networking.k8s.io/v1", "Ingress",
       R"("spec":{"ingressClassName":"nginx","tls":[{}],"rules":[{"host":"a"},{"host":"b"},)"
       R"({"host":"c"},{"host":"d"},{"host":"e"}]},)"
       R"("status":{"loadBalancer":{"ingress":[{"ip":"2.2.2.2"},{"ip":"1.1.1.1"}]}})",
       R"(["x","nginx","a,b,c + 2 more...","1.1.1.1,2.2.2.2","80, 443","5m"])"},
      {"networking.k8s.io/v1", "Ingress", R"("spec":{"rules":[{"http":{}}]})",
       R"(["x","<none>","*","","80","5m"])"},
      {"networking.k8s.io/v1", "IngressClass", R"("spec":{"controller":"a.b/c"})",
       R"(["x","a.b/c","<none>","5m"])"},
      {"networking.k8s.io/v1", "IngressClass",
       R"("spec":{"controller":"a.b/c","parameters":{"apiGroup":"g.io","kind":"P","name":"n"}})",
       R"(["x","a.b/c","P.g.io/n","5m"])"},
      {"networking.k8s.io/v1", "NetworkPolicy", R"("spec":{"podSelector":{}})",
       R"(["x","<none>","5m"])"},
      {"networking.k8s.io/v1", "NetworkPolicy",
       R"("spec":{"podSelector":{"matchLabels":{"b":"1","a":"2"}}})", R"(["x","a=2,b=1","5m"])"},
      {"networking.k8s.io/v1", "ServiceCIDR", R"("spec":{"cidrs":["10.0.0.0/8","fd::/64"]})",
       R"(["x","10.0.0.0/8,fd::/64","5m"])"},
      {"networking.k8s.io/v1", "IPAddress",
       R"("spec":{"parentRef":{"group":"","resource":"services","namespace":"d","name":"s"}})",
       R"(["x","services/d/s","5m"])"},
      {"discovery.k8s.io/v1", "EndpointSlice", R"("addressType":"IPv4","endpoints":[])",
       R"(["x","IPv4","<unset>","<unset>","5m"])"},
      {"discovery.k8s.io/v1", "EndpointSlice",
       R"("addressType":"IPv4","ports":[{"port":80},{"name":"n"},{},{"port":1}],)"
       R"("endpoints":[{"addresses":["1.1.1.1","1.1.1.2"]},{"addresses":["1.1.1.3","1.1.1.4"]}])",
       R"(["x","IPv4","80,n,* + 1 more...","1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...","5m"])"},
  });
}

}  // namespace
}  // namespace orrery::test
