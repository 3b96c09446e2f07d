// SPDX-License-Identifier: Apache-2.0
#include "world/model_world.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "packet/codec.h"
#include "world/model_settings.h"

namespace finack {
namespace {

class ModelWorldTest : public testing::Test {
 protected:
  // The reply to a call, if it came at once; events and others' replies go to `reports`.
  std::string call(const std::string& text) {
    Line line;
    std::string why;
    EXPECT_TRUE(parse_line(std::to_string(++id) + " " + text, line, why)) << why;
    EXPECT_TRUE(world.call(seat, line));
    return look(id);
  }
  // All reports by now, each as a line; that of `wanted` is returned.
  std::string look(std::uint64_t wanted) {
    std::string found;
    const Time until = world.now() + 1ms;
    while (world.now() < until) {
      const auto happenings = world.wait(until);
      EXPECT_TRUE(happenings);
      for (const Happening& one : happenings->list) note(one, wanted, found);
    }
    return found;
  }
  void note(const Happening& one, std::uint64_t wanted, std::string& found) {
    if (const auto* report = std::get_if<ReportCame>(&one)) {
      std::string text = format_line(report->line);
      text.pop_back();
      const std::string body = text.substr(text.find(' ') + 1);
      if (report->line.id == wanted && wanted != 0) {
        found = body;
      } else {
        reports.push_back(text);
      }
    } else if (const auto* frame = std::get_if<FrameCame>(&one)) {
      const auto segment = decode_packet(decode_ethernet(frame->frame)->payload);
      ASSERT_TRUE(segment);
      segments.push_back(*segment);
    }
  }
  void inject(Flags flags, Seq seq, Seq ack, std::size_t length = 0) {
    Segment segment;
    segment.source = seat.pair.peer;
    segment.destination = seat.pair.target;
    segment.flags = flags;
    segment.seq = seq;
    segment.ack = ack;
    segment.window = 65535;
    segment.payload.resize(length);
    fill_pattern(1, 0, segment.payload.data(), length);
    const auto frame = world.inject(seat, Family::ipv4, *encode_packet(segment));
    ASSERT_TRUE(frame);
    look(0);
  }
  std::string here(int handle) { return "s=" + std::to_string(handle); }
  void establish() {
    EXPECT_EQ(call("socket s=1 family=inet"), "ok");
    const std::string port = std::to_string(seat.pair.target.port);
    EXPECT_EQ(call("bind s=1 address=192.0.2.1 port=" + port), "ok local=192.0.2.1 local-port=" + port);
    EXPECT_EQ(call("listen s=1 backlog=4"), "ok");
    EXPECT_EQ(call("accept s=1 as=2"), "");
    inject(flag::syn, Seq{100}, {});
    ASSERT_FALSE(segments.empty());
    iss = segments.back().seq;
    inject(flag::ack, Seq{101}, iss + 1);
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].substr(2), "ok local=192.0.2.1 local-port=" + port +
                                        " peer=198.18.0.1 peer-port=" + std::to_string(seat.pair.peer.port));
    reports.clear();
  }
  std::string state() {
    const auto reading = world.read_state(seat, seat.pair);
    return reading && *reading ? std::string(to_string((*reading)->state)) : "none";
  }

  ModelWorld world;
  Seat seat = world.take_seat(Family::ipv4, {}).value();
  std::uint64_t id = 0;
  Seq iss;
  std::vector<std::string> reports;
  std::vector<Segment> segments;
};

TEST_F(ModelWorldTest, AnswersCallsAsTheProtocolSays) {
  establish();
  EXPECT_EQ(call("name s=2").substr(0, 9), "ok local=");
  EXPECT_EQ(call("state s=2"), "ok state=ESTABLISHED");
  EXPECT_EQ(call("option s=2 name=unread"), "ok value=0");
  EXPECT_EQ(call("option s=2 name=linger"), "ok value=off");
  EXPECT_EQ(call("option s=2 name=error"), "ok value=none");
  EXPECT_EQ(call("send s=2 seed=1 offset=0 length=10"), "ok octets=10");
  EXPECT_EQ(segments.back().payload.size(), 10u);
  EXPECT_EQ(call("receive s=2 seed=1 offset=0 length=1000"), "");
  inject(flag::ack, Seq{101}, iss + 11, 1000);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_NE(reports[0].find("ok octets=1000 end=no digest=6223a86098782fba mismatch=none"),
            std::string::npos);
}

TEST_F(ModelWorldTest, AnInitialNumberIsForASocketThatIsFresh) {
  establish();
  EXPECT_EQ(call("option s=1 name=iss value=5"), "error errno=EISCONN") << "it listens";
  EXPECT_EQ(call("option s=2 name=iss value=5"), "error errno=EISCONN");
}

TEST_F(ModelWorldTest, RefusesWhatCannotBe) {
  EXPECT_EQ(call("close s=9"), "refused why=no%20socket%20has%20the%20handle%209");
  EXPECT_EQ(call("dance s=9"), "refused why=unknown%20call%20dance");
  EXPECT_EQ(call("socket s=1"), "refused why=socket%20needs%20family");
  EXPECT_EQ(call("socket s=1 family=ipx"), "refused why=family%20is%20inet%20or%20inet6");
  EXPECT_EQ(call("socket s=1 family=inet"), "ok");
  EXPECT_EQ(call("socket s=1 family=inet"), "refused why=the%20handle%20is%20in%20use");
  EXPECT_EQ(call("option s=1 name=iss value=4294967295"), "ok");
  EXPECT_EQ(call("option s=1 name=iss value=0"), "refused why=bad%20value%20of%20value");
  EXPECT_EQ(call("option s=1 name=sesame value=1"), "refused why=unknown%20option");
  EXPECT_EQ(call("option s=1 name=unread value=1"), "refused why=the%20option%20can%20only%20be%20read");
  EXPECT_EQ(call("receive s=1 seed=1 offset=0 length=1"),
            "error errno=ENOTCONN octets=0 digest=cbf29ce484222325 mismatch=none");
  EXPECT_EQ(call("bind s=1 address=10.0.0.1 port=1"), "error errno=EADDRNOTAVAIL");
  EXPECT_EQ(call("drop s=77"), "ok");
}

