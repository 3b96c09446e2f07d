// SPDX-License-Identifier: Apache-2.0
// Every call of the protocol, made by a real agent on the loopback interface.
#include <gmock/gmock.h>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Calls : public AgentTest {};

TEST_F(Calls, HelloAndVersionAgree) {
  EXPECT_EQ(link_->hello().protocol, protocol_version);
  EXPECT_EQ(link_->hello().agent, "0.1.0");
  EXPECT_THAT(link_->hello().system, HasSubstr("/"));
  for (const char* capability : {"inet", "half-close", "linger0", "watch", "dup", "die", "urgent",
                                 "option-reuseaddr", "option-nodelay", "option-error"}) {
    EXPECT_TRUE(link_->hello().can(capability)) << capability;
  }
  const std::string version = call("version");
  EXPECT_THAT(version, StartsWith("ok protocol=1 agent=0.1.0 system="));
  EXPECT_EQ(field(version, "system"), link_->hello().system);
}

// Whoever does not rule the network gets no such option.
TEST_F(Calls, AnInitialNumberIsANumberButZero) {
  if (!link_->hello().can("option-iss")) GTEST_SKIP() << "this agent may not choose it";
  ASSERT_EQ(call("socket s=2 family=inet"), "ok");
  EXPECT_EQ(call("option s=2 name=iss value=4294966000"), "ok");
  for (const char* wrong : {"0", "4294967296", "-1", "x"})
    EXPECT_THAT(call(std::string("option s=2 name=iss value=") + wrong), StartsWith("refused")) << wrong;
  EXPECT_EQ(call("option s=2 name=iss"), "error errno=ENOPROTOOPT");
}

TEST_F(Calls, AnInitialNumberChangesNothingElse) {
  if (!link_->hello().can("option-iss")) GTEST_SKIP() << "this agent may not choose it";
  ASSERT_EQ(call("socket s=2 family=inet"), "ok");
  for (const char* reuse : {"1", "0"}) {
    ASSERT_EQ(call(std::string("option s=2 name=reuseaddr value=") + reuse), "ok");
    EXPECT_EQ(call("option s=2 name=iss value=5"), "ok");
    EXPECT_EQ(call("option s=2 name=reuseaddr"), std::string("ok value=") + reuse);
  }
}

TEST_F(Calls, AnInitialNumberIsForASocketThatIsFresh) {
  if (!link_->hello().can("option-iss")) GTEST_SKIP() << "this agent may not choose it";
  connect_pair();
  for (const char* handle : {"1", "2", "3"}) {
    EXPECT_EQ(call(std::string("option s=") + handle + " name=iss value=5"), "error errno=EISCONN") << handle;
  }
}

class Families : public Calls, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Calls::SetUp();
    const std::string family = GetParam();
    if (!link_->hello().can(family)) GTEST_SKIP() << "no " << family << " on this machine";
    ASSERT_EQ(call("socket s=9 family=" + family), "ok");
    const std::string bound = call("bind s=9 address=" + loopback(family) + " port=0");
    if (!bound.starts_with("ok")) GTEST_SKIP() << loopback(family) << " cannot be used here: " << bound;
    ASSERT_EQ(call("close s=9"), "ok");
  }
};

TEST_P(Families, OpenTransferAndClose) {
  const std::string family = GetParam();
  const std::string here = loopback(family);
  const std::string port = listen(family);
  ASSERT_EQ(call("socket s=2 family=" + family), "ok");
  const auto accept = post("accept s=1 as=3");
  EXPECT_FALSE(replied(accept));
  const std::string connected = call("connect s=2 address=" + here + " port=" + port);
  const std::string mine = field(connected, "local-port");
  EXPECT_EQ(connected, "ok local=" + here + " local-port=" + mine + " peer=" + here + " peer-port=" + port);
  EXPECT_EQ(reply(accept),
            "ok local=" + here + " local-port=" + port + " peer=" + here + " peer-port=" + mine);
  EXPECT_EQ(call("name s=2"), connected);
  EXPECT_EQ(call("send s=2 seed=1 offset=0 length=1000"), "ok octets=1000");
  EXPECT_EQ(call("receive s=3 seed=1 offset=0 length=1000"),
            "ok octets=1000 end=no digest=6223a86098782fba mismatch=none");
  EXPECT_EQ(call("shutdown s=2 how=send"), "ok");
  EXPECT_EQ(call("receive s=3 seed=1 offset=1000 length=1"),
            "ok octets=0 end=yes digest=cbf29ce484222325 mismatch=none");
  // Half-closed: the other direction still works.
  EXPECT_EQ(call("send s=3 seed=42 offset=1460 length=1460"), "ok octets=1460");
  EXPECT_EQ(call("receive s=2 seed=42 offset=1460 length=1460"),
            "ok octets=1460 end=no digest=81ba270e4ab46476 mismatch=none");
  EXPECT_EQ(call("close s=3"), "ok");
  EXPECT_EQ(call("close s=2"), "ok");
  EXPECT_EQ(call("close s=1"), "ok");
}

