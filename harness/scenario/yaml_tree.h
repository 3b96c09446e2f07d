// SPDX-License-Identifier: Apache-2.0
// A YAML document as a tree that remembers where everything stands, read with limits.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "scenario/source_text.h"

namespace finack {

struct YamlNode {
  enum class Kind : unsigned char { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  Place place;  // of a text: where its first octet stands
  std::string scalar = {};
  std::vector<YamlNode> items = {};                         // of a sequence
  std::vector<std::pair<YamlNode, YamlNode>> entries = {};  // of a mapping; keys are scalars, each once
  std::vector<TextRun> runs = {};  // of a scalar; empty: it stands at `place` as it reads
};

// Where that octet of a scalar stands in its file.
Place place_in(const YamlNode& node, std::size_t offset);
// The error of a reader that was given node.place as the place of the node's text, so that it counted octets
// of the text for columns: moved to where the word at fault stands.
Error at_source(Error error, const YamlNode& node);

// "text", "a list", "a mapping", "nothing": how messages call what stands there.
std::string_view kind_name(YamlNode::Kind kind);

// Reads the one document in `text`. Refuses, with file, line and column: octets that are no UTF-8 text,
// syntax errors, duplicate keys, keys that are not plain text, anchors, aliases and tags, a second document,
// more than 32 levels or 20,000 nodes, texts of more than 4096 octets, and more than 1 MiB together.
Result<YamlNode> parse_yaml(std::string_view text, const std::string& file);

// The content of a regular file, as far as parse_yaml needs it to see that it is too large.
Result<std::string> read_text_file(const std::string& file);

}  // namespace finack
