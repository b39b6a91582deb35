#include "core/scheduler/equivalence_class.h"

#include <algorithm>

#include "core/scheduler/host_selection.h"

namespace orrery::scheduler {

EquivalenceClass::EquivalenceClass(std::uint64_t id, const Framework& framework,
                                   Ref<const api::Pod> pod)
    : id_(id), framework_(framework), pod_(std::move(pod)) {
  NodeNames nodes;
  std::uint64_t narrowed_by = 0;
  constexpr Part kOurs = Part::kNodeLocal;
  const Verdict verdict = framework_.run_pre_filter(state_, *pod_, nodes, narrowed_by, kOurs);
  if (!verdict.ok() || nodes) return;
  if (!framework_.run_pre_score(state_, *pod_, {}, kOurs).ok()) return;
  state_.skipped_filters |= framework_.members(Part::kClusterWide);
  state_.skipped_scores |= framework_.members(Part::kClusterWide);
  for (const Framework::Scorer& scorer : framework_.scorers()) {
    if (state_.skipped_scores >> scorer.number & 1) continue;
    if (!scorer.plugin->normalizes()) {
      direct_.push_back(scorer);
      continue;
    }
    std::int64_t zero = 0;
    scorer.plugin->normalize({&zero, 1});
    normalized_.push_back({scorer, zero * scorer.weight, {}});
  }
  verdicts_.push_back({Code::kError, {}, -2});  // the place of kElsewhere
  usable_ = true;
}

void EquivalenceClass::reset(const SchedulerCache& cache) {
  const auto n = static_cast<Eigen::Index>(cache.order().size());
  const std::vector<NodeSlot>* only = framework_.only_nodes(state_, *pod_, Part::kNodeLocal);
  if (only && static_cast<Eigen::Index>(only->size()) < n / 4) {
    total_.setConstant(n, kElsewhere);
    for (const NodeSlot slot : *only) {
      if (const std::int32_t position = cache.position(slot); position >= 0) {
        total_[position] = kUnknown;
      }
    }
  } else {
    total_.setConstant(n, kUnknown);
  }
  chunks_.assign(static_cast<std::size_t>((n + kChunk - 1) / kChunk), Chunk{});
  for (Normalized& column : normalized_) column.raw.resize(0);
  order_generation_ = cache.order_generation();
  diagnosis_.reset();
}

void EquivalenceClass::refresh(const SchedulerCache& cache) {
  const std::uint64_t epoch = framework_.epoch(state_);
  if (order_generation_ != cache.order_generation() || seen_ < cache.oldest_change() ||
      epoch != epoch_) {
    reset(cache);
    epoch_ = epoch;
    seen_ = cache.change_count();
    return;
  }
  if (seen_ == cache.change_count()) return;
  diagnosis_.reset();
  for (; seen_ < cache.change_count(); ++seen_) {
    const std::int32_t position = cache.position(cache.change(seen_));
    if (position < 0) continue;
    total_[position] = kUnknown;
    chunks_[static_cast<std::size_t>(position / kChunk)].stale = true;
  }
}

/// Finds the words for nodes that were passed over.
void EquivalenceClass::settle(const SchedulerCache& cache) {
  for (Eigen::Index p = 0; p < total_.size(); ++p) {
    if (total_[p] == kElsewhere) total_[p] = judge(cache, p);
  }
}

std::int32_t EquivalenceClass::judge(const SchedulerCache& cache, std::int64_t position) {
  const NodeInfo node = cache.node(cache.order()[static_cast<std::size_t>(position)]);
  Verdict verdict = framework_.run_filter(state_, *pod_, node);
  if (!verdict.ok()) {
    auto known = std::find(verdicts_.begin(), verdicts_.end(), verdict);
    if (known == verdicts_.end()) known = verdicts_.insert(known, std::move(verdict));
    return static_cast<std::int32_t>(-2 - (known - verdicts_.begin()));
  }
  std::int64_t total = 0;
  for (const Framework::Scorer& scorer : direct_) {
    total += scorer.weight * scorer.plugin->score(state_, *pod_, node);
  }
  for (Normalized& column : normalized_) {
    const std::int64_t raw = column.scorer.plugin->score(state_, *pod_, node);
    if (column.raw.size() == 0) {
      if (raw == 0) continue;
      column.raw.setZero(total_.size());
    }
    column.raw[position] = static_cast<std::int32_t>(raw);
  }
  return static_cast<std::int32_t>(total);
}

void EquivalenceClass::fill(const SchedulerCache& cache, std::int64_t chunk) {
  const std::int64_t begin = chunk * kChunk;
  const std::int64_t size = std::min<std::int64_t>(kChunk, total_.size() - begin);
  for (std::int64_t p = begin; p < begin + size; ++p) {
    if (total_[p] == kUnknown) total_[p] = judge(cache, p);
  }
  const auto part = total_.segment(begin, size);
  Chunk& summary = chunks_[static_cast<std::size_t>(chunk)];
  summary.stale = false;
  summary.feasible = static_cast<std::int16_t>((part >= 0).count());
  summary.best = std::max(part.maxCoeff(), -1);
  summary.ties = summary.feasible == 0 ? std::int16_t{0}
                                       : static_cast<std::int16_t>((part == summary.best).count());
}

EquivalenceClass::Window EquivalenceClass::scan(const SchedulerCache& cache, std::int64_t start,
                                                std::int64_t wanted) {
  const std::int64_t n = total_.size();
  Window w;
  w.start = start;
  const auto meet = [&w](std::int64_t best, std::int64_t ties) {
    if (best > w.best) {
      w.best = best;
      w.ties = ties;
    } else if (best == w.best) {
      w.ties += ties;
    }
  };
  std::int64_t position = start;
  while (w.processed < n && w.feasible < wanted) {
    const std::int64_t chunk = position / kChunk;
    const std::int64_t end = std::min(n, (chunk + 1) * kChunk);
    Chunk& summary = chunks_[static_cast<std::size_t>(chunk)];
    if (summary.stale) fill(cache, chunk);
    const bool whole = position == chunk * kChunk && n - w.processed >= end - position;
    if (whole && w.feasible + summary.feasible < wanted) {
      w.feasible += summary.feasible;
      w.processed += end - position;
      if (summary.feasible > 0) meet(summary.best, summary.ties);
      position = end;
    } else {
      for (; position < end && w.processed < n && w.feasible < wanted; ++position) {
        ++w.processed;
        if (total_[position] < 0) continue;
        ++w.feasible;
        meet(total_[position], 1);
      }
    }
    if (position == n) position = 0;
  }
  return w;
}

/// Visits the positions of a scanned window: on_chunk returns true to pass over a whole chunk,
/// on_node returns true to end the walk.
template <class F, class G>
void EquivalenceClass::walk(std::int64_t start, std::int64_t count, F&& on_chunk,
                            G&& on_node) const {
  const std::int64_t n = total_.size();
  std::int64_t position = start;
  while (count > 0) {
    const std::int64_t chunk = position / kChunk;
    const std::int64_t end = std::min({n, (chunk + 1) * kChunk, position + count});
    const bool whole = position == chunk * kChunk && end == std::min(n, (chunk + 1) * kChunk);
    count -= end - position;
    if (whole && on_chunk(chunks_[static_cast<std::size_t>(chunk)])) {
      position = end;
    } else {
      for (; position < end; ++position) {
        if (on_node(position)) return;
      }
    }
    if (position == n) position = 0;
  }
}

bool EquivalenceClass::has_raw_scores() const {
  return std::any_of(normalized_.begin(), normalized_.end(),
                     [](const Normalized& c) { return c.raw.size() > 0; });
}

EquivalenceClass::Choice EquivalenceClass::choose(const SchedulerCache& cache, const Window& window,
                                                  TieBreak rule, RandomStream& stream) {
  if (window.feasible > 1 && has_raw_scores()) {
    return choose_by_normalizing(cache, window, rule, stream);
  }
  Choice choice;
  choice.score = window.best;
  for (const Normalized& column : normalized_) choice.score += column.constant;
  const bool by_name = rule == TieBreak::kLowestName;
  auto left =
      static_cast<std::int64_t>(choose_tie(rule, static_cast<std::size_t>(window.ties), stream));
  std::int64_t position = -1;
  walk(
      window.start, window.processed,
      [&](const Chunk& chunk) {
        if (chunk.best < window.best) return true;
        if (by_name || left < chunk.ties) return false;
        left -= chunk.ties;
        return true;
      },
      [&](std::int64_t p) {
        if (total_[p] != window.best) return false;
        if (!by_name) {
          position = p;
          return left-- == 0;
        }
        const auto name = [&](std::int64_t at) {
          return cache.node(cache.order()[static_cast<std::size_t>(at)]).name();
        };
        if (position < 0 || name(p) < name(position)) position = p;
        return false;
      });
  choice.node = cache.order()[static_cast<std::size_t>(position)];
  return choice;
}

EquivalenceClass::Choice EquivalenceClass::choose_by_normalizing(const SchedulerCache& cache,
                                                                 const Window& window,
                                                                 TieBreak rule,
                                                                 RandomStream& stream) {
  std::vector<NodeSlot> feasible;
  std::vector<std::int64_t> positions;
  walk(
      window.start, window.processed, [](const Chunk& chunk) { return chunk.feasible == 0; },
      [&](std::int64_t p) {
        if (total_[p] < 0) return false;
        positions.push_back(p);
        feasible.push_back(cache.order()[static_cast<std::size_t>(p)]);
        return false;
      });
  std::vector<std::int64_t> sums;
  totals(positions, sums);
  const std::size_t chosen = select_host(rule, sums, feasible, cache, stream);
  return {feasible[chosen], sums[chosen]};
}

void EquivalenceClass::totals(std::span<const std::int64_t> positions,
                              std::vector<std::int64_t>& sums) const {
  sums.resize(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) sums[i] = total_[positions[i]];
  std::vector<std::int64_t> scores;
  for (const Normalized& column : normalized_) {
    if (column.raw.size() == 0) {
      for (std::int64_t& sum : sums) sum += column.constant;
      continue;
    }
    scores.resize(positions.size());
    for (std::size_t i = 0; i < positions.size(); ++i) scores[i] = column.raw[positions[i]];
    column.scorer.plugin->normalize(scores);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      sums[i] += column.scorer.weight * scores[i];
    }
  }
}

