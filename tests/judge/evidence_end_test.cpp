// SPDX-License-Identifier: Apache-2.0
// Rules without edges on resets, timeouts and what the application learns: shown, and nearly shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tale.h"

// Its short names stand beside those of other tests of evidence.
namespace finack::endings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum TcpState;
using Kind = Returned::Kind;

constexpr Flags ack = flag::ack, fin = flag::fin + flag::ack, rst = flag::rst;

const std::vector<Option> stamped = {timestamps_option(7, 9)};

Option user_timeout(std::uint8_t seconds) {
  return {28, {0, seconds}};
}

Tale closed_first() {
  Tale out;
  out.call("close").theirs(fin, 1, 1).in(fin_wait_1);
  return out;
}

TEST(Evidence, NothingAfterTheReset) {
  const auto told = [](std::uint64_t queued, bool more) {
    Tale out;
    out.call("send", queued).theirs(ack, 1, 1, 10).ours(ack, 1, 11).call("abort").theirs(rst, 11, 1);
    if (more) out.theirs(ack, 11, 1, 10);
    return out.shown("CR-097");
  };
  EXPECT_THAT(told(20, false), ElementsAre(established));
  EXPECT_THAT(told(20, true), IsEmpty());
  EXPECT_THAT(told(10, false), IsEmpty()) << "nothing was outstanding";
}

TEST(Evidence, TimestampsOnResets) {
  EXPECT_THAT(Tale(stamped).call("abort").theirs(rst, 1, 1, 0, stamped).shown("CR-101"),
              ElementsAre(established));
  EXPECT_THAT(Tale(stamped).call("abort").theirs(rst, 1, 1).shown("CR-101"), IsEmpty());
  EXPECT_THAT(Tale().call("abort").theirs(rst, 1, 1, 0, stamped).shown("CR-101"), IsEmpty());
  const auto told = [](Option answer) {
    return Tale().in(closed).ours(ack, 1, 1, 0, stamped).theirs(rst, 1, 0, 0, {answer}).shown("CR-102");
  };
  EXPECT_THAT(told(timestamps_option(0, 7)), ElementsAre(closed));
  EXPECT_THAT(told(timestamps_option(1, 7)), IsEmpty());
  EXPECT_THAT(told(timestamps_option(0, 8)), IsEmpty());
}

TEST(Evidence, OctetsAfterAFullClose) {
  EXPECT_THAT(closed_first()
                  .ours(ack, 1, 1, 10)
                  .theirs(rst, 2, 0)
                  .ours(ack, 11, 1, 10)
                  .theirs(rst, 2, 0)
                  .shown("CR-106"),
              ElementsAre(fin_wait_1));
  EXPECT_THAT(closed_first().ours(ack, 1, 1, 10).theirs(rst, 2, 0).shown("CR-106"), IsEmpty());
  EXPECT_THAT(closed_first().ours(ack, 1, 1, 10).theirs(rst, 2, 0).ours(ack, 11, 1, 10).shown("CR-106"),
              IsEmpty());
  Tale half;
  half.call("shutdown", 0, {{"how", "send"}}).theirs(fin, 1, 1).in(fin_wait_1);
  EXPECT_THAT(half.ours(ack, 1, 1, 9).theirs(rst, 2, 0).ours(ack, 10, 1, 9).theirs(rst, 2, 0).shown("CR-106"),
              IsEmpty());
}

TEST(Evidence, ProbeAfterAFullClose) {
  const auto told = [](std::uint16_t window, Flags answer) {
    Tale out;
    out.call("close").their_window(window).theirs(fin, 1, 1).in(fin_wait_1);
    return out.ours(ack, 1, 1, 1).theirs(answer, 2, 1).shown("CR-107");
  };
  EXPECT_THAT(told(0, rst), ElementsAre(fin_wait_1));
  EXPECT_THAT(told(1, rst), IsEmpty());
  EXPECT_THAT(told(0, ack), IsEmpty());
}

TEST(Evidence, FinTriedForLong) {
  EXPECT_THAT(closed_first().after(50s).theirs(fin, 1, 1).after(50s).theirs(fin, 1, 1).shown("CR-108"),
              ElementsAre(fin_wait_1));
  EXPECT_THAT(closed_first().after(49s).theirs(fin, 1, 1).after(50s).theirs(fin, 1, 1).shown("CR-108"),
              IsEmpty());
  EXPECT_THAT(closed_first().after(101s).read().shown("CR-108"), IsEmpty()) << "never repeated";
  EXPECT_THAT(closed_first().theirs(fin, 1, 1).ours(ack, 1, 2).after(101s).read().shown("CR-108"), IsEmpty());
}

