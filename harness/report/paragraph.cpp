// SPDX-License-Identifier: Apache-2.0
#include "report/paragraph.h"

#include <fmt/format.h>

#include "base/text.h"

namespace finack {

std::string paragraph(std::string_view label, std::string_view text, std::size_t label_width) {
  constexpr std::size_t width = 100;
  if (text.empty()) return "";
  std::string out;
  std::string line = fmt::format("  {:<{}}", label, label_width);
  const std::size_t indent = label_width + 2;
  for (const std::string_view word : split_words(text)) {
    if (line.size() + 1 + word.size() > width && line.size() > indent) {
      out += line + '\n';
      line = std::string(indent, ' ');
    }
    if (line.size() > indent || line.back() != ' ') line += ' ';
    line += word;
  }
  return out + line + '\n';
}

}  // namespace finack
