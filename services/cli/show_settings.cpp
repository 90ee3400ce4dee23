#include "services/cli/commands.hpp"

#include <iostream>
#include <memory>

namespace cairn::cli {

void add_settings_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("settings", "Print every setting as it is in force here, as YAML");
  const auto settings = std::make_shared<services::Settings>();
  services::add_settings_flags(*command, *settings);
  command->footer("Example:\n  cairn settings --config /etc/cairn.yaml");
  command->callback([settings, &code] {
    std::cout << services::settings_as_yaml(*settings);
    code = 0;
  });
}

}  // namespace cairn::cli
