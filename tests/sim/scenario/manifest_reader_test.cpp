#include "sim/scenario/manifest_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/scenario/input_files.h"
#include "tests/sim/scenario/data_folder.h"

namespace orrery::sim {
namespace {

constexpr const char* kTwo =
    "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n\n---\napiVersion: apps/v1\nkind: "
    "Deployment\nmetadata:\n  name: b\nspec:\n  replicas: 2\n";

TEST(ManifestReader, ReadsSeveralDocumentsAndRemembersWhereTheyStood) {
  const auto documents = read_manifest_text(kTwo, "x.yaml");
  ASSERT_TRUE(documents.ok()) << documents.status().message();
  ASSERT_EQ(documents->size(), 2u);
  const ManifestDocument& d = documents->at(1);
  EXPECT_EQ((*d.json)["metadata"]["name"], "b");
  EXPECT_EQ(d.document, 3);
  EXPECT_EQ(d.line, 7);
  EXPECT_EQ(d.line_of("spec.replicas"), 12);
  EXPECT_EQ(d.error_line("spec.replicas", "must be less"),
            "x.yaml:12: document 3, Deployment \"b\": spec.replicas: must be less");
}

TEST(ManifestReader, ExpandsLists) {
  const auto documents = read_manifest_text(
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n"
      "- apiVersion: v1\n  kind: ServiceList\n  items:\n  - {apiVersion: v1, kind: Service, "
      "metadata: "
      "{name: s}}\n",
      "x.yaml");
  ASSERT_TRUE(documents.ok()) << documents.status().message();
  ASSERT_EQ(documents->size(), 2u);
  EXPECT_EQ(documents->at(0).line_of("metadata.name"), 6);
  EXPECT_EQ((*documents->at(1).json)["metadata"]["name"], "s");
}

TEST(ManifestReader, NamesFileDocumentAndLineOfAllErrors) {
  const std::pair<const char*, const char*> cases[] = {
      {"kind: Pod\nmetadata: {name: p}\n",
       "x.yaml:1: document 1: apiVersion: required, e.g. apiVersion: apps/v1"},
      {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n---\napiVersion: v1\nkind: "
       "Pod\nmetadata:\n  labels: {}\n",
       "x.yaml:7: document 2, Pod: metadata.name: required, e.g. metadata: {name: web}"},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: 12\n",
       "x.yaml:4: document 1, Pod: metadata.name: must be text, got 12: put it in quotes"},
      {"- a\n", "x.yaml:1: document 1: must be a Kubernetes object, got a list"},
      {"apiVersion: v1\nkind: List\nitems:\n- 5\n",
       "x.yaml:4: document 1, items[0]: must be a Kubernetes object, got 5"},
      {"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\na: b: c\n",
       "x.yaml:5:5: document 2: is not valid YAML: illegal map value"},
      {"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  x: 1\n  x: 2\n",
       "x.yaml:6: document 1: spec.x: is given twice in this map: keep one"},
  };
  for (const auto& [text, error] : cases) {
    const auto documents = read_manifest_text(text, "x.yaml");
    ASSERT_FALSE(documents.ok()) << text;
    EXPECT_EQ(documents.status().message(), error);
  }
}

TEST(ManifestReader, SaysWhichFileOrFolderIsNotThere) {
  EXPECT_EQ(read_manifests("no/such/place").status().message(),
            "no/such/place: no such file or folder");
  EXPECT_EQ(read_manifests("cmake").status().message(),
            "cmake: holds no .yaml, .yml or .json file");
}

TEST(ManifestReader, ReadsTheRealManifests) {
  const std::string folder = data_folder() + "/manifests";
  if (!is_folder(folder)) GTEST_SKIP() << folder << " is not here";
  const std::pair<const char*, std::size_t> shops[] = {{"online-boutique", 35}, {"voting-app", 9}};
  for (const auto& [name, least] : shops) {
    const auto documents = read_manifests(folder + "/" + name);
    ASSERT_TRUE(documents.ok()) << documents.status().message();
    EXPECT_GE(documents->size(), least) << name;
  }
  const auto guestbook = read_manifests(folder + "/guestbook");
  ASSERT_TRUE(guestbook.ok()) << guestbook.status().message();
  EXPECT_GE(guestbook->size(), 12u);
}

}  // namespace
}  // namespace orrery::sim
