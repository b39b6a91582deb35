#include "sim/scenario/input_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::sim {
namespace {

std::string line_of(const std::string& file, const InputError& e) {
  std::string out = file;
  if (e.line > 0) out += fmt::format(":{}", e.line);
  if (e.column > 0) out += fmt::format(":{}", e.column);
  out += ": ";
  if (!e.path.empty()) out += e.path + ": ";
  return out + e.what;
}

std::vector<InputError> in_file_order(std::vector<InputError> errors) {
  std::stable_sort(errors.begin(), errors.end(),
                   [](const InputError& a, const InputError& b) { return a.line < b.line; });
  return errors;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
      const std::size_t same = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({above + 1, row[j - 1] + 1, corner + same});
      corner = above;
    }
  }
  return row.back();
}

}  // namespace

void InputErrors::add(InputError error) {
  if (errors_.size() < kErrorsMax) {
    errors_.push_back(std::move(error));
  } else {
    ++left_out_;
  }
}

std::vector<std::string> InputErrors::lines() const {
  std::vector<std::string> out;
  for (const InputError& e : in_file_order(errors_)) out.push_back(line_of(file_, e));
  if (left_out_ != 0) out.push_back(fmt::format("{}: and {} more errors", file_, left_out_));
  return out;
}

Status InputErrors::status() const {
  if (errors_.empty()) return {};
  StatusDetails details;
  details.name = file_;
  std::string message;
  for (const InputError& e : in_file_order(errors_)) {
    std::string line = line_of(file_, e);
    if (!message.empty()) message += '\n';
    message += line;
    details.causes.push_back({"FieldValueInvalid", std::move(line), e.path});
  }
  if (left_out_ != 0) message += fmt::format("\n{}: and {} more errors", file_, left_out_);
  return Status(Reason::kInvalid, std::move(message), std::move(details));
}

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace orrery::sim
