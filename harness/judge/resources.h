// SPDX-License-Identifier: Apache-2.0
// What a target held before a run and after it, and whether it kept something: a pure comparison.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/counts.h"
#include "base/time.h"

namespace finack {

// Of one place: a target, or what all targets have in common.
struct Account {
  std::string where;
  Counts before = {};  // all targets stand, and no instance has begun
  Counts after = {};   // all instances are over, their sockets closed and their connections taken away
};

// More after than before.
struct Leak {
  std::string where;
  std::string wanted;
  std::string got;
  std::string hint;
};

struct Resources {
  std::vector<Account> accounts = {};
  // Connections and listeners that were there when their scenario had ended, and were destroyed.
  std::size_t taken_away = 0;
  std::vector<Leak> leaks = {};
  // Why nothing is said of leaks; empty when all was compared.
  std::string unjudged = {};
};

// Names that are not in both are not compared.
std::optional<Leak> leak_in(const Account& account, Duration waited);

// Of all places together.
Counts total_before(const Resources& resources);
Counts total_after(const Resources& resources);

}  // namespace finack
