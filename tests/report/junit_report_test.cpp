// SPDX-License-Identifier: Apache-2.0
#include "report/junit_report.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "report/sample.h"

namespace finack {
namespace {

std::string junit_of(const std::vector<Event>& events, bool strict = false) {
  std::string out;
  const EventSink report = junit_report([&](const std::string& text) { out += text; }, strict);
  for (const Event& event : events) report(event);
  return out;
}

RunFinished finished() {
  RunFinished out;
  out.summary.total = 1;
  out.summary.duration = 1500ms;
  return out;
}

TEST(JunitReport, HoldsEverythingOfAFailure) {
  const Sample sample;
  EXPECT_EQ(junit_of({RunStarted{environment(), 1}, sample.event, finished()}), R"(<?xml version="1.0"?>
<testsuites name="finack" tests="1" failures="1" errors="0" skipped="0" time="1.500">
  <testsuite name="finack" tests="1" failures="1" errors="0" skipped="0" time="1.500">
    <properties>
      <property name="world" value="kernel" />
      <property name="kernel" value="Linux 6.1.0 x86_64" />
      <property name="profile" value="linux" />
      <property name="seed" value="42" />
      <property name="version.finack" value="0.1.0" />
      <property name="net.ipv4.tcp_sack" value="1" />
    </properties>
    <testcase classname="close" name="sample/ipv4" file="suites/close/sample.yaml" line="1" time="1.234">
      <failure type="fail" message="expect: FIN+ACK: wanted FIN+ACK seq=1 ack=1, got nothing within 1 s">  suites/close/sample.yaml:6:5: step 2 of 2, expect: FIN+ACK
    wanted  FIN+ACK seq=1 ack=1
    got     nothing within 1 s
    hint    the target is in FIN-WAIT-1

     0.000100  SYN seq=0 win=65535 &lt;mss 1460&gt; ------------&gt;
     0.000117  &lt;------------------------------------------- SYN+ACK seq=0 ack=1 win=64240
     0.000200                                               [close]
     0.000260                                               [close: done]
     0.000300                                               [state FIN-WAIT-1, timer retransmit 200 ms]
     0.000400  &lt;------------------------------------------- not a TCP segment: IP protocol 1, not TCP

</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(JunitReport, SortsVerdictsIntoWhatCiSystemsKnow) {
  const auto counts = [](Verdict verdict, bool strict = false) {
    Sample sample;
    sample.event.verdict = verdict;
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(junit_of({sample.event, finished()}, strict).c_str()));
    const auto suite = document.child("testsuites").child("testsuite");
    const auto test = suite.child("testcase");
    return std::string(suite.attribute("failures").value()) + suite.attribute("errors").value() +
           suite.attribute("skipped").value() + " " + test.first_child().name();
  };
  EXPECT_EQ(counts(Verdict::pass), "000 ");
  EXPECT_EQ(counts(Verdict::fail), "100 failure");
  EXPECT_EQ(counts(Verdict::warn), "000 system-out");
  EXPECT_EQ(counts(Verdict::warn, true), "100 failure");
  EXPECT_EQ(counts(Verdict::inconclusive), "010 error");
  EXPECT_EQ(counts(Verdict::error), "010 error");
  EXPECT_EQ(counts(Verdict::skipped), "001 skipped");
  EXPECT_EQ(counts(Verdict::known), "001 skipped");
}

TEST(JunitReport, IsXmlWhateverCameFromTheWire) {
  Sample sample;
  std::string octets = "]]> & \"<a>' \xed\xa0\x80 \xef\xbf\xbf \xf0\x9f\x98\x80";
  for (int c = 1; c < 256; ++c) octets += static_cast<char>(c);
  sample.event.reason = octets;
  sample.event.finding->got = octets;
  const std::string text = junit_of({sample.event, finished()});
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ') << int(c);
  EXPECT_EQ(text.find("&#"), std::string::npos) << "no character that XML 1.0 forbids, spelled out or not";
  const std::string message = document.select_node("//failure").node().attribute("message").value();
  EXPECT_TRUE(
      message.starts_with("]]> & \"<a>' \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd \xf0\x9f\x98\x80"))
      << message;
}

TEST(JunitReport, TellsAnEarlyEnd) {
  RunFinished end;
  end.summary.total = 5;
  end.summary.out_of_time = true;
  EXPECT_NE(junit_of({end}).find("<system-err>out of time, 5 of 5 not finished</system-err>"),
            std::string::npos);
}

TEST(JunitReport, WhatTheTargetKeptIsATestThatFailed) {
  RunFinished end;
  end.summary.resources.leaks = {{"a target", "sockets 7", "sockets 8", "where to look"}};
  const std::string text = junit_of({end});
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  EXPECT_STREQ(document.select_node("//testsuite").node().attribute("failures").value(), "1");
  EXPECT_STREQ(document.select_node("//failure").node().attribute("message").value(),
               "the target holds more than before: sockets 8");
}

}  // namespace
}  // namespace finack
