// SPDX-License-Identifier: Apache-2.0
// The harness's end of the line, against agents that behave badly.
#include "target/agent_link.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* good_hello =
    "echo '0 hello protocol=1 agent=0.1.0 system=Test/1 capabilities=inet,state'; ";

AgentStart shell(const std::string& script) {
  return {"/bin/sh", {"-c", script}, -1, 5s};
}

Result<AgentLink> start_with_hello(const std::string& script) {
  return AgentLink::start(shell(good_hello + script));
}

std::string start_error(const std::string& script) {
  const auto link = AgentLink::start(shell(script));
  return link ? "started" : link.error().message;
}

// Waits for the first lines, or the error.
Result<std::vector<Line>> next_lines(AgentLink& link) {
  for (;;) {
    pollfd slot{link.fd(), POLLIN, 0};
    if (::poll(&slot, 1, 5000) != 1) return fail("nothing came");
    auto lines = link.receive();
    if (!lines || !lines->empty()) return lines;
  }
}

std::string loss(AgentLink& link) {
  for (;;) {
    const auto lines = next_lines(link);
    if (!lines) return lines.error().message;
  }
}

TEST(AgentLink, ReadsTheHello) {
  const auto link = start_with_hello("cat >/dev/null");
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(link->hello(), (AgentHello{1, "0.1.0", "Test/1", {"inet", "state"}}));
  EXPECT_TRUE(link->hello().can("state"));
  EXPECT_FALSE(link->hello().can("inet6"));
}

TEST(AgentLink, RefusesAnotherProtocolVersion) {
  const auto link = AgentLink::start(shell("echo '0 hello protocol=2'; cat"));
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().message, "the agent speaks protocol version 2, this finack speaks 1");
  EXPECT_EQ(link.error().hint, "use a finack-agent of the same release as finack");
}

TEST(AgentLink, RefusesWhatIsNoHello) {
  EXPECT_EQ(start_error("echo '1 ok'; cat"), "the agent's first line is \"1 ok\", not \"0 hello\"");
  EXPECT_EQ(start_error("echo '0 hello protocol=one'; cat"), "the agent's hello names no protocol version");
  EXPECT_EQ(start_error("echo '0 hello'; cat"), "the agent's hello names no protocol version");
  EXPECT_EQ(start_error("echo Welcome to the bench; cat"),
            "the agent sent \"Welcome to the bench\", which is not a line of the protocol: "
            "the line does not begin with a number");
  EXPECT_EQ(start_error("yes | tr -d '\\n'"), "the agent sent a line of more than 4096 octets");
}

TEST(AgentLink, TellsHowTheAgentEnded) {
  EXPECT_EQ(start_error("exit 3"), "the agent ended (exit status 3)");
  EXPECT_EQ(start_error("kill -9 $$"), "the agent ended (killed by signal 9)");
  EXPECT_EQ(start_error("exec >&- <&-; sleep 60"), "the agent closed its output");
}

TEST(AgentLink, DoesNotWaitForEverForAHello) {
  AgentStart silent = shell("sleep 60");
  silent.hello_within = 100ms;
  const auto began = std::chrono::steady_clock::now();
  const auto link = AgentLink::start(silent);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().message, "the agent sent no hello within 100 ms");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST(AgentLink, TellsWhyAProgramDidNotStart) {
  const auto none = AgentLink::start({"/nonexistent/agent"});
  ASSERT_FALSE(none);
  EXPECT_EQ(
      none.error().message,
      "cannot start the agent /nonexistent/agent: it could not run the program: No such file or directory");
  const auto unfound = AgentLink::start({"finack-no-such-program"});
  ASSERT_FALSE(unfound);
  EXPECT_THAT(unfound.error().message, HasSubstr("No such file or directory"));
  AgentStart no_namespace = shell("cat");
  no_namespace.network_namespace = STDERR_FILENO;
  const auto outside = AgentLink::start(no_namespace);
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().message, HasSubstr("it could not enter the network namespace"));
}

TEST(AgentLink, FindsAProgramInThePath) {
  EXPECT_TRUE(AgentLink::start({"sh", {"-c", std::string(good_hello) + "cat"}}));
}

TEST(AgentLink, SendsAndReceivesLines) {
  auto link = start_with_hello("read line; echo \"${line% *} ok\"; echo '0 event s=1 what=end'; cat");
  ASSERT_TRUE(link);
  ASSERT_TRUE(link->send({12, "version", {}}));
  std::vector<Line> got;
  while (got.size() < 2) {
    auto lines = next_lines(*link);
    ASSERT_TRUE(lines) << lines.error().message;
    got.insert(got.end(), lines->begin(), lines->end());
  }
  EXPECT_EQ(got, (std::vector<Line>{{12, "ok", {}}, {0, "event", {{"s", "1"}, {"what", "end"}}}}));
  EXPECT_TRUE(link->receive()->empty());
}

