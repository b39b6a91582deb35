#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core/api/values/field_selector.h"
#include "core/api/values/quantity.h"
#include "core/api/values/selector.h"

namespace orrery::api {
namespace {

const std::vector<std::string> kSuffixes = {"",  "n",  "u",  "m",  "k",  "M",  "G",  "T",  "P",
                                            "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "e-7"};

rc::Gen<std::string> quantity_text() {
  return rc::gen::exec([] {
    const auto digits = [](std::size_t max) {
      const auto n = *rc::gen::inRange<std::size_t>(0, max);
      return *rc::gen::container<std::string>(n, rc::gen::inRange('0', static_cast<char>('9' + 1)));
    };
    std::string text = *rc::gen::element<std::string>("", "-", "+");
    text += *rc::gen::inRange('0', static_cast<char>('9' + 1));
    text += digits(30);
    if (*rc::gen::arbitrary<bool>()) text += "." + digits(14);
    return text + *rc::gen::elementOf(kSuffixes);
  });
}

/// Small enough for every suffix to exist: a large enough DecimalSI number prints without one.
Quantity moderate() {
  const int number = *rc::gen::arbitrary<int>();
  const std::string suffix =
      *rc::gen::element<std::string>("n", "u", "m", "", "k", "M", "Ki", "Mi");
  return *Quantity::parse(std::to_string(number) + suffix);
}

RC_GTEST_PROP(QuantityProperty, ParsingWhatWasPrintedGivesTheSameAmount, ()) {
  const std::string text = *quantity_text();
  const Quantity q = *Quantity::parse(text);
  const std::string printed = q.to_string();
  const Quantity again = *Quantity::parse(printed);
  RC_ASSERT(again.to_string() == printed);
  const Quantity largest = *Quantity::parse("999E");
  if (q.cmp(largest) < 0 && (q + largest).sign() > 0) RC_ASSERT(again.cmp(q) == 0);
}

RC_GTEST_PROP(QuantityProperty, ValueIsTheSmallestWholeNumberNotBelow, ()) {
  Quantity q = moderate();
  if (q.sign() < 0) q = Quantity() - q;
  const Quantity whole = Quantity::from_value(q.value());
  RC_ASSERT(whole.cmp(q) >= 0);
  RC_ASSERT((whole - Quantity::from_value(1)).cmp(q) < 0);
}

RC_GTEST_PROP(QuantityProperty, SubtractingWhatWasAddedGivesTheAmountBack, ()) {
  const Quantity a = moderate();
  const Quantity b = *Quantity::parse(*quantity_text());
  RC_ASSERT(((a + b) - b).cmp(a) == 0);
  RC_ASSERT((a + b).cmp(b + a) == 0);
}

RC_GTEST_PROP(QuantityProperty, ComparingAgreesWithTheSignOfTheDifference, ()) {
  const Quantity a = *Quantity::parse(*quantity_text());
  const Quantity b = *Quantity::parse(*quantity_text());
  RC_ASSERT(a.cmp(b) == (a - b).sign());
  RC_ASSERT(a.cmp(b) == -b.cmp(a));
}

RC_GTEST_PROP(SelectorProperty, ParsingWhatWasPrintedGivesTheSameSelector, ()) {
  const auto word = rc::gen::element<std::string>("a", "b", "app", "in", "x.y/z", "tier-1");
  std::string text;
  for (int n = *rc::gen::inRange(0, 4); n > 0; --n) {
    if (!text.empty()) text += ",";
    const std::string key = *word;
    const std::vector<std::string> terms = {key,         "!" + key,          key + "=1",
                                            key + "==b", key + "!=",         key + ">3",
                                            key + "<4",  key + " in (b,a,)", key + " notin (x)"};
    text += *rc::gen::elementOf(terms);
  }
  const Selector s = *Selector::parse(text);
  RC_ASSERT(Selector::parse(s.to_string())->to_string() == s.to_string());
}

RC_GTEST_PROP(FieldSelectorProperty, AnyValueSurvivesEscapingAndParsing, (std::string value)) {
  FieldSelector plain = *FieldSelector::parse("f=x");
  std::string escaped;
  for (const char c : value) {
    if (c == '\\' || c == ',' || c == '=') escaped += '\\';
    escaped += c;
  }
  const FieldSelector s = *FieldSelector::parse("f=" + escaped);
  RC_ASSERT(*s.required_value("f") == value);
  RC_ASSERT(FieldSelector::parse(s.to_string())->requirements() == s.requirements());
}

}  // namespace
}  // namespace orrery::api
