// SPDX-License-Identifier: Apache-2.0
// The agent protocol (docs/agent-protocol.md): limits, lines and their framing.
// Plain C++17 and the standard library only: the agent builds from its own folder, this header and
// base/pattern.h.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/pattern.h"

namespace finack {

inline constexpr int protocol_version = 1;

// One memory page, newline included: whoever speaks the protocol on a small box can use one fixed buffer.
inline constexpr std::size_t max_line = 4096;
inline constexpr std::size_t max_fields = 32;
inline constexpr std::size_t max_name = 32;  // octets of a word or key
// Above any table of descriptors, small enough for a plain array of handles.
inline constexpr std::uint32_t max_handle = 999'999;
// The largest window TCP has (RFC 7323 2.3): no call needs more in flight at once. A longer stream is several
// calls with rising offsets. Transfers are never held in memory, so this bounds time, not space.
inline constexpr std::uint64_t max_transfer = std::uint64_t{1} << 30;
// offset + length stays within a signed 64-bit number, for agents written in languages without unsigned ones.
inline constexpr std::uint64_t max_offset = (std::uint64_t{1} << 63) - 1 - max_transfer;
// Calls of one kind that may wait on one socket; bounds what an agent must remember.
inline constexpr std::size_t max_pending = 64;

struct Line {
  std::uint64_t id = 0;  // 0: answers no call
  std::string word;
  std::vector<std::pair<std::string, std::string>> fields;  // values decoded, any octets

  // Null when there is no such field.
  const std::string* find(std::string_view key) const {
    for (const auto& field : fields) {
      if (field.first == key) return &field.second;
    }
    return nullptr;
  }
  friend bool operator==(const Line& a, const Line& b) {
    return a.id == b.id && a.word == b.word && a.fields == b.fields;
  }
  friend bool operator!=(const Line& a, const Line& b) { return !(a == b); }
};

namespace protocol_detail {

inline bool is_plain(unsigned char octet) {
  return octet > 0x20 && octet < 0x7f && octet != '%' && octet != '=';
}

inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

inline bool is_name(std::string_view text) {
  if (text.empty() || text.size() > max_name || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// As much of the beginning as stands for itself.
inline std::string_view plain_part(std::string_view text) {
  const auto is_odd = [](char c) { return !is_plain(static_cast<unsigned char>(c)); };
  return text.substr(0,
                     static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_odd) - text.begin()));
}

inline bool decode(std::string_view text, std::string& value) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view plain = plain_part(text.substr(i));
    value.append(plain);
    i += plain.size();
    if (i == text.size()) break;
    if (text[i] != '%' || text.size() - i < 3) return false;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    value += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

}  // namespace protocol_detail

// A decimal number without sign or needless zeros, at most `max`.
inline bool parse_number(std::string_view text, std::uint64_t max, std::uint64_t& out) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > max) return false;
  out = value;
  return true;
}

// With the newline. Word and keys are the caller's own and must be valid names; whoever puts long values in
// checks the length against max_line.
inline std::string format_line(const Line& line) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  text.reserve(128);
  text.append(std::to_string(line.id)).append(1, ' ').append(line.word);
  for (const auto& [key, value] : line.fields) {
    text.append(1, ' ').append(key).append(1, '=');
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string_view plain = protocol_detail::plain_part(std::string_view(value).substr(i));
      text.append(plain);
      i += plain.size();
      if (i == value.size()) break;
      const auto octet = static_cast<unsigned char>(value[i]);
      text.append(1, '%').append(1, digits[octet >> 4]).append(1, digits[octet & 15]);
    }
  }
  return text += '\n';
}

// Takes a line without its newline. Strict: single spaces, valid names, no key twice, every limit kept.
// Otherwise false, `why` says what is wrong, and `line.id` is the line's number if that could be read, else
// 0.
inline bool parse_line(std::string_view text, Line& line, std::string& why) {
  line = Line();
  const auto refuse = [&why](const char* reason) {
    why = reason;
    return false;
  };
  if (text.size() >= max_line) return refuse("the line is too long");
  const auto next_part = [&text] {
    const std::size_t space = text.find(' ');
    const std::string_view part = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    return part;
  };
  // A space at the end would otherwise vanish with the last part.
  if (!text.empty() && text.back() == ' ') return refuse("a space at the end of the line");
  if (!parse_number(next_part(), UINT64_MAX, line.id)) return refuse("the line does not begin with a number");
  const std::string_view word = next_part();
  if (!protocol_detail::is_name(word)) return refuse("no valid word after the number");
  line.word = word;
  while (!text.empty()) {
    const std::string_view part = next_part();
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return refuse("a field without '='");
    const std::string_view key = part.substr(0, equals);
    if (!protocol_detail::is_name(key)) return refuse("a field without a valid key");
    if (line.find(key) != nullptr) return refuse("a key twice");
    if (line.fields.size() == max_fields) return refuse("too many fields");
    if (line.fields.empty()) line.fields.reserve(4);
    std::string& value = line.fields.emplace_back(key, std::string()).second;
    if (!protocol_detail::decode(part.substr(equals + 1), value)) {
      return refuse("a value with an octet that must be encoded, or wrongly encoded");
    }
  }
  return true;
}

// Octets in, lines out. Holds at most what one append() brought and one unfinished line, as long as the
// caller takes all lines between two appends.
class LineBuffer {
 public:
  enum class Next { line, none, too_long };

  void append(const char* octets, std::size_t count) {
    buffer_.erase(0, at_);
    at_ = 0;
    buffer_.append(octets, count);
  }

  // Next::line: `line` is the next whole line, without its newline, valid until the next append().
  // Next::too_long, once for each such line: it is passed over, up to and including its newline.
  Next next(std::string_view& line) {
    const std::size_t newline = buffer_.find('\n', at_);
    const bool whole = newline != std::string::npos;
    const std::size_t length = (whole ? newline + 1 : buffer_.size()) - at_;
    if (skipping_) {
      at_ += length;
      skipping_ = !whole;
      return whole ? next(line) : Next::none;
    }
    if (length > max_line || (!whole && length == max_line)) {
      at_ += length;
      skipping_ = !whole;
      return Next::too_long;
    }
    if (!whole) return Next::none;
    line = std::string_view(buffer_).substr(at_, length - 1);
    at_ += length;
    return Next::line;
  }

 private:
  std::string buffer_;
  std::size_t at_ = 0;     // everything before is taken
  bool skipping_ = false;  // within a line already reported as too long
};

}  // namespace finack
