// Benchmark of authorization: what one question to RBAC costs, and one service-account token.
// Called by the bench program.
#pragma once

#include <cstddef>

namespace orrery::bench {

/// With the default roles, and `namespaces` namespaces that bind `edit` to a user each. Prints one
/// JSON line a case.
void bench_auth(std::size_t namespaces = 1000, std::size_t questions = 1'000'000);

}  // namespace orrery::bench
