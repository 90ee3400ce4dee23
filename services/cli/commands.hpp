#pragma once
// The `cairn` command line: one function per command, which adds it to the program. A command answers with its exit code through
// `code`; what goes wrong is thrown and told in one sentence by main.

#include "services/settings/settings.hpp"

#include <CLI/CLI.hpp>

namespace cairn::cli {

void add_up_command(CLI::App& app, int& code);
void add_upload_command(CLI::App& app, int& code);
void add_status_command(CLI::App& app, int& code);
void add_jobs_command(CLI::App& app, int& code);
void add_tiles_command(CLI::App& app, int& code);
void add_tiles_build_command(CLI::App& tiles, int& code);
void add_tiles_raster_command(CLI::App& tiles, int& code);
void add_export_command(CLI::App& app, int& code);
void add_tiles_serve_command(CLI::App& tiles, int& code);
void add_tiles_delta_commands(CLI::App& tiles, int& code);
void add_rewards_command(CLI::App& app, int& code);
void add_account_command(CLI::App& app, int& code);
void add_areas_command(CLI::App& app, int& code);
void add_device_command(CLI::App& app, int& code);
void add_token_command(CLI::App& app, int& code);
void add_doctor_command(CLI::App& app, int& code);
void add_settings_command(CLI::App& app, int& code);

}  // namespace cairn::cli
