// SPDX-License-Identifier: Apache-2.0
#include "scenario/lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

class Lists {
 public:
  Lists(const Sequences& definitions, std::set<std::string>& used) : definitions_(definitions), used_(used) {}

  // A mapping of names to values. What is none is left for the reader of tables to refuse.
  Result<YamlNode> table(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::mapping) return node;
    YamlNode out{node.kind, node.place};
    for (const auto& [name, values] : node.entries) {
      YamlNode list = values;
      if (values.kind == YamlNode::Kind::sequence || is_use(values)) {
        list = {YamlNode::Kind::sequence, values.place};
        if (const auto done = add(values, list); !done) return pass_on(done.error());
      }
      out.entries.emplace_back(name, std::move(list));
    }
    return out;
  }

 private:
  // A bound for lists of lists, each twice as long as the one in it.
  static constexpr std::size_t most_values = 10'000;

  static bool is_use(const YamlNode& node) {
    return node.kind == YamlNode::Kind::mapping &&
           std::ranges::any_of(node.entries, [](const auto& entry) { return entry.first.scalar == "use"; });
  }

  Result<void> add(const YamlNode& node, YamlNode& list) {
    if (is_use(node)) return add_named(node, list);
    if (node.kind != YamlNode::Kind::sequence) {
      if (list.items.size() == most_values)
        return fail(node.place, fmt::format("the list grows beyond {} values", most_values));
      list.items.push_back(node);
      return {};
    }
    for (const YamlNode& item : node.items) {
      // A list in a list is none of ours.
      if (item.kind == YamlNode::Kind::sequence) {
        list.items.push_back(item);
      } else if (auto done = add(item, list); !done) {
        return done;
      }
    }
    return {};
  }

  Result<void> add_named(const YamlNode& node, YamlNode& list) {
    constexpr std::string_view keys[] = {"use"};
    const auto mapping = Mapping::of(node, "a list by name", keys);
    if (!mapping) return pass_on(mapping.error());
    const YamlNode& value = *mapping->find("use");
    const auto name = text_of(value, "use");
    if (!name) return pass_on(name.error());
    if (std::ranges::find(inside_, *name) != inside_.end())
      return fail(value.place, fmt::format("the list `{}` uses itself", printable(*name)));
    const auto values = definitions_.find(*name, value.place);
    if (!values) return pass_on(values.error());
    used_.insert(*name);
    inside_.push_back(*name);
    auto done = add(**values, list);
    inside_.pop_back();
    return done;
  }

  const Sequences& definitions_;
  std::set<std::string>& used_;
  std::vector<std::string> inside_;  // whose values are being put in
};

}  // namespace

Result<YamlNode> put_in_lists(const YamlNode& table, const Sequences& definitions,
                              std::set<std::string>& used) {
  Lists lists(definitions, used);
  if (table.kind != YamlNode::Kind::sequence) return lists.table(table);
  YamlNode out{table.kind, table.place};
  for (const YamlNode& item : table.items) {
    auto filled = lists.table(item);
    if (!filled) return filled;
    out.items.push_back(std::move(*filled));
  }
  return out;
}

}  // namespace finack
