// SPDX-License-Identifier: Apache-2.0
#include "judge/user_calls.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

class Application {
 public:
  Application() {
    call("socket", "listener");
    EXPECT_EQ(facts(call("listen", "listener")), Facts{Fact::passive_open});
    accept("connection");
  }
  std::optional<UserCalls::Event> call(const std::string& word, const std::string& socket = "connection",
                                       std::vector<std::pair<std::string, std::string>> fields = {},
                                       const std::string& makes = {}) {
    CallStep step;
    step.word = word;
    step.socket = socket;
    step.fields = std::move(fields);
    step.makes = makes;
    const auto event = calls_.called(step);
    calls_.returned(step, {});
    return event;
  }
  void accept(const std::string& makes) { EXPECT_FALSE(call("accept", "listener", {}, makes)); }
  std::optional<UserCalls::Event> shutdown(const std::string& how) {
    return call("shutdown", "connection", {{"how", how}});
  }
  static Facts facts(const std::optional<UserCalls::Event>& event) {
    EXPECT_TRUE(event);
    return event ? event->facts : Facts{};
  }

 private:
  UserCalls calls_;
};

Facts facts(const std::optional<UserCalls::Event>& event) {
  return Application::facts(event);
}

const Facts close_both = {Fact::close, Fact::both_ways};

TEST(UserCalls, ACloseIsACloseBothWays) {
  Application application;
  EXPECT_EQ(facts(application.call("close")), close_both);
  EXPECT_FALSE(application.call("close")) << "there is no such socket any more";
}

TEST(UserCalls, OnlyTheLastCloseOfASocketCounts) {
  Application application;
  EXPECT_FALSE(application.call("dup", "connection", {}, "copy"));
  EXPECT_FALSE(application.call("close"));
  EXPECT_EQ(facts(application.call("close", "copy")), close_both);
}

TEST(UserCalls, ACloseThatDoesNotLingerIsAnAbort) {
  Application application;
  application.call("option", "connection", {{"name", "linger"}, {"value", "0"}});
  EXPECT_EQ(facts(application.call("close")), Facts{Fact::abort});
  Application lingers;
  lingers.call("option", "connection", {{"name", "linger"}, {"value", "0"}});
  lingers.call("option", "connection", {{"name", "linger"}, {"value", "5"}});
  EXPECT_EQ(facts(lingers.call("close")), close_both);
}

TEST(UserCalls, LingerIsInheritedFromTheListener) {
  Application application;
  application.call("option", "listener", {{"name", "linger"}, {"value", "0"}});
  application.accept("second");
  EXPECT_EQ(facts(application.call("close", "second")), Facts{Fact::abort});
}

TEST(UserCalls, ADeathIsACloseAndAnAbortIsOne) {
  Application dies;
  EXPECT_EQ(facts(dies.call("die")), close_both);
  Application lingers;
  lingers.call("option", "connection", {{"name", "linger"}, {"value", "5"}});
  EXPECT_EQ(facts(lingers.call("die")), close_both);
  Application does_not;
  does_not.call("option", "connection", {{"name", "linger"}, {"value", "0"}});
  EXPECT_EQ(facts(does_not.call("die")), Facts{Fact::abort});
  Application aborts;
  EXPECT_EQ(facts(aborts.call("abort")), Facts{Fact::abort});
  Application destroyed;
  EXPECT_EQ(facts(destroyed.call("destroy")), Facts{Fact::abort});
}

TEST(UserCalls, AShutdownClosesWhatItNames) {
  Application sends;
  EXPECT_EQ(facts(sends.shutdown("send")), Facts{Fact::close});
  EXPECT_EQ(facts(sends.shutdown("receive")), Facts{Fact::both_ways}) << "the other half as well now";
  Application receives;
  EXPECT_FALSE(receives.shutdown("receive")) << "TCP is not told";
  EXPECT_EQ(facts(receives.shutdown("send")), close_both);
  Application both;
  EXPECT_EQ(facts(both.shutdown("both")), close_both);
}

TEST(UserCalls, TheListenerIsNoConnection) {
  Application application;
  const auto event = application.call("close", "listener");
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->closes_listener);
  EXPECT_FALSE(event->orphans) << "the connection was accepted";
  EXPECT_EQ(event->facts, Facts{});
  Application aborts;
  EXPECT_EQ(aborts.call("abort", "listener")->facts, Facts{Fact::abort});
  EXPECT_EQ(facts(application.call("close")), close_both);
}

TEST(UserCalls, AListenerTakesWhatNobodyAcceptedWithIt) {
  UserCalls calls;
  CallStep step;
  step.socket = "listener";
  for (const char* word : {"socket", "listen"}) {
    step.word = word;
    calls.called(step);
  }
  step.word = "close";
  const auto event = calls.called(step);
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->closes_listener);
  EXPECT_TRUE(event->orphans);
}

TEST(UserCalls, AConnectIsAnActiveOpen) {
  UserCalls calls;
  CallStep step;
  step.socket = "client";
  step.word = "socket";
  EXPECT_FALSE(calls.called(step));
  step.word = "connect";
  EXPECT_EQ(facts(calls.called(step)), Facts{Fact::active_open});
  step.word = "close";
  EXPECT_EQ(facts(calls.called(step)), close_both);
}

TEST(UserCalls, OtherSocketsDoNotMatter) {
  Application application;
  application.call("socket", "other");
  EXPECT_FALSE(application.call("close", "other"));
  EXPECT_FALSE(application.call("close", "never made"));
}

}  // namespace
}  // namespace finack
