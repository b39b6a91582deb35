#include "tests/core/scheduler/fake_http_caller.h"

#include <nlohmann/json.hpp>

namespace orrery::scheduler::test {

void FakeHttpCaller::post(HttpPost post, Callback<void(Result<HttpAnswer>)> done) {
  env_.loop.post([answer = post_and_wait(post), done = std::move(done)]() mutable {
    done(std::move(answer));
  });
}

Result<HttpAnswer> FakeHttpCaller::post_and_wait(const HttpPost& post) {
  asked.push_back(post);
  const auto answer = answers.find(post.url);
  if (answer == answers.end()) {
    return Status(Reason::kServiceUnavailable, "Post \"" + post.url + "\": connection refused");
  }
  const auto code = codes.find(post.url);
  return HttpAnswer{code == codes.end() ? 200 : code->second,
                    answer->second(json::parse(post.body)).dump()};
}

}  // namespace orrery::scheduler::test
