// SPDX-License-Identifier: Apache-2.0
// The fields of a segment as words: one table says how each is read and how it is printed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "packet/segment_spec.h"

namespace finack {

struct Field {
  std::string_view name;
  bool expectable;     // may stand in `expect` too
  bool has_value;      // NAME=VALUE; else NAME alone
  std::uint64_t most;  // of a number
  // Fills its member of the spec. The error lacks the place.
  Result<void> (*read)(const Field& field, std::string_view value, SegmentSpec& spec);
  // What is printed after NAME=; none when the member is unset.
  std::optional<std::string> (*text)(const SegmentSpec& spec);
};

// In the order in which they are printed.
std::span<const Field> segment_fields();
// All names, to suggest from.
std::span<const std::string_view> segment_field_names();

// " NAME=VALUE NAME" for all that is set.
std::string fields_text(const SegmentSpec& spec);

}  // namespace finack
