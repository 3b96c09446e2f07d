// SPDX-License-Identifier: Apache-2.0
// What no exchange can show of any target: suites/catalogue/not_provokable.yaml, compiled in by generator/.
#pragma once

#include <span>
#include <string_view>

namespace finack {

struct NotProvokable {
  std::string_view id;      // of a rule, an edge or a requirement
  std::string_view states;  // of a rule, separated by spaces; empty: all
  std::string_view why;
};
std::span<const NotProvokable> not_provokable();

}  // namespace finack
