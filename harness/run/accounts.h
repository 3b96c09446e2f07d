// SPDX-License-Identifier: Apache-2.0
// Whether a target gives back what it took for a run.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "judge/resources.h"
#include "world/world.h"

namespace finack {

class Accounts {
 public:
  explicit Accounts(World& world) : world_(world) {}

  // What is given is told of all that happens meanwhile.
  using Take = std::function<void(const Happening&)>;
  // Asked each turn of a wait.
  using GoesOn = std::function<bool()>;

  // Once all targets stand: the least that they hold while set-up settles. What is not to be known is not
  // compared.
  Result<void> open(const Take& take, const GoesOn& goes_on);

  // An instance is over: its application was told in this call, its last, to let go of its last socket; 0
  // when it had none. So much was left of its connection.
  void leave(std::uint64_t call, std::size_t taken_away);
  void answered(std::uint64_t call) { partings_.erase(call); }

  // Waits until nothing is held that was not before; for as long as the world has patience once the
  // application has let go of all sockets. An application that does not answer is the harness's, and nothing
  // is said about the target.
  Result<void> close(const Take& take, const GoesOn& goes_on);

  const Resources& resources() const { return resources_; }

 private:
  // Waits, but not beyond `until`.
  Result<void> wait(Time until, const Take& take);
  // Whether all is as it was.
  bool compare(std::vector<Holding> holdings, Duration waited);

  World& world_;
  std::set<std::uint64_t> partings_;  // calls that are not answered yet
  Resources resources_;
  std::vector<Leak> leaks_;  // as it looks for now
};

}  // namespace finack
