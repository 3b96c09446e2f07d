// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

namespace finack {

namespace {

struct Unit {
  std::string_view name;
  Duration length;
};
constexpr Unit units[] = {{"min", 1min}, {"s", 1s}, {"ms", 1ms}, {"us", 1us}, {"ns", 1ns}};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                        std::tolower(static_cast<unsigned char>(b[j - 1]));
      const std::size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 64;  // beyond this nobody mistyped a word of ours
  if (word.size() > longest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  // `ESTAB` and `window`: people shorten our words, and write out those that we shorten.
  constexpr std::size_t telling = 3;
  for (const std::string_view candidate : candidates) {
    const std::size_t common = std::min(word.size(), candidate.size());
    if (!best && common >= telling && edit_distance(word.substr(0, common), candidate.substr(0, common)) == 0)
      best = candidate;
  }
  return best;
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view space = " \t\r\n";
  for (std::size_t at = text.find_first_not_of(space); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(space, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(space, end);
  }
  return words;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

std::string to_text(Duration duration) {
  if (duration < 0ns) return "-" + to_text(-duration);
  // Minutes are for writing; a reader compares seconds.
  for (const Unit& unit : std::span(units).subspan(1)) {
    if (duration < unit.length) continue;
    // Three decimals in whole numbers: states are read often, and a double takes ten times as long to print.
    const std::int64_t length = unit.length.count(), whole = duration.count() / length;
    const std::int64_t rest = duration.count() % length;
    const std::int64_t thousandths =
        whole * 1000 + (length < 1000 ? rest * 1000 / length : (rest + length / 2000) / (length / 1000));
    char digits[32];
    char* end = std::to_chars(digits, std::end(digits), thousandths / 1000).ptr;
    if (auto decimals = static_cast<unsigned>(thousandths % 1000); decimals > 0) {
      *end++ = '.';
      for (unsigned place = 100; decimals > 0; decimals %= place, place /= 10)
        *end++ = static_cast<char>('0' + decimals / place);
    }
    return std::string(digits, end).append(1, ' ').append(unit.name);
  }
  return "0 s";
}

std::optional<Duration> parse_duration(std::string_view text) {
  double value = 0;
  const auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (status != std::errc{} || !std::isfinite(value) || value < 0) return std::nullopt;
  std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  if (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  for (const Unit& unit : units) {
    if (name != unit.name) continue;
    const double nanoseconds = value * static_cast<double>(unit.length.count());
    constexpr double longest = 365.0 * 24 * 3600 * 1e9;
    if (nanoseconds > longest) return std::nullopt;
    return Duration(std::llround(nanoseconds));
  }
  return std::nullopt;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  for (const char c : text.substr(0, limit)) out += c >= ' ' && c <= '~' ? c : '?';
  if (text.size() > limit) out += "...";
  return out;
}

}  // namespace finack
