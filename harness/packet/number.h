// SPDX-License-Identifier: Apache-2.0
// A sequence or acknowledgment number as a scenario writes it: a base and what is added to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seq.h"

namespace finack {

struct Number {
  enum class Base : std::uint8_t {
    isn,       // `seq=5`: counted from the initial sequence number of the side that owns the number
    next,      // `seq=next-1`: from the number that is due there
    absolute,  // `seq=#305419896`: the 32 bits on the wire
    any,       // `seq=any`: whatever stands there; only when expecting
    una,       // `seq=una`: from the first octet not acknowledged
    above,     // `seq=above`: whatever is no lower than the number due; only when expecting
  };
  Base base = Base::isn;
  std::int64_t offset = 0;  // octets; of `absolute`, the number
  bool only_expected() const { return base == Base::any || base == Base::above; }

  int windows = 0;  // `seq=next+window`: windows of the target to add; only when sending

  friend bool operator==(const Number&, const Number&) = default;
};

// The whole of `value`. Errors, without a place, call the number by `name`, the field's.
Result<Number> parse_number(std::string_view name, std::string_view value);
std::string to_string(const Number& number);
// How a number on the wire is written: relative to the initial sequence number where that is known.
Number relative_number(Seq value, const std::optional<Seq>& isn);

}  // namespace finack
