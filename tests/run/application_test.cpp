// SPDX-License-Identifier: Apache-2.0
#include "run/application.h"

#include <gtest/gtest.h>

#include "base/pattern.h"

namespace finack {
namespace {

const Seat seat_of_one{3, {{*Address::parse("192.0.2.1"), 80}, {*Address::parse("198.18.0.1"), 5000}}};
constexpr Streams streams_of_one{7, 8};

CallStep transfer(std::string word, std::uint64_t length) {
  CallStep call;
  call.word = std::move(word);
  call.length = length;
  return call;
}

std::string digest(std::uint64_t seed, std::uint64_t offset, std::size_t length) {
  Bytes octets(length);
  fill_pattern(seed, offset, octets.data(), length);
  return digest_text(digest_add(digest_start, octets.data(), length));
}

TEST(Application, PutsAddressesAndHandlesIntoCalls) {
  Application application(seat_of_one, streams_of_one, false);
  CallStep bind;
  bind.word = "bind";
  bind.socket = listener_name;
  const Line line = application.line_for(0, bind);
  EXPECT_EQ(*line.find("address"), "192.0.2.1");
  EXPECT_EQ(*line.find("port"), "80");
  CallStep accept;
  accept.word = "accept";
  accept.socket = listener_name;
  accept.makes = connection_name;
  const Line accepted = application.line_for(1, accept);
  EXPECT_EQ(*accepted.find("s"), *line.find("s"));
  EXPECT_NE(*accepted.find("as"), *line.find("s"));
  EXPECT_NE(accepted.id, line.id);
  EXPECT_EQ(Application::seat_of(accepted), seat_of_one.number);
}

TEST(Application, CountsItsWayThroughTheStreams) {
  Application application(seat_of_one, streams_of_one, false);
  EXPECT_EQ(*application.line_for(0, transfer("send", 10)).find("offset"), "0");
  EXPECT_EQ(*application.line_for(1, transfer("send", 10)).find("offset"), "10");
  const Line first = application.line_for(2, transfer("receive", 10));
  EXPECT_EQ(*first.find("seed"), "7");
  EXPECT_TRUE(
      application.read({first.id, "ok", {{"octets", "4"}, {"end", "no"}, {"digest", digest(7, 0, 4)}}}));
  EXPECT_EQ(*application.line_for(3, transfer("receive", 10)).find("offset"), "4");
}

TEST(Application, ReadsReports) {
  Application application(seat_of_one, streams_of_one, false);
  const Line line = application.line_for(5, transfer("receive", 10));
  const auto read = [&](std::string word, std::vector<std::pair<std::string, std::string>> fields) {
    return *application.read({line.id, std::move(word), std::move(fields)});
  };
  const Returned ok =
      read("ok", {{"octets", "10"}, {"end", "no"}, {"digest", digest(7, 0, 10)}, {"mismatch", "none"}});
  EXPECT_EQ(ok.step, 5u);
  EXPECT_EQ(ok.kind, Returned::Kind::done);
  EXPECT_EQ(ok.octets, 10u);
  EXPECT_EQ(ok.mismatch, std::nullopt);
  EXPECT_TRUE(ok.digest_agrees);
  EXPECT_FALSE(read("ok", {{"octets", "10"}, {"digest", "0123456789abcdef"}}).digest_agrees);
  EXPECT_EQ(read("ok", {{"octets", "10"}, {"mismatch", "3"}}).mismatch, 3u);
  EXPECT_EQ(read("ok", {{"octets", "0"}, {"end", "yes"}}).kind, Returned::Kind::end);
  const Returned error = read("error", {{"errno", "ECONNRESET"}});
  EXPECT_EQ(error.kind, Returned::Kind::error);
  EXPECT_EQ(error.text, "ECONNRESET");
  EXPECT_EQ(read("refused", {{"why", "no such handle"}}).kind, Returned::Kind::refused);
}

TEST(Application, RefusesReportsThatMakeNoSense) {
  Application application(seat_of_one, streams_of_one, false);
  const Line line = application.line_for(0, transfer("receive", 10));
  EXPECT_FALSE(application.read({line.id + 1, "ok", {}}));
  EXPECT_FALSE(application.read({line.id, "maybe", {}}));
  EXPECT_FALSE(application.read({line.id, "ok", {{"octets", "many"}}}));
  EXPECT_FALSE(application.read({line.id, "ok", {{"octets", "18446744073709551615"}}}));
}

TEST(Application, RefusesMoreOctetsThanWereAskedFor) {
  Application application(seat_of_one, streams_of_one, false);
  const auto reads = [&](const Line& line, std::string word, std::string octets) {
    const auto read = application.read({line.id, std::move(word), {{"octets", std::move(octets)}}});
    return read ? "reads" : read.error().message;
  };
  const Line receive = application.line_for(0, transfer("receive", 10));
  EXPECT_EQ(reads(receive, "ok", "10"), "reads");
  EXPECT_EQ(reads(receive, "ok", "11"), "the agent reports 11 octets where 10 were asked for");
  EXPECT_EQ(reads(receive, "error", "11"), "the agent reports 11 octets where 10 were asked for");
  EXPECT_EQ(*application.line_for(1, transfer("receive", 1)).find("offset"), "10")
      << "what is refused does not count";
  const Line send = application.line_for(2, transfer("send", 10));
  EXPECT_EQ(reads(send, "ok", "10"), "reads");
  EXPECT_EQ(reads(send, "ok", "11"), "the agent reports 11 octets where 10 were asked for");
  CallStep urgent;
  urgent.word = "receive-urgent";
  const Line mark = application.line_for(3, urgent);
  EXPECT_EQ(reads(mark, "ok", "1"), "reads");
  EXPECT_EQ(reads(mark, "ok", "2"), "the agent reports 2 octets where 1 were asked for");
}

}  // namespace
}  // namespace finack
