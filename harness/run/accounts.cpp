// SPDX-License-Identifier: Apache-2.0
#include "run/accounts.h"

#include <algorithm>
#include <utility>

namespace finack {

namespace {

// An application that has nothing else to do any more.
constexpr Duration answers_within = 60s;
constexpr Duration first_pause = 1ms;

}  // namespace

void Accounts::open() {
  auto holdings = world_.holdings();
  if (!holdings) return;
  for (Holding& holding : *holdings)
    resources_.accounts.push_back({std::move(holding.where), std::move(holding.counts)});
}

void Accounts::leave(std::uint64_t call, std::size_t taken_away) {
  if (call != 0) partings_.insert(call);
  resources_.taken_away += taken_away;
}

Result<bool> Accounts::look(Duration waited) {
  auto holdings = world_.holdings();
  if (!holdings) return pass_on(holdings.error());
  leaks_.clear();
  for (std::size_t i = 0; i < std::min(resources_.accounts.size(), holdings->size()); ++i) {
    Account& account = resources_.accounts[i];
    account.after = std::move((*holdings)[i].counts);
    if (auto leak = leak_in(account, waited)) leaks_.push_back(std::move(*leak));
  }
  return leaks_.empty();
}

Result<void> Accounts::close(const std::function<bool(const Happening&)>& take) {
  if (resources_.accounts.empty()) return {};
  const Duration patience = world_.patience();
  Time since = world_.now();  // the application has answered
  Duration pause = first_pause;
  for (bool goes_on = true; goes_on; pause = std::min(2 * pause, patience / 20)) {
    const Time now = world_.now();
    const auto same = look(now - since);
    if (!same) return pass_on(same.error());
    if (*same && partings_.empty()) return {};
    if (now - since >= (partings_.empty() ? patience : answers_within)) break;
    const bool waited_for_answers = !partings_.empty();
    const auto happenings = world_.wait(now + pause);
    if (!happenings) return pass_on(happenings.error());
    for (const Happening& happening : happenings->list) goes_on = take(happening) && goes_on;
    if (waited_for_answers && partings_.empty()) since = world_.now();
    if (!goes_on) return {};
  }
  if (partings_.empty()) resources_.leaks = std::exchange(leaks_, {});
  return {};
}

}  // namespace finack
