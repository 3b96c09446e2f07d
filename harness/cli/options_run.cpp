// SPDX-License-Identifier: Apache-2.0
#include "cli/options_run.h"

#include <fmt/format.h>

#include "base/text.h"

namespace finack {

namespace {

constexpr OptionRow rows[] = {
    only_row,
    skip_row,
    tag_row,
    rule_row,
    family_row,
    {"target", "TARGET",
     "kernel: this host's (default); model: that in finack; uml, uml:PATH: in virtual time"},
    profile_row,
    {"slow", "", "also what takes minutes, tagged slow; the model plays it always: its time costs nothing"},
    {"failed", "", "those that did not pass in the last run"},
    {"repeat", "N", "play each N times"},
    {"jobs", "N", "instances open at once; as many as this machine bears when not given, and no more"},
    {"until-fail", "", "repeat until something fails, at most --repeat times or until --deadline"},
    {"seed", "NUMBER", "repeat the sequence numbers and data of an earlier run"},
    {"deadline", "DURATION", "end by then (90s, 10min); what is not finished is left out"},
    {"strict", "", "a broken SHOULD (warn) counts as a failure"},
    {"quiet", "", "print what did not pass, and the summary"},
    {"verbose", "", "print the exchange of those that passed, too"},
    {"colour", "WHEN", "always, never, or auto: on a terminal unless NO_COLOR is set", false,
     "always never auto"},
    {"timing", "", "print how fast finack was, also into --json"},
    {"resources", "", "print how many sockets the target held before and after"},
    {"tap", "", "print TAP version 14 in the place of the text"},
    {"json", "FILE", "write the results as one JSON object"},
    {"junit", "FILE", "write the results as JUnit XML"},
    {"pcap", "DIR", "write a pcapng capture of each instance"},
    {"pcap-on", "WHEN", "always (the default), or failure: of those that did not pass", false,
     "always failure"},
    {"bisect", "", "exit with 125 in the place of 2, 3 and 4: `git bisect run` skips such a commit"},
};

constexpr CommandHelp help = {
    "run", "[PATH...]",
    "Plays the scenarios in these files and folders, ./suites when none is named, against this host's "
    "kernel\nor another --target.\n"
    "A scenario is played once for each address family. An id is a path below suites/ and the family, as in\n"
    "close/active-close/ipv4; GLOB may also be its beginning up to a /. Of options of one kind one must "
    "apply,\n"
    "of different kinds all.",
    rows,
    "  finack run suites/close --only '*reset*' --family ipv6\n"
    "  finack run suites/close --target model\n"
    "  finack run --until-fail --deadline 10min --pcap captures --pcap-on failure\n"
    "  finack run --failed --verbose\n"
    "  git bisect run sh -c 'make && finack run suites/close --quiet --bisect'\n"
    "\nExit status\n"
    "  0    something passed, and nothing below happened\n"
    "  1    a scenario failed (with --strict: or a warning), or the target holds more than before\n"
    "  2    wrong usage, a broken scenario file, or a report that cannot be written; nothing ran\n"
    "  3    this machine does not let finack work; finack doctor tells why\n"
    "  4    nothing failed, but something was inconclusive, in error or not finished in time, or nothing "
    "passed\n"
    "  125  with --bisect, in the place of 2, 3 and 4\n"
    "  130  interrupted\n"};

}  // namespace

Selection selection_of(const Arguments& arguments) {
  Selection out;
  out.only = arguments.values("only");
  out.skip = arguments.values("skip");
  out.tags = arguments.values("tag");
  out.rules = arguments.values("rule");
  if (arguments.has("family")) out.family = arguments.value("family") == "ipv4" ? Family::ipv4 : Family::ipv6;
  return out;
}

const CommandHelp& run_help() {
  return help;
}

Result<RunCommand> parse_run(const std::vector<std::string>& arguments) {
  const auto parsed = parse_arguments(help, arguments);
  if (!parsed) return pass_on(parsed.error());
  if (parsed->has("quiet") && parsed->has("verbose"))
    return fail("`--quiet` and `--verbose` exclude each other");
  for (const char* other : {"quiet", "verbose", "timing", "resources"}) {
    if (parsed->has("tap") && parsed->has(other))
      return fail(fmt::format("`--tap` prints all there is: `--{}` does not go with it", other));
  }
  if (parsed->has("pcap-on") && !parsed->has("pcap"))
    return fail("`--pcap-on` needs `--pcap DIR`",
                "finack run suites/close --pcap captures --pcap-on failure");

  RunCommand command;
  command.arguments = arguments;
  command.paths = parsed->words();
  command.target = parsed->value("target");
  command.profile = parsed->value("profile");
  command.selection = selection_of(*parsed);
  command.slow = parsed->has("slow");
  command.failed = parsed->has("failed");
  command.until_fail = parsed->has("until-fail");
  command.strict = parsed->has("strict");
  command.bisect = parsed->has("bisect");
  command.tap = parsed->has("tap");
  command.timing = parsed->has("timing");
  command.resources = parsed->has("resources");
  command.capture_folder = parsed->value("pcap");
  command.capture_failures_only = parsed->value("pcap-on") == "failure";
  command.json_file = parsed->value("json");
  command.junit_file = parsed->value("junit");
  command.detail = parsed->has("quiet")     ? Detail::quiet
                   : parsed->has("verbose") ? Detail::verbose
                                            : Detail::normal;
  command.colour = colour_wish(parsed->value("colour"));
  if (parsed->has("repeat")) {
    const auto times = number_of("repeat", parsed->value("repeat"), 1);
    if (!times) return pass_on(times.error());
    command.repeat = *times;
  }
  if (parsed->has("jobs")) {
    const auto jobs = number_of("jobs", parsed->value("jobs"), 1);
    if (!jobs) return pass_on(jobs.error());
    command.jobs = *jobs;
  }
  if (parsed->has("seed")) {
    const auto seed = number_of("seed", parsed->value("seed"), 0);
    if (!seed) return pass_on(seed.error());
    command.seed = *seed;
  }
  if (parsed->has("deadline")) {
    const auto deadline = parse_duration(parsed->value("deadline"));
    if (!deadline || *deadline == 0s) {
      return fail(fmt::format("`--deadline` wants a duration above 0, got `{}`",
                              printable(parsed->value("deadline"))),
                  "durations are written 500ms, 90s, 10min");
    }
    command.deadline = *deadline;
  }
  return command;
}

}  // namespace finack
