#include "sim/pod_console/container_files.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orrery::sim {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

const Json& part(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto it = object.find(key);
  return it == object.end() ? kNone : *it;
}

const Json& extra_of(const api::RawRef& raw) {
  static const Json kNone;
  return raw ? raw.json() : kNone;
}

std::string hostname_of(const api::Pod& pod) {
  return pod.spec->hostname.empty() ? pod.meta.name.str() : pod.spec->hostname.str();
}

std::string lines_of_map(const NamedTexts& map) {
  std::string out;
  for (const auto& [key, value] : map) out += fmt::format("{}=\"{}\"\n", key, value);
  return out;
}

NamedTexts texts(const api::ObjectMeta& meta, bool labels) {
  NamedTexts out;
  if (labels) {
    for (const auto& [key, value] : meta.labels->entries())
      out.emplace_back(key.str(), value.str());
  } else {
    for (const auto& [key, value] : meta.annotations) out.emplace_back(key.str(), value.str());
  }
  return out;
}

/// The downward API: a field of the pod.
std::string pod_field(const api::Pod& pod, const std::string& path) {
  if (path == "metadata.name") return pod.meta.name.str();
  if (path == "metadata.namespace") return pod.meta.namespace_.str();
  if (path == "metadata.uid") return pod.meta.uid.str();
  if (path == "metadata.labels") return lines_of_map(texts(pod.meta, true));
  if (path == "metadata.annotations") return lines_of_map(texts(pod.meta, false));
  if (path == "spec.nodeName") return pod.node_name.str();
  if (path == "spec.serviceAccountName") return pod.spec->service_account_name.str();
  if (path == "status.podIP" || path == "status.podIPs") return pod.status.pod_ip.str();
  if (path == "status.hostIP" || path == "status.hostIPs") return pod.status.host_ip.str();
  const std::size_t open = path.find("['");
  if (open == path.npos || !path.ends_with("']")) return {};
  const std::string key = path.substr(open + 2, path.size() - open - 4);
  for (const auto& [name, value] : texts(pod.meta, path.starts_with("metadata.labels"))) {
    if (name == key) return value;
  }
  return {};
}

std::string value_in(const std::optional<NamedTexts>& data, const std::string& key) {
  for (const auto& [name, value] : data.value_or(NamedTexts())) {
    if (name == key) return value;
  }
  return {};
}

/// `$(NAME)` by what has been set before.
std::string with_references(const std::string& value,
                            const std::map<std::string, std::string>& known) {
  std::string out;
  for (std::size_t i = 0; i < value.size();) {
    const std::size_t end = value.compare(i, 2, "$(") == 0 ? value.find(')', i) : value.npos;
    const auto it = end == value.npos ? known.end() : known.find(value.substr(i + 2, end - i - 2));
    if (it == known.end()) {
      out += value[i++];
    } else {
      out += it->second;
      i = end + 1;
    }
  }
  return out;
}

void add_sources(PodView& view, const api::Pod& pod, const Json& sources,
                 std::map<std::string, std::string>& out) {
  if (!sources.is_array()) return;
  for (const Json& source : sources) {
    const Symbol ns = pod.meta.namespace_;
    const std::string map = text_of(part(source, "configMapRef"), "name");
    const auto data = map.empty() ? view.secret(ns, text_of(part(source, "secretRef"), "name"))
                                  : view.config_map(ns, map);
    for (const auto& [key, value] : data.value_or(NamedTexts())) {
      out[text_of(source, "prefix") + key] = value;
    }
  }
}

void add_variables(PodView& view, const api::Pod& pod, const Json& variables,
                   std::map<std::string, std::string>& out) {
  if (!variables.is_array()) return;
  for (const Json& one : variables) {
    const Json& from = part(one, "valueFrom");
    std::string value = with_references(text_of(one, "value"), out);
    if (const Json& field = part(from, "fieldRef"); field.is_object()) {
      value = pod_field(pod, text_of(field, "fieldPath"));
    } else if (const Json& map = part(from, "configMapKeyRef"); map.is_object()) {
      value =
          value_in(view.config_map(pod.meta.namespace_, text_of(map, "name")), text_of(map, "key"));
    } else if (const Json& secret = part(from, "secretKeyRef"); secret.is_object()) {
      value = value_in(view.secret(pod.meta.namespace_, text_of(secret, "name")),
                       text_of(secret, "key"));
    }
    out[text_of(one, "name")] = value;
  }
}

/// The keys of a source, or those that `items` picks, under their paths.
NamedTexts picked(const std::optional<NamedTexts>& data, const Json& source) {
  const Json& items = part(source, "items");
  if (!items.is_array()) return data.value_or(NamedTexts());
  NamedTexts out;
  for (const Json& item : items) {
    out.emplace_back(text_of(item, "path"), value_in(data, text_of(item, "key")));
  }
  return out;
}

