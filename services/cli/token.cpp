#include "services/cli/commands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/accounts.hpp"

#include <iostream>
#include <memory>

namespace cairn::cli {

void add_token_command(CLI::App& app, int& code) {
  struct Options {
    services::Settings settings;
    std::string account;
    std::string scopes = "upload read";
    std::string description = "made by cairn token create";
  };
  auto* command = app.add_subcommand("token", "Tokens that let contributors upload");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* create = command->add_subcommand("create", "Make a token and print it; it can't be shown again");
  services::add_settings_flags(*create, options->settings);
  create->add_option("--account", options->account, "name of the contributor; made when it is new")->required();
  create->add_option("--scopes", options->scopes, "upload, read, admin")->capture_default_str();
  create->add_option("--description", options->description, "what it is for");
  create->callback([options, &code] {
    store::Session session{{options->settings.database_url()}};
    store::migrate(session);
    std::string secret;
    session.write([&](store::Session& s) {
      const auto account = store::account_named(s, options->account, services::now_utc());
      secret = store::make_token(s, account.id, options->description, options->scopes, services::now_utc());
    });
    std::cout << secret << "\n";
    code = 0;
  });
  command->footer("Example:\n  cairn token create --account anna");
}

}  // namespace cairn::cli
