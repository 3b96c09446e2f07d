// SPDX-License-Identifier: Apache-2.0
#include "cli/rounds.h"

#include <algorithm>

namespace finack {

namespace {

bool is_bad(const Summary& summary, bool strict) {
  return summary.count(Verdict::fail) + summary.count(Verdict::error) + summary.count(Verdict::inconclusive) +
             (strict ? summary.count(Verdict::warn) : 0) + summary.resources.leaks.size() >
         0;
}

// A deviation that one round has seen is there.
void keep_vanished(std::vector<Deviation>& sum, const std::vector<Deviation>& one) {
  std::erase_if(sum, [&](const Deviation& deviation) {
    return std::ranges::none_of(one, [&](const Deviation& other) { return other.place == deviation.place; });
  });
}

// What was held before the first round, and after the last.
void add(Resources& sum, const Resources& one) {
  if (sum.accounts.empty()) sum.accounts = one.accounts;
  for (std::size_t i = 0; i < std::min(sum.accounts.size(), one.accounts.size()); ++i)
    sum.accounts[i].after = one.accounts[i].after;
  if (!one.unjudged.empty()) sum.unjudged = one.unjudged;
  sum.taken_away += one.taken_away;
  sum.leaks.insert(sum.leaks.end(), one.leaks.begin(), one.leaks.end());
}

void add(Summary& sum, const Summary& one) {
  if (sum.total == 0) {
    sum.vanished = one.vanished;
  } else {
    keep_vanished(sum.vanished, one.vanished);
  }
  for (std::size_t i = 0; i < sum.counts.size(); ++i) sum.counts[i] += one.counts[i];
  for (const auto& [edge, instances] : one.choices) sum.choices[edge] += instances;
  sum.untracked += one.untracked;
  sum.repeated += one.repeated;
  sum.timing.add(one.timing);
  sum.total += one.total;
  sum.interrupted |= one.interrupted;
  sum.out_of_time |= one.out_of_time;
  sum.duration += one.duration;
  add(sum.resources, one.resources);
}

}  // namespace

Result<Summary> play_rounds(std::size_t programs, const Rounds& rounds, const Play& play,
                            const EventSink& emit) {
  const std::size_t last = rounds.times.value_or(rounds.until_fail ? SIZE_MAX : 1);
  const std::size_t together =
      std::max<std::size_t>(1, rounds.most_together / std::max<std::size_t>(1, programs));
  Summary sum;
  bool started = false;
  const EventSink merge = [&](const Event& event) {
    if (const auto* start = std::get_if<RunStarted>(&event)) {
      if (started) return;
      started = true;
      RunStarted whole = *start;
      whole.total = programs * std::max<std::size_t>(1, rounds.expected());
      emit(whole);
    } else if (std::holds_alternative<InstanceFinished>(event)) {
      emit(event);
    } else {
      add(sum, std::get<RunFinished>(event).summary);
    }
  };
  const auto finish = [&] {
    // Rounds that were asked for and never begun have not finished either; of those without end nobody asked.
    if (rounds.times && (sum.interrupted || sum.out_of_time)) sum.total = programs * *rounds.times;
    emit(RunFinished{sum});
  };
  for (std::size_t done = 0; done < last;) {
    const std::size_t count = std::min(together, last - done);
    const auto one = play(done + 1, count, merge);
    if (!one) {
      finish();
      return pass_on(one.error());
    }
    done += count;
    if (sum.interrupted || sum.out_of_time || (rounds.until_fail && is_bad(sum, rounds.strict))) break;
  }
  finish();
  return sum;
}

}  // namespace finack
