// The text of the API table as it was built into the program. Only ApiTable::built_in and its tests
// call it; the definition is generated from api_table.txt by embed_text.cmake.
#pragma once

#include <string_view>

namespace orrery::api {

std::string_view api_table_text();

}  // namespace orrery::api
