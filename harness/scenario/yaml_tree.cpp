// SPDX-License-Identifier: Apache-2.0
#include "scenario/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/text.h"

namespace finack {

namespace {

constexpr std::size_t most_text = 1 << 20, most_nodes = 20'000, most_levels = 32;

// How a refusal leaves yaml-cpp's parser; it never leaves this file.
struct Refused {
  Error error;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    // yaml-cpp places nothing at the next thing; a reader looks for it at its key.
    const bool of_key = !levels_.empty() && levels_.back().key;
    add(YamlNode{YamlNode::Kind::null, of_key ? levels_.back().key->place : place(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (`*name`) are not part of the language");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // A text that is not plain stands behind a quote; a place within it is counted from there.
    YAML::Mark start = mark;
    if (tag == "!") ++start.column;
    leaf(start, tag, anchor, YamlNode::Kind::scalar, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YamlNode node;
    std::optional<YamlNode> key;  // of a mapping, while its value is awaited
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message) const {
    throw Refused{{std::move(message), "", place(mark)}};
  }
  Place place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors (`&name`) are not part of the language");
    if (!tag.empty() && tag != "?" && tag != "!")
      refuse(mark, fmt::format("the tag `{}` is not part of the language", printable(tag)));
    if (++nodes_ > most_nodes) refuse(mark, fmt::format("more than {} nodes", most_nodes));
  }
  void leaf(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind,
            const std::string& value) {
    check(mark, tag, anchor);
    add(YamlNode{kind, place(mark), value});
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    check(mark, tag, anchor);
    if (levels_.size() >= most_levels)
      refuse(mark, fmt::format("nested more than {} levels deep", most_levels));
    if (!levels_.empty() && levels_.back().node.kind == YamlNode::Kind::mapping && !levels_.back().key) {
      refuse(mark, "a key must be text, not a list or a mapping");
    }
    levels_.push_back({YamlNode{kind, place(mark)}, std::nullopt});
  }
  void close() {
    YamlNode node = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(node));
  }
  void add(YamlNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& parent = levels_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key) {
      parent.node.entries.emplace_back(std::move(*parent.key), std::move(node));
      parent.key.reset();
    } else {
      take_key(parent, std::move(node));
    }
  }
  void take_key(Level& parent, YamlNode key) {
    if (key.kind != YamlNode::Kind::scalar) throw Refused{{"a key is missing before the `:`", "", key.place}};
    const auto twin = std::ranges::find_if(
        parent.node.entries, [&](const auto& entry) { return entry.first.scalar == key.scalar; });
    if (twin != parent.node.entries.end()) {
      throw Refused{{fmt::format("the key `{}` stands twice", printable(key.scalar)),
                     fmt::format("it stands first in line {}", twin->first.place.line), key.place}};
    }
    parent.key = std::move(key);
  }

  const std::string& file_;
  std::vector<Level> levels_;
  YamlNode root_;
  std::size_t nodes_ = 0;
};

// The offset of the first octet that is no UTF-8 text, control characters but tab and newline included.
std::optional<std::size_t> not_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
    if (size == 0 || i + size > text.size() || lead == 0x7f) return i;
    if (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') return i;
    for (std::size_t k = 1; k < size; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return i;
    }
    i += size;
  }
  return std::nullopt;
}

Place place_of(std::string_view text, std::size_t offset, const std::string& file) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column = line_start == std::string_view::npos ? offset : offset - line_start - 1;
  return {file, static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(column) + 1};
}

}  // namespace

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "text";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::mapping:
      break;
  }
  return "a mapping";
}

Result<YamlNode> parse_yaml(std::string_view text, const std::string& file) {
  const Place start{file, 1, 1};
  if (text.size() > most_text) return fail(start, "the file is larger than 1 MiB");
  if (const auto bad = not_text(text)) {
    return fail(place_of(text, *bad, file), "this is no UTF-8 text", "a scenario is a text file in YAML");
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(file);
    if (!parser.HandleNextDocument(builder)) return fail(start, "the file is empty");
    TreeBuilder second(file);
    YamlNode root = builder.take();
    if (parser.HandleNextDocument(second)) {
      return fail(second.take().place, "a second document begins here; a file holds one");
    }
    return root;
  } catch (const Refused& refused) {
    return pass_on(refused.error);
  } catch (const YAML::Exception& exception) {
    Place place{file, exception.mark.line + 1, exception.mark.column + 1};
    if (exception.mark.is_null()) place = start;
    return fail(std::move(place), "YAML: " + exception.msg);
  }
}

Result<std::string> read_text_file(const std::string& file) {
  std::error_code code;
  if (std::filesystem::is_directory(file, code))
    return fail(Place{file, 1, 1}, "this is a folder, not a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(Place{file, 1, 1}, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::string text(most_text + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace finack
