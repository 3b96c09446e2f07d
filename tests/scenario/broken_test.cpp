// SPDX-License-Identifier: Apache-2.0
// Broken scenarios, and the one sentence that each must lead to.
#include <gtest/gtest.h>

#include <string>

#include "scenario/load.h"

namespace finack {
namespace {

struct Broken {
  std::string text;
  std::string message;  // as printed, with place and hint
};

const std::string head = "scenario: test\ngiven: ESTABLISHED\n";

std::string nested(int levels) {
  return "scenario: " + std::string(static_cast<std::size_t>(levels), '[') +
         std::string(static_cast<std::size_t>(levels), ']') + "\n";
}

const Broken cases[] = {
    // The file
    {"", "f.yaml:1:1: the file is empty"},
    {std::string("scenario: a\0b\n", 14),
     "f.yaml:1:12: this is no UTF-8 text\n  hint: a scenario is a text file in YAML"},
    {"scenario: \xff\xfe\n", "f.yaml:1:11: this is no UTF-8 text\n  hint: a scenario is a text file in YAML"},
    {"scenario: [a\n", "f.yaml:2:1: YAML: end of sequence flow not found"},
    {"scenario: a\nscenario: b\n",
     "f.yaml:2:1: the key `scenario` stands twice\n  hint: it stands first in line 1"},
    {"scenario: &a b\n", "f.yaml:1:11: anchors (`&name`) are not part of the language"},
    {"scenario: !!binary b\n", "f.yaml:1:11: the tag `tag:yaml.org,2002:binary` is not part of the language"},
    {"scenario: a\n---\nscenario: b\n", "f.yaml:3:1: a second document begins here; a file holds one"},
    {nested(40), "f.yaml:1:42: nested more than 32 levels deep"},
    {"scenario: a\n? [b]\n: c\n", "f.yaml:2:3: a key must be text, not a list or a mapping"},
    {"just text\n", "f.yaml:1:1: a scenario is a mapping of keys to values, got text"},
    // The head
    {"given: ESTABLISHED\nsteps: [{send: ACK}]\n", "f.yaml:1:1: a scenario needs the key `scenario`"},
    {"scenario: test\nsteps: [{send: ACK}]\n", "f.yaml:1:1: a scenario needs the key `given`"},
    {head, "f.yaml:1:1: a scenario needs the key `steps`"},
    {"scenario:\ngiven: ESTABLISHED\n", "f.yaml:1:1: `scenario` wants text, got nothing"},
    {head + "stepz: []\n", "f.yaml:3:1: `stepz` is no key of a scenario\n  hint: did you mean `steps`?"},
    {head + "language: 7\nsteps: [{send: ACK}]\n",
     "f.yaml:3:11: language 7 is not known here; this program reads language 1"},
    {head + "covers: [CR-999]\nsteps: [{send: ACK}]\n",
     "f.yaml:3:10: `CR-999` is no rule, requirement or edge of the catalogue\n  hint: did you mean "
     "`CR-099`?"},
    {head + "covers: [CR-001, CR-001]\nsteps: [{send: ACK}]\n",
     "f.yaml:3:18: `CR-001` stands twice in `covers`"},
    {head + "covers: []\nsteps: [{send: ACK}]\n", "f.yaml:3:9: `covers` wants a list, got an empty one"},
    {head + "family: ipv5\nsteps: [{send: ACK}]\n",
     "f.yaml:3:9: `ipv5` is no address family\n  hint: did you mean `ipv4`?"},
    {"scenario: test\ngiven: ESTABLISHT\nsteps: [{send: ACK}]\n",
     "f.yaml:2:8: `ESTABLISHT` is no TCP state\n  hint: did you mean `ESTABLISHED`?"},
    {"scenario: test\ngiven: TIME-WAIT\nsteps: [{send: ACK}]\n",
     "f.yaml:2:8: no preamble leads into TIME-WAIT yet\n  hint: begin with `given: ESTABLISHED` and write "
     "the steps from there"},
    {head + "steps: close\n", "f.yaml:3:8: `steps` wants a list of steps, got text"},
    {head + "steps: []\n", "f.yaml:3:8: `steps` wants a list of steps, got an empty one"},
    // The steps
    {head + "steps:\n- close\n", "f.yaml:4:3: a step is a mapping such as `send: ACK`, got text"},
    {head + "steps:\n- {}\n", "f.yaml:4:3: a step is empty"},
    {head + "steps:\n- sent: ACK\n", "f.yaml:4:3: `sent` is no step\n  hint: did you mean `send`?"},
    {head + "steps:\n- send: ACK\n  expect: ACK\n",
     "f.yaml:5:3: a step does one thing; this one has `send` and `expect`\n  hint: begin a new step with `- "
     "`"},
    {head + "steps:\n- send: ACK\n  within: 1s\n",
     "f.yaml:5:3: `within` is no key of a step `send`\n  hint: one of: send"},
    {head + "steps:\n- send: FIN+AKC\n", "f.yaml:4:13: `AKC` is no TCP flag\n  hint: did you mean `ACK`?"},
    {head + "steps:\n- send: \"FIN+AKC\"\n",
     "f.yaml:4:14: `AKC` is no TCP flag\n  hint: did you mean `ACK`?"},
    {head + "steps:\n- expect: ACK len=99999\n", "f.yaml:4:15: `len` is at most 1400, got 99999"},
    {head + "steps:\n- expect: [ACK]\n", "f.yaml:4:11: `expect` wants text, got a list"},
    {head + "steps:\n- expect: ACK\n  within: 5\n",
     "f.yaml:5:11: `within` wants a duration, got `5`\n  hint: a number and ns, us, ms, s or min: `500ms`"},
    {head + "steps:\n- quiet: -1s\n",
     "f.yaml:4:10: `quiet` wants a duration, got `-1s`\n  hint: a number and ns, us, ms, s or min: `500ms`"},
    {head + "steps:\n- state: FIN_WAIT_2\n",
     "f.yaml:4:10: `FIN_WAIT_2` is no TCP state\n  hint: did you mean `FIN-WAIT-2`?"},
    {head + "steps:\n- target: klose\n",
     "f.yaml:4:11: `klose` is no call of the target's application\n  hint: did you mean `close`?"},
    {head + "steps:\n- target: close now\n",
     "f.yaml:4:11: `now` stands after `close` and has no meaning there"},
    {head + "steps:\n- target: send\n",
     "f.yaml:4:11: `target: send` wants a number of octets\n  hint: `target: send 500`"},
    {head + "steps:\n- target: send 0\n",
     "f.yaml:4:11: `target: send` wants a number of octets from 1 to 16777216, got `0`"},
    {head + "steps:\n- target: shutdown sent\n",
     "f.yaml:4:11: `sent` is no direction to shut down\n  hint: did you mean `send`?"},
    {head + "steps:\n- target: receive\n",
     "f.yaml:4:11: `target: receive` wants a number of octets or a `result`\n  hint: `target: receive 500`, "
     "or `result: end` below it"},
    {head + "steps:\n- target: receive\n  result: ECONRESET\n",
     "f.yaml:5:11: `ECONRESET` is no result of a call\n  hint: did you mean `ECONNRESET`?"},
    {head + "steps:\n- target: close\n  result: end\n",
     "f.yaml:5:11: only `receive` can come to the end of the stream"},
};

TEST(BrokenScenarios, LeadToOneSentenceEach) {
  for (const Broken& broken : cases) {
    const auto loaded = load_scenario(broken.text, "f.yaml");
    ASSERT_FALSE(loaded) << broken.text;
    EXPECT_EQ(to_string(loaded.error()), broken.message) << broken.text;
  }
}

TEST(BrokenScenarios, AliasBombsAndFloodsAreRefused) {
  std::string many = head + "steps:\n";
  for (int i = 0; i < 30000; ++i) many += "- send: ACK\n";
  EXPECT_EQ(load_scenario(many, "f.yaml").error().message, "more than 20000 nodes");
  EXPECT_EQ(load_scenario(std::string((1 << 20) + 1, 'a'), "f.yaml").error().message,
            "the file is larger than 1 MiB");
  EXPECT_EQ(load_scenario("a: *b\n", "f.yaml").error().place->line, 1);
  EXPECT_FALSE(load_scenario(nested(100000), "f.yaml"));
  EXPECT_FALSE(load_scenario(std::string(100000, '-') + "\n", "f.yaml"));
  EXPECT_FALSE(load_scenario("? " + std::string(50000, '{'), "f.yaml"));
}

}  // namespace
}  // namespace finack
