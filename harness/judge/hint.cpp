// SPDX-License-Identifier: Apache-2.0
#include "judge/hint.h"

#include <fmt/format.h>

namespace finack {

namespace {

// The states of an endpoint whose own FIN has been sent and not yet acknowledged.
bool fin_is_out(TcpState state) {
  return state == TcpState::fin_wait_1 || state == TcpState::closing || state == TcpState::last_ack;
}

// The states of an endpoint that has taken the peer's FIN.
bool has_our_fin(TcpState state) {
  return state == TcpState::close_wait || state == TcpState::closing || state == TcpState::last_ack ||
         state == TcpState::time_wait;
}

// Whether our FIN was taken and no bare ACK of it can have come: the number may have come with a FIN that is
// repeated.
bool fin_lacks_its_ack(TcpState state, const Conversation& conversation) {
  const auto fin = conversation.ours.fin();
  return fin && has_our_fin(state) &&
         (conversation.ours.unacknowledged() <= *fin || state == TcpState::closing);
}

constexpr std::string_view look_between =
    "something between drops it: look for a packet filter, or capture on the target itself";

}  // namespace

void add_hint(Finding& finding, const Program& program, std::size_t step, const Reading& reading,
              const Conversation& conversation) {
  if (!finding.hint.empty() || step >= program.steps.size()) return;
  const auto* expect = std::get_if<ExpectStep>(&program.steps[step].body);
  const bool silence = expect && finding.differences.empty() && finding.rule.empty();  // no segment broke a rule
  const TcpState state = reading.effective();
  std::string where = fmt::format("the target is in {}", to_string(state));
  if (!reading.state) where = "the target knows no such connection (CLOSED)";
  if (!reading.detail.empty()) where += fmt::format(" ({})", reading.detail);

  if (!silence) {
    if (!std::holds_alternative<StateStep>(program.steps[step].body)) finding.hint = where;
    return;
  }
  const Flags wanted = expect->segment.flags;
  if (wanted.has(flag::rst)) {
    finding.hint = where + (reading.state ? ": it has not reset the connection"
                                          : fmt::format(", so a RST was due; either it sends none, or {}",
                                                        look_between));
  } else if (wanted.has(flag::fin)) {
    if (conversation.theirs.fin()) {
      finding.hint = where + ": its FIN came before, and no other is due";
    } else {
      finding.hint = where + (fin_is_out(state)
                                  ? fmt::format(": it has sent its FIN, but none came here; {}", look_between)
                                  : ": it has sent no FIN");
    }
  } else if (wanted.has(flag::ack) && fin_lacks_its_ack(state, conversation)) {
    finding.hint = where + fmt::format(": it has taken our FIN, but no ACK came here; {}", look_between);
  } else {
    finding.hint = where;
  }
}

}  // namespace finack
