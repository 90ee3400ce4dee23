#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/accounts.hpp"

#include <iostream>
#include <sstream>

namespace cairn::cli {
namespace {

struct TokenOptions {
  services::Settings settings;
  std::string account;
  std::string scopes = "upload read";
  std::string description = "made by cairn token create";
  std::string id;
  int days = 0;
};

void check_scopes(const std::string& scopes) {
  std::istringstream words{scopes};
  int count = 0;
  for (std::string word; words >> word; ++count) {
    if (word != "upload" && word != "read" && word != "admin") throw std::runtime_error{"'" + word + "' is no scope: there are upload, read and admin"};
  }
  if (count == 0) throw std::runtime_error{"a token needs a scope: upload, read or admin"};
}

void create_token(const TokenOptions& options) {
  check_scopes(options.scopes);
  auto session = open_catalogue(options.settings);
  const auto now = services::now_utc();
  const auto expires = options.days > 0 ? std::optional{now + std::chrono::hours{24 * options.days}} : std::nullopt;
  std::string secret;
  session.write([&](store::Session& writer) {
    const auto account = store::account_named(writer, options.account, now);
    secret = store::make_token(writer, account.id, options.description, options.scopes, now, expires);
  });
  std::cout << secret << "\n";
}

void list_tokens(const TokenOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto day = [](const std::optional<UtcTime>& time) { return time ? to_iso8601(*time).substr(0, 10) : std::string{"never     "}; };
  for (const auto& account : store::all_accounts(session)) {
    if (!options.account.empty() && account.name != options.account) continue;
    for (const auto& token : store::tokens_of(session, account.id)) {
      std::cout << token.id << "  " << account.name << "  [" << token.scopes << "]  made " << day(token.created_at) << "  used " << day(token.used_at)
                << "  expires " << day(token.expires_at) << "  " << token.description << "\n";
    }
  }
}

void revoke_token(const TokenOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto token = store::find_token_by_id(session, options.id);
  if (!token || token->revoked_at) throw std::runtime_error{"there is no token " + options.id + ": see `cairn token list`"};
  session.write([&](store::Session& writer) { store::revoke_token(writer, options.id, services::now_utc()); });
}

}  // namespace

void add_token_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("token", "Tokens that let contributors upload");
  Subcommands<TokenOptions> commands{*command, code};
  auto& options = commands.options();
  auto* create = commands.add("create", "Make a token and print it; it can't be shown again", create_token);
  create->add_option("--account", options.account, "name of the contributor; made when it is new")->required();
  create->add_option("--scopes", options.scopes, "upload, read, admin (all that the account may)")->capture_default_str();
  create->add_option("--description", options.description, "what it is for");
  create->add_option("--days", options.days, "how long it lives; 0: until it is revoked")->check(CLI::Range(0, 36500));
  commands.add("list", "Tokens that live, and when they were last used", list_tokens)->add_option("--account", options.account, "of this contributor only");
  commands.add("revoke", "End a token", revoke_token)->add_option("id", options.id, "its id, from `cairn token list`")->required();
  command->footer("Examples:\n  cairn token create --account anna\n  cairn token revoke 6d2f…");
}

}  // namespace cairn::cli
