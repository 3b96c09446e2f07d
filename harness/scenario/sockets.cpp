// SPDX-License-Identifier: Apache-2.0
#include "scenario/sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "scenario/mapping.h"

namespace finack {

namespace {

bool ends_socket(const CallStep& call) {
  return call.word == "close" || call.word == "abort" || call.word == "die";
}

struct Known {
  bool open = false;
  Place ended = {};          // where it was closed
  bool by_preamble = false;  // it was closed on the way to `given`
};

class SocketCheck {
 public:
  explicit SocketCheck(const Given& given) {
    for (const Step& step : preamble(given, {})) {
      if (const auto* call = std::get_if<CallStep>(&step.body)) apply(*call, step, true);
      if (const auto* returns = std::get_if<ReturnsStep>(&step.body)) returned_.push_back(returns->name);
    }
    if (given.open == Given::Open::passive && given.state == TcpState::syn_received)
      sockets_.try_emplace(std::string(connection_name));  // the handshake is not over: accept comes later
  }

  // Steps `first` to `end`.
  Result<void> look(const std::vector<Step>& steps, std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) {
      const auto* one_of = std::get_if<OneOfStep>(&steps[i].body);
      if (!one_of) {
        if (auto done = look(steps[i]); !done) return done;
        continue;
      }
      // Nobody knows which branch is taken: behind them, all is there that may be there.
      const SocketCheck before = *this;
      SocketCheck after = before;
      std::size_t from = i + one_of->branches.front().first, behind = end;
      for (std::size_t b = 0; b < one_of->branches.size(); ++b) {
        const bool last = b + 1 == one_of->branches.size();
        const std::size_t until = last ? behind : i + one_of->branches[b + 1].first;
        if (!last) behind = until - 1 + steps[until - 1].then;
        SocketCheck branch = before;
        if (auto done = branch.look(steps, from, until); !done) return done;
        after = b == 0 ? branch : after.merged(branch);
        from = until;
      }
      *this = after;
      i = behind - 1;
    }
    return {};
  }

 private:
  SocketCheck merged(const SocketCheck& other) const {
    SocketCheck out = *this;
    for (const auto& [name, known] : other.sockets_) {
      Known& ours = out.sockets_[name];
      if (known.open) ours = known;
    }
    for (const std::string& name : other.later_) {
      if (std::ranges::find(out.later_, name) == out.later_.end()) out.later_.push_back(name);
    }
    return out;
  }

  Result<void> look(const Step& step) {
    if (const auto* returns = std::get_if<ReturnsStep>(&step.body)) {
      const auto pending = std::ranges::find(later_, returns->name);
      if (pending == later_.end()) {
        std::vector<std::string_view> names;
        for (const std::string& name : later_) {
          if (std::ranges::find(returned_, name) == returned_.end()) names.push_back(name);
        }
        return fail(step.place, fmt::format("no call was made with `later: {}`", returns->name),
                    names.empty() ? "`later: NAME` beside a `target` lets its call return later"
                                  : suggest(returns->name, names));
      }
      return {};
    }
    const auto* call = std::get_if<CallStep>(&step.body);
    if (!call) return {};
    if (auto done = check(*call, step); !done) return done;
    apply(*call, step, false);
    return {};
  }

  Result<void> check(const CallStep& call, const Step& step) const {
    const std::string& made = call.word == "socket" ? call.socket : call.makes;
    if (!made.empty()) {
      const auto taken = sockets_.find(made);
      if (taken != sockets_.end() && taken->second.open)
        return fail(step.place, fmt::format("there is a socket `{}` already", made), "close it first, or choose another name");
    }
    if (!call.later.empty() && std::ranges::find(later_, call.later) != later_.end())
      return fail(step.place, fmt::format("`later: {}` stands twice", call.later), "each call that returns later has a name of its own");
    if (!made.empty() && !sockets_.contains(made) && sockets_.size() == most_sockets)
      return fail(step.place, fmt::format("`{}` would be the {}th socket; a scenario has at most {}", made,
                                          most_sockets + 1, most_sockets));
    if (call.word == "socket") return {};
    const auto at = sockets_.find(call.socket);
    if (at == sockets_.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, known] : sockets_) names.push_back(name);
      return fail(step.place, fmt::format("`{}` is made on `{}`, and no socket has that name", call.word, call.socket),
                  names.empty() ? "`target: socket` makes one" : suggest(call.socket, names));
    }
    if (at->second.open) return {};
    if (at->second.by_preamble)
      return fail(step.place, fmt::format("`{}` is made on `{}`, which `given` has closed already", call.word, call.socket),
                  "with `by shutdown` the application keeps its socket");
    if (at->second.ended.line > 0)
      return fail(step.place, fmt::format("`{}` is made on `{}`, which was closed in line {}", call.word, call.socket,
                                          at->second.ended.line));
    return fail(step.place, fmt::format("`{}` is made on `{}`, which is not there yet", call.word, call.socket),
                "`target: accept` takes the connection from the listener");
  }

  void apply(const CallStep& call, const Step& step, bool by_preamble) {
    if (call.word == "socket") sockets_[call.socket] = {true};
    if (!call.makes.empty()) sockets_[call.makes] = {true};
    if (ends_socket(call)) sockets_[call.socket] = {false, step.place, by_preamble};
    if (!call.later.empty()) later_.push_back(call.later);
  }

  std::map<std::string, Known> sockets_;
  std::vector<std::string> later_;
  std::vector<std::string> returned_;  // on the way to `given`
};

}  // namespace

Result<void> check_sockets(const Given& given, const std::vector<Step>& steps) {
  return SocketCheck(given).look(steps, 0, steps.size());
}

}  // namespace finack
