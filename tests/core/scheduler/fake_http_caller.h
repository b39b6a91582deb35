// FakeHttpCaller: answers POSTs from functions by URL, at once, and remembers what it was asked.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/http_caller.h"
#include "core/runtime/env.h"

namespace orrery::scheduler::test {

class FakeHttpCaller final : public HttpCaller {
 public:
  using json = nlohmann::json;
  explicit FakeHttpCaller(Env& env) : env_(env) {}

  std::map<std::string, std::function<json(const json&)>> answers;  // by URL; none: refused
  std::map<std::string, int> codes;                                 // instead of 200
  std::vector<HttpPost> asked;

  void post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) override;
  Result<HttpAnswer> post_and_wait(const HttpPost& post) override;

 private:
  Env& env_;
};

}  // namespace orrery::scheduler::test
