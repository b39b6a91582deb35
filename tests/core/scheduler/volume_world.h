// A plugin world with nodes, claims and volumes written as short JSON, for tests of volume plugins.
#pragma once

#include <string>
#include <vector>

#include "core/api/storage.h"
#include "tests/core/scheduler/plugin_world.h"

namespace orrery::scheduler::test {

/// One object: what it is, and its document in JSON (single quotes stand for double ones).
struct Doc {
  Watched kind;
  std::string text;
};

api::RawRef parse_short(std::string text);
Ref<api::Object> make_object(const Doc& doc);
/// A pod with these volumes ("[{...}]").
Ref<api::Pod> pod_with(const std::string& name, const std::string& volumes);
/// The volumes of a pod that uses these claims.
std::string claims(const std::vector<std::string>& names);

struct VolumeWorld : PluginWorld {
  void tell(const std::vector<Doc>& docs) {
    for (const Doc& doc : docs) cache.on_object(doc.kind, {}, make_object(doc));
  }
  /// In place of the object of that name.
  void change(const Doc& old, const Doc& now) {
    cache.on_object(now.kind, make_object(old), make_object(now));
  }
  void add_node(const std::string& name, const std::vector<std::string>& labels = {}) {
    Ref<api::Node> node = make_node(name);
    for (const std::string& label : labels) {
      const std::size_t equals = label.find('=');
      set_label(node, label.substr(0, equals), label.substr(equals + 1));
    }
    cache.add_node(node);
  }
};

}  // namespace orrery::scheduler::test
