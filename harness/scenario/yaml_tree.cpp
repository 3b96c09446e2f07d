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
#include "scenario/yaml_error.h"

namespace finack {

namespace {

constexpr std::size_t most_text = 1 << 20, most_octets = 4096, most_nodes = 20'000, most_levels = 32;

// How a refusal leaves yaml-cpp's parser; it never leaves this file.
struct Refused {
  Error error;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, const std::string& file) : source_(source), file_(file) {}

  YamlNode take() { return std::move(root_); }
  // Where the innermost list or mapping in brackets begins that was not closed.
  std::optional<std::size_t> open_bracket() const {
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      if (level->bracket) return level->bracket;
    }
    return std::nullopt;
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    // yaml-cpp places nothing at the next thing; a reader looks for it at its key, or at its `-`.
    YamlNode node{YamlNode::Kind::null, place(mark)};
    if (!levels_.empty() && levels_.back().key) {
      node.place = levels_.back().key->place;
    } else if (!levels_.empty() && !levels_.back().bracket && mark.pos > 0) {
      const std::size_t dash = source_.text().rfind('-', static_cast<std::size_t>(mark.pos) - 1);
      if (dash != std::string_view::npos) node.place = place_at(dash);
    }
    add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (`*name`) are not part of the language");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    if (value.size() > most_octets)
      refuse(mark, fmt::format("a text of {} octets; more than {} are refused", value.size(), most_octets));
    const auto start = static_cast<std::size_t>(mark.pos);
    const std::string_view text = source_.text();
    if (tag == "!" && start < text.size()) check_quotes(start);
    YamlNode node{YamlNode::Kind::scalar, place(mark), value};
    if (text.substr(start, value.size()) != value || value.find('\n') != std::string::npos) {
      node.runs = source_.runs_of(value, start);
      if (!value.empty()) node.place = Place{file_, node.runs[0].line, node.runs[0].column};
    }
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, YamlNode::Kind::sequence, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, YamlNode::Kind::mapping, style);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YamlNode node;
    std::optional<YamlNode> key;  // of a mapping, while its value is awaited
    std::optional<std::size_t> bracket;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message) const {
    throw Refused{{std::move(message), "", place(mark)}};
  }
  Place place_at(std::size_t offset) const {
    const auto position = source_.position(offset);
    return {file_, position.line, position.column};
  }
  Place place(const YAML::Mark& mark) const { return place_at(static_cast<std::size_t>(mark.pos)); }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors (`&name`) are not part of the language");
    if (!tag.empty() && tag != "?" && tag != "!")
      refuse(mark, fmt::format("the tag `{}` is not part of the language", printable(tag)));
    if (++nodes_ > most_nodes) refuse(mark, fmt::format("more than {} nodes", most_nodes));
  }
  // What begins with a `{` that is not closed looks like a key to yaml-cpp when a `:` follows in another
  // line.
  void refuse_open_bracket(std::size_t start) const {
    const std::string_view text = source_.text();
    const std::string_view line = text.substr(start, text.find('\n', start) - start);
    if (line.empty() || (line[0] != '{' && line[0] != '[')) return;
    if (line.find(line[0] == '{' ? '}' : ']') != std::string_view::npos) return;
    throw Refused{{fmt::format("the `{}` here is not closed", line[0]),
                   fmt::format("a `,` or a `{}` is missing", line[0] == '{' ? '}' : ']'), place_at(start)}};
  }
  // yaml-cpp lets the end of the file close a quote.
  void check_quotes(std::size_t start) const {
    const std::string_view text = source_.text();
    const char quote = text[start];
    if (quote != '"' && quote != '\'') return;
    for (std::size_t at = start + 1; at < text.size(); ++at) {
      if (quote == '"' && text[at] == '\\') {
        ++at;
      } else if (text[at] == quote) {
        if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return;
        ++at;
      }
    }
    throw Refused{{"the quote here is not closed", "", place_at(start)}};
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind,
            YAML::EmitterStyle::value style) {
    check(mark, tag, anchor);
    if (levels_.size() >= most_levels)
      refuse(mark, fmt::format("nested more than {} levels deep", most_levels));
    if (!levels_.empty() && levels_.back().node.kind == YamlNode::Kind::mapping && !levels_.back().key) {
      refuse_open_bracket(static_cast<std::size_t>(mark.pos));
      refuse(mark, "a key must be text, not a list or a mapping");
    }
    std::optional<std::size_t> bracket;
    if (style == YAML::EmitterStyle::Flow) bracket = static_cast<std::size_t>(mark.pos);
    levels_.push_back({YamlNode{kind, place(mark)}, std::nullopt, bracket});
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

  const SourceText& source_;
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

// A second document is begun by its `---`; without that it is a line that belongs to nothing above it.
Error second_document(const SourceText& source, Place place) {
  const std::string_view text = source.text();
  std::optional<Place> mark;
  for (std::size_t at = 0; at < text.size(); at = std::min(text.find('\n', at), text.size() - 1) + 1) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    const bool marked = line.starts_with("---") || line.starts_with("...");
    const int number = source.position(at).line;
    if (marked && at > 0 && number <= place.line) mark = Place{place.file, number, 1};
  }
  if (mark) return {"a second document begins here; a file holds one", "", std::move(mark)};
  return {"this line does not line up with those above it",
          "the entries of a list, and the keys of a mapping, stand in one column", std::move(place)};
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

Place place_in(const YamlNode& node, std::size_t offset) {
  Place place = node.place;
  const TextRun* run = nullptr;
  for (const TextRun& each : node.runs) {
    if (each.from <= offset || !run) run = &each;
  }
  const std::size_t from = run ? std::min(run->from, offset) : 0;
  if (run) {
    place.line = run->line;
    place.column = run->column;
    if (run->inserted) return place;
  }
  place.column += static_cast<int>(count_characters(
      std::string_view(node.scalar).substr(std::min(from, node.scalar.size()), offset - from)));
  return place;
}

Error at_source(Error error, const YamlNode& node) {
  if (!error.place || error.place->file != node.place.file || error.place->line != node.place.line)
    return error;
  error.place =
      place_in(node, static_cast<std::size_t>(std::max(0, error.place->column - node.place.column)));
  return error;
}

Result<YamlNode> parse_yaml(std::string_view text, const std::string& file) {
  const Place start{file, 1, 1};
  if (text.size() > most_text) return fail(start, "the file is larger than 1 MiB");
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const SourceText source(text);
  const auto place_of = [&](std::size_t offset) {
    const auto position = source.position(offset);
    return Place{file, position.line, position.column};
  };
  if (const auto bad = not_text(text))
    return fail(place_of(*bad), "this is no UTF-8 text", "a scenario is a text file in YAML");
  TreeBuilder builder(source, file);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return fail(start, "the file is empty");
    YamlNode root = builder.take();
    TreeBuilder second(source, file);
    if (parser.HandleNextDocument(second)) return pass_on(second_document(source, second.take().place));
    return root;
  } catch (const Refused& refused) {
    return pass_on(refused.error);
  } catch (const YAML::Exception& exception) {
    if (exception.mark.is_null()) return fail(start, "YAML: " + exception.msg);
    Error error = explain_yaml(exception.msg, source, static_cast<std::size_t>(exception.mark.pos),
                               builder.open_bracket());
    error.place->file = file;
    return pass_on(std::move(error));
  }
}

Result<std::string> read_text_file(const std::string& file) {
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (std::filesystem::is_directory(status)) return fail(Place{file, 1, 1}, "this is a folder, not a file");
  // To open a FIFO would wait for its other end.
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return fail(Place{file, 1, 1}, "this is no regular file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(Place{file, 1, 1}, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::string text;
  char piece[16 * 1024];
  while (text.size() <= most_text && (stream.read(piece, sizeof piece) || stream.gcount() > 0))
    text.append(piece, static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace finack
