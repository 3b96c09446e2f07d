// SPDX-License-Identifier: Apache-2.0
// Invariants of the two streams: what is sent, what is acknowledged, what the window says of both.
#include <fmt/format.h>

#include <algorithm>

#include "base/pattern.h"
#include "judge/invariants.h"

namespace finack {

void Invariants::check_stream(const Segment& segment) {
  const SendingHalf& theirs = connection_.conversation.theirs;
  if (!theirs.isn()) {
    if (segment.flags.has(flag::syn)) check_content(segment);
    return;
  }
  if (segment.flags.has(flag::syn) && segment.seq != *theirs.isn()) {
    broken(Rule::syn_number,
           fmt::format("a SYN at {}, where the connection began at 0", relative_theirs(segment.seq)));
    return;
  }
  check_content(segment);
  const auto fin = theirs.fin();
  if (!fin) return;
  if (segment.flags.has(flag::fin) && segment.end() - 1 != *fin) {
    broken(Rule::fin_number, fmt::format("a FIN at {}, where the first was at {}",
                                         relative_theirs(segment.end() - 1), relative_theirs(*fin)));
  }
  const Seq last = segment.end() - (segment.flags.has(flag::fin) ? 1 : 0);
  if (!segment.payload.empty() && last > *fin && !is_keep_alive(segment)) {
    broken(Rule::beyond_fin, fmt::format("octets up to {}, where the FIN was at {}",
                                         relative_theirs(last - 1), relative_theirs(*fin)));
  }
}

// Of the first connection alone: where in the application's stream a second one begins is not known.
void Invariants::check_content(const Segment& segment) {
  if (segment.payload.empty() || !connection_.first || is_keep_alive(segment)) return;
  const Seq isn = connection_.conversation.theirs.isn().value_or(segment.seq);
  // Data on a SYN comes after it.
  const std::int32_t offset =
      segment.seq - isn - (segment.flags.has(flag::syn) && segment.seq == isn ? 0 : 1);
  if (offset < 0) {
    broken(Rule::content, "it carries octets below the first of the stream");
    return;
  }
  const std::size_t same = pattern_mismatch(stream_seed_, static_cast<std::uint64_t>(offset),
                                            segment.payload.data(), segment.payload.size());
  if (same == segment.payload.size()) return;
  broken(Rule::content, fmt::format("octet {} of the stream is not the one that the application sent",
                                    static_cast<std::size_t>(offset) + same));
}

void Invariants::check_ack(const Segment& segment) {
  const SendingHalf& ours = connection_.conversation.ours;
  if (!segment.flags.has(flag::ack) || !ours.isn()) return;
  std::optional<Seq>& highest = connection_.acknowledged;
  const Seq most = later(ours.next(), connection_.takable.end_from(highest.value_or(*ours.isn())));
  if (segment.ack > most) {
    broken(Rule::ack_ahead,
           fmt::format("ack: wanted at most {}, got {}", relative_ours(most), relative_ours(segment.ack)));
    return;  // what else it says of our numbers would be measured by this one
  }
  if (highest && segment.ack < *highest && in_order()) {
    broken(Rule::ack_back, fmt::format("ack: wanted at least {}, as before, got {}", relative_ours(*highest),
                                       relative_ours(segment.ack)));
  }
  highest = highest ? later(*highest, segment.ack) : segment.ack;
}

void Invariants::check_window_edge(const Segment& segment) {
  const Conversation& talk = connection_.conversation;
  // A wrong ACK number says nothing of the edge; what was overtaken says nothing new.
  if (!segment.flags.has(flag::ack) || !connection_.acknowledged || segment.ack != *connection_.acknowledged)
    return;
  const Seq edge = segment.ack + talk.their_window(segment);
  const bool scaled = !segment.flags.has(flag::syn) && talk.scales();
  const std::uint32_t rounding = scaled ? 1u << talk.their_shift() : 0;  // RFC 7323 2.4
  std::optional<Seq>& furthest = connection_.their_edge;
  if (segment.flags.has(flag::syn) && furthest) return;  // again: its field says what the first one did
  if (furthest && edge + rounding < *furthest && in_order()) {
    broken(Rule::window_edge,
           fmt::format("the window ends at {}, {} before where it ended already (RFC 9293 3.8.6, SHLD-14)",
                       relative_ours(edge), *furthest - edge));
  }
  furthest = furthest ? later(*furthest, edge) : edge;
}

// A duplicate may lie anywhere (RFC 2883 4): further off than ranges reach, too.
bool Invariants::was_sent(const SeqRanges::Range& range) const {
  return std::ranges::any_of(recent_, [&](const Sent& each) {
    return each.segment.seq <= range.begin && range.begin < each.end && range.end <= each.end;
  });
}

void Invariants::check_sack(const Segment& segment) {
  const auto option = std::ranges::find(segment.options, option_kind::sack, &Option::kind);
  if (option == segment.options.end() || option->data.size() % 8 != 0) return;
  std::vector<SeqRanges::Range> blocks;
  for (ByteReader data(option->data); data.left() > 0;) {
    const Seq left{data.u32()};
    blocks.push_back({left, Seq{data.u32()}});
  }
  const auto text = [&](const SeqRanges::Range& block) {
    return fmt::format("the SACK block {}-{}", relative_ours(block.begin), relative_ours(block.end));
  };
  const auto within = [](const SeqRanges::Range& a, const SeqRanges::Range& b) {
    return a.begin >= b.begin && a.end <= b.end;
  };
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const SeqRanges::Range& block = blocks[i];
    if (block.end <= block.begin) {
      broken(Rule::sack, text(block) + " is empty (RFC 2018 3)", "empty");
      return;
    }
    const bool sent = connection_.sent.contains(block.begin, block.end) || (i == 0 && was_sent(block));
    if (!sent) {
      broken(Rule::sack, text(block) + " reports what was not sent (RFC 2018 3)", "not sent");
      return;
    }
    // RFC 2883 4: the first may tell of a duplicate.
    const bool duplicate =
        i == 0 && (block.end <= segment.ack || (blocks.size() > 1 && within(block, blocks[1])));
    if (duplicate) continue;
    if (block.begin <= segment.ack) {
      broken(Rule::sack,
             fmt::format("{} does not lie above the ACK number {} (RFC 2018 3)", text(block),
                         relative_ours(segment.ack)),
             "not above");
      return;
    }
    for (std::size_t k = i + 1; k < blocks.size(); ++k) {
      if (block.begin < blocks[k].end && blocks[k].begin < block.end) {
        broken(Rule::sack, text(block) + " overlaps another (RFC 2018 4)", "overlap");
        return;
      }
    }
  }
}

}  // namespace finack
