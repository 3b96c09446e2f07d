// SPDX-License-Identifier: Apache-2.0
// What situations and reactions (judge/evidence.h) both ask of the moments of a story.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "judge/story.h"

namespace finack {

// Of text, from an initial sequence number to the number that follows them.
constexpr std::uint64_t octets_between(Seq isn, Seq end) {
  return end > isn ? static_cast<std::uint64_t>(end - isn - 1) : 0;
}

inline bool is_fin_in_order(const Moment& each) {
  return each.kind == Moment::Kind::sent && each.has(flag::fin + flag::ack) && !each.has(flag::syn) &&
         !each.has(flag::rst) && each.segment.seq == each.our_next && each.our_next_after == each.fin() + 1;
}
inline bool is_reset_at_next(const Moment& each) {
  return each.kind == Moment::Kind::sent && each.has(flag::rst) && each.segment.seq == each.our_next;
}
// RFC 1122 4.2.3.6
inline bool is_keep_alive_probe(const Moment& each) {
  return each.kind == Moment::Kind::came && each.keep_alive && each.segment.flags - flag::psh == flag::ack &&
         each.segment.seq == each.their_next - 1 && each.text <= 1 && each.their_una == each.their_next;
}
// RFC 5961 3.2, 4.2, 5.2
inline bool draws_challenge(const Moment& each) {
  if (each.kind != Moment::Kind::sent) return false;
  if (each.has(flag::rst)) return each.segment.seq > each.our_next && each.segment.seq < each.their_edge;
  return each.has(flag::syn) || (each.has(flag::ack) && each.segment.ack > each.their_next);
}
// A reading that shows no connection.
inline bool is_over(const Moment& each) {
  const auto* reading = std::get_if<Reading>(&each.seen->what);
  return reading && (!reading->state || *reading->state == TcpState::closed);
}

// That we had sent in order by then.
std::uint64_t our_octets(const Story& story, const Moment& by);
// The right edge of the window that a segment of ours announces.
Seq edge_announced(const Story& story, std::size_t at);
// The steps whose calls of that name were made before and have not returned by then.
std::vector<std::size_t> pending_calls(const Story& story, std::size_t at, std::string_view word);

}  // namespace finack
