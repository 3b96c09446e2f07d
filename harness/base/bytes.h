// SPDX-License-Identifier: Apache-2.0
// Octets in network byte order, read and written with the bounds checked in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace finack {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

// Reads straight down a buffer that somebody else owns and that must outlive it. The first read past the end
// makes the reader fail for good: that read and all later ones give zeros, so a parser checks ok() once, at
// the end of each header.
class ByteReader {
 public:
  explicit ByteReader(BytesView bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(big_endian(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(big_endian(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }

  // The next `count` octets; empty when fewer are left.
  BytesView take(std::size_t count) {
    if (!need(count)) return {};
    const BytesView out = bytes_.subspan(at_, count);
    at_ += count;
    return out;
  }
  BytesView rest() { return take(left()); }

  bool ok() const { return ok_; }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  bool need(std::size_t count) {
    if (count > left()) ok_ = false;
    return ok_;
  }
  std::uint64_t big_endian(std::size_t count) {
    if (!need(count)) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes_[at_++];
    return value;
  }

  BytesView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// Appends to a buffer of its own.
class ByteWriter {
 public:
  ByteWriter() = default;
  // Room for so many octets at once.
  explicit ByteWriter(std::size_t expected) { bytes_.reserve(expected); }

  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) {
    const std::uint8_t octets[] = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    append(octets);
  }
  void u32(std::uint32_t value) {
    const std::uint8_t octets[] = {static_cast<std::uint8_t>(value >> 24),
                                   static_cast<std::uint8_t>(value >> 16),
                                   static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    append(octets);
  }
  void append(BytesView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  std::size_t size() const { return bytes_.size(); }
  // Overwrites two octets already written; for lengths and checksums known only afterwards.
  void patch_u16(std::size_t at, std::uint16_t value) {
    bytes_.at(at) = static_cast<std::uint8_t>(value >> 8);
    bytes_.at(at + 1) = static_cast<std::uint8_t>(value);
  }
  const Bytes& bytes() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace finack
