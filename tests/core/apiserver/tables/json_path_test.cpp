#include "core/apiserver/tables/json_path.h"

#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

constexpr std::string_view kDocument = R"({
  "spec":{"a":1,"b":{"c":"x"},"none":null,"list":[10,20,30,40]},
  "metadata":{"labels":{"app.kubernetes.io/name":"web","plain":"p"}},
  "status":{"conditions":[{"type":"Ready","status":"True","n":3},
                          {"type":"Other","status":"False","n":5}]}})";

TEST(JsonPath, FindsWhatItNames) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {".spec.a", "1"},
      {".spec.b", R"({"c":"x"})"},
      {"$.spec.b.c", R"("x")"},
      {".spec['b'].c", R"("x")"},
      {R"(.spec["b"]['c'])", R"("x")"},
      {".spec.none", "null"},
      {".spec.none.deeper", ""},
      {".spec.missing", ""},
      {".spec.a.b", ""},
      {R"(.metadata.labels.app\.kubernetes\.io/name)", R"("web")"},
      {".metadata.labels['app.kubernetes.io/name']", R"("web")"},
      {R"(.metadata.labels['app\.kubernetes\.io/name'])", R"("web")"},
      {".spec.list[0]", "10"},
      {".spec.list[-1]", "40"},
      {".spec.list[1:3]", "20 30"},
      {".spec.list[:2]", "10 20"},
      {".spec.list[2:]", "30 40"},
      {".spec.list[0:4:2]", "10 30"},
      {".spec.list[0,2]", "10 30"},
      {".spec.list[*]", "10 20 30 40"},
      {".metadata.labels['plain','app.kubernetes.io/name']", R"("p" "web")"},
      {".metadata.labels.*", R"("web" "p")"},
      {".status.conditions[*].type", R"("Ready" "Other")"},
      {"..type", R"("Ready" "Other")"},
  };
  for (const auto& [path, found] : cases) EXPECT_EQ(found_by(path, kDocument), found) << path;
}

TEST(JsonPath, FiltersListsByComparing) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"(.status.conditions[?(@.type=="Ready")].status)", R"("True")"},
      {R"(.status.conditions[?(@.type == 'Other')].status)", R"("False")"},
      {R"(.status.conditions[?(@.type!="Ready")].type)", R"("Other")"},
      {".status.conditions[?(@.n>3)].type", R"("Other")"},
      {".status.conditions[?(@.n>=3)].type", R"("Ready" "Other")"},
      {".status.conditions[?(@.n<4)].type", R"("Ready")"},
      {".status.conditions[?(@.n)].n", "3 5"},
      {".status.conditions[?(@.missing)].n", ""},
      {R"(.status.conditions[?(@.missing=="x")].n)", ""},
  };
  for (const auto& [path, found] : cases) EXPECT_EQ(found_by(path, kDocument), found) << path;
}

TEST(JsonPath, FailsWhereTheDocumentHasAnotherShape) {
  for (const std::string_view path :
       {".spec.list[7]", ".spec.b[0]", ".spec.list[0:9]", ".spec[?(@.a==1)]",
        ".status.conditions[?(@.n==\"3\")].type"}) {
    EXPECT_EQ(found_by(path, kDocument), "error") << path;
  }
}

TEST(JsonPath, RefusesWhatItCannotRead) {
  for (const std::string_view path : {".spec.list[", ".spec['b", ".spec.list[x]",
                                      ".a[?(@.b==\"c\"]", ".a[?(@.b==c)]", ".a b", ".a[0:2:0]"}) {
    EXPECT_FALSE(apiserver::JsonPath::parse(path).ok()) << path;
  }
}

}  // namespace
}  // namespace orrery::test
