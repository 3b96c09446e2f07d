// SPDX-License-Identifier: Apache-2.0
// Errors that point at a word of a text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace finack {

// `word` points into `text`, which begins at `at`. The place is unset when `at` is.
inline tl::unexpected<Error> fail_at_word(std::string_view text, const std::optional<Place>& at,
                                          std::string_view word, std::string message, std::string hint = {}) {
  if (!at) return fail(std::move(message), std::move(hint));
  Place place = *at;
  place.column += static_cast<int>(word.data() - text.data());
  return fail(std::move(place), std::move(message), std::move(hint));
}

}  // namespace finack
