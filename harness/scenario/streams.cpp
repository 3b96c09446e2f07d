// SPDX-License-Identifier: Apache-2.0
#include "scenario/streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace finack {

namespace {

// What is asked of the target's application and what our end takes are the same octets, so each is counted by
// itself.
class Sum {
 public:
  explicit Sum(std::string_view what) : what_(what) {}

  Result<void> add(std::uint64_t octets, const Place& place) {
    octets_ += octets;
    if (octets_ <= most_stream_octets) return {};
    return fail(place,
                fmt::format("{} {} octets in all; one instance carries at most {} each way", what_, octets_,
                            most_stream_octets),
                "several scenarios may carry more");
  }

 private:
  std::string_view what_;
  std::uint64_t octets_ = 0;
};

// What it transfers: one octet more is asked for where the end of the stream is to follow.
std::uint64_t octets_of(const CallStep& call) {
  const std::uint64_t asked = call.length.value_or(0);
  const bool to_end = std::ranges::any_of(
      call.outcomes, [](const CallOutcome& each) { return each.kind == CallOutcome::Kind::end; });
  return to_end && asked > 0 ? asked - 1 : asked;
}

Result<void> check_sums(const std::vector<Step>& steps) {
  Sum told_to_send("with this the target is to send"), expected("with this its streams have");
  Sum told_to_receive("with this the target is to receive"), sent("with this the streams of ours have");
  for (const Step& step : steps) {
    Result<void> good;
    if (const auto* call = std::get_if<CallStep>(&step.body)) {
      if (call->word == "send") good = told_to_send.add(octets_of(*call), step.place);
      if (call->word == "receive") good = told_to_receive.add(octets_of(*call), step.place);
    } else if (const auto* stream = std::get_if<StreamStep>(&step.body)) {
      good = expected.add(stream->expected ? stream->expected->octets : 0, step.place);
      if (good) good = sent.add(stream->sent ? stream->sent->octets : 0, step.place);
    }
    if (!good) return good;
  }
  return {};
}

bool has_connection(TcpState given) {
  return given != TcpState::closed && given != TcpState::listen && given != TcpState::syn_sent;
}

bool has_our_fin(TcpState given) {
  return given == TcpState::close_wait || given == TcpState::closing || given == TcpState::last_ack ||
         given == TcpState::time_wait;
}

// Up to the first one-of: which of its branches is taken nobody knows.
Result<void> check_places(const Given& given, const std::vector<Step>& steps) {
  bool connected = has_connection(given.state), closed = has_our_fin(given.state);
  for (const Step& step : steps) {
    if (std::holds_alternative<OneOfStep>(step.body)) return {};
    const auto* send = std::get_if<SendStep>(&step.body);
    if (send && send->segment.flags.has(flag::syn)) {
      connected = true;
      closed = false;  // it may open another connection
    }
    const auto* stream = std::get_if<StreamStep>(&step.body);
    if (!stream) continue;
    if (!connected)
      return fail(step.place, "a stream wants a connection, and no SYN of ours has opened one before it",
                  "`given: ESTABLISHED`, or the steps of a handshake");
    if (!stream->sent) continue;
    if (closed)
      return fail(step.place, "nothing of ours can follow our FIN, which was sent before this stream",
                  "`stream: expect N` alone goes on");
    closed = stream->sent->fin;
  }
  return {};
}

}  // namespace

Result<void> check_streams(const Given& given, const std::vector<Step>& steps) {
  if (auto good = check_sums(steps); !good) return good;
  return check_places(given, steps);
}

}  // namespace finack
