// SPDX-License-Identifier: Apache-2.0
// Whether scenarios and watchers notice what is wrong with a target: all mutants of the model against all
// suites take most of a minute (Full.*), a sample of them stands for it in every run. With FINACK_APPROVE set
// docs/mutation-table.md is written anew; then read what changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "base/text.h"
#include "mutation/proofs.h"
#include "mutation/stage.h"
#include "mutation/stimuli.h"
#include "mutation/table.h"
#include "run/suites.h"
#include "scenario/catalogue.h"

namespace finack {
namespace {

constexpr std::size_t percent_by_watchers = 70;

const std::string data = FINACK_SOURCE_DIR "/tests/mutation/";
const std::string page_file = FINACK_SOURCE_DIR "/docs/mutation-table.md";

std::string content(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

bool is_mutant(const std::string& name) {
  return model::find_mutant(name) != nullptr;
}

bool is_rule(const std::string& name) {
  return std::ranges::find(catalogue_rules(), name, &CatalogueRule::id) != catalogue_rules().end();
}

// `NAME: a sentence`, one a line; # begins a comment.
Reasons reasons(const std::string& file, bool (*known)(const std::string&) = is_mutant) {
  std::istringstream in(content(data + file));
  Reasons out;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(": ");
    const std::string name = line.substr(0, colon);
    EXPECT_NE(colon, std::string::npos) << file << ": no reason: " << line;
    EXPECT_TRUE(known(name)) << file << ": there is no " << name;
    EXPECT_FALSE(out.contains(name)) << file << ": twice: " << name;
    if (colon != std::string::npos) out[name] = line.substr(colon + 2);
  }
  return out;
}

// `RULE: MUTANT MUTANT`
Breakers read_breakers() {
  Breakers out;
  for (const auto& [rule, mutants] : reasons("breakers.txt", is_rule)) {
    for (const std::string_view name : split_words(mutants)) {
      EXPECT_TRUE(is_mutant(std::string(name)))
          << "breakers.txt: " << rule << ": there is no mutant " << name;
      out[rule].insert(std::string(name));
    }
  }
  return out;
}

class Mutants : public testing::Test {
 protected:
  Mutants() {
    programs = programs_of_suites(profile, Matrix::in);
    for (const Program& program : programs) stimuli.push_back(stimuli_of(program));
  }

  std::vector<Row> play(const std::vector<model::Mutant>& mutants, const Stage& written) {
    const Stage reduced(stimuli, profile, Layers::watchers);
    for (const Stage* stage : {&written, &reduced})
      EXPECT_EQ(stage->false_alarms(), std::vector<std::string>{}) << "of the correct model";
    const std::vector<Notice> a = notice_all(written, mutants), b = notice_all(reduced, mutants);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < mutants.size(); ++i)
      rows.push_back({model::find_mutant(mutants[i].name), a[i], b[i]});
    return rows;
  }

  // What is true of all mutants, and of any of them.
  void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      const std::string& name = row.mutant->name;
      const bool survives = row.written.reached && !row.written.caught();
      EXPECT_EQ(survives, survivors.contains(name))
          << name
          << (survives ? ": nothing catches it; catch it, or say in tests/mutation/survivors.txt why not"
                       : ": is caught, or not reached; strike it from tests/mutation/survivors.txt");
      const bool told_apart = row.written.reached || row.stimuli.reached;
      EXPECT_FALSE(told_apart && equivalent.contains(name))
          << name << ": is told apart; strike it from tests/mutation/equivalent.txt";
    }
    const Tally tally = count(rows, &Row::stimuli);
    EXPECT_GE(100 * tally.caught, percent_by_watchers * tally.reached) << "caught by the watchers alone";
  }

  Profile profile = parse_profile(builtin_profile("model").value(), "model.yaml").value();
  std::vector<Program> programs, stimuli;
  Reasons survivors = reasons("survivors.txt"), equivalent = reasons("equivalent.txt");
  Reasons unproven = reasons("unproven.txt", is_rule);
  Breakers breakers = read_breakers();
};

