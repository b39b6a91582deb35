#include "core/base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/base/result.h"

namespace orrery {
namespace {

TEST(Status, DefaultIsOkWithCode200) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(200, status.code());
  EXPECT_EQ(Reason::kOk, status.reason());
  EXPECT_EQ("", status.message());
}

TEST(Status, ReasonsCarryTheNamesAndCodesOfTheApiServer) {
  const struct {
    Reason reason;
    std::string_view name;
    int code;
  } cases[] = {
      {Reason::kBadRequest, "BadRequest", 400},
      {Reason::kUnauthorized, "Unauthorized", 401},
      {Reason::kForbidden, "Forbidden", 403},
      {Reason::kNotFound, "NotFound", 404},
      {Reason::kMethodNotAllowed, "MethodNotAllowed", 405},
      {Reason::kNotAcceptable, "NotAcceptable", 406},
      {Reason::kAlreadyExists, "AlreadyExists", 409},
      {Reason::kConflict, "Conflict", 409},
      {Reason::kGone, "Gone", 410},
      {Reason::kExpired, "Expired", 410},
      {Reason::kRequestEntityTooLarge, "RequestEntityTooLarge", 413},
      {Reason::kUnsupportedMediaType, "UnsupportedMediaType", 415},
      {Reason::kInvalid, "Invalid", 422},
      {Reason::kTooManyRequests, "TooManyRequests", 429},
      {Reason::kInternalError, "InternalError", 500},
      {Reason::kServiceUnavailable, "ServiceUnavailable", 503},
      {Reason::kServerTimeout, "ServerTimeout", 500},
      {Reason::kTimeout, "Timeout", 504},
      {Reason::kUnknown, "", 500},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(c.name, to_string(c.reason));
    EXPECT_EQ(c.code, http_code(c.reason)) << c.name;
  }
}

TEST(Status, NotFoundNamesResourceGroupAndObject) {
  const Status status = not_found("deployments.apps", "web");
  EXPECT_TRUE(status.is(Reason::kNotFound));
  EXPECT_EQ("deployments.apps \"web\" not found", status.message());
  EXPECT_EQ("web", status.details().name);
  EXPECT_EQ("deployments", status.details().kind);
  EXPECT_EQ("apps", status.details().group);
}

TEST(Status, CoreResourcesHaveNoGroup) {
  const Status status = already_exists("pods", "web-0");
  EXPECT_TRUE(status.is(Reason::kAlreadyExists));
  EXPECT_EQ("pods \"web-0\" already exists", status.message());
  EXPECT_EQ("", status.details().group);
}

TEST(Status, ConflictReadsAsTheApiServersDoes) {
  EXPECT_EQ("Operation cannot be fulfilled on pods \"a\": the object has been modified",
            conflict("pods", "a", "the object has been modified").message());
}

TEST(Status, PrefixKeepsReasonAndDetails) {
  const Status status = not_found("pods", "a").with_prefix("binding");
  EXPECT_EQ("binding: pods \"a\" not found", status.message());
  EXPECT_TRUE(status.is(Reason::kNotFound));
  EXPECT_EQ("a", status.details().name);
  EXPECT_TRUE(Status().with_prefix("binding").ok());
}

Status fail_if(bool fails, int& reached) {
  RETURN_IF_ERROR(fails ? bad_request("no") : Status());
  ++reached;
  return {};
}

TEST(Status, ReturnIfErrorReturnsOnlyErrors) {
  int reached = 0;
  EXPECT_TRUE(fail_if(false, reached).ok());
  EXPECT_EQ(1, reached);
  EXPECT_EQ("no", fail_if(true, reached).message());
  EXPECT_EQ(1, reached);
}

TEST(StatusDeathTest, AnErrorNeedsAReason) {
  EXPECT_DEATH((void)Status(Reason::kOk, "fine"), "CHECK failed: reason != Reason::kOk");
}

TEST(Result, HoldsAValueOrTheReasonForNone) {
  Result<int> good = 7;
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(good.status().ok());
  EXPECT_EQ(7, *good);
  EXPECT_EQ(7, good.value_or(1));

  const Result<int> bad = bad_request("no");
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ("no", bad.status().message());
  EXPECT_EQ(1, bad.value_or(1));
}

TEST(Result, GivesUpAMoveOnlyValue) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(3, *taken);
}

TEST(Result, ArrowReachesTheValue) {
  Result<std::string> result = std::string("abc");
  EXPECT_EQ(3u, result->size());
}

TEST(ResultDeathTest, ReadingAnErrorsValueIsABug) {
  Result<int> bad = bad_request("no");
  EXPECT_DEATH((void)bad.value(), "CHECK failed: ok()");
}

}  // namespace
}  // namespace orrery
