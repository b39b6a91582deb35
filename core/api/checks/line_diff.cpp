#include <algorithm>
#include <string>
#include <vector>

#include "core/api/checks/internal_form.h"

namespace orrery::api {
namespace {

using Lines = std::vector<std::string_view>;
constexpr std::size_t kContext = 3;

Lines split(std::string_view text) {
  Lines out;
  while (true) {
    const std::size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

struct Match {
  std::size_t old_at, new_at, size;
};

// The longest run of equal lines, the earliest of equally long ones.
Match longest_match(const Lines& a, const Lines& b, std::size_t a0, std::size_t a1, std::size_t b0,
                    std::size_t b1) {
  Match best{a0, b0, 0};
  std::vector<std::size_t> before(b1 - b0 + 1, 0), now(b1 - b0 + 1, 0);
  for (std::size_t i = a0; i < a1; ++i) {
    for (std::size_t j = b0; j < b1; ++j) {
      const std::size_t k = a[i] == b[j] ? before[j - b0] + 1 : 0;
      now[j - b0 + 1] = k;
      if (k > best.size) best = {i + 1 - k, j + 1 - k, k};
    }
    std::swap(before, now);
  }
  return best;
}

void collect(const Lines& a, const Lines& b, std::size_t a0, std::size_t a1, std::size_t b0,
             std::size_t b1, std::vector<Match>& out) {
  const Match match = longest_match(a, b, a0, a1, b0, b1);
  if (match.size == 0) return;
  collect(a, b, a0, match.old_at, b0, match.new_at, out);
  out.push_back(match);
  collect(a, b, match.old_at + match.size, a1, match.new_at + match.size, b1, out);
}

// A change: lines of the old text replaced by lines of the new one.
struct Change {
  std::size_t a0, a1, b0, b1;
};

std::vector<Change> changes_of(const Lines& a, const Lines& b) {
  std::vector<Match> matches;
  collect(a, b, 0, a.size(), 0, b.size(), matches);
  matches.push_back({a.size(), b.size(), 0});
  std::vector<Change> out;
  std::size_t i = 0, j = 0;
  for (const Match& m : matches) {
    if (i < m.old_at || j < m.new_at) out.push_back({i, m.old_at, j, m.new_at});
    i = m.old_at + m.size;
    j = m.new_at + m.size;
  }
  return out;
}

std::string range(std::size_t from, std::size_t count) {
  if (count == 1) return std::to_string(from + 1);
  return std::to_string(count == 0 ? from : from + 1) + "," + std::to_string(count);
}

void append_line(std::string& out, char mark, std::string_view line) {
  out.push_back(mark);
  out.append(line).push_back('\n');
}

// One hunk: the changes first..last with context around and between them.
void append_hunk(std::string& out, const Lines& a, const Lines& b, const std::vector<Change>& all,
                 std::size_t first, std::size_t last) {
  const std::size_t lead = std::min(kContext, all[first].a0);
  const std::size_t a0 = all[first].a0 - lead, b0 = all[first].b0 - lead;
  const std::size_t trail = std::min(kContext, a.size() - all[last].a1);
  const std::size_t a1 = all[last].a1 + trail, b1 = all[last].b1 + trail;
  out += "@@ -" + range(a0, a1 - a0) + " +" + range(b0, b1 - b0) + " @@\n";
  std::size_t at = a0;
  for (std::size_t c = first; c <= last; ++c) {
    for (; at < all[c].a0; ++at) append_line(out, ' ', a[at]);
    for (; at < all[c].a1; ++at) append_line(out, '-', a[at]);
    for (std::size_t j = all[c].b0; j < all[c].b1; ++j) append_line(out, '+', b[j]);
  }
  for (; at < a1; ++at) append_line(out, ' ', a[at]);
}

}  // namespace

std::string line_diff(std::string_view old_text, std::string_view new_text) {
  const Lines a = split(old_text), b = split(new_text);
  const std::vector<Change> all = changes_of(a, b);
  std::string out;
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last + 1 < all.size() && all[last + 1].a0 - all[last].a1 <= 2 * kContext) ++last;
    append_hunk(out, a, b, all, first, last);
    first = last + 1;
  }
  return out;
}

}  // namespace orrery::api
