// SPDX-License-Identifier: Apache-2.0
// Finds User-mode Linux kernels, and looks whether one is fit to boot.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace finack {

struct UmlKernel {
  std::filesystem::path program;
  std::string release;  // "6.12.4"
};

// A kernel that scripts/build-uml made.
struct CachedKernel {
  std::string name;  // "6.12", or that of the tree it was built from
  std::filesystem::path program;
};

// $XDG_CACHE_HOME/finack, or $HOME/.cache/finack; empty when neither is an absolute path.
std::filesystem::path uml_cache(std::string_view cache_home, std::string_view home);
std::filesystem::path uml_cache();
// Those in this folder, the one built last first.
std::vector<CachedKernel> cached_kernels(const std::filesystem::path& cache);

// A path (with a slash in it), the name of a cached kernel, or nothing: the one built last.
Result<std::filesystem::path> find_uml_kernel(const std::string& word, const std::filesystem::path& cache);

// Asks the program what it is. It is run for that, which is quick and needs no rights.
Result<UmlKernel> look_at_uml_kernel(const std::filesystem::path& program);

}  // namespace finack
