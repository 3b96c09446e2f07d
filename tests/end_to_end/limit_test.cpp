// SPDX-License-Identifier: Apache-2.0
// A machine that gives little makes a run longer, and nothing else.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <stdexcept>

#include "end_to_end/report.h"

namespace finack {
namespace {

class Limited : public testing::Test {
 protected:
  // A run of twenty closes whose processes may have so many descriptors each.
  Json with_descriptors(rlim_t most) {
    Start start = stage_.start({"run", close_suite("active-close.yaml"), "--family", "ipv4", "--repeat", "20",
                                "--json", stage_.path("report.json").string()});
    start.before_exec = [most] {
      const rlimit limit{most, most};
      if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error("cannot set a limit");
    };
    const Outcome outcome = run_program(start);
    EXPECT_EQ(outcome.exit_status, 0) << outcome;
    return Json::parse(read_file(stage_.path("report.json")));
  }

  Stage stage_;
};

TEST_F(Limited, PlaysFewerAtOnceWithFewDescriptors) {
  const Json few = with_descriptors(40), many = with_descriptors(400);
  EXPECT_EQ(few["summary"]["pass"], 20);
  EXPECT_EQ(many["summary"]["pass"], 20);
  EXPECT_LT(few["environment"]["at_once"], 20);
  EXPECT_GE(few["environment"]["at_once"], 1);
  EXPECT_GE(many["environment"]["at_once"], 20);
}

TEST_F(Limited, PlaysOneAfterTheOtherWhereThereIsRoomForOneOnly) {
  const Json one = with_descriptors(20);
  EXPECT_EQ(one["summary"]["pass"], 20);
  EXPECT_EQ(one["environment"]["at_once"], 1);
}

}  // namespace
}  // namespace finack
