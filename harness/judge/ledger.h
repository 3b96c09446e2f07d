// SPDX-License-Identifier: Apache-2.0
// The deviations that a profile declares, held against what a run found: a failure that is declared is known,
// and a declaration that no failure answers to any more is told of, so that the list does not rot.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "judge/verdict.h"
#include "scenario/profile.h"

namespace finack {

// Whether `release` lies between two others, both included; an empty bound is none. Releases are compared
// number by number as far as the bound goes: 6.12.4 lies within `until: 6.12`.
bool release_within(std::string_view release, std::string_view since, std::string_view until);

class Ledger {
 public:
  // `release` of the target: "6.12.4". The profile must outlive the ledger.
  Ledger(const Profile& profile, std::string release);

  // The deviation that declares this failure; null when none does. Notes that it was seen.
  const Deviation* explain(const std::string& id, const Finding& finding);
  // Notes that the instance passed.
  void passed(const std::string& id) { passed_.insert(id); }
  // Those in force here whose scenario passed and that no failure answered to.
  std::vector<const Deviation*> vanished() const;

 private:
  struct Entry {
    const Deviation* deviation;
    bool seen = false;
  };
  std::vector<Entry> entries_;                // in force for this release
  std::unordered_set<std::string> passed_{};  // ids, which are few where a run has many rounds
};

}  // namespace finack
