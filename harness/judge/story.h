// SPDX-License-Identifier: Apache-2.0
// An exchange laid out for looking back at: each thing seen or done, with what was so just before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/seq.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "judge/observation.h"
#include "packet/segment.h"
#include "scenario/edge_words.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

// The states that the target was in for sure, one after each observation.
using SureStates = std::vector<std::optional<TcpState>>;

struct Moment {
  enum class Kind : std::uint8_t { sent, came, called, returned, told, read, other };
  Kind kind = Kind::other;
  Time at{};
  // Of what happens to the target that before it, of what the target shows that after it.
  std::optional<TcpState> state = {};
  const Observation* seen = nullptr;

  // Of a segment that we sent, as the target received it, or that came; without its payload.
  Segment segment = {};
  std::uint32_t text = 0;  // its octets
  std::uint32_t length() const { return segment.length() + text; }
  Seq end() const { return segment.seq + length(); }
  Seq fin() const { return segment.seq + text + (segment.flags.has(flag::syn) ? 1u : 0u); }
  bool has(Flags flags) const { return segment.flags.has(flags); }

  // Of a call, and of what it came to.
  std::size_t step = 0;
  const CallStep* call = nullptr;
  Facts facts = {};  // what the call means to the connection

  // Just before it.
  Seq our_isn, our_next, our_una, our_edge;          // our_edge: of the window that we announced
  std::uint32_t our_largest_window = 0;              // of all that we announced
  Seq their_isn, their_next, their_una, their_edge;  // their_edge: of the window that the target announced
  bool timestamps = false;                           // negotiated
  bool closed_both_ways = false;                     // by the application
  bool keep_alive = false;
  Duration user_timeout{};                   // as the application set it last
  std::optional<Duration> our_user_timeout;  // as our segments announced it last (RFC 5482)
  std::optional<Duration> their_user_timeout;
  std::uint64_t asked = 0;                     // octets that the application was told to send
  std::uint64_t delivered = 0;                 // octets that it was given
  bool delivered_well = true;                  // as we sent them
  unsigned repeats = 0;                        // of the oldest that the target has outstanding
  std::optional<Time> outstanding_since = {};  // when the target first sent the oldest of it
  // Just after it.
  Seq our_next_after;
};

struct Story {
  // All must outlive the story. `states` has an entry for each observation.
  Story(const Program& program, const Profile& profile, const Trace& trace, const SureStates& states);

  const Profile& profile;
  std::vector<Moment> moments = {};
  std::optional<Seq> our_fin = {}, their_fin = {};  // the last of the whole exchange

  // The next thing after `from` that we or the application did; the number of moments where there is none.
  std::size_t next_act(std::size_t from) const;
};

}  // namespace finack
