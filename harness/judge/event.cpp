// SPDX-License-Identifier: Apache-2.0
#include "judge/event.h"

#include "scenario/selection.h"

namespace finack {

std::string id_of(const InstanceFinished& event) {
  return id_of_round(event.program->id, event.round);
}

int exit_status(const Summary& summary, bool strict) {
  if (!summary.resources.leaks.empty()) return 1;
  if (summary.count(Verdict::fail) > 0 || (strict && summary.count(Verdict::warn) > 0)) return 1;
  if (summary.interrupted) return 130;
  if (summary.out_of_time || summary.count(Verdict::inconclusive) > 0 || summary.count(Verdict::error) > 0)
    return 4;
  return summary.count(Verdict::pass) > 0 ? 0 : 4;
}

}  // namespace finack
