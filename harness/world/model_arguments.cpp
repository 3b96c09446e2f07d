// SPDX-License-Identifier: Apache-2.0
#include "world/model_arguments.h"

#include <algorithm>
#include <climits>
#include <string_view>

#include "base/text.h"

namespace finack {

namespace {

struct Form {
  std::string_view word, required, optional;
};

constexpr Form forms[] = {
    {"socket", "s family", ""},
    {"bind", "s address port", ""},
    {"listen", "s backlog", ""},
    {"accept", "s as", ""},
    {"connect", "s address port", ""},
    {"send", "s seed offset length", "urgent"},
    {"receive", "s seed offset length", ""},
    {"receive-urgent", "s seed offset", ""},
    {"shutdown", "s how", ""},
    {"close", "s", ""},
    {"abort", "s", ""},
    {"die", "s", ""},
    {"destroy", "s", ""},
    {"dup", "s as", ""},
    {"drop", "s", ""},
    {"option", "s name", "value"},
    {"name", "s", ""},
    {"state", "", "s local local-port peer peer-port"},
    {"watch", "s", ""},
    {"version", "", ""},
};

template <class T>
bool number(const std::string& text, std::uint64_t least, std::uint64_t most, T& out) {
  std::uint64_t value = 0;
  if (!parse_number(text, most, value) || value < least) return false;
  out = static_cast<T>(value);
  return true;
}

bool read_value(const std::string& key, const std::string& value, ModelArguments& out) {
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
  if (key == "family") out.family = value;
  if (key == "address") out.address = value;
  if (key == "local") out.local = value;
  if (key == "peer") out.peer = value;
  if (key == "how") out.how = value;
  if (key == "name") out.name = value;
  if (key == "value") out.value = value;
  return true;
}

bool lists(std::string_view keys, std::string_view key) {
  const auto words = split_words(keys);
  return std::ranges::find(words, key) != words.end();
}

}  // namespace

std::string read_arguments(const Line& line, ModelArguments& out) {
  const auto form = std::ranges::find(forms, line.word, &Form::word);
  if (form == std::end(forms)) return "unknown call " + line.word;
  for (const auto& [key, value] : line.fields) {
    if (!lists(form->required, key) && !lists(form->optional, key)) return line.word + " takes no " + key;
    if (!read_value(key, value, out)) return "bad value of " + key;
  }
  for (const std::string_view key : split_words(form->required)) {
    if (!line.find(key)) return line.word + " needs " + std::string(key);
  }
  return {};
}

std::optional<ModelAddress> read_address(const std::string& text, Family family) {
  constexpr std::string_view prefix = "::ffff:";
  if (family == Family::ipv6 && text.starts_with(prefix)) {
    const auto mapped = Address::parse(std::string_view(text).substr(prefix.size()));
    if (mapped && mapped->family == Family::ipv4) return ModelAddress{*mapped, true};
  }
  const auto plain = Address::parse(text);
  if (!plain || plain->family != family) return std::nullopt;
  return ModelAddress{*plain};
}

std::vector<std::pair<std::string, std::string>> address_fields(const EndpointPair& pair, bool mapped) {
  const auto text = [&](const Address& address) { return (mapped ? "::ffff:" : "") + to_string(address); };
  const bool alone = pair.peer.port == 0;
  return {{"local", text(pair.target.address)},
          {"local-port", std::to_string(pair.target.port)},
          {"peer", alone ? "none" : text(pair.peer.address)},
          {"peer-port", std::to_string(pair.peer.port)}};
}

std::vector<std::pair<std::string, std::string>> received_fields(
    std::uint64_t octets, std::uint64_t digest, const std::optional<std::uint64_t>& mismatch) {
  return {{"octets", std::to_string(octets)},
          {"digest", digest_text(digest)},
          {"mismatch", mismatch ? std::to_string(*mismatch) : "none"}};
}

}  // namespace finack