using MutantsSample = Mutants;
TEST_F(MutantsSample, AreNoticed) {
  constexpr std::size_t each = 37;  // prime, so that all kinds come up
  std::vector<model::Mutant> sample;
  for (std::size_t i = 0; i < model::model_mutants().size(); i += each)
    sample.push_back(model::model_mutants()[i]);
  check(play(sample, Stage(programs, profile, Layers::all)));
}

// Of every rule that the page calls proven, the mutant that it names.
TEST_F(MutantsSample, ProveTheRulesOfThePage) {
  const Proofs proofs = read_proofs(content(page_file));
  ASSERT_EQ(proofs.size() + unproven.size(), catalogue_rules().size());
  std::erase_if(programs, [&](const Program& program) {
    return std::ranges::none_of(proofs, [&](const auto& of) { return of.second.program == program.id; });
  });
  const Stage stage(programs, profile, Layers::all);
  for (const auto& [rule, proof] : proofs) {
    ASSERT_TRUE(is_mutant(proof.mutants.front())) << rule << ": " << proof.mutants.front();
    const model::Mutant& mutant = *model::find_mutant(proof.mutants.front());
    EXPECT_TRUE(stage.kills(mutant, suspects_of(mutant, breakers)).contains(rule))
        << rule << " is no longer proven by " << mutant.name << " in " << proof.program;
  }
}

using Full = Mutants;
TEST_F(Full, MutantsAreNoticed) {
  const Stage written(programs, profile, Layers::all);
  const std::vector<Row> rows = play(model::model_mutants(), written);
  check(rows);
  const Proofs proofs = prove_rules(written, model::model_mutants(), breakers);
  for (const CatalogueRule& rule : catalogue_rules()) {
    const std::string id(rule.id);
    EXPECT_NE(proofs.contains(id), unproven.contains(id))
        << id
        << (proofs.contains(id)
                ? ": is proven; strike it from tests/mutation/unproven.txt"
                : ": no mutant is killed for it; make one, or say in unproven.txt why there is none");
  }
  for (const auto& [rule, mutants] : breakers) {
    if (unproven.contains(rule)) continue;  // they would break it, if they were killed
    const auto proof = proofs.find(rule);
    const auto killed = proof == proofs.end() ? std::vector<std::string>{} : proof->second.mutants;
    EXPECT_THAT(killed, testing::UnorderedElementsAreArray(mutants))
        << rule << ": tests/mutation/breakers.txt names a mutant that is not killed for it";
  }
  const std::string table = mutation_table(rows, survivors, equivalent, proofs, unproven);
  if (std::getenv("FINACK_APPROVE")) std::ofstream(page_file, std::ios::binary) << table;
  EXPECT_EQ(table, content(page_file)) << "write it anew with FINACK_APPROVE=1, and read what changed";
  if (std::getenv("FINACK_MUTANTS_UNTOLD")) {
    for (const Row& row : rows) {
      if (row.written.taken && !row.written.reached && !row.stimuli.reached)
        std::cout << "untold: " << row.mutant->name << ": " << row.mutant->about << "\n";
    }
  }
}

// A sequence as flat as steps lie: after the one-of and both its branches.
TEST(Stimuli, KeepWhatIsDone) {
  OneOfStep one_of;
  one_of.branches = {{"one", {}, 1}, {"other", {}, 2}};
  Program program;
  program.steps = {{SendStep{}}, {one_of},        {ExpectStep{}, {}, false, 3}, {QuietStep{1s}, {}, false, 1},
                   {SendStep{}}, {QuietStep{2s}}, {StateStep{TcpState::closed}}};
  const Program reduced = stimuli_of(program);
  ASSERT_EQ(reduced.steps.size(), 5u);
  EXPECT_TRUE(std::holds_alternative<AllowStep>(reduced.steps[0].body));
  EXPECT_TRUE(std::holds_alternative<SendStep>(reduced.steps[1].body));
  EXPECT_TRUE(std::holds_alternative<WaitStep>(reduced.steps[2].body));
  EXPECT_EQ(std::get<WaitStep>(reduced.steps[3].body).lasting, 2s);
  EXPECT_TRUE(std::holds_alternative<WaitStep>(reduced.steps[4].body));
  for (const Step& step : reduced.steps) EXPECT_EQ(step.then, 1u);
}

}  // namespace
}  // namespace finack
