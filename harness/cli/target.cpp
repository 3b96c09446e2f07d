// SPDX-License-Identifier: Apache-2.0
#include "cli/target.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/scenarios.h"
#include "scenario/mapping.h"
#include "world/kernel_world.h"
#include "world/model_world.h"

namespace finack {

Result<Target> parse_target(const std::string& text) {
  constexpr std::string_view prefix = "model:", uml_prefix = "uml:";
  if (text.empty() || text == "kernel") return Target{};
  if (text == "uml") return Target{.uml = ""};
  if (text.starts_with(uml_prefix)) {
    if (text == uml_prefix)
      return fail("`--target uml:` wants the path of a kernel, or the name of one that was built",
                  "finack run --target uml:./linux, or --target uml for the one built last");
    return Target{.uml = text.substr(uml_prefix.size())};
  }
  if (text == "model") return Target{.model = model::Mutant{}};
  if (!text.starts_with(prefix)) {
    constexpr std::string_view names[] = {"kernel", "model", "uml"};
    return fail(fmt::format("`--target` wants kernel, model, model:MUTANT, uml or uml:PATH, got `{}`",
                            printable(text)),
                suggest(text, names));
  }
  const std::string name = text.substr(prefix.size());
  if (const model::Mutant* mutant = model::find_mutant(name)) return Target{.model = *mutant};
  std::vector<std::string_view> names;
  for (const model::Mutant& mutant : model::model_mutants()) names.push_back(mutant.name);
  const auto near = nearest_word(name, names);
  return fail(fmt::format("the model has no mutant `{}`", printable(name)),
              near ? fmt::format("did you mean `{}`?", *near) : "docs/profiles.md tells how they are named");
}

std::string usual_profile(const Target& target) {
  if (target.uml || target.inside_uml) return "linux-uml";
  return target.model ? "model" : "linux";
}

Result<std::unique_ptr<World>> open_world(const Target& target) {
  if (target.model) return ModelWorld::open(*target.model);
  return KernelWorld::open((program_folder() / "finack-agent").string(),
                           target.inside_uml ? "User-mode Linux, in virtual time" : "");
}

}  // namespace finack
