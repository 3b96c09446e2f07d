// SPDX-License-Identifier: Apache-2.0
#include "run/accounts.h"

#include <algorithm>
#include <utility>

namespace finack {

namespace {

// The next of its answers, of an application that has nothing else to do any more.
constexpr Duration answers_within = 5s;
constexpr Duration first_pause = 1ms;
// Of what set-up leaves for a moment.
constexpr Duration between_looks = 4ms;

// Of each count the less.
void lower(Counts& counts, const Counts& seen) {
  for (auto& [name, count] : counts) {
    if (const auto now = seen.find(name); now != seen.end()) count = std::min(count, now->second);
  }
}

}  // namespace

Result<void> Accounts::open(const Take& take, const GoesOn& goes_on) {
  auto holdings = world_.holdings();
  if (!holdings) return {};
  for (Holding& holding : *holdings)
    resources_.accounts.push_back({std::move(holding.where), std::move(holding.counts)});
  if (resources_.accounts.empty()) return {};
  resources_.unjudged = "the run was cut short";
  for (const Time end = world_.now() + world_.settling(); world_.now() < end && goes_on();) {
    if (auto done = wait(std::min(end, world_.now() + between_looks), take); !done) return done;
    const auto seen = world_.holdings();
    if (!seen) return pass_on(seen.error());
    for (std::size_t i = 0; i < std::min(resources_.accounts.size(), seen->size()); ++i)
      lower(resources_.accounts[i].before, (*seen)[i].counts);
  }
  return {};
}

Result<void> Accounts::wait(Time until, const Take& take) {
  const auto happenings = world_.wait(until);
  if (!happenings) return pass_on(happenings.error());
  for (const Happening& happening : happenings->list) take(happening);
  return {};
}

void Accounts::leave(std::uint64_t call, std::size_t taken_away) {
  if (call != 0) partings_.insert(call);
  resources_.taken_away += taken_away;
}

bool Accounts::compare(std::vector<Holding> holdings, Duration waited) {
  leaks_.clear();
  for (std::size_t i = 0; i < std::min(resources_.accounts.size(), holdings.size()); ++i) {
    Account& account = resources_.accounts[i];
    account.after = std::move(holdings[i].counts);
    if (auto leak = leak_in(account, waited)) leaks_.push_back(std::move(*leak));
  }
  return leaks_.empty();
}

Result<void> Accounts::close(const Take& take, const GoesOn& goes_on) {
  if (resources_.accounts.empty()) return {};
  const Duration patience = world_.patience();
  Time since = world_.now();  // the application has answered
  std::size_t owed = partings_.size();
  for (Duration pause = first_pause; goes_on(); pause = std::min(2 * pause, patience / 20)) {
    const Time now = world_.now();
    auto holdings = world_.holdings();
    if (!holdings) return pass_on(holdings.error());
    if (holdings->empty()) {
      resources_.unjudged = "this kernel does not take away what a connection leaves";
      return {};
    }
    const bool same = compare(std::move(*holdings), now - since);
    const bool waits_for_answers = !partings_.empty();
    if (!waits_for_answers && (same || now - since >= patience)) {
      resources_.leaks = std::exchange(leaks_, {});
      resources_.unjudged.clear();
      return {};
    }
    if (waits_for_answers && now - since >= answers_within) {
      resources_.unjudged = "an application did not say that it let go of its sockets";
      return {};
    }
    if (auto done = wait(now + pause, take); !done) return done;
    if (partings_.size() < std::exchange(owed, partings_.size())) since = world_.now();
  }
  return {};
}

}  // namespace finack