void EquivalenceClass::pick(const SchedulerCache& cache, std::int64_t start, std::int64_t wanted,
                            const std::function<bool(NodeSlot)>& accepts, Picked& picked) {
  const std::int64_t n = total_.size();
  const bool accepts_all = !accepts;
  picked.processed = 0;
  picked.nodes.clear();
  picked.positions.clear();
  std::int64_t position = start;
  const auto found = [&] { return static_cast<std::int64_t>(picked.nodes.size()); };
  while (picked.processed < n && found() < wanted) {
    const std::int64_t chunk = position / kChunk;
    const std::int64_t end = std::min({n, (chunk + 1) * kChunk, position + n - picked.processed});
    const Chunk& summary = chunks_[static_cast<std::size_t>(chunk)];
    if (summary.stale) fill(cache, chunk);
    if (summary.feasible == 0) {
      picked.processed += end - position;
      position = end;
    }
    for (; position < end && found() < wanted; ++position) {
      ++picked.processed;
      if (total_[position] < 0) continue;
      const NodeSlot slot = cache.order()[static_cast<std::size_t>(position)];
      if (!accepts_all && !accepts(slot)) continue;
      picked.nodes.push_back(slot);
      picked.positions.push_back(position);
    }
    if (position == n) position = 0;
  }
}

