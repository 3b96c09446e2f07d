// SPDX-License-Identifier: Apache-2.0
// Small services for text that people read and write.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace finack {

// The candidate that a mistyped word most likely meant: the nearest by edit distance, when it is near at all;
// else one that it begins with, or that begins with it.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates);

// The words between runs of white space.
std::vector<std::string_view> split_words(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);

// "500 ms", "2 s", "1.5 s", "17 us": the largest unit that leaves at least 1, three significant decimals at
// most.
std::string to_text(Duration duration);
// The reverse, for what people write: a number and ns, us, ms, s or min, with or without a space.
std::optional<Duration> parse_duration(std::string_view text);

// A text from outside made safe for a terminal and short enough for a message: control characters and invalid
// octets become '?', and what is over `limit` octets is cut and marked with "...".
std::string printable(std::string_view text, std::size_t limit = 80);

}  // namespace finack
