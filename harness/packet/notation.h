// SPDX-License-Identifier: Apache-2.0
// The one notation for a segment: to write it in a scenario, to print it in a report.
//
//   FLAGS [FIELD=VALUE ...] [<OPTION, OPTION>]
//
// FLAGS is flag names joined by '+', or `none`, or `any`. docs/language.md has the fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packet/segment.h"
#include "packet/segment_spec.h"

namespace finack {

enum class Direction : std::uint8_t { sending, expecting };

// The error's place is that of `text` within its file plus the offset of the word at fault; it is unset when
// `at` is.
Result<SegmentSpec> parse_segment(std::string_view text, Direction direction,
                                  const std::optional<Place>& at = {});

// "<mss 1460, sackok>", and nothing else; the place as with parse_segment.
Result<std::vector<Option>> parse_option_list(std::string_view text, const std::optional<Place>& at = {});

// What parse_segment makes the same spec of.
std::string to_string(const SegmentSpec& spec);

// Against what the numbers of a segment are printed: the initial sequence numbers of its sender and its
// receiver.
struct NumberBase {
  std::optional<Seq> sender = {};
  std::optional<Seq> receiver = {};
  NumberBase reversed() const { return {receiver, sender}; }
};
// Numbers relative where the base is known, else absolute with '#'. Of the IP header, what we chose and what
// is wrong; nothing of what came from the other end.
std::string to_string(const Segment& segment, const NumberBase& base);

}  // namespace finack
