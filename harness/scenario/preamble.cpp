// SPDX-License-Identifier: Apache-2.0
// The exchanges of RFC 9293 figures 6, 8, 12 and 13, as far as each state lies on them.
#include "scenario/given.h"

namespace finack {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

class Way {
 public:
  explicit Way(const Fields& options) : options_(options) {}

  std::vector<Step> to(const Given& given) {
    if (given.open == Given::Open::active) {
      actively(given.state);
    } else {
      passively(given.state);
    }
    if (given.state > TcpState::established) finish(given);
    arrive(given.state);
    return std::move(steps_);
  }

 private:
  void call(std::string word, std::string_view socket, Fields fields = {}, std::string later = {}) {
    CallStep step;
    step.word = std::move(word);
    step.socket = socket;
    step.fields = std::move(fields);
    step.later = std::move(later);
    steps_.push_back({std::move(step)});
  }
  void send(Flags flags, std::optional<Number> ack = {}) {
    SegmentSpec segment;
    segment.flags = flags;
    segment.ack = ack;
    steps_.push_back({SendStep{segment}});
  }
  void expect(Flags flags, std::optional<Number> seq = {}) {
    SegmentSpec segment;
    segment.flags = flags;
    segment.seq = seq;
    steps_.push_back({ExpectStep{segment}});
  }
  void arrive(TcpState state) { steps_.push_back({StateStep{state}}); }

  void make_socket(std::string_view socket) {
    call("socket", socket);
    call("option", socket, {{"name", "reuseaddr"}, {"value", "1"}});
    for (const auto& [name, value] : options_) call("option", socket, {{"name", name}, {"value", value}});
    call("bind", socket);
  }

  // Figure 6 with the target on the right: it listens, we open.
  void passively(TcpState state) {
    if (state == TcpState::closed) {
      make_socket(listener_name);
      call("listen", listener_name, {{"backlog", std::string(default_backlog)}});
      call("close", listener_name);
      return;
    }
    make_socket(listener_name);
    call("listen", listener_name, {{"backlog", std::string(default_backlog)}});
    if (state == TcpState::listen) return;
    if (state != TcpState::syn_received) accept();
    send(flag::syn);
    expect(flag::syn + flag::ack);
    if (state == TcpState::syn_received) return;
    send(flag::ack);
    steps_.push_back({ReturnsStep{"accept"}});
  }
  void accept() {
    call("accept", listener_name, {}, "accept");
    std::get<CallStep>(steps_.back().body).makes = connection_name;
  }

  // The same with the target on the left; for SYN-RECEIVED figure 8, where the SYNs cross.
  void actively(TcpState state) {
    make_socket(connection_name);
    call("connect", connection_name, {}, "connect");
    expect(flag::syn);
    if (state == TcpState::syn_sent) return;
    if (state == TcpState::closed) {
      send(flag::rst + flag::ack);
      steps_.push_back({ReturnsStep{"connect", {CallOutcome{CallOutcome::Kind::error, "ECONNREFUSED"}}}});
      return;
    }
    if (state == TcpState::syn_received) {
      send(flag::syn);
      expect(flag::syn + flag::ack, Number{Number::Base::isn, 0});
      return;
    }
    send(flag::syn + flag::ack);
    expect(flag::ack);
    steps_.push_back({ReturnsStep{"connect"}});
  }

  // Figures 12 and 13: from ESTABLISHED to the state in question.
  void finish(const Given& given) {
    const bool passive_close = given.state == TcpState::close_wait || given.state == TcpState::last_ack;
    if (passive_close) {
      send(flag::fin + flag::ack);
      expect(flag::ack);
      if (given.state == TcpState::close_wait) return;
      arrive(TcpState::close_wait);
    }
    if (given.by == Given::Close::shutdown) {
      call("shutdown", connection_name, {{"how", "send"}});
    } else {
      call("close", connection_name);
    }
    expect(flag::fin + flag::ack);
    if (given.state == TcpState::closing) {
      arrive(TcpState::fin_wait_1);
      send(flag::fin + flag::ack, Number{Number::Base::next, -1});
      expect(flag::ack);
    } else if (given.state == TcpState::fin_wait_2 || given.state == TcpState::time_wait) {
      arrive(TcpState::fin_wait_1);
      send(flag::ack);
      arrive(TcpState::fin_wait_2);
    }
    if (given.state == TcpState::time_wait) {
      send(flag::fin + flag::ack);
      expect(flag::ack);
    }
  }

  const Fields& options_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> preamble(const Given& given, const Fields& options) {
  return Way(options).to(given);
}

}  // namespace finack
