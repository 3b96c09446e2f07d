// SPDX-License-Identifier: Apache-2.0
#include "scenario/unfold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

constexpr std::size_t most_cases = 10'000;

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool goes_on_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9') || c == '_';
}

Result<std::vector<std::string>> read_values(const YamlNode& key, const YamlNode& node) {
  const std::string& name = key.scalar;
  if (!begins_name(name.front()) || !std::ranges::all_of(name, goes_on_name)) {
    return fail(key.place, fmt::format("`{}` is no name for a value", printable(name)),
                "a letter, then letters, digits and `_`");
  }
  std::vector<std::string> out;
  std::set<std::string> known;
  const auto add = [&](const YamlNode& item) -> Result<void> {
    const auto text = text_of(item, name);
    if (!text) return pass_on(text.error());
    if (!known.insert(*text).second)
      return fail(item.place,
                  fmt::format("`{}` stands twice among the values of `{}`", printable(*text), name));
    out.push_back(*text);
    return {};
  };
  if (node.kind == YamlNode::Kind::scalar) {
    if (const auto done = add(node); !done) return pass_on(done.error());
  } else if (node.kind == YamlNode::Kind::sequence && !node.items.empty()) {
    for (const YamlNode& item : node.items) {
      if (const auto done = add(item); !done) return pass_on(done.error());
    }
  } else {
    const bool empty_list = node.kind == YamlNode::Kind::sequence;
    return fail(node.place, fmt::format("`{}` wants a list of values, got {}", name,
                                        empty_list ? "an empty one" : kind_name(node.kind)));
  }
  return out;
}

// All combinations of one mapping, the last name changing fastest.
Result<std::vector<Case>> combine(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::mapping || node.entries.empty()) {
    return fail(node.place,
                fmt::format("`for` wants names with their values, got {}",
                            node.kind == YamlNode::Kind::mapping ? "none" : kind_name(node.kind)),
                "for: {state: [FIN-WAIT-1, CLOSING]}");
  }
  std::vector<Case> cases = {{}};
  for (const auto& [key, value] : node.entries) {
    if (key.scalar.empty()) return fail(key.place, "a name is empty");
    const auto values = read_values(key, value);
    if (!values) return pass_on(values.error());
    if (cases.size() * values->size() > most_cases)
      return fail(node.place, fmt::format("the table has more than {} cases", most_cases));
    std::vector<Case> longer;
    for (const Case& before : cases) {
      for (const std::string& text : *values) {
        longer.push_back(before);
        longer.back().emplace_back(key.scalar, text);
      }
    }
    cases = std::move(longer);
  }
  return cases;
}

// Where the octets of a text stand, asked in their order, so that its runs are gone through once.
class Walk {
 public:
  explicit Walk(const YamlNode& node) : node_(node), at_{0, node.place.line, node.place.column} {}

  // `from` of what it gives is `offset`.
  TextRun to(std::size_t offset) {
    for (; next_ < node_.runs.size() && node_.runs[next_].from <= offset; ++next_) at_ = node_.runs[next_];
    if (!at_.inserted)
      at_.column += static_cast<int>(
          count_characters(std::string_view(node_.scalar).substr(at_.from, offset - at_.from)));
    at_.from = offset;
    return at_;
  }
  // Whether a run begins at the octet that was asked for last.
  bool run_begins() const { return next_ > 0 && node_.runs[next_ - 1].from == at_.from; }

 private:
  const YamlNode& node_;
  TextRun at_;
  std::size_t next_ = 0;
};

// The runs of what `replace` has made of a text so far: its literal octets stand where they stood, and what
// was put in for a name stands where that name stood.
void add_run(YamlNode& out, TextRun run, bool inserted) {
  if (!out.runs.empty() && out.runs.back().from == out.scalar.size()) out.runs.pop_back();
  out.runs.push_back({out.scalar.size(), run.line, run.column, inserted});
}

Result<YamlNode> replace(const YamlNode& node, const Case& values, std::set<std::string>& used) {
  constexpr std::size_t most_octets = 4096;
  const std::string& text = node.scalar;
  if (text.find('$') == std::string::npos) return node;
  YamlNode out{node.kind, node.place};
  Walk walk(node);
  bool literal = false;
  for (std::size_t i = 0; i < text.size();) {
    if (out.scalar.size() > most_octets) break;
    const TextRun here = walk.to(i);
    if (text[i] != '$' || i + 1 == text.size() || !begins_name(text[i + 1])) {
      if (!literal || walk.run_begins()) add_run(out, here, false);
      literal = true;
      out.scalar += text[i++];
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && goes_on_name(text[end])) ++end;
    const std::string_view name = std::string_view(text).substr(i + 1, end - i - 1);
    const auto value = std::ranges::find_if(values, [&](const auto& entry) { return entry.first == name; });
    if (value == values.end()) {
      std::vector<std::string_view> names;
      for (const auto& entry : values) names.push_back(entry.first);
      return fail(
          place_in(node, i), fmt::format("`${}` is not defined", printable(name)),
          names.empty() ? "`for` defines names, and `with` those of a sequence" : suggest(name, names));
    }
    used.insert(value->first);
    add_run(out, here, true);
    literal = false;
    out.scalar += value->second;
    i = end;
  }
  if (out.scalar.size() > most_octets)
    return fail(node.place, fmt::format("the text grows beyond {} octets", most_octets));
  return out;
}

}  // namespace

Result<std::vector<Case>> read_cases(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::sequence) return combine(node);
  std::vector<Case> all;
  for (const YamlNode& item : node.items) {
    auto cases = combine(item);
    if (!cases) return cases;
    all.insert(all.end(), std::make_move_iterator(cases->begin()), std::make_move_iterator(cases->end()));
    if (all.size() > most_cases)
      return fail(node.place, fmt::format("the tables have more than {} cases", most_cases));
  }
  if (all.empty()) return fail(node.place, "`for` wants names with their values, got an empty list");
  return all;
}

std::string case_name(const Case& values) {
  std::string out;
  for (const auto& [name, value] : values) {
    if (!out.empty()) out += ',';
    out += name + '=';
    for (const char c : value) {
      const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                         std::string_view("._+-").find(c) != std::string_view::npos;
      out += plain ? c : '_';
    }
  }
  return out;
}

std::set<std::string> names_in(const YamlNode& node) {
  std::set<std::string> out;
  const std::string_view text = node.scalar;
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && goes_on_name(text[end])) ++end;
    if (end > at + 1 && begins_name(text[at + 1])) out.emplace(text.substr(at + 1, end - at - 1));
  }
  for (const YamlNode& item : node.items) out.merge(names_in(item));
  for (const auto& entry : node.entries) out.merge(names_in(entry.second));
  return out;
}

Result<YamlNode> substitute(const YamlNode& node, const Case& values, std::set<std::string>& used) {
  if (node.kind == YamlNode::Kind::scalar) return replace(node, values, used);
  YamlNode out{node.kind, node.place};
  for (const YamlNode& item : node.items) {
    auto inner = substitute(item, values, used);
    if (!inner) return inner;
    out.items.push_back(std::move(*inner));
  }
  for (const auto& [key, value] : node.entries) {
    auto inner = substitute(value, values, used);
    if (!inner) return inner;
    out.entries.emplace_back(key, std::move(*inner));
  }
  return out;
}

}  // namespace finack
