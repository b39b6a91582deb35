// What a table prints for a document, as text, so that tests of rows hold no JSON library. Time
// stands at kNow; the documents say when they were made.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/tables/table.h"

namespace orrery::test {

/// 2026-01-01T00:00:00Z
inline constexpr Time kNow{std::chrono::seconds(1'767'225'600)};
/// A metadata object: name "x", made five minutes before kNow.
inline constexpr std::string_view kMeta =
    R"({"name":"x","creationTimestamp":"2025-12-31T23:55:00Z"})";

const api::ApiTable& table();
/// The cells and conditions of one row: `["x","5m"]`, or `["x"],"conditions":[...]`.
std::string row_of(std::string_view api_version, std::string_view kind, std::string_view document);
/// The row of `{"metadata": kMeta, MEMBERS}`.
std::string row_with(std::string_view api_version, std::string_view kind, std::string_view members);
std::string custom_row(const std::vector<apiserver::CustomColumn>& columns,
                       std::string_view document);
/// Each value the path finds, as JSON; "error" where it cannot be read or followed.
std::string found_by(std::string_view path, std::string_view document);

struct RowCase {
  std::string_view api_version, kind, members, expected;
};
/// Checks every case by row_with.
void expect_rows(const std::vector<RowCase>& cases);

}  // namespace orrery::test