TEST(Evidence, GivesUpByTheUserTimeout) {
  const auto told = [](Duration after, const std::string& timeout, bool acknowledged) {
    Tale out;
    out.option("user-timeout", timeout).call("close").theirs(fin, 1, 1).in(fin_wait_1);
    if (acknowledged) out.ours(ack, 1, 2);
    out.after(after).call("receive").in(closed).returns(Kind::error, 0, "ETIMEDOUT");
    return out.shown("CR-110");
  };
  EXPECT_THAT(told(5s, "5000", false), ElementsAre(fin_wait_1));
  EXPECT_THAT(told(7s, "5000", false), IsEmpty());
  EXPECT_THAT(told(2s, "5000", false), IsEmpty());
  EXPECT_THAT(told(5s, "0", false), IsEmpty());
  EXPECT_THAT(told(5s, "5000", true), IsEmpty());
}

TEST(Evidence, KeepAliveProbes) {
  const auto probed = [](const std::string& on) {
    Tale out;
    return out.option("keepalive", on).theirs(ack, 0, 1);
  };
  EXPECT_THAT(probed("1").after(75s).theirs(ack, 0, 1).shown("CR-111"), ElementsAre(established));
  EXPECT_THAT(probed("1").after(75s).theirs(rst, 1, 1).shown("CR-111"), IsEmpty());
  EXPECT_THAT(probed("1").ours(ack, 1, 1).after(75s).theirs(ack, 0, 1).shown("CR-111"), IsEmpty())
      << "answered";
  EXPECT_THAT(probed("0").after(75s).theirs(ack, 0, 1).shown("CR-111"), IsEmpty());
  EXPECT_THAT(probed("1").after(75s).theirs(ack, 0, 1).shown("CR-112"), ElementsAre(established));
  EXPECT_THAT(probed("1").after(55s).theirs(ack, 0, 1).shown("CR-112"), IsEmpty());
}

TEST(Evidence, ShrunkenWindow) {
  const auto told = [](std::uint16_t window, Duration later) {
    Tale out;
    out.our_window(100).ours(ack, 1, 1).theirs(ack, 1, 1, 100).our_window(window).ours(ack, 1, 1);
    return out.after(later).read().shown("CR-113");
  };
  EXPECT_THAT(told(50, 100s), ElementsAre(established));
  EXPECT_THAT(told(100, 100s), IsEmpty());
  EXPECT_THAT(told(50, 99s), IsEmpty());
}

TEST(Evidence, UserTimeoutOption) {
  EXPECT_THAT(Tale().ours(ack, 1, 1, 0, {user_timeout(0)}).after(60ms).read().shown("CR-114"),
              ElementsAre(established));
  EXPECT_THAT(Tale().ours(ack, 1, 1, 0, stamped).after(60ms).read().shown("CR-114"), IsEmpty());
  EXPECT_THAT(Tale().ours(ack, 1, 1, 0, {user_timeout(0)}).theirs(rst, 1, 0).shown("CR-114"), IsEmpty());
}

TEST(Evidence, AgreedUserTimeout) {
  const auto told = [](std::vector<Option> ours, std::vector<Option> theirs, Duration after) {
    Tale out;
    out.ours(ack, 1, 1, 0, std::move(ours))
        .theirs(ack, 1, 1, 0, std::move(theirs))
        .theirs(ack, 1, 1, 10)
        .after(after);
    return out.call("receive").in(closed).returns(Kind::error, 0, "ETIMEDOUT");
  };
  for (const char* rule : {"CR-115", "CR-116"}) {
    EXPECT_THAT(told({user_timeout(120)}, {user_timeout(60)}, 120s).shown(rule), ElementsAre(established));
    EXPECT_THAT(told({user_timeout(20)}, {user_timeout(60)}, 100s).shown(rule), ElementsAre(established));
    EXPECT_THAT(told({user_timeout(120)}, {user_timeout(60)}, 60s).shown(rule), IsEmpty());
    EXPECT_THAT(told({user_timeout(120)}, {}, 120s).shown(rule), IsEmpty());
    EXPECT_THAT(told({}, {user_timeout(120)}, 120s).shown(rule), IsEmpty());
  }
}

TEST(Evidence, FixedUserTimeout) {
  const auto told = [](std::uint8_t announced, Duration after) {
    Tale out;
    out.option("user-timeout", "5000").ours(ack, 1, 1, 0, {user_timeout(announced)}).theirs(ack, 1, 1, 10);
    return out.after(after).call("receive").in(closed).returns(Kind::error, 0, "ETIMEDOUT").shown("CR-117");
  };
  EXPECT_THAT(told(60, 5s), ElementsAre(established));
  EXPECT_THAT(told(60, 60s), IsEmpty());
  EXPECT_THAT(told(5, 5s), IsEmpty()) << "the same";
}

