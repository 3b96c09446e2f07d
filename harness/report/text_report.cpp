// SPDX-License-Identifier: Apache-2.0
#include "report/text_report.h"

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "base/text.h"
#include "report/colour.h"
#include "report/plain.h"
#include "report/resources_text.h"
#include "report/timing_text.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

std::string milliseconds(Duration duration) {
  return to_text(std::chrono::round<std::chrono::milliseconds>(duration));
}

class TextReport {
 public:
  TextReport(std::function<void(std::string_view)> print, const TextSettings& settings)
      : print_(std::move(print)), settings_(settings) {}

  void operator()(const RunStarted& event) const {
    if (settings_.detail == Detail::quiet) return;
    const Environment& where = event.environment;
    const std::string often = settings_.rounds == 0  ? ", again and again until one fails,"
                              : settings_.rounds > 1 ? fmt::format(" in {} rounds", settings_.rounds)
                                                     : "";
    const std::string slow =
        where.left_out == 0 ? "" : fmt::format("; {} slow left out (--slow)", where.left_out);
    const std::string at_once =
        where.at_once > 0 && where.at_once < event.total ? fmt::format(", {} at once", where.at_once) : "";
    print_(fmt::format("{} instance{}{} on {}{}, profile {}, seed {}{}\n", event.total,
                       event.total == 1 ? "" : "s", often, where.kernel, at_once, where.profile, where.seed,
                       slow));
  }
  void operator()(const InstanceFinished& event) {
    if (settings_.detail == Detail::quiet) {
      if (event.verdict == Verdict::pass) return;
      if (is_expected(event.verdict)) return note(event);
    }
    std::string line = fmt::format("{} {:<44} {}", word(event.verdict),
                                   instance_name(event, settings_.rounds), milliseconds(event.duration));
    if (is_expected(event.verdict)) line += "  " + plain_line(event.reason);
    if (event.again) line += "  (alone, after it was inconclusive among others)";
    for (const std::string& reading : event.readings) line += "  (" + plain_line(reading) + ")";
    line += '\n';
    const bool explained = event.verdict != Verdict::pass && !is_expected(event.verdict);
    if (explained || settings_.detail == Detail::verbose) line += details(event);
    print_(line);
    if (event.verdict == Verdict::pass) note_claims(event);
  }
  void operator()(const RunFinished& event) const {
    const Summary& summary = event.summary;
    print_(noted());
    for (const Leak& leak : summary.resources.leaks)
      print_(fmt::format("{} what the target holds\n{}", word(Verdict::fail), details(leak)));
    std::string line = count_line(summary, settings_.colour);
    if (settings_.strict && summary.count(Verdict::warn) > 0) line += "; --strict: warn counts as fail";
    const std::size_t finished = std::accumulate(summary.counts.begin(), summary.counts.end(), std::size_t{});
    const std::size_t left = summary.total - finished;
    if (summary.interrupted) {
      line += fmt::format("; interrupted, {} of {} not finished", left, summary.total);
    } else if (summary.out_of_time) {
      line += fmt::format("; out of time, {} of {} not finished", left, summary.total);
    }
    if (!summary.resources.leaks.empty()) line += "; the target holds more than before";
    print_(unshown());
    // Of a run that was cut short it is no news.
    if (!summary.resources.unjudged.empty() && !summary.interrupted && !summary.out_of_time)
      line += "; what the target holds was not compared";
    if (settings_.detail != Detail::quiet) print_(choices(summary));
    if (summary.untracked > 0)
      line += fmt::format("; {} not followed to the end by the tracker", summary.untracked);
    if (summary.repeated > 0)
      line += fmt::format("; {} inconclusive among others, and played again alone", summary.repeated);
    print_(fmt::format("\n{} in {}\n", line, milliseconds(summary.duration)));
    if (settings_.timing) print_(timing_text(summary.timing));
    if (settings_.resources) print_(resources_text(summary.resources));
    for (const Deviation& deviation : summary.vanished) {
      print_(fmt::format("{}: this deviation was not seen, for {} passed: take it out\n",
                         to_string(deviation.place), plain_line(deviation.scenario)));
    }
  }

