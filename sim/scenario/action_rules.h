// Which fields belong to which verb and fault of an action: one table, from which reading checks an
// action and the reference in docs/scenario.md lists the verbs.
#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/field_reader.h"

namespace orrery::sim {

struct ActionRule {
  std::string_view verb;  // "drain", or a fault's name
  bool is_fault;
  std::vector<std::string_view> one_of;    // exactly one of these is needed
  std::vector<std::string_view> required;  // and all of these
  std::vector<std::string_view> optional;
  std::string_view doc;
  std::string_view example;
};

const std::vector<ActionRule>& action_rules();
/// The FieldRow table's check of an Action: finds the verb, reports missing and foreign fields.
void check_action(FieldReader& reader, const Tree& tree, void* action);
/// The same for an Expectation.
void check_expectation(FieldReader& reader, const Tree& tree, void* expectation);

}  // namespace orrery::sim
