// SPDX-License-Identifier: Apache-2.0
#include "judge/ledger.h"

#include <algorithm>
#include <charconv>

#include "scenario/selection.h"

namespace finack {

namespace {

// The numbers of "6.12.4-amd64": 6, 12, 4.
std::vector<unsigned> numbers_of(std::string_view release) {
  std::vector<unsigned> out;
  while (!release.empty()) {
    unsigned number = 0;
    const auto [end, status] = std::from_chars(release.data(), release.data() + release.size(), number);
    if (status != std::errc{}) break;
    out.push_back(number);
    release.remove_prefix(static_cast<std::size_t>(end - release.data()));
    if (!release.starts_with('.')) break;
    release.remove_prefix(1);
  }
  return out;
}

// -1, 0 or 1, looking at no more numbers than the bound has.
int compare(std::string_view release, std::string_view bound) {
  const std::vector<unsigned> left = numbers_of(release), right = numbers_of(bound);
  for (std::size_t i = 0; i < right.size(); ++i) {
    const unsigned number = i < left.size() ? left[i] : 0;
    if (number != right[i]) return number < right[i] ? -1 : 1;
  }
  return 0;
}

}  // namespace

bool release_within(std::string_view release, std::string_view since, std::string_view until) {
  return (since.empty() || compare(release, since) >= 0) && (until.empty() || compare(release, until) <= 0);
}

Ledger::Ledger(const Profile& profile, std::string release) {
  for (const Deviation& deviation : profile.deviations) {
    if (release_within(release, deviation.since, deviation.until)) entries_.push_back({&deviation});
  }
}

const Deviation* Ledger::explain(const std::string& id, const Finding& finding) {
  for (Entry& entry : entries_) {
    if (!names_instance(entry.deviation->scenario, id) || entry.deviation->signature != finding.signature)
      continue;
    entry.seen = true;
    return entry.deviation;
  }
  return nullptr;
}

std::vector<const Deviation*> Ledger::vanished() const {
  std::vector<const Deviation*> out;
  for (const Entry& entry : entries_) {
    const auto names = [&](const std::string& id) { return names_instance(entry.deviation->scenario, id); };
    if (!entry.seen && std::ranges::any_of(passed_, names)) out.push_back(entry.deviation);
  }
  return out;
}

}  // namespace finack
