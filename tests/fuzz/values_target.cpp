#include <fmt/format.h>

#include <algorithm>

#include "core/api/values/field_selector.h"
#include "core/api/values/int_or_string.h"
#include "core/api/values/label_syntax.h"
#include "core/api/values/quantity.h"
#include "core/api/values/quoted.h"
#include "core/api/values/selector.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using api::FieldSelector;
using api::IntOrString;
using api::Quantity;
using api::Selector;

void one_quantity(std::string_view text) {
  const Result<Quantity> q = Quantity::parse(text);
  if (!q.ok()) return;
  const std::string printed = q->to_string();
  const Result<Quantity> again = Quantity::parse(printed);
  demand(again.ok(), "a printed quantity can be read", printed);
  demand(again->to_string() == printed, "a printed quantity prints the same",
         fmt::format("{} and {}", printed, again->to_string()));
  // Upstream has no suffix for amounts past its largest, and prints the bare number there.
  const Quantity largest = Quantity::from_value(INT64_MAX), smallest = Quantity() - largest;
  if (q->cmp(largest) <= 0 && q->cmp(smallest) >= 0) {
    demand(again->cmp(*q) == 0, "a printed quantity is the same amount", printed);
  }
  demand(q->sign() == q->cmp(Quantity()), "the sign is the comparison with zero", printed);
  demand(*q == *q && q->cmp(*q) == 0, "a quantity equals itself", printed);
  (void)q->value();
  (void)q->milli_value();
}

void two_quantities(std::string_view first, std::string_view second) {
  const Result<Quantity> a = Quantity::parse(first), b = Quantity::parse(second);
  if (!a.ok() || !b.ok()) return;
  demand(a->cmp(*b) == -b->cmp(*a), "a comparison turns round", first);
  demand((*a + *b).cmp(*b + *a) == 0, "a sum has no order", first);
  if (*a == *b) demand(a->cmp(*b) == 0, "equal quantities compare as equal", first);
}

void label_selector(std::string_view text) {
  const Result<Selector> selector = Selector::parse(text);
  if (!selector.ok()) return;
  const std::string printed = selector->to_string();
  const Result<Selector> again = Selector::parse(printed);
  demand(again.ok(), "a printed selector can be read", printed);
  demand(*again == *selector, "a printed selector is the same", printed);
  (void)selector->matches(
      api::Labels({{Symbol("app"), Symbol("web")}, {Symbol("n"), Symbol("5")}}));
}

void field_selector(std::string_view text) {
  const Result<FieldSelector> selector = FieldSelector::parse(text);
  if (!selector.ok()) return;
  const std::string printed = selector->to_string();
  const Result<FieldSelector> again = FieldSelector::parse(printed);
  demand(again.ok(), "a printed field selector can be read", printed);
  // Upstream sorts the terms as they were written, so `a==` may come to stand elsewhere as `a=`.
  const auto& terms = selector->requirements();
  demand(std::is_permutation(terms.begin(), terms.end(), again->requirements().begin(),
                             again->requirements().end()),
         "a printed field selector has the same terms", printed);
}

void int_or_string(std::string_view text) {
  const IntOrString value = IntOrString::parse(text);
  const IntOrString again = IntOrString::parse(value.to_string());
  demand(again == value, "a printed int-or-string is the same", value.to_string());
  if (value.is_text()) demand(value.text() == text, "a text stays what it is", text);
  for (const bool up : {false, true}) {
    const Result<int> scaled = api::scaled_value_from_int_or_percent(value, INT32_MAX, up);
    if (scaled.ok() && !value.is_text()) {
      demand(*scaled == value.int_value(), "a number is not scaled", text);
    }
  }
}

}  // namespace

void values(std::string_view input) {
  const std::size_t end = input.find('\n');
  const std::string_view first = input.substr(0, end);
  const std::string_view second = end == input.npos ? std::string_view() : input.substr(end + 1);
  for (const std::string_view text : {first, second}) {
    one_quantity(text);
    label_selector(text);
    field_selector(text);
    int_or_string(text);
    (void)api::label_key_problems(text);
    (void)api::label_value_problems(text);
    (void)api::dns1123_subdomain_problems(text);
    demand(api::quoted(text).size() >= text.size() + 2, "a quoted text is longer", text);
  }
  two_quantities(first, second);
}

}  // namespace orrery::fuzz
