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
    }
    if (given.open == Given::Open::passive && given.state == TcpState::syn_received)
      sockets_.try_emplace(std::string(connection_name));  // the handshake is not over: accept comes later
  }

  Result<void> look(const Step& step) {
    if (const auto* returns = std::get_if<ReturnsStep>(&step.body)) {
      const auto pending = std::ranges::find(later_, returns->name);
      if (pending == later_.end()) {
        std::vector<std::string_view> names(later_.begin(), later_.end());
        return fail(step.place, fmt::format("no call was made with `later: {}`", returns->name),
                    names.empty() ? "`later: NAME` beside a `target` lets its call return later"
                                  : suggest(returns->name, names));
      }
      return {};
    }
    if (const auto* told = std::get_if<ToldStep>(&step.body)) {
      if (std::ranges::find(watched_, told->socket) != watched_.end()) return {};
      return fail(step.place, fmt::format("the application is told of `{}`, which it does not watch", told->socket),
                  "`target: watch` before it");
    }
    const auto* call = std::get_if<CallStep>(&step.body);
    if (!call) return {};
    if (auto done = check(*call, step); !done) return done;
    apply(*call, step, false);
    return {};
  }

 private:
  Result<void> check(const CallStep& call, const Step& step) const {
    const std::string& made = call.word == "socket" ? call.socket : call.makes;
    if (!made.empty()) {
      const auto taken = sockets_.find(made);
      if (taken != sockets_.end() && taken->second.open)
        return fail(step.place, fmt::format("there is a socket `{}` already", made), "close it first, or choose another name");
    }
    if (!call.later.empty() && std::ranges::find(later_, call.later) != later_.end())
      return fail(step.place, fmt::format("`later: {}` stands twice", call.later));
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
    if (call.word == "watch") watched_.push_back(call.socket);
  }

  std::map<std::string, Known> sockets_;
  std::vector<std::string> later_, watched_;
};

}  // namespace

Result<void> check_sockets(const Given& given, const std::vector<Step>& steps) {
  SocketCheck check(given);
  std::size_t branches_until = 0;  // steps before this one lie in a branch
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (const auto* one_of = std::get_if<OneOfStep>(&steps[i].body)) {
      // Every branch ends at the same step.
      std::size_t end = i;
      for (std::size_t at = i + one_of->branches.back().first; at > end; at += steps[at].then) {
        end = at;
        if (at + steps[at].then >= steps.size()) {
          end = steps.size();
          break;
        }
        if (std::holds_alternative<OneOfStep>(steps[at].body)) break;
      }
      branches_until = std::max(branches_until, end + 1);
    }
    if (i < branches_until) continue;
    if (auto done = check.look(steps[i]); !done) return done;
  }
  return {};
}

}  // namespace finack
