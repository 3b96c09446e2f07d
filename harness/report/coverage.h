// SPDX-License-Identifier: Apache-2.0
// How much of the catalogue runs have shown, from their JSON reports.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tcp_state.h"

namespace finack {

// How far an entry of the catalogue has come, the best last.
enum class Cover : std::uint8_t {
  missing,  // nobody claims it, nothing took it
  skipped,  // claimed by what the target cannot play
  failed,   // claimed by what failed, warned, was inconclusive or in error
  known,    // claimed by what failed as declared
  passed,   // claimed by what passed, and not shown there
  covered,  // shown in what passed
};
inline constexpr std::array<std::string_view, 6> cover_names = {"missing", "skipped", "failed",
                                                                "known",   "passed",  "covered"};
constexpr std::string_view to_string(Cover cover) {
  return cover_names[static_cast<std::size_t>(cover)];
}

struct CoverageEntry {
  std::string_view id;                 // of the catalogue
  std::optional<TcpState> state = {};  // of a rule counted once for each state that it names
  Cover cover = Cover::missing;
  std::vector<std::string> by = {};  // the first of the instances that it owes its cover to
  std::string last_by = {};          // the last of them
  std::size_t times = 0;             // how many they are
  std::string_view reason = {};      // why nobody can provoke it, where that is so
};

struct Coverage {
  // Each in the order of the catalogue.
  std::vector<CoverageEntry> rules, instances, edges, requirements;
  // Reasons of not_provokable.yaml that are none, since what they are for is covered; a sentence each.
  std::vector<std::string> false_reasons;
  std::size_t reports = 0, played = 0;  // JSON reports, and the instances in them
};

// A JSON report of `finack run` and the name of its file, for errors.
struct RunReport {
  std::string name;
  std::string text;
};
Result<Coverage> coverage_of(const std::vector<RunReport>& reports);

// How many entries have come that far.
std::size_t count(const std::vector<CoverageEntry>& entries, Cover cover);

// Those edges that begin or end in a closing state, or end an established connection.
std::vector<CoverageEntry> close_edges(const std::vector<CoverageEntry>& edges);

}  // namespace finack
