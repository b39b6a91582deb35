// measure(): times a loop of one operation by processor time and prints its JSON line. Used by the
// benchmarks; heap_bytes() before and after tells what objects cost.
#pragma once

#include <fmt/format.h>
#include <malloc.h>

#include <cstddef>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace orrery::bench {

/// Processor time of this process: others on the machine do not count.
inline double cpu_micros() { return static_cast<double>(std::clock()) * 1e6 / CLOCKS_PER_SEC; }

/// Bytes that malloc has handed out.
inline std::size_t heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// {"bench", "operations", "per_second", "micros_each"}.
inline void print_rate(std::string_view name, std::size_t operations, double micros) {
  const double each = micros / static_cast<double>(operations);
  fmt::print(
      "{{\"bench\":\"{}\",\"operations\":{},\"per_second\":{:.0f},\"micros_each\":{:.3f}}}\n", name,
      operations, 1e6 / each, each);
  std::fflush(stdout);
}

/// Calls operation(0) to operation(n - 1) and prints the rate.
template <class F>
void measure(std::string_view name, std::size_t n, F&& operation) {
  const double start = cpu_micros();
  for (std::size_t i = 0; i < n; ++i) operation(i);
  print_rate(name, n, cpu_micros() - start);
}

}  // namespace orrery::bench
