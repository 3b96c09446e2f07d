// SPDX-License-Identifier: Apache-2.0
// What the YAML parser complains of, in the words of those who write scenarios.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "scenario/source_text.h"

namespace finack {

// `complaint`: the parser's own words, `offset` where it stopped. `open`: where the innermost list or mapping
// in brackets begins that is not closed. The error lacks the file.
Error explain_yaml(std::string_view complaint, const SourceText& source, std::size_t offset,
                   std::optional<std::size_t> open);

}  // namespace finack
