#include "cli/kubeconfig.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/api/protobuf/wire_values.h"
#include "core/api/yaml/yaml.h"

namespace orrery::cli {
namespace {

using nlohmann::json;

Status broken(const std::string& path, const std::string& why) {
  return bad_request(path + ": " + why);
}

// The entry of this name in a kubeconfig's list.
const json* named(const json& file, const char* list, const char* part, const std::string& name) {
  const auto all = file.find(list);
  if (all == file.end() || !all->is_array()) return nullptr;
  for (const json& entry : *all) {
    if (entry.is_object() && entry.value("name", json()) == name && entry.contains(part)) {
      return &entry[part];
    }
  }
  return nullptr;
}

std::string text_of(const json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// KEY-data in base64, or the file that KEY names.
std::string pem_of(const json& object, const std::string& key, const std::string& kubeconfig) {
  const std::string data = text_of(object, (key + "-data").c_str());
  if (!data.empty()) return api::base64_decode(data).value_or("");
  const std::string file = text_of(object, key.c_str());
  if (file.empty()) return {};
  return read_file(std::filesystem::path(kubeconfig).parent_path() / file);
}

}  // namespace

std::string kubeconfig_text(const ClusterAccess& access) {
  return fmt::format(
      "apiVersion: v1\nkind: Config\nclusters:\n- name: orrery\n  cluster:\n    server: {}\n"
      "    certificate-authority-data: {}\nusers:\n- name: admin\n  user:\n"
      "    client-certificate-data: {}\n    client-key-data: {}\ncontexts:\n- name: orrery\n"
      "  context: {{cluster: orrery, user: admin, namespace: default}}\n"
      "current-context: orrery\npreferences: {{}}\n",
      access.server, api::base64_encode(access.ca_pem), api::base64_encode(access.certificate_pem),
      api::base64_encode(access.key_pem));
}

Status write_kubeconfig(const std::string& path, const ClusterAccess& access) {
  const std::string fresh = fmt::format("{}.{}", path, ::getpid());
  const auto failed = [&](const char* what) {
    const std::string why = std::strerror(errno);
    ::unlink(fresh.c_str());
    return internal_error(fmt::format("{}: {}: {}", path, what, why));
  };
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failed("cannot write");
  const std::string text = kubeconfig_text(access);
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(file) == 0;
  if (!written || !closed) return failed("cannot write");
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("cannot replace");
  return Status();
}

Result<ClusterAccess> read_kubeconfig(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    return broken(path, "no such file: start `orrery sim serve SCENARIO` here, or give "
                        "--kubeconfig FILE");
  }
  Result<json> file = api::yaml_to_json(read_file(path));
  if (!file.ok()) return broken(path, file.status().message());
  if (!file->is_object()) return broken(path, "is no kubeconfig");
  const json* context = named(*file, "contexts", "context", text_of(*file, "current-context"));
  if (!context) return broken(path, "current-context names no context of the file");
  const json* cluster = named(*file, "clusters", "cluster", text_of(*context, "cluster"));
  const json* user = named(*file, "users", "user", text_of(*context, "user"));
  if (!cluster || !user) return broken(path, "the current context's cluster or user is missing");
  ClusterAccess out;
  out.server = text_of(*cluster, "server");
  out.ca_pem = pem_of(*cluster, "certificate-authority", path);
  out.certificate_pem = pem_of(*user, "client-certificate", path);
  out.key_pem = pem_of(*user, "client-key", path);
  if (out.server.empty()) return broken(path, "the cluster has no server");
  return out;
}

std::string kubeconfig_path(const std::string& flag) {
  if (!flag.empty()) return flag;
  if (std::filesystem::exists(kKubeconfigName)) return kKubeconfigName;
  const char* set = std::getenv("KUBECONFIG");
  return set && *set ? set : kKubeconfigName;
}

}  // namespace orrery::cli