 private:
  // Not as the scenario asks, and for a reason that the target's profile or the scenario gives.
  static bool is_expected(Verdict verdict) {
    return verdict == Verdict::known || verdict == Verdict::skipped;
  }

  // A deviation of the target shows in hundreds of instances and is told once.
  void note(const InstanceFinished& event) {
    Noted& noted = noted_[{event.verdict, event.reason}];
    const std::string name = instance_name(event, settings_.rounds);
    if (noted.instances++ == 0 || name < noted.first) noted.first = name;
  }
  std::string noted() const {
    std::string out;
    for (const auto& [key, noted] : noted_) {
      const std::string where =
          noted.instances == 1 ? "in " : fmt::format("in {} instances, as ", noted.instances);
      out +=
          fmt::format("{} {}\n{:13}{}{}\n", word(key.first), plain_line(key.second), "", where, noted.first);
    }
    return out;
  }

  // A claim is the file's: it holds when one exchange of its table shows it.
  void note_claims(const InstanceFinished& event) {
    const Program& program = *event.program;
    for (const Claim& claim : event.claims) {
      Claimed& claimed = claimed_[{program.place.file, std::string(claim.rule)}];
      claimed.shown |= claim.missing.empty();
      const std::string name = instance_name(event, settings_.rounds);
      if (claimed.shown || (!claimed.first.empty() && claimed.first < name)) continue;
      claimed.first = name;
      claimed.line = claim_line(program, claim);
    }
  }
  std::string unshown() const {
    std::string out;
    for (const auto& [key, claimed] : claimed_) {
      if (claimed.shown) continue;
      if (out.empty()) out = "\nclaimed, and shown by no exchange\n";
      out += fmt::format("  {}: {}\n{:13}as {}\n", key.first, claimed.line, "", claimed.first);
    }
    return out;
  }

  // One line for edges of several states that tell the same.
  static std::string choices(const Summary& summary) {
    std::map<std::string, std::size_t> lines;
    for (const auto& [place, instances] : summary.choices) {
      const CatalogueEdge& edge = catalogue_edges()[place];
      lines[fmt::format("  {}: {} ({})", edge.event, edge.emits == "none" ? "nothing sent" : edge.emits,
                        edge.source)] += instances;
    }
    std::string out = lines.empty() ? "" : "\nwhere RFCs leave a choice, this target was seen to follow\n";
    for (const auto& [text, instances] : lines) out += fmt::format("{}, {} times\n", text, instances);
    return out;
  }

  std::string word(Verdict verdict) const {
    const std::string padded = fmt::format("{:<12}", to_string(verdict));
    return settings_.colour ? coloured(padded, verdict) : padded;
  }

  struct Noted {
    std::size_t instances = 0;
    std::string first;  // in the order of names, whichever ended first
  };

  struct Claimed {
    bool shown = false;
    std::string line, first;  // of the first in the order of names that did not show it
  };

  std::function<void(std::string_view)> print_;
  TextSettings settings_;
  std::map<std::pair<std::string, std::string>, Claimed> claimed_;  // by file and rule
  std::map<std::pair<Verdict, std::string>, Noted> noted_;          // by verdict and reason
};

}  // namespace

std::string count_line(const Summary& summary, bool colour) {
  std::string line;
  for (std::size_t i = 0; i < summary.counts.size(); ++i) {
    if (summary.counts[i] == 0) continue;
    const std::string part = fmt::format("{} {}", summary.counts[i], verdict_names[i]);
    line += (line.empty() ? "" : ", ") + (colour ? coloured(part, static_cast<Verdict>(i)) : part);
  }
  return line.empty() ? "nothing ran" : line;
}

EventSink text_report(std::function<void(std::string_view)> print, const TextSettings& settings) {
  return [report = TextReport(std::move(print), settings)](const Event& event) mutable {
    std::visit(report, event);
  };
}

}  // namespace finack
