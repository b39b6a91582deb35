// The Table document: its metadata, columns, rows and the objects in them.
#include "core/apiserver/tables/table.h"

#include <nlohmann/json.hpp>

#include "core/apiserver/tables/partial_metadata.h"
#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

using apiserver::IncludeObject;
using apiserver::TableOptions;
using apiserver::TablePrinter;
using nlohmann::json;

TablePrinter printer_of(std::string_view api_version, std::string_view kind) {
  return TablePrinter(*table().find_kind(api_version, kind));
}

const json kNamespace = json::parse(R"({
  "kind":"Namespace","apiVersion":"v1",
  "metadata":{"name":"a","uid":"u","resourceVersion":"7","labels":{"k":"v"},
    "creationTimestamp":"2025-12-31T23:59:50Z"},
  "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}})");

json table_of(const json& document, const TableOptions& options) {
  return json::parse(table_text(printer_of("v1", "Namespace"), options, document));
}

TEST(Table, OfOneObjectHasItsResourceVersionAndOneRow) {
  const json out = table_of(kNamespace, {.now = kNow});
  EXPECT_EQ(out["kind"], "Table");
  EXPECT_EQ(out["apiVersion"], "meta.k8s.io/v1");
  EXPECT_EQ(out["metadata"], json::parse(R"({"resourceVersion":"7"})"));
  ASSERT_EQ(out["columnDefinitions"].size(), 3u);
  EXPECT_EQ(out["columnDefinitions"][1],
            json::parse(R"({"name":"Status","type":"string","format":"","description":"",)"
                        R"("priority":0})"));
  ASSERT_EQ(out["rows"].size(), 1u);
  EXPECT_EQ(out["rows"][0]["cells"], json::parse(R"(["a","Active","10s"])"));
  EXPECT_EQ(out["rows"][0]["object"], apiserver::partial_metadata(kNamespace, "v1"));
  EXPECT_EQ(out["rows"][0]["object"]["kind"], "PartialObjectMetadata");
  EXPECT_EQ(out["rows"][0]["object"]["metadata"], kNamespace["metadata"]);
}

TEST(Table, OfAListHasItsMetadataAndARowForEachItem) {
  const json list = {
      {"kind", "NamespaceList"},
      {"apiVersion", "v1"},
      {"metadata", {{"resourceVersion", "9"}, {"continue", "c"}, {"remainingItemCount", 4}}},
      {"items", {kNamespace, kNamespace}}};
  const json out = table_of(list, {.now = kNow});
  EXPECT_EQ(out["metadata"], list["metadata"]);
  EXPECT_EQ(out["rows"].size(), 2u);
  json empty = list;
  empty["items"] = json::array();
  EXPECT_EQ(table_of(empty, {.now = kNow})["rows"], json::array());
}

TEST(Table, CarriesTheObjectAsAskedFor) {
  json out = table_of(kNamespace, {.include = IncludeObject::kObject, .now = kNow});
  EXPECT_EQ(out["rows"][0]["object"], kNamespace);
  out = table_of(kNamespace, {.include = IncludeObject::kNone, .now = kNow});
  EXPECT_TRUE(out["rows"][0]["object"].is_null());
  out = table_of(kNamespace, {.version = "v1beta1", .now = kNow});
  EXPECT_EQ(out["apiVersion"], "meta.k8s.io/v1beta1");
  EXPECT_EQ(out["rows"][0]["object"]["apiVersion"], "meta.k8s.io/v1beta1");
}

TEST(Table, WithoutHeadersHasNullForColumns) {
  const json out = table_of(kNamespace, {.has_headers = false, .now = kNow});
  ASSERT_TRUE(out.contains("columnDefinitions"));
  EXPECT_TRUE(out["columnDefinitions"].is_null());
  EXPECT_EQ(out["rows"].size(), 1u);
}

TEST(Table, KeepsTextsWhole) {
  json odd = kNamespace;
  odd["status"]["phase"] = "q\"\\\n\t\x01 \xc3\xa4";
  EXPECT_EQ(table_of(odd, {.now = kNow})["rows"][0]["cells"][1], odd["status"]["phase"]);
  odd["status"]["phase"] = "bad\xff";
  EXPECT_EQ(table_of(odd, {.now = kNow})["rows"][0]["cells"][1], "bad\xef\xbf\xbd");
}

TEST(Table, OfFlowSchemasIsInMatchingOrder) {
  const auto schema = [](const char* name, int precedence) {
    return json{{"metadata", {{"name", name}}}, {"spec", {{"matchingPrecedence", precedence}}}};
  };
  const json list = {{"kind", "FlowSchemaList"},
                     {"items", {schema("b", 500), schema("z", 2), schema("a", 500)}}};
  const json out = json::parse(
      table_text(printer_of("flowcontrol.apiserver.k8s.io/v1", "FlowSchema"), {}, list));
  ASSERT_EQ(out["rows"].size(), 3u);
  EXPECT_EQ(out["rows"][0]["cells"][0], "z");
  EXPECT_EQ(out["rows"][1]["cells"][0], "a");
  EXPECT_EQ(out["rows"][2]["cells"][0], "b");
}

TEST(Table, TakesThreeWordsForIncludeObject) {
  EXPECT_EQ(*apiserver::parse_include_object(""), IncludeObject::kMetadata);
  EXPECT_EQ(*apiserver::parse_include_object("Metadata"), IncludeObject::kMetadata);
  EXPECT_EQ(*apiserver::parse_include_object("Object"), IncludeObject::kObject);
  EXPECT_EQ(*apiserver::parse_include_object("None"), IncludeObject::kNone);
  const auto bad = apiserver::parse_include_object("object");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().message(),
            "Unable to convert to Table as requested: includeObject: Invalid value: \"object\": "
            "must be 'Metadata', 'Object', 'None', or empty");
}

TEST(PartialMetadata, OfAListCutsEveryItem) {
  const json list = {
      {"kind", "NamespaceList"}, {"metadata", {{"resourceVersion", "9"}}}, {"items", {kNamespace}}};
  const json out = apiserver::partial_metadata_list(list, "v1");
  EXPECT_EQ(out["kind"], "PartialObjectMetadataList");
  EXPECT_EQ(out["apiVersion"], "meta.k8s.io/v1");
  EXPECT_EQ(out["metadata"], list["metadata"]);
  EXPECT_EQ(out["items"], json::array({apiserver::partial_metadata(kNamespace, "v1")}));
}

}  // namespace
}  // namespace orrery::test
