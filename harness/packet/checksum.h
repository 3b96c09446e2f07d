// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace finack {

// Sums what is added, each piece as if it began at an even octet.
class ChecksumSum {
 public:
  void add(BytesView bytes) {
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2) sum_ += static_cast<std::uint64_t>(bytes[i] << 8 | bytes[i + 1]);
    if (i < bytes.size()) sum_ += static_cast<std::uint64_t>(bytes[i] << 8);
  }
  void add(std::uint32_t value) { sum_ += (value >> 16) + (value & 0xffff); }

  // The value for the checksum field; over octets that contain their right checksum it is 0.
  std::uint16_t finish() const {
    std::uint64_t sum = sum_;
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
  }

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace finack