TEST_F(ModelWorldTest, CloseEndsWhatWaits) {
  establish();
  const std::uint64_t waiting = id + 1;
  EXPECT_EQ(call("receive s=2 seed=1 offset=0 length=5"), "");
  EXPECT_EQ(call("close s=2"), "ok");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].substr(0, 27), std::to_string(waiting) + " error errno=ECANCELED oct");
  EXPECT_EQ(state(), "FIN-WAIT-1");
  EXPECT_EQ(call("state s=2"), "ok state=FIN-WAIT-1");
}

TEST_F(ModelWorldTest, ALingeringCloseWaitsForTheAckOrItsTime) {
  establish();
  EXPECT_EQ(call("option s=2 name=linger value=2"), "ok");
  EXPECT_EQ(call("close s=2"), "");
  const Time began = world.now();
  for (int i = 0; i < 10 && reports.empty(); ++i) {
    const auto happenings = world.wait(never);
    ASSERT_TRUE(happenings);
    std::string ignored;
    for (const Happening& one : happenings->list) note(one, 0, ignored);
  }
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_NEAR(static_cast<double>((world.now() - began) / 1ms), 2000, 10);
}

TEST_F(ModelWorldTest, WatchTells) {
  establish();
  EXPECT_EQ(call("watch s=2"), "ok");
  inject(flag::ack, Seq{101}, iss + 1, 10);
  inject(flag::fin + flag::ack, Seq{111}, iss + 1);
  inject(flag::rst, Seq{112}, {});
  EXPECT_EQ(reports, (std::vector<std::string>{"0 event s=2 what=readable", "0 event s=2 what=end",
                                               "0 event s=2 what=reset errno=EPIPE"}));
}

TEST_F(ModelWorldTest, TimePassesAtOnce) {
  establish();
  EXPECT_EQ(call("shutdown s=2 how=send"), "ok");
  inject(flag::fin + flag::ack, Seq{101}, iss + 2);
  EXPECT_EQ(state(), "TIME-WAIT");
  const Time began = world.now();
  ASSERT_TRUE(world.wait(began + 239s));
  EXPECT_EQ(state(), "TIME-WAIT");
  while (state() != "none") ASSERT_TRUE(world.wait(never));
  EXPECT_NEAR(static_cast<double>((world.now() - began) / 1ms), 240'000, 10);
}

TEST_F(ModelWorldTest, SaysWhenNothingWillEverHappen) {
  const auto happenings = world.wait(never);
  ASSERT_FALSE(happenings);
  EXPECT_EQ(happenings.error().message, "nothing will ever happen in the model");
}

TEST_F(ModelWorldTest, NothingOfASeatIsLeft) {
  establish();
  EXPECT_EQ(call("receive s=2 seed=1 offset=0 length=5"), "");
  world.leave_seat(seat);
  EXPECT_EQ(world.records(), 0u);
  for (int i = 0; i < 100; ++i) {
    seat = world.take_seat(Family::ipv4, {}).value();
    id = 0;
    EXPECT_EQ(call("socket s=1 family=inet"), "ok");
    EXPECT_EQ(call("connect s=1 address=198.18.0.9 port=7"), "");
    world.leave_seat(seat);
  }
  EXPECT_LE(world.records(), 100u);
}

TEST_F(ModelWorldTest, TakesSettingsByTheirNames) {
  const auto answers = world.provide(
      {{{"net.ipv4.tcp_timestamps", "0"}}, {{"net.ipv4.tcp_rmem", "1 2 3"}}, {{"net.ipv4.tcp_sack", "2"}}});
  EXPECT_EQ(answers[0].value(), "");
  EXPECT_EQ(answers[1].value(), "the model has nothing like net.ipv4.tcp_rmem");
  EXPECT_EQ(answers[2].value(), "the model cannot have net.ipv4.tcp_sack = 2");
  EXPECT_TRUE(world.take_seat(Family::ipv6, {{"net.ipv4.tcp_timestamps", "0"}}));
}

TEST_F(ModelWorldTest, TakesTheBitsOfFastOpen) {
  const auto fast_open = [](const char* bits) {
    return model_settings({{"net.ipv4.tcp_fastopen", bits}}).value().fast_open;
  };
  EXPECT_TRUE(fast_open("1").client);
  EXPECT_FALSE(fast_open("1026").client);
  EXPECT_TRUE(fast_open("1026").server);
  EXPECT_FALSE(fast_open("2").server) << "of none but listeners with an option, which the model has not";
  EXPECT_FALSE(fast_open("1026").server_asks_none);
  EXPECT_TRUE(fast_open("1538").server_asks_none);
  EXPECT_TRUE(fast_open("5").client_shows_none);
  EXPECT_FALSE(model_settings({{"net.ipv4.tcp_fastopen", "4096"}}));
}

}  // namespace
}  // namespace finack
