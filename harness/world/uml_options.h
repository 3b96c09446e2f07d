// SPDX-License-Identifier: Apache-2.0
// What a User-mode Linux kernel must be built with for finack, and the words that it is booted with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace finack {

struct UmlBoot {
  std::string init;  // the program that becomes process 1
  std::vector<std::string> init_arguments = {};
  std::uint64_t seed = 0;  // of the kernel's random numbers
};

// Virtual time in which idling costs nothing, and the host's files to be read, not written. What is not safe
// on a kernel's command line (quotation marks, control characters) is refused.
Result<std::vector<std::string>> boot_arguments(const UmlBoot& boot);

// Those options that finack needs and this configuration has not; `linux --showconfig` prints it.
std::vector<std::string> missing_options(std::string_view configuration);
// Whether it is the configuration of a User-mode Linux at all.
bool is_uml_configuration(std::string_view configuration);

}  // namespace finack
