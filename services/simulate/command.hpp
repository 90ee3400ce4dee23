#pragma once

namespace CLI {
class App;
}

namespace cairn::simulate {

/// Adds `town` and `kitti` to a command; parsing runs them. Failures are thrown, with a sentence for the user.
void add_simulate_command(CLI::App& app);

}  // namespace cairn::simulate
