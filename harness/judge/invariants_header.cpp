// SPDX-License-Identifier: Apache-2.0
// Invariants of a single header: bits, options, sizes.
#include <fmt/format.h>

#include <algorithm>

#include "judge/invariants.h"

namespace finack {

namespace {

constexpr std::uint8_t accurate_ecn_bit = 1;

bool is_on_syn_only(std::uint8_t kind) {
  return kind == option_kind::mss || kind == option_kind::window_scale || kind == option_kind::sack_permitted;
}

bool has_right_length(const Option& option) {
  const std::size_t size = option.data.size();
  switch (option.kind) {
    case option_kind::mss:
      return size == 2;
    case option_kind::window_scale:
      return size == 1;
    case option_kind::sack_permitted:
      return size == 0;
    case option_kind::sack:
      return size > 0 && size % 8 == 0;
    case option_kind::timestamps:
      return size == 8;
    default:
      return true;
  }
}

std::string name_of(std::uint8_t kind) {
  switch (kind) {
    case option_kind::mss:
      return "mss";
    case option_kind::window_scale:
      return "wscale";
    case option_kind::sack_permitted:
      return "sackok";
    case option_kind::sack:
      return "sack";
    case option_kind::timestamps:
      return "ts";
    default:
      return fmt::format("kind {}", kind);
  }
}

bool offers_ecn(Flags flags) {
  return flags.has(flag::ece + flag::cwr);
}

}  // namespace

void Invariants::check_header(const Segment& segment) {
  const bool accurate =
      connection_.accurate_ecn || (segment.flags.has(flag::syn) && offers_ecn(segment.flags)) ||
      std::ranges::any_of(syns_, [](const Segment& syn) { return (syn.reserved & accurate_ecn_bit) != 0; });
  const auto allowed = accurate ? accurate_ecn_bit : std::uint8_t{0};
  if ((segment.reserved & ~allowed) != 0)
    broken(Rule::reserved_bits, fmt::format("reserved bits are set: {:#x} (RFC 9293 3.1)", segment.reserved));
  const bool opening = segment.flags.has(flag::syn) || !connection_.conversation.theirs.isn();
  if (!segment.flags.has(flag::ack) && !segment.flags.has(flag::rst) && !opening) {
    broken(Rule::ack_flag,
           "the ACK flag is missing (RFC 9293 3.1: always sent once a connection is established)");
  }
}

void Invariants::check_options(const Segment& segment) {
  const SendingHalf& theirs = connection_.conversation.theirs;
  const std::vector<Option>& ours = offered();
  if (segment.malformed_options)
    broken(Rule::option_length, "an option has an illegal length (RFC 9293 3.1)");
  for (const Option& option : segment.options) {
    if (option.kind <= option_kind::nop) continue;
    if (!has_right_length(option))
      broken(Rule::option_length,
             fmt::format("the option `{}` has another length than its kind", to_string(option)),
             name_of(option.kind));
    const bool on_syn = segment.flags.has(flag::syn);
    if (is_on_syn_only(option.kind) && !on_syn) {
      broken(Rule::option_on_syn,
             fmt::format("the option `{}` belongs on a SYN (RFC 9293 3.2, RFC 7323 2.2, RFC 2018 2)",
                         to_string(option)),
             name_of(option.kind));
      continue;
    }
    // SACK blocks follow from the permission; the MSS option needs none.
    const std::uint8_t needs = option.kind == option_kind::sack ? option_kind::sack_permitted : option.kind;
    // Where SYNs cross, its SYN+ACK is its first SYN once more (RFC 9293 figure 8), offered before it saw
    // ours.
    const bool repeats_syn = on_syn && theirs.isn();
    const bool answers_us = !repeats_syn && (segment.flags.has(flag::ack) || !on_syn);
    const bool negotiated = needs == option_kind::window_scale || needs == option_kind::sack_permitted ||
                            needs == option_kind::timestamps;
    if (!negotiated || !answers_us) continue;
    // A reset that belongs to no connection echoes what the segment carried that it answers (RFC 7323 5.2).
    if (segment.flags.has(flag::rst) && needs == option_kind::timestamps) continue;
    if (std::ranges::find(ours, needs, &Option::kind) == ours.end()) {
      broken(Rule::option_offered,
             fmt::format("the option `{}` was not offered by our SYN (RFC 7323 2.2, 3.2; RFC 2018 2)",
                         to_string(option)),
             name_of(option.kind));
    } else if (option.kind == option_kind::timestamps && theirs.isn() && !segment.flags.has(flag::rst) &&
               !theirs.offers_timestamps()) {
      broken(Rule::option_offered,
             fmt::format("the option `{}` was not on the target's SYN (RFC 7323 3.2)", to_string(option)),
             name_of(option.kind));
    }
  }
}

void Invariants::check_ecn(const Segment& segment) {
  const Flags set = Flags(segment.flags.bits() & (flag::ece + flag::cwr).bits());
  const SendingHalf& theirs = connection_.conversation.theirs;
  const bool syn = segment.flags.has(flag::syn);
  // Its own SYN may offer, and be repeated where SYNs cross; accurate ECN has meanings of its own.
  if (set.empty() || (syn && (!segment.flags.has(flag::ack) || theirs.isn()))) return;
  if (std::ranges::any_of(syns_, [](const Segment& each) { return (each.reserved & accurate_ecn_bit) != 0; }))
    return;
  const bool they_agree = syn || connection_.their_syn_flags.has(flag::ece);
  if (!connection_.we_agree_to_ecn || !they_agree)
    broken(Rule::ecn, fmt::format("{} without ECN having been agreed upon (RFC 3168 6.1.1)", to_string(set)));
}

// Octets of data and options together (RFC 9293 3.7.1), and those beyond our window.
void Invariants::check_sizes(const Segment& segment) {
  const Conversation& talk = connection_.conversation;
  if (segment.payload.empty() || !talk.ours.isn()) return;
  const std::vector<Option>& options = talk.ours.syn_options();
  std::uint32_t mss = segment.source.address.family == Family::ipv4 ? 536 : 1220;
  for (const Option& option : options) mss = mss_of(option).value_or(static_cast<std::uint16_t>(mss));
  const std::size_t option_octets = (size_of(segment.options) + 3) / 4 * 4;
  if (segment.payload.size() + option_octets > mss) {
    broken(Rule::mss, fmt::format("{} octets of data and {} of options, with an MSS of {} (RFC 9293 3.7.1)",
                                  segment.payload.size(), option_octets, mss));
  }

  std::optional<Seq> edge = connection_.our_edge;
  if (talk.theirs.isn()) {
    const Seq of_syn = *talk.theirs.isn() + 1 + connection_.syn_window;
    edge = edge ? later(*edge, of_syn) : of_syn;
  }
  if (!edge) return;
  const Seq last = segment.seq + (segment.flags.has(flag::syn) ? 1 : 0) +
                   static_cast<std::uint32_t>(segment.payload.size());
  const bool probe = segment.payload.size() == 1 && segment.seq == *edge;
  if (last > *edge && !probe && last > talk.theirs.next()) {
    broken(Rule::window, fmt::format("octets up to {}, {} beyond the window, which ends at {} (RFC 9293 3.4)",
                                     relative_theirs(last), last - *edge, relative_theirs(*edge)));
  }
}

}  // namespace finack
