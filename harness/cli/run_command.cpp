// SPDX-License-Identifier: Apache-2.0
#include "cli/run_command.h"

#include <fmt/format.h>

#include <random>

#include "cli/exit_status.h"
#include "cli/last_run.h"
#include "cli/print.h"
#include "cli/rounds.h"
#include "cli/run_output.h"
#include "cli/scenarios.h"
#include "cli/target.h"
#include "cli/uml_run.h"
#include "cli/version.h"
#include "run/run.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return device();  // 32 bits: short enough to type again
}

Result<Target> target_of(const RunCommand& command, const Surroundings& around) {
  if (around.inside_uml) return Target{.inside_uml = true};
  return parse_target(command.target);
}

struct Chosen {
  std::vector<Program> programs;  // none when nothing failed the last time
  std::size_t left_out;           // because they are slow
};

Result<Chosen> programs_of(const RunCommand& command, const Target& target, const Profile& profile) {
  const auto paths = paths_or_suites(command.paths, "run");
  if (!paths) return pass_on(paths.error());
  auto all = load_programs(*paths, profile);
  if (!all) return pass_on(all.error());
  Selection selection = command.selection;
  selection.quick = !command.slow && !command.failed && !target.model && !target.uml && !target.inside_uml;
  const std::size_t slow = left_out(selection, *all);
  auto selected = select(selection, std::move(*all));
  if (!selected) return pass_on(selected.error());
  if (!command.failed) return Chosen{std::move(*selected), slow};
  const auto ids = read_last_run(last_run_file());
  if (!ids) return pass_on(ids.error());
  auto again = those_of_last_run(std::move(*selected), *ids);
  if (!again) return pass_on(again.error());
  return Chosen{std::move(*again), 0};
}

int play(const RunCommand& command, const Surroundings& around) {
  const auto target = target_of(command, around);
  if (!target) return complain(target.error(), exit_usage);
  const auto profile = target_profile(command.profile.empty() ? usual_profile(*target) : command.profile);
  if (!profile) return complain(profile.error(), exit_usage);
  const auto chosen = programs_of(command, *target, *profile);
  if (!chosen) return complain(chosen.error(), exit_usage);
  const std::vector<Program>& programs = chosen->programs;
  if (programs.empty()) {
    fmt::print(stderr, "finack: everything passed in the last run: nothing to run again\n");
    return 0;
  }
  Rounds rounds{command.repeat, command.until_fail, command.strict};
  // Between rounds all have to finish; but one that may be the last shall not be long.
  if (command.until_fail) rounds.most_together = 8;
  const auto output = RunOutput::open(command, rounds.expected(), around.terminal);
  if (!output) return complain(output.error(), exit_usage);

  RunSettings settings;
  settings.jobs = command.jobs;
  settings.keep_frames = !command.capture_folder.empty();
  settings.seed = command.seed ? *command.seed : random_seed();
  if (target->uml) return run_in_uml(command, *target->uml, settings.seed);
  const auto world = open_world(*target);
  if (!world) return complain(world.error(), exit_environment);
  if (command.deadline) settings.deadline = (*world)->now() + *command.deadline;
  const Play play_once = [&](std::size_t first, std::size_t count, const EventSink& emit) {
    settings.first_round = first;
    settings.rounds = count;
    Environment environment;
    environment.versions = versions();
    environment.left_out = chosen->left_out;
    return run(programs, *profile, **world, settings, std::move(environment), emit);
  };
  LastRun last(programs);
  const auto summary = play_rounds(programs.size(), rounds, play_once, [&](const Event& event) {
    last.take(event);
    (*output)->take(event);
    around.beat();
  });
  write_last_run(around.remember_in, last.not_passed());
  if (!summary) return complain(summary.error(), exit_environment);
  const int status = exit_status(*summary, command.strict);
  // A failure that was seen is not hidden by a report that could not be written.
  if (const auto& error = (*output)->error())
    return complain(*error, status == 1 ? status : exit_environment);
  return status;
}

}  // namespace

int run_command(const RunCommand& command, const Surroundings& around) {
  const int status = play(command, around);
  return command.bisect ? bisect_status(status) : status;
}

}  // namespace finack
