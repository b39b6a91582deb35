// FakeHttpCaller: answers POSTs from functions by URL, at once, and remembers what it was asked.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
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
  struct Asked {
    std::string url;
    json body;
    HttpPost post;
  };
  std::vector<Asked> asked;

  void post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) override {
    env_.loop.post([answer = post_and_wait(post), done = std::move(done)]() mutable {
      done(std::move(answer));
    });
  }
  Result<HttpAnswer> post_and_wait(const HttpPost& post) override {
    const json body = json::parse(post.body);
    asked.push_back({post.url, body, post});
    const auto answer = answers.find(post.url);
    if (answer == answers.end()) {
      return Status(Reason::kServiceUnavailable, "Post \"" + post.url + "\": connection refused");
    }
    const auto code = codes.find(post.url);
    return HttpAnswer{code == codes.end() ? 200 : code->second, answer->second(body).dump()};
  }

 private:
  Env& env_;
};

}  // namespace orrery::scheduler::test
