// SPDX-License-Identifier: Apache-2.0
// Whether we speak to a terminal, and how.
#pragma once

#include <cstdint>
#include <string_view>

namespace finack {

enum class ColourWish : std::uint8_t { automatic, on, off };

// "always", "never"; all else is automatic.
ColourWish colour_wish(std::string_view word);

// What bears on how we print.
struct TerminalFacts {
  bool out_is_terminal = false;
  bool error_is_terminal = false;
  bool no_colour = false;  // NO_COLOR is set and not empty (no-color.org)
  bool dumb = false;       // TERM says that it knows no escape sequences

  friend bool operator==(const TerminalFacts&, const TerminalFacts&) = default;
};
TerminalFacts terminal_facts();

bool wants_colour(ColourWish wish, const TerminalFacts& facts);

// Where a line that is erased again may go: nowhere unless there is a terminal.
enum class ProgressPlace : std::uint8_t { nowhere, out, error };
ProgressPlace progress_place(const TerminalFacts& facts);

}  // namespace finack
