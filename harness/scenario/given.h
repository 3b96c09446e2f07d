// SPDX-License-Identifier: Apache-2.0
// The state in which a scenario begins, and the way there.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/tcp_state.h"
#include "scenario/step.h"

namespace finack {

struct Given {
  enum class Open : std::uint8_t { passive, active };
  enum class Close : std::uint8_t { none, close, shutdown };  // none: the target does not close on the way

  TcpState state = TcpState::established;
  Open open = Open::passive;
  Close by = Close::none;

  friend bool operator==(const Given&, const Given&) = default;
};

// "FIN-WAIT-2 by shutdown, active". Unset: opened passively but for SYN-SENT, closed by `close` where the
// target closes.
Result<Given> parse_given(std::string_view text, const Place& at);
std::string to_string(const Given& given);

// The hint for a word that is no state: `TIME_WAIT`, `ESTAB`, and `SYN_RCVD` as other programs have it.
std::string suggest_state(std::string_view word);

// What leads from nothing into that state, in the application's calls and in segments, and checks at its end
// that it is reached. `options`: of the socket, set as soon as it is made.
std::vector<Step> preamble(const Given& given,
                           const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace finack
