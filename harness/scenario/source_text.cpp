// SPDX-License-Identifier: Apache-2.0
#include "scenario/source_text.h"

#include <algorithm>

namespace finack {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The offset of the first octet that a scalar can be made of.
std::size_t content_start(std::string_view text, std::size_t start) {
  if (start >= text.size()) return start;
  if (text[start] == '"' || text[start] == '\'') return start + 1;
  if (text[start] != '|' && text[start] != '>') return start;
  const std::size_t line_end = text.find('\n', start);
  if (line_end == std::string_view::npos) return text.size();
  return std::min(text.find_first_not_of(" \n\r", line_end), text.size());
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), lines_{0} {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    lines_.push_back(at + 1);
  ascii_ = std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

SourceText::Position SourceText::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto line = std::ranges::upper_bound(lines_, offset) - 1;
  const std::string_view before = text_.substr(*line, offset - *line);
  // Nobody counts columns in a line of that length, and counting them would take its time.
  constexpr std::size_t readable = 1000;
  const std::size_t column = ascii_ || before.size() > readable ? before.size() : count_characters(before);
  return {static_cast<int>(line - lines_.begin()) + 1, static_cast<int>(column) + 1};
}

std::vector<TextRun> SourceText::runs_of(std::string_view scalar, std::size_t start) const {
  const bool quoted = start < text_.size() && text_[start] == '"';
  std::size_t at = content_start(text_, start);
  std::vector<TextRun> runs;
  std::size_t expected = text_.size() + 1;
  bool escaped = false;
  for (std::size_t i = 0; i < scalar.size(); ++i) {
    // The octets behind the first of what an escape stands for.
    if (escaped && (static_cast<unsigned char>(scalar[i]) & 0xc0) == 0x80) continue;
    escaped = false;
    if (!is_blank(scalar[i])) {
      while (at < text_.size() && is_blank(text_[at])) ++at;
      // A backslash at the end of a line joins it with the next.
      while (quoted && at + 1 < text_.size() && text_[at] == '\\' && is_blank(text_[at + 1])) {
        ++at;
        while (at < text_.size() && is_blank(text_[at])) ++at;
      }
      escaped = quoted && at + 1 < text_.size() && text_[at] == '\\';
      // The first of two single quotes is not part of the text.
      if (at + 1 < text_.size() && text_[at] != scalar[i] && text_[at] == '\'') ++at;
      if (at >= text_.size() || (!escaped && text_[at] != scalar[i])) break;
    }
    if (at != expected) {
      const Position here = position(at);
      runs.push_back({i, here.line, here.column});
    }
    if (escaped) {
      const char kind = text_[at + 1];
      at = std::min(at + (kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2), text_.size());
      expected = text_.size() + 1;
      continue;
    }
    const bool there =
        at < text_.size() && (text_[at] == scalar[i] || (is_blank(text_[at]) && text_[at] != '\n'));
    if (there && text_[at] != '\n') ++at;
    expected = there ? at : text_.size() + 1;
  }
  if (runs.empty()) {
    const Position here = position(start);
    runs.push_back({0, here.line, here.column});
  }
  return runs;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace finack
