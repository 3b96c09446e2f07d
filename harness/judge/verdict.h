// SPDX-License-Identifier: Apache-2.0
// What a run of one program came to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace finack {

enum class Verdict : std::uint8_t {
  pass,
  fail,          // a MUST, or plain text of the event processing, is broken
  warn,          // a SHOULD is
  known,         // a deviation that the target's profile declares
  inconclusive,  // the harness was late, or blind
  skipped,       // the target lacks a capability
  error,         // the harness or the scenario is at fault
};

inline constexpr std::array<std::string_view, 7> verdict_names = {"pass",         "fail",    "warn", "known",
                                                                  "inconclusive", "skipped", "error"};

constexpr std::string_view to_string(Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

// Why a verdict is not pass.
struct Finding {
  std::size_t step = 0;  // of the program; its size when the exchange after the last step is meant
  Place place = {};
  std::string step_text = {};
  std::string wanted = {};
  std::string got = {};
  std::vector<std::string> differences =
      {};  // field by field, where a segment came that is not the wanted one
  std::string hint = {};
  std::string rule = {};  // id of the invariant that is broken (judge/invariant.h), where it is one
  // The failure in one line without anything that differs from run to run: what a declared deviation is told
  // by.
  std::string signature = {};
};

}  // namespace finack