NamedTexts downward_files(const api::Pod& pod, const Json& source) {
  NamedTexts out;
  const Json& items = part(source, "items");
  if (!items.is_array()) return out;
  for (const Json& item : items) {
    out.emplace_back(text_of(item, "path"),
                     pod_field(pod, text_of(part(item, "fieldRef"), "fieldPath")));
  }
  return out;
}

NamedTexts volume_files(PodView& view, const api::Pod& pod, const Json& volume) {
  const Symbol ns = pod.meta.namespace_;
  if (const Json& map = part(volume, "configMap"); map.is_object()) {
    return picked(view.config_map(ns, text_of(map, "name")), map);
  }
  if (const Json& secret = part(volume, "secret"); secret.is_object()) {
    const std::string name = text_of(secret, "secretName");
    return picked(view.secret(ns, name.empty() ? text_of(secret, "name") : name), secret);
  }
  if (const Json& downward = part(volume, "downwardAPI"); downward.is_object()) {
    return downward_files(pod, downward);
  }
  if (const Json& token = part(volume, "serviceAccountToken"); token.is_object()) {
    return {{text_of(token, "path"), view.service_account_token(pod)}};
  }
  NamedTexts out;
  const Json& sources = part(part(volume, "projected"), "sources");
  if (!sources.is_array()) return out;
  for (const Json& source : sources) {
    if (part(source, "projected").is_object()) continue;  // none lies in another
    for (auto& file : volume_files(view, pod, source)) out.push_back(std::move(file));
  }
  return out;
}

}  // namespace

const api::Container* find_container(const api::Pod& pod, Symbol name) {
  if (!pod.spec) return nullptr;
  for (const auto* list : {&pod.spec->containers, &pod.spec->init_containers}) {
    for (const api::Container& c : *list) {
      if (c.name == name) return &c;
    }
  }
  return nullptr;
}

bool keeps_stdin_open(const api::Container& container) {
  const Json& stdin_ = part(extra_of(container.extra), "stdin");
  return stdin_.is_boolean() && stdin_.get<bool>();
}

std::map<std::string, std::string> container_environment(PodView& view, const api::Pod& pod,
                                                         const api::Container& container) {
  std::map<std::string, std::string> out;
  for (auto& [name, value] : view.service_environment(pod)) out[name] = value;
  const Json& extra = extra_of(container.extra);
  add_sources(view, pod, part(extra, "envFrom"), out);
  add_variables(view, pod, part(extra, "env"), out);
  out.emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  out.emplace("HOME", "/root");
  out.emplace("HOSTNAME", hostname_of(pod));
  return out;
}

void fill_root(FileTree& files, PodView& view, const api::Pod& pod) {
  for (const char* folder : {"/bin", "/dev", "/etc", "/home", "/proc/1", "/root", "/sys", "/tmp",
                             "/usr/bin", "/var/log", "/var/run", "/opt", "/mnt"}) {
    (void)files.make_directory(folder, true);
  }
  const NodeFacts node = view.node_of(pod);
  const std::string host = hostname_of(pod), ns = pod.meta.namespace_.str();
  const auto put = [&files](const char* path, const std::string& content) {
    (void)files.write(path, content, false);
  };
  put("/etc/hostname", host + "\n");
  put("/etc/hosts", fmt::format("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"
                                "::1\tlocalhost ip6-localhost ip6-loopback\n{}\t{}\n",
                                pod.status.pod_ip.view(), host));
  put("/etc/resolv.conf",
      fmt::format("search {}.svc.cluster.local svc.cluster.local cluster.local\n"
                  "nameserver {}\noptions ndots:5\n",
                  ns, view.dns_server()));
  put("/etc/os-release", "NAME=\"Orrery virtual container\"\nID=orrery\n");
  put("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
  put("/proc/version", fmt::format("Linux version {} (orrery)\n", node.kernel));
  put("/proc/meminfo", fmt::format("MemTotal:       {} kB\n", node.memory_bytes / 1024));
  std::string cpus;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(node.cpus, 256); ++i) {
    cpus += fmt::format("processor\t: {}\nmodel name\t: virtual\n\n", i);
  }
  put("/proc/cpuinfo", cpus);
}

void mount_volumes(FileTree& files, PodView& view, const api::Pod& pod,
                   const api::Container& container) {
  files.unmount_all();
  for (const api::VolumeMount& mount : container.volume_mounts) {
    for (const api::Volume& volume : pod.spec->volumes) {
      if (volume.name.view() != mount.name.view()) continue;
      const std::string folder = FileTree::resolve("/", mount.mount_path.view());
      const std::string sub = text_of(extra_of(mount.extra), "subPath");
      const NamedTexts content = volume_files(view, pod, extra_of(volume.extra));
      if (sub.empty()) (void)files.make_directory(folder, true);
      for (const auto& [name, text] : content) {
        if (sub.empty()) files.mount(FileTree::resolve(folder, name), text);
        if (sub == name) files.mount(folder, text);
      }
    }
  }
}

}  // namespace orrery::sim
