#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/accounts.hpp"
#include "services/store/devices.hpp"

#include <iostream>

namespace cairn::cli {
namespace {

struct DeviceOptions {
  services::Settings settings;
  std::string id;
};

void list_devices(const DeviceOptions& options) {
  auto session = open_catalogue(options.settings);
  for (const auto& account : store::all_accounts(session)) {
    for (const auto& device : store::devices_of(session, account.id)) {
      std::cout << device.id << "  " << account.name << "  " << device.name << "  manifests " << device.counter << (device.revoked_at ? "  revoked" : "") << "\n";
    }
  }
}

void revoke_device(const DeviceOptions& options) {
  auto session = open_catalogue(options.settings);
  if (!store::find_device(session, options.id)) throw std::runtime_error{"there is no device " + options.id + ": see `cairn device list`"};
  session.write([&](store::Session& writer) { store::revoke_device(writer, options.id, services::now_utc()); });
}

}  // namespace

void add_device_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("device", "Devices that sign what they record; docs/devices.md says how they register");
  Subcommands<DeviceOptions> commands{*command, code};
  auto& options = commands.options();
  commands.add("list", "All devices", list_devices);
  commands.add("revoke", "Take nothing more from a device", revoke_device)->add_option("id", options.id, "did:key:…")->required();
}

}  // namespace cairn::cli
