// SPDX-License-Identifier: Apache-2.0
#include "model/user_timeout.h"

#include <algorithm>

namespace finack::model {

namespace {

constexpr std::uint8_t option_of_user_timeout = 28;

// RFC 5482 2: seconds or minutes, in 15 bits.
std::optional<Duration> announced_timeout(const Segment& segment) {
  const auto option = std::ranges::find(segment.options, option_of_user_timeout, &Option::kind);
  if (option == segment.options.end() || option->raw || option->data.size() != 2) return std::nullopt;
  const unsigned value = (option->data[0] & 0x7fu) << 8 | option->data[1];
  if (value == 0) return std::nullopt;  // 4.1: reserved, to be ignored
  return (option->data[0] & 0x80u) != 0 ? Duration(value * 60s) : Duration(value * 1s);
}

}  // namespace

bool has_user_timeout(const Segment& segment) {
  return std::ranges::find(segment.options, option_of_user_timeout, &Option::kind) != segment.options.end();
}

Duration user_timeout(const Tcb& tcb, const Turn& turn) {
  if (turn.has(Defect::gives_up_early)) return 10s;
  const bool syn = tcb.state == TcpState::syn_sent || tcb.state == TcpState::syn_received;
  // RFC 5482 3.3: only a connection that stands has what was agreed on.
  const Duration otherwise = syn ? turn.settings.r2_syn : tcb.agreed_timeout.value_or(turn.settings.r2);
  if (turn.has(Defect::user_timeout_ignored)) return otherwise;
  if (turn.has(Defect::fixed_timeout_overridden) && tcb.agreed_timeout) return *tcb.agreed_timeout;
  return tcb.options.user_timeout.value_or(otherwise);
}

std::optional<Option> user_timeout_option(const Tcb& tcb, const Turn& turn) {
  if (!turn.settings.user_timeout_option) return std::nullopt;
  const Duration own = tcb.options.user_timeout.value_or(turn.settings.r2);
  const auto seconds = std::clamp<std::int64_t>(own / 1s, 1, 0x7fff);
  return Option{option_of_user_timeout,
                {static_cast<std::uint8_t>(seconds >> 8), static_cast<std::uint8_t>(seconds)}};
}

void adopt_user_timeout(Tcb& tcb, const Turn& turn, const Segment& segment) {
  const auto theirs = announced_timeout(segment);
  const bool overrides = turn.has(Defect::fixed_timeout_overridden);
  const bool fixed = tcb.options.user_timeout && !overrides;
  const bool heeds =
      (turn.settings.user_timeout_option && !turn.has(Defect::agreed_timeout_ignored)) || overrides;
  if (!heeds || fixed || !theirs) return;
  constexpr Duration least = 100s, most = 1h;  // L_LIMIT and U_LIMIT
  tcb.agreed_timeout = std::min(most, std::max({turn.settings.r2, *theirs, least}));
}

}  // namespace finack::model