INSTANTIATE_TEST_SUITE_P(All, Families, testing::Values("inet", "inet6"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST_F(Calls, ErrorsOfTheStackKeepTheirNames) {
  const std::string port = listen();
  call("socket s=2 family=inet");
  EXPECT_EQ(call("bind s=2 address=127.0.0.1 port=" + port), "error errno=EADDRINUSE");
  EXPECT_EQ(call("bind s=2 address=198.51.100.77 port=0"), "error errno=EADDRNOTAVAIL");
  EXPECT_EQ(call("accept s=2 as=7"), "error errno=EINVAL");
  EXPECT_EQ(call("shutdown s=2 how=send"), "error errno=ENOTCONN");
  EXPECT_EQ(call("send s=2 seed=0 offset=0 length=5"), "error errno=EPIPE octets=0");
  EXPECT_EQ(call("receive s=2 seed=0 offset=0 length=5"),
            "error errno=ENOTCONN octets=0 digest=cbf29ce484222325 mismatch=none");
  EXPECT_EQ(call("name s=2"), "ok local=0.0.0.0 local-port=0 peer=none peer-port=0");
  // The handle of an accept that failed is free again.
  EXPECT_EQ(call("socket s=7 family=inet"), "ok");
}

TEST_F(Calls, AConnectIsRefusedWhereNobodyListens) {
  const std::string port = listen();
  call("close s=1");
  call("socket s=2 family=inet");
  EXPECT_EQ(call("connect s=2 address=127.0.0.1 port=" + port), "error errno=ECONNREFUSED");
}

TEST_F(Calls, AConnectedSocketDoesNotConnectAgain) {
  connect_pair();
  EXPECT_EQ(call("connect s=2 address=127.0.0.1 port=" + port_), "error errno=EISCONN");
}

TEST_F(Calls, NothingIsSentAfterAShutdown) {
  connect_pair();
  EXPECT_EQ(call("shutdown s=2 how=both"), "ok");
  EXPECT_EQ(call("send s=2 seed=0 offset=0 length=5"), "error errno=EPIPE octets=0");
  EXPECT_EQ(field(call("receive s=2 seed=0 offset=0 length=5"), "end"), "yes");
}

TEST_F(Calls, AnAbortIsAResetForTheOther) {
  connect_pair();
  const auto receive = post("receive s=3 seed=0 offset=0 length=5");
  EXPECT_FALSE(replied(receive));
  EXPECT_EQ(call("abort s=2"), "ok");
  EXPECT_EQ(reply(receive), "error errno=ECONNRESET octets=0 digest=cbf29ce484222325 mismatch=none");
}

TEST_F(Calls, AReceiveTellsTheFirstOctetThatDiffers) {
  connect_pair();
  call("send s=2 seed=5 offset=0 length=100");
  // The pattern of another offset: the digest is of what came, whatever was wanted.
  const std::string got = call("receive s=3 seed=5 offset=40 length=100");
  std::uint8_t octets[140];
  fill_pattern(5, 0, octets, sizeof octets);
  std::uint64_t at = 40;
  while (octets[at] == octets[at - 40]) ++at;
  EXPECT_EQ(field(got, "mismatch"), std::to_string(at));
  EXPECT_EQ(field(got, "digest"), digest_text(digest_add(digest_start, octets, 100)));
}

TEST_F(Calls, ALargeTransferFlowsWhileBothWait) {
  connect_pair();
  const auto send = post("send s=2 seed=8 offset=4294967290 length=20000000");
  const auto back = post("send s=3 seed=9 offset=0 length=20000000");
  EXPECT_FALSE(replied(send));
  const auto receive = post("receive s=3 seed=8 offset=4294967290 length=20000000");
  const auto got_back = post("receive s=2 seed=9 offset=0 length=20000000");
  EXPECT_EQ(reply(send), "ok octets=20000000");
  EXPECT_EQ(reply(back), "ok octets=20000000");
  EXPECT_THAT(reply(receive), HasSubstr("ok octets=20000000 end=no"));
  EXPECT_EQ(field(reply(got_back), "mismatch"), "none");
}

TEST_F(Calls, CallsOfAKindTakeTheirTurns) {
  connect_pair();
  const auto first = post("receive s=3 seed=1 offset=0 length=600");
  const auto second = post("receive s=3 seed=1 offset=600 length=600");
  post("send s=2 seed=1 offset=0 length=1000");
  EXPECT_THAT(reply(first), HasSubstr("octets=600 end=no"));
  EXPECT_FALSE(replied(second));
  post("close s=2");
  const std::string rest = reply(second);
  EXPECT_THAT(rest, StartsWith("ok octets=400 end=yes"));
  EXPECT_EQ(field(rest, "mismatch"), "none");
}

TEST_F(Calls, ClosingCancelsWhatWaits) {
  connect_pair();
  const auto accept = post("accept s=1 as=5");
  const auto receive = post("receive s=2 seed=0 offset=0 length=5");
  const auto send = post("send s=2 seed=0 offset=0 length=100000000");
  EXPECT_FALSE(replied(send));
  EXPECT_EQ(call("close s=2"), "ok");
  EXPECT_EQ(reply(receive), "error errno=ECANCELED octets=0 digest=cbf29ce484222325 mismatch=none");
  const std::string sent = reply(send);
  EXPECT_THAT(sent, StartsWith("error errno=ECANCELED octets="));
  EXPECT_NE(field(sent, "octets"), "0");
  EXPECT_EQ(call("close s=1"), "ok");
  EXPECT_EQ(reply(accept), "error errno=ECANCELED");
  EXPECT_EQ(call("socket s=5 family=inet"), "ok");
}

TEST_F(Calls, AShutdownEndsWhatCannotGoOn) {
  connect_pair();
  const auto send = post("send s=2 seed=0 offset=0 length=100000000");
  const auto receive = post("receive s=2 seed=0 offset=0 length=5");
  const auto accept = post("accept s=1 as=5");
  EXPECT_EQ(call("shutdown s=2 how=both"), "ok");
  EXPECT_THAT(reply(send), StartsWith("error errno=EPIPE octets="));
  EXPECT_THAT(reply(receive), StartsWith("ok octets=0 end=yes"));
  EXPECT_EQ(call("shutdown s=1 how=receive"), "ok");
  EXPECT_EQ(reply(accept), "error errno=EINVAL");
}

TEST_F(Calls, OptionsAreSetAndRead) {
  call("socket s=1 family=inet");
  EXPECT_EQ(call("option s=1 name=reuseaddr value=1"), "ok");
  EXPECT_EQ(call("option s=1 name=reuseaddr"), "ok value=1");
  EXPECT_EQ(call("option s=1 name=nodelay"), "ok value=0");
  EXPECT_EQ(call("option s=1 name=linger"), "ok value=off");
  EXPECT_EQ(call("option s=1 name=linger value=0"), "ok");
  EXPECT_EQ(call("option s=1 name=linger"), "ok value=0");
  EXPECT_EQ(call("option s=1 name=linger value=off"), "ok");
  EXPECT_EQ(call("option s=1 name=linger"), "ok value=off");
  EXPECT_THAT(call("option s=1 name=v6only value=1"), StartsWith("error errno="));
  for (const std::string& capability : link_->hello().capabilities) {
    if (!capability.starts_with("option-")) continue;
    EXPECT_NE(call("option s=1 name=" + capability.substr(7)).substr(0, 7), "refused") << capability;
  }
  EXPECT_EQ(call("option s=1 name=user-timeout value=1500"),
            link_->hello().can("option-user-timeout") ? "ok" : "refused why=unknown%20option");
  EXPECT_EQ(call("option s=1 name=speed value=1"), "refused why=unknown%20option");
  for (const char* value : {"", "x", "1x", "2147483648", "off"}) {
    EXPECT_EQ(call(std::string("option s=1 name=nodelay value=") + value),
              "refused why=bad%20value%20of%20value");
  }
  EXPECT_EQ(call("option s=1 name=linger value=-1"), "refused why=bad%20value%20of%20value");
}

TEST_F(Calls, SomeOptionsAreOnlyRead) {
  connect_pair();
  for (const char* name : {"error", "unread", "unsent"}) {
    if (!link_->hello().can(std::string("option-") + name)) continue;
    EXPECT_EQ(call(std::string("option s=2 value=0 name=") + name),
              "refused why=the%20option%20can%20only%20be%20read");
  }
  EXPECT_EQ(call("option s=3 name=error"), "ok value=none");
  // Far more than fits into both buffers, so that some must wait.
  const auto send = post("send s=2 seed=1 offset=0 length=100000000");
  EXPECT_FALSE(replied(send));
  if (link_->hello().can("option-unsent")) {
    EXPECT_GT(std::stol(field(call("option s=2 name=unsent"), "value")), 0);
    EXPECT_EQ(call("option s=3 name=unsent"), "ok value=0");
  }
  EXPECT_EQ(call("option s=2 name=unread"), "ok value=0");
  call("abort s=2");
  EXPECT_THAT(reply(send), StartsWith("error errno=ECANCELED"));
  std::string error = "ok value=none";
  for (int i = 0; i < 1000 && error == "ok value=none"; ++i) error = call("option s=3 name=error");
  EXPECT_EQ(error, "ok value=ECONNRESET");
  EXPECT_EQ(call("option s=3 name=error"), "ok value=none");
}

TEST_F(Calls, TheStackSaysWhatCannotBe) {
  connect_pair();
  EXPECT_EQ(call("listen s=1 backlog=7"), "ok");  // again: a new backlog
  EXPECT_THAT(call("connect s=1 address=127.0.0.1 port=" + port_), StartsWith("error errno="));
  EXPECT_THAT(call("listen s=2 backlog=7"), StartsWith("error errno="));
  EXPECT_THAT(call("accept s=2 as=8"), StartsWith("error errno="));
  EXPECT_THAT(call("bind s=2 address=127.0.0.1 port=0"), StartsWith("error errno="));
  // None of which has hurt either.
  EXPECT_EQ(call("send s=2 seed=1 offset=0 length=10"), "ok octets=10");
  call("socket s=4 family=inet");
  EXPECT_THAT(call("connect s=4 address=127.0.0.1 port=" + port_), StartsWith("ok"));
  EXPECT_THAT(call("accept s=1 as=5"), StartsWith("ok"));
}

TEST_F(Calls, ALingeringCloseWaitsWhileTheAgentGoesOn) {
  connect_pair();
  call("option s=2 name=linger value=20");
  const auto send = post("send s=2 seed=1 offset=0 length=400000");
  ASSERT_EQ(reply(send), "ok octets=400000");
  const auto close = post("close s=2");
  EXPECT_FALSE(replied(close));
  EXPECT_EQ(call("socket s=2 family=inet"), "ok");  // the handle is free at once
  const std::string got = call("receive s=3 seed=1 offset=0 length=500000");
  EXPECT_THAT(got, StartsWith("ok octets=400000 end=yes"));
  EXPECT_EQ(reply(close), "ok");
}

TEST_F(Calls, DropCleansUpAndForgivesAll) {
  connect_pair();
  const auto receive = post("receive s=2 seed=0 offset=0 length=5");
  const auto other = post("receive s=3 seed=0 offset=0 length=5");
  EXPECT_EQ(call("drop s=2"), "ok");
  EXPECT_THAT(reply(receive), StartsWith("error errno=ECANCELED"));
  EXPECT_THAT(reply(other), StartsWith("error errno=ECONNRESET"));
  EXPECT_EQ(call("drop s=2"), "ok");
  EXPECT_EQ(call("drop s=77"), "ok");
}

}  // namespace
}  // namespace finack