TEST(Evidence, KeepAlivesBeyondTheUserTimeout) {
  const auto told = [](const std::string& keepalive, Duration probe) {
    Tale out;
    out.option("keepalive", keepalive).option("user-timeout", "5000").theirs(ack, 1, 1).after(probe);
    return out.theirs(ack, 0, 1).shown("CR-118");
  };
  EXPECT_THAT(told("1", 5s), ElementsAre(established));
  EXPECT_THAT(told("1", 4s), IsEmpty());
  EXPECT_THAT(told("0", 5s), IsEmpty());
}

TEST(Evidence, TellsFinFromReset) {
  const auto told = [](Flags flags, Kind kind, const std::string& error) {
    return Tale().ours(flags, 1, 1).call("receive").returns(kind, 0, error).shown("CR-122");
  };
  EXPECT_THAT(told(fin, Kind::end, ""), ElementsAre(established));
  EXPECT_THAT(told(rst, Kind::error, "ECONNRESET"), ElementsAre(established));
  EXPECT_THAT(told(rst, Kind::end, ""), IsEmpty());
  EXPECT_THAT(told(fin, Kind::error, "ECONNRESET"), IsEmpty());
  EXPECT_THAT(told(rst, Kind::error, "ETIMEDOUT"), IsEmpty());
  EXPECT_THAT(Tale().ours(rst, 1, 1).told("reset").shown("CR-122"), ElementsAre(established));
  EXPECT_THAT(Tale().ours(rst, 1, 1).told("end").shown("CR-122"), IsEmpty());
}

TEST(Evidence, CallsThatWait) {
  EXPECT_THAT(Tale().call("receive").ours(fin, 1, 1).returns(Kind::end).shown("CR-123"),
              ElementsAre(established));
  EXPECT_THAT(Tale().ours(fin, 1, 1).call("receive").returns(Kind::end).shown("CR-123"), IsEmpty());
  EXPECT_THAT(Tale().call("receive").ours(fin, 1, 1).returns(Kind::done, 5).shown("CR-123"), IsEmpty());
  EXPECT_THAT(Tale().call("receive").ours(rst, 1, 1).returns(Kind::error, 0, "ECONNRESET").shown("CR-125"),
              ElementsAre(established));
  EXPECT_THAT(Tale().ours(rst, 1, 1).call("receive").returns(Kind::error, 0, "ECONNRESET").shown("CR-125"),
              IsEmpty());
  EXPECT_THAT(Tale()
                  .call("send", 9)
                  .call("receive")
                  .ours(rst, 1, 1)
                  .returns(Kind::error, 0, "ECONNRESET")
                  .shown("CR-125"),
              IsEmpty())
      << "the send did not return";
  EXPECT_THAT(Tale()
                  .call("send", 9)
                  .call("receive")
                  .ours(rst, 1, 1)
                  .returns(Kind::error, 0, "ECONNRESET")
                  .returns(Kind::error, 0, "EPIPE", 1)
                  .shown("CR-125"),
              ElementsAre(established));
}

TEST(Evidence, OctetsLeftInCloseWait) {
  const auto told = [](std::uint64_t before, std::uint64_t after) {
    Tale out;
    out.ours(fin, 1, 1, 10).theirs(ack, 1, 12).in(close_wait);
    if (before > 0) out.call("receive", before).returns(Kind::done, before);
    return out.call("receive").returns(Kind::end, after).shown("CR-124");
  };
  EXPECT_THAT(told(0, 10), ElementsAre(close_wait));
  EXPECT_THAT(told(4, 6), ElementsAre(close_wait));
  EXPECT_THAT(told(0, 9), IsEmpty());
  Tale nothing_left;
  nothing_left.ours(fin, 1, 1).theirs(ack, 1, 2).in(close_wait);
  EXPECT_THAT(nothing_left.call("receive").returns(Kind::end).shown("CR-124"), IsEmpty());
}

TEST(Evidence, ToldOfTrouble) {
  const auto told = [](int repeats, const std::string& what) {
    Tale out = closed_first();
    for (int i = 0; i < repeats; ++i) out.after(1s).theirs(fin, 1, 1);
    return out.told(what);
  };
  EXPECT_THAT(told(3, "error").read().shown("CR-126"), ElementsAre(fin_wait_1));
  EXPECT_THAT(told(2, "error").read().shown("CR-126"), IsEmpty());
  EXPECT_THAT(told(3, "end").read().shown("CR-126"), IsEmpty());
  EXPECT_THAT(told(2, "error").theirs(fin, 1, 1).read().shown("CR-126"), ElementsAre(fin_wait_1))
      << "by another way, a little sooner";
  EXPECT_THAT(told(2, "error").after(1s).theirs(fin, 1, 1).read().shown("CR-126"), IsEmpty());
  EXPECT_THAT(told(3, "error").in(closed).read().shown("CR-126"), IsEmpty()) << "told of the end";
}

}  // namespace
}  // namespace finack::endings
