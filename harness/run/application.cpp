// SPDX-License-Identifier: Apache-2.0
#include "run/application.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/pattern.h"
#include "base/text.h"

namespace finack {

namespace {

// The id of a line is its seat and its number within the seat.
constexpr unsigned number_bits = 16;

std::optional<std::uint64_t> number_field(const Line& line, std::string_view key) {
  const std::string* text = line.find(key);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (status != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::string text_field(const Line& line, std::string_view key) {
  const std::string* text = line.find(key);
  return text ? *text : std::string();
}

// The digest of a piece of the pattern.
std::string pattern_digest(std::uint64_t seed, std::uint64_t offset, std::uint64_t length) {
  std::uint8_t octets[4096];
  std::uint64_t digest = digest_start;
  for (std::uint64_t done = 0; done < length;) {
    const std::size_t count = std::min<std::uint64_t>(sizeof octets, length - done);
    fill_pattern(seed, offset + done, octets, count);
    digest = digest_add(digest, octets, count);
    done += count;
  }
  return digest_text(digest);
}

}  // namespace

std::uint32_t Application::handle(const std::string& socket) {
  const auto at = std::ranges::find(sockets_, socket);
  const auto place = static_cast<std::uint32_t>(at - sockets_.begin());
  if (at == sockets_.end()) sockets_.push_back(socket);
  constexpr std::uint32_t handles = max_handle / most_sockets * most_sockets;
  return seat_.number * most_sockets % handles + place % most_sockets;
}

std::string Application::text_of(const Address& address) const {
  return (mapped_ ? "::ffff:" : "") + to_string(address);
}

std::uint64_t Application::next_id() const {
  return std::uint64_t{seat_.number + 1} << number_bits | asked_.size();
}

std::uint32_t Application::seat_of(const Line& report) {
  if (report.id == 0)  // an event: seats beyond the number of handles are not open at the same time
    return static_cast<std::uint32_t>(number_field(report, "s").value_or(max_handle) / most_sockets);
  return static_cast<std::uint32_t>((report.id >> number_bits) - 1);
}

Line Application::line_for(std::size_t step, const CallStep& call) {
  Line line{next_id(), call.word, {}};
  line.fields.reserve(call.fields.size() + 4);
  line.fields.emplace_back("s", std::to_string(handle(call.socket)));
  line.fields.insert(line.fields.end(), call.fields.begin(), call.fields.end());
  if (!call.makes.empty()) line.fields.emplace_back("as", std::to_string(handle(call.makes)));
  Asked asked{step};
  if (call.word == "socket") {
    const bool inet6 = mapped_ || seat_.pair.target.address.family == Family::ipv6;
    line.fields.emplace_back("family", inet6 ? "inet6" : "inet");
  } else if (call.word == "bind" || call.word == "connect") {
    const Endpoint& end = call.word == "bind" ? seat_.pair.target : seat_.pair.peer;
    line.fields.emplace_back("address", text_of(end.address));
    line.fields.emplace_back("port", std::to_string(end.port));
  } else if (call.word == "send" || call.word == "receive" || call.word == "receive-urgent") {
    asked.receives = call.word != "send";
    asked.offset = asked.receives ? received_ : sent_;
    asked.length = call.word == "receive-urgent" ? 1 : call.length.value_or(0);
    line.fields.emplace_back("seed", std::to_string(asked.receives ? streams_.ours : streams_.theirs));
    line.fields.emplace_back("offset", std::to_string(asked.offset));
    if (call.word != "receive-urgent")
      line.fields.emplace_back("length", std::to_string(call.length.value_or(0)));
    (asked.receives ? received_ : sent_) += asked.length;
  }
  asked_.push_back(asked);
  return line;
}

Result<Returned> Application::read(const Line& report) {
  const std::size_t number = report.id & ((1u << number_bits) - 1);
  if (number >= asked_.size())
    return fail(fmt::format("the agent answers a call {} that was not made", report.id));
  const Asked& asked = asked_[number];
  Returned out{asked.step};
  out.octets = number_field(report, "octets");
  if (const std::string* value = report.find("value")) out.value = *value;
  if (asked.length > 0 && out.octets.value_or(0) > asked.length)
    return fail(
        fmt::format("the agent reports {} octets where {} were asked for", *out.octets, asked.length));
  // Fewer than were asked for: what was reserved for the rest is the next call's.
  if (asked.receives) received_ -= asked.length - std::min(asked.length, out.octets.value_or(0));
  if (report.word == "error") {
    out.kind = Returned::Kind::error;
    out.text = printable(text_field(report, "errno"));
    return out;
  }
  if (report.word == "refused") {
    out.kind = Returned::Kind::refused;
    out.text = printable(text_field(report, "why"), 200);
    return out;
  }
  if (report.word != "ok")
    return fail(fmt::format("the agent reports `{}`, which means nothing here", printable(report.word)));
  if (!asked.receives) return out;
  if (text_field(report, "end") == "yes") out.kind = Returned::Kind::end;
  out.mismatch = number_field(report, "mismatch");
  if (!out.octets) return fail("the agent reports a receive without a number of octets");
  out.digest_agrees =
      text_field(report, "digest") == pattern_digest(streams_.ours, asked.offset, *out.octets);
  return out;
}

std::optional<Told> Application::read_event(const Line& report) {
  const auto number = number_field(report, "s");
  const auto named = [&](const std::string& socket) { return number == handle(socket); };
  const std::vector<std::string> sockets = sockets_;
  const auto socket = std::ranges::find_if(sockets, named);
  if (report.word != "event" || socket == sockets.end()) return std::nullopt;
  return Told{*socket, printable(text_field(report, "what")), printable(text_field(report, "errno"))};
}

Line Application::ping() {
  ping_ = next_id();
  asked_.push_back({});
  return {ping_, "version", {}};
}

std::vector<Line> Application::clean_up() {
  std::vector<Line> lines;
  for (const std::string& socket : sockets_) {
    lines.push_back({next_id(), "drop", {{"s", std::to_string(handle(socket))}}});
    asked_.push_back({});
  }
  return lines;
}

}  // namespace finack
