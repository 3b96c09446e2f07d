// SPDX-License-Identifier: Apache-2.0
// The socket options of the model by the names of the agent protocol.
#pragma once

#include <string>
#include <string_view>

#include "model/socket.h"

namespace finack {

enum class ModelOption : std::uint8_t { done, unknown_name, read_only, bad_value, not_fresh };

bool has_model_option(std::string_view name);
ModelOption set_model_option(model::Socket& socket, std::string_view name, const std::string& value);
// Reading `error` takes it.
ModelOption get_model_option(model::Socket& socket, std::string_view name, std::string& value);

}  // namespace finack
