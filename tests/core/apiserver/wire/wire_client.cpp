#include "tests/core/apiserver/wire/wire_client.h"

#include <gtest/gtest.h>

namespace orrery::test {

std::shared_ptr<WireAnswer> WireClient::send(const std::string& method, const std::string& target,
                                             const std::string& body, const std::string& type,
                                             const std::string& accept) {
  HttpRequest request;
  request.method = method;
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  request.body = body;
  if (!type.empty()) request.headers.push_back({"content-type", type});
  if (!accept.empty()) request.headers.push_back({"accept", accept});
  if (!user_.empty()) request.headers.push_back({"authorization", "Bearer " + user_});
  request.headers.push_back({"user-agent", "wire-test/1"});
  return world_.send(std::move(request));
}

void WireClient::make_config(const std::string& name, const std::string& value) {
  const auto answer =
      post("/api/v1/namespaces/default/configmaps",
           R"({"metadata":{"name":")" + name + R"("},"data":{"a":")" + value + R"("}})");
  ASSERT_EQ(answer->status, 201) << answer->body;
}

}  // namespace orrery::test
