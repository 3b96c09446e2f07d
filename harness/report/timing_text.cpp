// SPDX-License-Identifier: Apache-2.0
#include "report/timing_text.h"

#include <fmt/format.h>

namespace finack {

namespace {

double microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

std::string row(std::string_view name, const Distribution& all) {
  return fmt::format("{:<20} {:>9} {:>10.1f} {:>10.1f} {:>10.1f} {:>10.1f}\n", name, all.count(),
                     microseconds(all.quantile(0.5)), microseconds(all.quantile(0.9)),
                     microseconds(all.quantile(0.99)), microseconds(all.most()));
}

}  // namespace

std::string timing_text(const Timing& timing) {
  return fmt::format("{:<20} {:>9} {:>10} {:>10} {:>10} {:>10}\n", "in microseconds", "count", "p50", "p90",
                     "p99", "max") +
         row("reaction", timing.reaction) + row("injection lateness", timing.lateness);
}

}  // namespace finack
