// SPDX-License-Identifier: Apache-2.0
// Plays the harness to a real agent: calls by number, replies and events as they come, short texts to
// compare.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <deque>
#include <map>
#include <string>

#include "target/agent_link.h"

namespace finack {

class AgentTest : public testing::Test {
 protected:
  void SetUp() override {
    auto link = AgentLink::start({FINACK_AGENT});
    ASSERT_TRUE(link) << link.error().message;
    link_.emplace(std::move(*link));
  }

  // A call as it is written, without its number, which is the result.
  std::uint64_t post(const std::string& text) {
    Line line;
    std::string why;
    EXPECT_TRUE(parse_line(std::to_string(++last_id_) + " " + text, line, why)) << text << ": " << why;
    const auto sent = link_->send(line);
    EXPECT_TRUE(sent) << sent.error().message;
    return last_id_;
  }

  // The reply as it is written, without its number: "ok", "error errno=EINVAL".
  std::string reply(std::uint64_t id, int limit_ms = 10'000) {
    while (replies_.count(id) == 0) {
      if (!read_more(limit_ms)) return "no reply";
    }
    const std::string text = replies_[id];
    replies_.erase(id);
    return text;
  }
  std::string call(const std::string& text) { return reply(post(text)); }

  // Whether there is one after all that the agent was asked so far.
  bool replied(std::uint64_t id) {
    EXPECT_NE(call("version"), "no reply");
    return replies_.count(id) == 1;
  }

  // The next event, as "s=1 what=end".
  std::string event(int limit_ms = 10'000) {
    while (events_.empty()) {
      if (!read_more(limit_ms)) return "no event";
    }
    const std::string text = events_.front();
    events_.pop_front();
    return text;
  }

  static std::string field(const std::string& reply, const std::string& key) {
    Line line;
    std::string why;
    EXPECT_TRUE(parse_line("1 " + reply, line, why)) << reply;
    const std::string* value = line.find(key);
    return value == nullptr ? "none" : *value;
  }

  bool read_more(int limit_ms) {
    if (link_->wants_write()) {
      EXPECT_TRUE(link_->flush());
    }
    const short wanted = link_->wants_write() ? POLLIN | POLLOUT : POLLIN;
    pollfd slot{link_->fd(), wanted, 0};
    if (::poll(&slot, 1, limit_ms) != 1) return false;
    auto lines = link_->receive();
    if (!lines) {
      ADD_FAILURE() << lines.error().message;
      return false;
    }
    for (const Line& line : *lines) {
      std::string text = format_line(line);
      text.pop_back();
      text.erase(0, text.find(' ') + 1);
      if (line.id == 0) {
        events_.push_back(line.word == "event" ? text.substr(6) : text);
      } else {
        EXPECT_EQ(replies_.count(line.id), 0U) << "two replies to " << line.id;
        replies_[line.id] = text;
      }
    }
    return true;
  }

  // A listener with the handle 1 on an ephemeral loopback port, which is the result.
  std::string listen(const std::string& family = "inet") {
    EXPECT_EQ(call("socket s=1 family=" + family), "ok");
    const std::string bound = call("bind s=1 address=" + loopback(family) + " port=0");
    EXPECT_EQ(call("listen s=1 backlog=4096"), "ok");
    return field(bound, "local-port");
  }

  // And a connection through it from handle 2 to handle 3.
  void connect_pair(const std::string& family = "inet") {
    port_ = listen(family);
    EXPECT_EQ(call("socket s=2 family=" + family), "ok");
    const auto accepted = post("accept s=1 as=3");
    EXPECT_EQ(field(call("connect s=2 address=" + loopback(family) + " port=" + port_), "peer-port"), port_);
    EXPECT_EQ(field(reply(accepted), "local-port"), port_);
  }

  static std::string loopback(const std::string& family) { return family == "inet" ? "127.0.0.1" : "::1"; }

  std::optional<AgentLink> link_;
  std::string port_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, std::string> replies_;
  std::deque<std::string> events_;
};

}  // namespace finack
