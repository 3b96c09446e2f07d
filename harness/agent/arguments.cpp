// SPDX-License-Identifier: Apache-2.0
// The form of each call, and the limits of each argument.
#include "agent/arguments.h"

#include <climits>
#include <string_view>

namespace finack::agent {

namespace {

struct Form {
  std::string_view word;
  std::string_view required;  // keys between single spaces
  std::string_view optional = "";
};

constexpr Form forms[] = {
    {"socket", "s family"},
    {"bind", "s address port"},
    {"listen", "s backlog"},
    {"accept", "s as"},
    {"connect", "s address port"},
    {"send", "s seed offset length", "urgent"},
    {"receive", "s seed offset length"},
    {"receive-urgent", "s seed offset"},
    {"shutdown", "s how"},
    {"close", "s"},
    {"abort", "s"},
    {"die", "s"},
    {"destroy", "s"},
    {"dup", "s as"},
    {"drop", "s"},
    {"option", "s name", "value"},
    {"name", "s"},
    {"state", "", "s local local-port peer peer-port"},
    {"watch", "s"},
    {"version", ""},
};

// Takes the first key off a list of keys; empty at its end.
std::string_view take_key(std::string_view& keys) {
  const std::size_t space = keys.find(' ');
  const std::string_view key = keys.substr(0, space);
  keys = space == std::string_view::npos ? std::string_view() : keys.substr(space + 1);
  return key;
}

bool lists(std::string_view keys, std::string_view key) {
  while (!keys.empty()) {
    if (take_key(keys) == key) return true;
  }
  return false;
}

template <class T>
bool number(const std::string& text, std::uint64_t least, std::uint64_t most, T& out) {
  std::uint64_t value = 0;
  if (!parse_number(text, most, value) || value < least) return false;
  out = static_cast<T>(value);
  return true;
}

// False when the value does not fit its key.
bool read_value(const std::string& key, const std::string& value, Arguments& out) {
  if (key == "s") return out.has_s = number(value, 0, max_handle, out.s);
  if (key == "as") return number(value, 0, max_handle, out.as);
  if (key == "port") return number(value, 0, UINT16_MAX, out.port);
  if (key == "local-port") return number(value, 0, UINT16_MAX, out.local_port);
  if (key == "peer-port") return number(value, 0, UINT16_MAX, out.peer_port);
  if (key == "backlog") return number(value, 0, INT_MAX, out.backlog);
  if (key == "seed") return number(value, 0, UINT64_MAX, out.seed);
  if (key == "offset") return number(value, 0, max_offset, out.offset);
  if (key == "length") return number(value, 1, max_transfer, out.length);
  if (key == "urgent") {
    out.urgent = value == "yes";
    return out.urgent || value == "no";
  }
  // These go to the system's C interfaces, which would take an octet 0 for the end.
  if (value.find('\0') != std::string::npos) return false;
  if (key == "family") out.family = &value;
  if (key == "address") out.address = &value;
  if (key == "local") out.local = &value;
  if (key == "peer") out.peer = &value;
  if (key == "how") out.how = &value;
  if (key == "name") out.name = &value;
  if (key == "value") out.value = &value;
  return true;
}

}  // namespace

bool read_arguments(const Line& line, Arguments& out, std::string& why) {
  const Form* form = nullptr;
  for (const Form& candidate : forms) {
    if (candidate.word == line.word) form = &candidate;
  }
  if (form == nullptr) {
    why = "unknown call " + line.word;
    return false;
  }
  for (const auto& [key, value] : line.fields) {
    if (!lists(form->required, key) && !lists(form->optional, key)) {
      why = line.word + " takes no " + key;
      return false;
    }
    if (!read_value(key, value, out)) {
      why = "bad value of " + key;
      return false;
    }
  }
  for (std::string_view keys = form->required; !keys.empty();) {
    const std::string_view key = take_key(keys);
    if (line.find(key) == nullptr) {
      why = line.word + " needs " + std::string(key);
      return false;
    }
  }
  return true;
}

}  // namespace finack::agent
