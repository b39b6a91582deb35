#include "core/api/checks/field_error.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

TEST(Path, PrintsChildrenIndexesAndKeys) {
  const Path spec("spec");
  EXPECT_EQ(spec.text(), "spec");
  EXPECT_EQ(spec.at("containers", 2).child("image").text(), "spec.containers[2].image");
  EXPECT_EQ(spec.child("limits").key("cpu").text(), "spec.limits[cpu]");
  EXPECT_EQ(spec.index(0).index(1).text(), "spec[0][1]");
}

TEST(FieldErrors, PrintEachTypeInUpstreamsWords) {
  FieldErrors errors;
  const Path path("a");
  errors.required(path);
  errors.required(path, "why");
  errors.invalid(path, "x\"y", "bad");
  errors.invalid(path, 5, "bad");
  errors.invalid_raw(path, {}, "no value is shown");
  errors.not_supported(path, "X", {"A", "B"});
  errors.duplicate(path, "d");
  errors.forbidden(path, "no");
  errors.not_found(path, "n");
  errors.too_long(path, 63);
  errors.too_many(path, 21, 20);
  const std::vector<std::string> texts{
      "a: Required value",
      "a: Required value: why",
      "a: Invalid value: \"x\\\"y\": bad",
      "a: Invalid value: 5: bad",
      "a: Invalid value: no value is shown",
      "a: Unsupported value: \"X\": supported values: \"A\", \"B\"",
      "a: Duplicate value: \"d\"",
      "a: Forbidden: no",
      "a: Not found: \"n\"",
      "a: Too long: may not be more than 63 bytes",
      "a: Too many: 21: must have at most 20 items"};
  ASSERT_EQ(errors.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(errors.list()[i].text(), texts[i]);
}

TEST(FieldErrors, SayEqualTextsOnceInTheMessageButTwiceInTheCauses) {
  FieldErrors errors;
  errors.required(Path("a"));
  EXPECT_EQ(errors.message(), "a: Required value");
  errors.required(Path("a"));
  EXPECT_EQ(errors.message(), "a: Required value");
  errors.required(Path("b"));
  EXPECT_EQ(errors.message(), "[a: Required value, b: Required value]");
  EXPECT_EQ(invalid_status("Pod", "", "x", errors).details().causes.size(), 3u);
}

TEST(InvalidStatus, NamesKindGroupAndObject) {
  FieldErrors errors;
  errors.required(Path("spec.selector"));
  const Status status = invalid_status("Deployment", "apps", "web", errors);
  EXPECT_EQ(status.code(), 422);
  EXPECT_EQ(status.message(), "Deployment.apps \"web\" is invalid: spec.selector: Required value");
  EXPECT_EQ(status.details().group, "apps");
  EXPECT_EQ(status.details().causes.at(0),
            (StatusCause{"FieldValueRequired", "Required value", "spec.selector"}));
  EXPECT_EQ(invalid_status("Pod", "", "x", {}).message(), "Pod \"x\" is invalid");
}

}  // namespace
}  // namespace orrery::api
