// SPDX-License-Identifier: Apache-2.0
// Where the octets of a YAML text stand in its file: folded, quoted and filled-in texts are not written as
// they read.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace finack {

// From octet `from` of a text on, its octets stand at that place, one column each; or all of them at that one
// place, which is where the name of a value stood. Lines and columns count from 1.
struct TextRun {
  std::size_t from = 0;
  int line = 0;
  int column = 0;
  bool inserted = false;
};

// Lines and columns of a text. Columns count characters.
class SourceText {
 public:
  struct Position {
    int line = 1;
    int column = 1;
  };

  explicit SourceText(std::string_view text);

  std::string_view text() const { return text_; }
  Position position(std::size_t offset) const;

  // The runs of a scalar that begins at `start`, with its quote or its `|` if it has one. Never empty; what
  // cannot be found again, such as what an escape stands for, is taken for the end of what was found.
  std::vector<TextRun> runs_of(std::string_view scalar, std::size_t start) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_;  // offsets of their first octets
  bool ascii_ = true;
};

// The characters in UTF-8 text.
std::size_t count_characters(std::string_view text);

}  // namespace finack
