#include "core/version.hpp"
#include "services/cli/commands.hpp"
#include "services/simulate/command.hpp"

#include <iostream>

int main(int argc, char** argv) {
  CLI::App app{"Cairn: the back end of a street-level mapping network that anyone can run", "cairn"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string{"cairn "} + cairn::kVersion);
  int code = 0;
  cairn::cli::add_up_command(app, code);
  cairn::cli::add_upload_command(app, code);
  cairn::cli::add_status_command(app, code);
  cairn::cli::add_jobs_command(app, code);
  cairn::cli::add_tiles_command(app, code);
  cairn::cli::add_export_command(app, code);
  cairn::cli::add_rewards_command(app, code);
  cairn::cli::add_account_command(app, code);
  cairn::cli::add_areas_command(app, code);
  cairn::cli::add_device_command(app, code);
  cairn::cli::add_token_command(app, code);
  cairn::cli::add_doctor_command(app, code);
  cairn::cli::add_settings_command(app, code);
  auto* simulate = app.add_subcommand("simulate", "Draw a town and drives through it, with their truth");
  cairn::simulate::add_simulate_command(*simulate);
  try {
    app.parse(argc, argv);
    return code;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "cairn: " << error.what() << "\n";
    return 1;
  }
}
