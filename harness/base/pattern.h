// SPDX-License-Identifier: Apache-2.0
// The octets that test data is made of, and their digest: docs/agent-protocol.md specifies both. Plain C++17
// and the standard library only, because the agent is built from target/protocol.h and this.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace finack {

// Eight octets of the pattern: output number `index` (from 0) of SplitMix64 started with `seed`.
inline std::uint64_t pattern_word(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

// The octet at `offset` of the stream that belongs to `seed`: least significant octet of a word first.
inline std::uint8_t pattern_octet(std::uint64_t seed, std::uint64_t offset) {
  return static_cast<std::uint8_t>(pattern_word(seed, offset / 8) >> (offset % 8 * 8));
}

inline void fill_pattern(std::uint64_t seed, std::uint64_t offset, std::uint8_t* out, std::size_t count) {
  std::size_t i = 0;
  for (; i < count && (offset + i) % 8 != 0; ++i) out[i] = pattern_octet(seed, offset + i);
  for (; count - i >= 8; i += 8) {
    const std::uint64_t word = pattern_word(seed, (offset + i) / 8);
    const auto at = [word](unsigned octet) { return static_cast<std::uint8_t>(word >> (8 * octet)); };
    // Written out, a compiler makes one store of them where that is the order of the machine's octets.
    out[i] = at(0), out[i + 1] = at(1), out[i + 2] = at(2), out[i + 3] = at(3);
    out[i + 4] = at(4), out[i + 5] = at(5), out[i + 6] = at(6), out[i + 7] = at(7);
  }
  for (; i < count; ++i) out[i] = pattern_octet(seed, offset + i);
}

// The index of the first octet that departs from the pattern; `count` when none does.
inline std::size_t pattern_mismatch(std::uint64_t seed, std::uint64_t offset, const std::uint8_t* octets,
                                    std::size_t count) {
  std::uint8_t wanted[512];
  for (std::size_t done = 0; done < count;) {
    const std::size_t step = std::min(sizeof wanted, count - done);
    fill_pattern(seed, offset + done, wanted, step);
    if (std::memcmp(wanted, octets + done, step) != 0) {
      return done +
             static_cast<std::size_t>(std::mismatch(wanted, wanted + step, octets + done).first - wanted);
    }
    done += step;
  }
  return count;
}

// FNV-1a with 64 bits; start with digest_start and feed the octets in any portions.
inline constexpr std::uint64_t digest_start = 0xCBF29CE484222325U;

inline std::uint64_t digest_add(std::uint64_t digest, const std::uint8_t* octets, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) digest = (digest ^ octets[i]) * 0x100000001B3U;
  return digest;
}

// Sixteen lower-case hexadecimal digits.
inline std::string digest_text(std::uint64_t digest) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; digest >>= 4) text[i] = "0123456789abcdef"[digest & 15];
  return text;
}

}  // namespace finack
