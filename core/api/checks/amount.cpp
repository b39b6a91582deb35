#include "core/api/checks/amount.h"

#include <algorithm>
#include <map>

#include "core/api/checks/json_view.h"
#include "core/api/values/quantity.h"

namespace orrery::api {
namespace {

using Amounts = std::map<std::string, Quantity>;

// A quantity in JSON may stand between spaces.
Result<Quantity> parse(const Json& value) {
  const auto* given = value.get_ptr<const std::string*>();
  if (!given) return Quantity::parse(value.dump());
  std::string_view text = *given;
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return Quantity::parse(text);
}

// Decoding has refused what does not parse; such a value counts as zero here.
Quantity amount(const Json* value) {
  if (!value || value->is_null()) return {};
  return parse(*value).value_or(Quantity());
}

Quantity rounded_up_to_milli(const Quantity& q) {
  const Quantity milli = Quantity::from_milli(q.milli_value(), q.format());
  const bool finer = q.cmp(milli) < 0 && (milli - Quantity::from_milli(1)).cmp(q) < 0;
  return finer ? milli : q;
}

Amounts amounts_of(const Json& container, const char* list) {
  Amounts out;
  for (const auto& [name, value] : object(object(container, "resources"), list).items()) {
    out.emplace(name, amount(&value));
  }
  return out;
}

void add(Amounts& sum, const Amounts& more) {
  for (const auto& [name, value] : more) sum[name] += value;
}

void raise_to(Amounts& most, const Amounts& other) {
  for (const auto& [name, value] : other) {
    const auto [it, fresh] = most.emplace(name, value);
    if (!fresh && value.cmp(it->second) > 0) it->second = value;
  }
}

}  // namespace

void make_canonical(Json& value, bool milli) {
  if (!value.is_string() && !value.is_number() && !value.is_null()) return;
  if (!value.is_null() && !parse(value).ok()) return;
  const Quantity q = amount(&value);
  value = (milli ? rounded_up_to_milli(q) : q).to_string();
}

std::string amount_text(const Json* value) { return amount(value).to_string(); }

int compare_amounts(const Json* a, const Json* b) { return amount(a).cmp(amount(b)); }

bool is_negative_amount(const Json& value) { return amount(&value).sign() < 0; }

bool is_whole_amount(const Json& value) { return amount(&value).milli_value() % 1000 == 0; }

bool is_divisible_hugepages(std::string_view resource, const Json& value) {
  const std::size_t dash = resource.find('-');
  const Result<Quantity> page = Quantity::parse(resource.substr(dash + 1));
  if (!page.ok() || page->value() <= 0) return false;
  const Quantity q = amount(&value);
  return q.sign() >= 0 && q.value() % page->value() == 0;
}

Json aggregate_containers(const Json& spec, const char* list) {
  Amounts total;
  for (const Json& container : array(spec, "containers")) add(total, amounts_of(container, list));
  Amounts sidecars, init_most;
  for (const Json& container : array(spec, "initContainers")) {
    Amounts step = amounts_of(container, list);
    if (text(container, "restartPolicy") == "Always") {
      add(total, step);
      add(sidecars, step);
      step = sidecars;
    } else {
      add(step, sidecars);
    }
    raise_to(init_most, step);
  }
  raise_to(total, init_most);
  Json out = Json::object();
  for (const auto& [name, value] : total) out[name] = value.to_string();
  return out;
}

}  // namespace orrery::api
