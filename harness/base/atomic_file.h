// SPDX-License-Identifier: Apache-2.0
// Files that are there whole or not at all.
#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace finack {

// Writes to a temporary file beside `path` and renames it, so that nobody sees half a file and a failure
// leaves an older one as it was. The folder must exist.
Result<void> write_atomically(const std::filesystem::path& path, BytesView bytes);

}  // namespace finack
