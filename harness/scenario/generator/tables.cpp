// SPDX-License-Identifier: Apache-2.0
#include "scenario/generator/tables.h"

#include <sstream>
#include <stdexcept>

#include "base/tcp_state.h"

namespace finack::generator {

namespace {

std::string joined(const YAML::Node& node, const std::string& separator) {
  if (!node.IsSequence()) return node.as<std::string>();
  std::string out;
  for (const auto& item : node) out += (out.empty() ? "" : separator) + item.as<std::string>();
  return out;
}

std::string member(const YAML::Node& row, const Key& key) {
  const YAML::Node value = row[key.name];
  if (!value) return "\"\"";
  switch (key.column) {
    case Column::state:
      return state_constant(value.as<std::string>());
    case Column::words:
      return literal(joined(value, " "));
    case Column::sources:
      return literal(joined(value, "; "));
    case Column::text:
      break;
  }
  return literal(value.as<std::string>());
}

}  // namespace

std::string literal(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n\"\n    \"";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string text(const YAML::Node& node, const char* key) {
  return node[key] ? node[key].as<std::string>() : "";
}

std::string state_constant(const std::string& name) {
  const auto state = parse_tcp_state(name);
  if (!state) throw std::runtime_error("no TCP state: " + name);
  return "TcpState(" + std::to_string(static_cast<int>(*state)) + ")";
}

std::string table(const std::string& structure, const std::string& function,
                  const std::vector<YAML::Node>& lists, const std::vector<Key>& keys) {
  std::ostringstream out;
  out << "std::span<const " << structure << "> " << function << "() {\n  static constexpr " << structure
      << " rows[] = {\n";
  for (const YAML::Node& list : lists) {
    for (const auto& row : list) {
      out << "    {";
      for (std::size_t i = 0; i < keys.size(); ++i) out << (i > 0 ? ", " : "") << member(row, keys[i]);
      out << "},\n";
    }
  }
  out << "  };\n  return rows;\n}\n\n";
  return out.str();
}

}  // namespace finack::generator