TEST(AgentLink, HandsOverTheLastWordsBeforeTheError) {
  auto link = start_with_hello("echo 1 ok; echo 2 ok; exit 7");
  ASSERT_TRUE(link);
  std::size_t count = 0;
  auto lines = next_lines(*link);
  for (; lines; lines = next_lines(*link)) count += lines->size();
  EXPECT_EQ(count, 2U);
  EXPECT_EQ(lines.error().message, "the agent ended (exit status 7)");
  EXPECT_EQ(link->pid(), -1);
  // And it stays so.
  EXPECT_EQ(link->send({3, "version", {}}).error().message, "the agent ended (exit status 7)");
  EXPECT_EQ(link->flush().error().message, "the agent ended (exit status 7)");
  EXPECT_EQ(link->receive().error().message, "the agent ended (exit status 7)");
}

TEST(AgentLink, GarbageAfterGoodLinesIsTold) {
  auto link = start_with_hello("echo 1 ok; printf '\\001\\377\\n'; cat");
  ASSERT_TRUE(link);
  EXPECT_EQ(
      loss(*link),
      "the agent sent \"??\", which is not a line of the protocol: the line does not begin with a number");
}

TEST(AgentLink, SendingToADeadAgentIsNoSurprise) {
  auto link = start_with_hello("kill -9 $$");
  ASSERT_TRUE(link);
  pollfd slot{link->fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&slot, 1, 5000), 1);
  EXPECT_TRUE(link->send({1, "version", {}}));
  EXPECT_FALSE(link->wants_write());
  EXPECT_EQ(loss(*link), "the agent ended (killed by signal 9)");
}

TEST(AgentLink, TakesAFloodInPortions) {
  auto link = start_with_hello("exec yes '0 event s=1 what=readable'");
  ASSERT_TRUE(link);
  for (int round = 0; round < 3; ++round) {
    const auto lines = next_lines(*link);
    ASSERT_TRUE(lines);
    EXPECT_LT(lines->size(), 100'000U);
  }
}

TEST(AgentLink, KeepsABoundedQueueForAnAgentThatDoesNotRead) {
  auto link = start_with_hello("exec sleep 60");
  ASSERT_TRUE(link);
  const Line call{1, "version", {{"filler", std::string(4000, 'x')}}};
  Result<void> sent;
  int count = 0;
  for (; count < 10'000 && sent; ++count) sent = link->send(call);
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().message, StartsWith("the agent reads no more calls: "));
  EXPECT_LT(count, 2500);  // 4 MiB here, and what the system takes
  EXPECT_TRUE(link->wants_write());
  EXPECT_TRUE(link->receive());
}

TEST(AgentLink, WritesTheRestWhenThereIsRoom) {
  auto link = start_with_hello("sleep 0.2; head -n 1000 | wc -l | sed 's/^ */1 ok lines=/'; cat >/dev/null");
  ASSERT_TRUE(link);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(link->send({1, "version", {{"filler", std::string(1000, 'x')}}}));
  }
  EXPECT_TRUE(link->wants_write());
  while (link->wants_write()) {
    pollfd slot{link->fd(), POLLOUT, 0};
    ASSERT_EQ(::poll(&slot, 1, 5000), 1);
    ASSERT_TRUE(link->flush());
  }
  const auto lines = next_lines(*link);
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->at(0), (Line{1, "ok", {{"lines", "1000"}}}));
}

TEST(AgentLink, RefusesToSendALineTooLong) {
  auto link = start_with_hello("cat >/dev/null");
  ASSERT_TRUE(link);
  const auto sent = link->send({1, "version", {{"filler", std::string(max_line, 'x')}}});
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().message, HasSubstr("too long for an agent"));
  EXPECT_TRUE(link->send({1, "version", {}}));
}

TEST(AgentLink, EndsAnAgentThatWouldNotEnd) {
  auto link = start_with_hello("trap '' TERM INT HUP; while :; do sleep 60; done");
  ASSERT_TRUE(link);
  const pid_t pid = link->pid();
  const auto began = std::chrono::steady_clock::now();
  { const AgentLink gone = std::move(*link); }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1);
}

TEST(AgentLink, TheChildInheritsNothingOfOurs) {
  const int mine = ::open("/dev/null", O_RDONLY);
  const Descriptor high(::fcntl(mine, F_DUPFD, 77));
  ::close(mine);
  ::signal(SIGUSR1, SIG_IGN);
  auto link = start_with_hello(
      "echo 1 ok open=$(ls /proc/$$/fd | tr '\\n' ,) group=$(ps -o pgid= -p $$ | tr -d ' ') pid=$$ "
      "ignored=$(grep SigIgn /proc/$$/status | cut -f 2) blocked=$(grep SigBlk /proc/$$/status | cut -f 2); "
      "cat");
  ::signal(SIGUSR1, SIG_DFL);
  ASSERT_TRUE(link);
  const auto lines = next_lines(*link);
  ASSERT_TRUE(lines);
  const Line& line = lines->at(0);
  EXPECT_THAT(*line.find("open"), StartsWith("0,1,2,"));
  EXPECT_THAT(*line.find("open"), testing::Not(HasSubstr("77")));
  EXPECT_EQ(*line.find("ignored"), "0000000000000000");
  EXPECT_EQ(*line.find("blocked"), "0000000000000000");
  EXPECT_EQ(*line.find("pid"), std::to_string(link->pid()));
  if (!line.find("group")->empty()) {  // no ps on this machine
    EXPECT_EQ(*line.find("group"), *line.find("pid"));
  }
}

}  // namespace
}  // namespace finack
