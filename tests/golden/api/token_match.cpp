#include "tests/golden/api/token_match.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

namespace orrery::test {
namespace {

constexpr std::array<std::string_view, 6> kWildcards = {"<ts>",   "<age>", "<token>",
                                                        "<rand>", "<rv>",  "<varies>"};

bool is_wildcard(std::string_view token) {
  return std::find(kWildcards.begin(), kWildcards.end(), token) != kWildcards.end();
}

// The token that begins here, or "".
std::string_view token_at(std::string_view text) {
  if (!text.starts_with('<')) return {};
  const auto end = text.find('>');
  if (end == std::string_view::npos) return {};
  const std::string_view token = text.substr(0, end + 1);
  if (is_wildcard(token)) return token;
  const auto colon = token.find(':');
  if (colon == std::string_view::npos) return {};
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  const std::string_view name = token.substr(1, colon - 1);
  const std::string_view number = token.substr(colon + 1, token.size() - colon - 2);
  const bool good = !name.empty() && !number.empty() &&
                    std::all_of(name.begin(), name.end(), is_letter) &&
                    std::all_of(number.begin(), number.end(), is_digit);
  return good ? token : std::string_view{};
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::string Tokens::invent(const std::string& token) {
  const std::string number = token.substr(token.find(':') + 1, token.size() - token.find(':') - 2);
  const std::string padded =
      std::string(12 - std::min<std::size_t>(number.size(), 12), '0') + number;
  const bool is_uid = token.starts_with("<uid");
  return bound_[token] = is_uid ? "11111111-2222-4333-8444-" + padded : "9" + padded;
}

std::string Tokens::fill_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string token(token_at(text));
    if (token.empty()) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(token.size());
    if (const auto known = bound_.find(token); known != bound_.end()) {
      out += known->second;
    } else if (token == "<ts>") {
      out += "2026-01-01T00:00:00Z";
    } else if (token == "<rv>") {
      out += "5";
    } else if (is_wildcard(token)) {
      out += "x";
    } else {
      const auto it = bound_.find(token);
      out += it == bound_.end() ? invent(token) : it->second;
    }
  }
  return out;
}

json Tokens::fill(const json& value) {
  if (value.is_string()) {
    const std::string text = fill_text(value.get_ref<const std::string&>());
    const bool is_port = value.get_ref<const std::string&>().starts_with("<nodePort:");
    return is_port ? json(std::stoi(text)) : json(text);
  }
  json out = value;
  if (value.is_structured()) {
    for (auto it = out.begin(); it != out.end(); ++it) *it = fill(json(*it));
  }
  return out;
}

bool Tokens::match_text(std::string_view recorded, std::string_view answered) {
  while (true) {
    std::size_t same = 0;
    while (same < recorded.size() && token_at(recorded.substr(same)).empty()) ++same;
    if (answered.substr(0, same) != recorded.substr(0, same)) return false;
    recorded.remove_prefix(same);
    answered.remove_prefix(same);
    if (recorded.empty()) return answered.empty();
    const std::string token(token_at(recorded));
    recorded.remove_prefix(token.size());
    std::size_t literal = 0;
    while (literal < recorded.size() && token_at(recorded.substr(literal)).empty()) ++literal;
    const std::string_view next = recorded.substr(0, literal);
    const auto end = next.empty() ? (recorded.empty() ? answered.size() : std::string_view::npos)
                                  : answered.find(next);
    if (end == std::string_view::npos) return false;
    const std::string value(answered.substr(0, end));
    answered.remove_prefix(end);
    if (is_wildcard(token)) continue;
    const auto [it, is_new] = bound_.emplace(token, value);
    if (!is_new && it->second != value) return false;
  }
}

void Tokens::match(const json& recorded, const json& answered, const std::string& path,
                   std::vector<std::string>& differences) {
  if (recorded.is_object() && answered.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      if (answered.contains(key)) {
        match(value, answered[key], path + "." + key, differences);
      } else {
        differences.push_back(path + "." + key + ": only recorded: " + value.dump());
      }
    }
    for (const auto& [key, value] : answered.items()) {
      if (recorded.contains(key)) continue;
      differences.push_back(path + "." + key + ": only answered: " + value.dump());
    }
    return;
  }
  if (recorded.is_array() && answered.is_array() && recorded.size() == answered.size()) {
    for (std::size_t i = 0; i < recorded.size(); ++i) {
      match(recorded[i], answered[i], path + "[" + std::to_string(i) + "]", differences);
    }
    return;
  }
  if (recorded == answered || recorded == "<all pods: varies>") return;
  if (recorded.is_string() && !answered.is_structured() &&
      match_text(recorded.get_ref<const std::string&>(), text_of(answered))) {
    return;
  }
  differences.push_back(path + ": " + recorded.dump() + " is not " + answered.dump());
}

}  // namespace orrery::test