std::vector<NodeSlot> EquivalenceClass::rejected(const SchedulerCache& cache, Code code) const {
  std::vector<NodeSlot> slots;
  std::vector<char> has_code(verdicts_.size());
  for (std::size_t i = 0; i < verdicts_.size(); ++i) has_code[i] = verdicts_[i].code == code;
  for (Eigen::Index p = 0; p < total_.size(); ++p) {
    if (total_[p] > -2 || !has_code[static_cast<std::size_t>(-2 - total_[p])]) continue;
    slots.push_back(cache.order()[static_cast<std::size_t>(p)]);
  }
  return slots;
}

std::shared_ptr<const Diagnosis> EquivalenceClass::diagnosis(const SchedulerCache& cache) {
  if (diagnosis_) return diagnosis_;
  settle(cache);
  std::vector<std::int64_t> counts(verdicts_.size(), 0);
  for (Eigen::Index p = 0; p < total_.size(); ++p) {
    if (total_[p] <= -2) ++counts[static_cast<std::size_t>(-2 - total_[p])];
  }
  auto made = std::make_shared<Diagnosis>();
  made->nodes_total = static_cast<std::int64_t>(cache.order().size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) made->add(verdicts_[i], counts[i]);
  }
  diagnosis_ = std::move(made);
  return diagnosis_;
}

const Verdict* EquivalenceClass::rejection(const SchedulerCache& cache, NodeSlot slot) {
  const std::int32_t position = cache.position(slot);
  if (position < 0) return nullptr;
  // Its chunk stays stale: the summary is made when it is scanned.
  if (total_[position] == kUnknown || total_[position] == kElsewhere) {
    total_[position] = judge(cache, position);
  }
  if (total_[position] >= 0) return nullptr;
  return &verdicts_[static_cast<std::size_t>(-2 - total_[position])];
}

}  // namespace orrery::scheduler
