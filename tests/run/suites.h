// SPDX-License-Identifier: Apache-2.0
// All that there is in suites/.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "scenario/load.h"
#include "scenario/selection.h"

namespace finack {

// The event matrix is nine of ten of them; what a fault does is seen without. When it is in, then over IPv4:
// in memory both families are the same.
enum class Matrix { in, out };
// Long streams take longer than all else, and show no more of a fault when they are megabytes, or over IPv6.
// Those are played apart.
enum class Bulk { out, alone };

inline std::vector<Program> programs_of_suites(const Profile& profile, Matrix matrix, Bulk bulk = Bulk::out) {
  const auto scenarios = load_scenarios({FINACK_SOURCE_DIR "/suites"}, profile);
  if (!scenarios) {
    ADD_FAILURE() << to_string(scenarios.error());
    return {};
  }
  std::vector<Program> out;
  for (const Scenario& scenario : *scenarios) {
    const bool megabytes = std::ranges::find(scenario.tags, "bulk") != scenario.tags.end();
    for (Program& program : compile(scenario)) {
      const bool left_out =
          names_instance(matrix == Matrix::in ? "close/matrix/*/ipv6" : "close/matrix", program.id);
      const bool much = megabytes || names_instance("close/data/*/ipv6", program.id);
      if (!left_out && much == (bulk == Bulk::alone)) out.push_back(std::move(program));
    }
  }
  return out;
}

}  // namespace finack
