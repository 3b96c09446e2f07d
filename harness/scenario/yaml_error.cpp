// SPDX-License-Identifier: Apache-2.0
#include "scenario/yaml_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace finack {

namespace {

constexpr std::string_view blanks = " \t\r";

struct Line {
  std::size_t start;
  std::string_view text;
  std::size_t indent() const { return std::min(text.find_first_not_of(blanks), text.size()); }
  std::string_view content() const { return text.substr(indent()); }
};

Line line_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return {start, text.substr(start, std::min(text.find('\n', start), text.size()) - start)};
}

// The nearest line above that says something.
std::optional<Line> line_above(std::string_view text, Line line) {
  while (line.start > 0) {
    line = line_at(text, line.start - 1);
    if (!line.content().empty() && line.content().front() != '#') return line;
  }
  return std::nullopt;
}

class Explainer {
 public:
  Explainer(const SourceText& source, std::size_t offset, std::optional<std::size_t> open)
      : source_(source),
        text_(source.text()),
        offset_(std::min(offset, source.text().size())),
        open_(open),
        line_(line_at(text_, offset_)) {}

  Error explain(std::string_view complaint) const {
    const std::size_t tab = line_.text.substr(0, line_.indent()).find('\t');
    if (tab != std::string_view::npos)
      return at(line_.start + tab, "a tab cannot indent", "indent with spaces");
    if (complaint.find("flow not found") != std::string_view::npos && open_) return not_closed(*open_);
    if (complaint == "illegal flow end")
      return at(offset_, fmt::format("`{}` closes nothing", text_.substr(offset_, 1)));
    if (complaint == "illegal map value") return map_value();
    if (complaint == "end of map not found" || complaint == "end of sequence not found")
      return at(line_.start + line_.indent(), "this line does not line up with those above it", columns);
    if (complaint == "illegal block entry")
      return at(offset_, "`-` begins an entry of a list, and here none is wanted",
                "each entry stands on a line of its own; a text that begins with `-` wants quotes");
    if (complaint.find("anchor") != std::string_view::npos ||
        complaint.find("alias") != std::string_view::npos)
      return at(offset_, "anchors (`&name`) and aliases (`*name`) are not part of the language",
                "`define` and `use` name steps, `for` names values");
    if (complaint == "unknown token")
      return at(offset_, fmt::format("a text cannot begin with `{}`", text_.substr(offset_, 1)),
                "put it in quotes");
    constexpr std::string_view escape = "unknown escape character: ";
    if (complaint.starts_with(escape))
      return at(offset_,
                fmt::format("`\\{}` means nothing in a text in double quotes",
                            printable(complaint.substr(escape.size()))),
                "in single quotes a `\\` is a `\\`");
    return at(offset_, "YAML: " + printable(complaint, 200));
  }

 private:
  static constexpr const char* columns =
      "the entries of a list, and the keys of a mapping, stand in one column";

  Error at(std::size_t offset, std::string message, std::string hint = {}) const {
    const auto position = source_.position(offset);
    return {std::move(message), std::move(hint), Place{"", position.line, position.column}};
  }

  Error not_closed(std::size_t open) const {
    const char closing = text_[open] == '[' ? ']' : '}';
    const bool at_end = text_.find_first_not_of(" \t\r\n", offset_) == std::string_view::npos;
    return at(open, fmt::format("the `{}` here is not closed", text_[open]),
              at_end ? fmt::format("a `{}` is missing", closing)
                     : fmt::format("a `,` or a `{}` is missing before the end of line {}", closing,
                                   source_.position(offset_).line));
  }

  // A `:` where no key can be.
  Error map_value() const {
    const std::string_view before = line_.text.substr(0, offset_ - line_.start);
    if (before.find(": ") != std::string_view::npos)
      return at(offset_, "a second `:` in this line", "a text with `: ` in it wants quotes");
    const auto above = line_above(text_, line_);
    const std::string_view content = above ? above->content() : std::string_view();
    const std::size_t colon = content.find(':');
    if (above && colon == std::string_view::npos && above->indent() == line_.indent())
      return at(above->start + above->indent(),
                fmt::format("`{}` is a key without a `:`", printable(content, 40)));
    if (colon != std::string_view::npos && colon + 1 < content.size() &&
        blanks.find(content[colon + 1]) == std::string_view::npos &&
        content.find(": ") == std::string_view::npos) {
      return at(above->start + above->indent() + colon + 1, "a space is missing behind the `:`",
                fmt::format("write `{}: {}`", printable(content.substr(0, colon), 40),
                            printable(content.substr(colon + 1), 40)));
    }
    const std::size_t key = line_.start + line_.indent();
    return at(key,
              fmt::format("the key `{}` does not line up with those above it",
                          printable(text_.substr(key, offset_ - key), 40)),
              columns);
  }

  const SourceText& source_;
  std::string_view text_;
  std::size_t offset_;
  std::optional<std::size_t> open_;
  Line line_;
};

}  // namespace

Error explain_yaml(std::string_view complaint, const SourceText& source, std::size_t offset,
                   std::optional<std::size_t> open) {
  return Explainer(source, offset, open).explain(complaint);
}

}  // namespace finack
