#include "services/changes/erase.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/export/account_export.hpp"
#include "services/identity/password.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/accounts.hpp"

#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

namespace cairn::cli {
namespace {

struct AccountOptions {
  services::Settings settings;
  std::string name;
  bool admin = false;
  bool no_password = false;
  bool is_sure = false;
  std::string file;
};

/// What is typed stays off the screen while this lives.
class Unseen {
 public:
  Unseen() : is_terminal_{::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0} {
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Unseen() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  bool is_terminal() const { return is_terminal_; }

 private:
  termios before_{};
  bool is_terminal_;
};

/// One line of standard input, so that a password never stands on a command line.
std::string asked_password() {
  const Unseen unseen;
  std::string line;
  if (unseen.is_terminal()) std::cerr << "Password: " << std::flush;
  if (!std::getline(std::cin, line)) throw std::runtime_error{"no password came: type one, or give one line on standard input"};
  if (unseen.is_terminal()) std::cerr << "\n";
  return line;
}

void set_password(store::Session& session, const std::string& name, const std::string& hash) {
  auto account = named_account(session, name);
  if (account.erased_at) throw std::runtime_error{"the account '" + name + "' was erased: make a new one"};
  account.password = hash;
  account.failed_logins = 0;
  account.login_after = {};
  store::update_account(session, account);
  store::end_sessions_of(session, account.id);
}

void add_account(const AccountOptions& options) {
  auto session = open_catalogue(options.settings);
  if (store::find_account_named(session, options.name)) throw std::runtime_error{"there is an account '" + options.name + "' already"};
  const auto hash = options.no_password ? std::string{} : identity::hash_password(asked_password());
  session.write([&](store::Session& writer) {
    auto account = store::account_named(writer, options.name, services::now_utc());
    account.is_admin = options.admin;
    if (!options.no_password) account.password = hash;
    store::update_account(writer, account);
  });
}

void change_password(const AccountOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto hash = identity::hash_password(asked_password());
  session.write([&](store::Session& writer) { set_password(writer, options.name, hash); });
}

/// The file is there whole or not at all.
void write_export(const AccountOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto account = named_account(session, options.name);
  services::AccountExport archive{account.id, store::BlobStore{options.settings.blob_folder()}, options.settings.bundle_folder()};
  const auto part = options.file + ".part";
  std::ofstream file{part, std::ios::binary};
  for (auto bytes = archive.next(session); !bytes.empty(); bytes = archive.next(session)) file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw std::runtime_error{"can't write " + part + ": is the disk full?"};
  std::filesystem::rename(part, options.file);
}

void erase_account(const AccountOptions& options) {
  auto session = open_catalogue(options.settings);
  const auto account = named_account(session, options.name);
  if (!options.is_sure) throw std::runtime_error{"this takes away everything that '" + options.name + "' sent, for good: add --yes to go on"};
  changes::erase_account(session, account.id, services::now_utc());
}

void list_accounts(const AccountOptions& options) {
  auto session = open_catalogue(options.settings);
  for (const auto& account : store::all_accounts(session)) {
    std::cout << account.id.text() << "  " << (account.is_admin ? "admin" : "user ") << "  " << to_iso8601(account.created_at).substr(0, 10) << "  "
              << (account.erased_at ? "(erased)" : account.name) << "\n";
  }
}

}  // namespace

void add_account_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("account", "Accounts of contributors and administrators");
  Subcommands<AccountOptions> commands{*command, code};
  auto& options = commands.options();
  auto* make = commands.add("add", "Make an account; its password is read from standard input", add_account);
  make->add_option("name", options.name, "as it is shown beside pictures")->required();
  make->add_flag("--admin", options.admin, "may administer this server");
  make->add_flag("--no-password", options.no_password, "uses tokens only");
  auto* change = commands.add("password", "Set a new password, read from standard input, and end all logins", change_password);
  change->add_option("name", options.name, "of the account")->required();
  auto* take_out = commands.add("export", "Write all that is held about an account into a tar archive", write_export);
  take_out->add_option("name", options.name, "of the account")->required();
  take_out->add_option("file", options.file, "the archive to write")->required();
  auto* erase = commands.add("erase", "Take away everything of an account (docs/privacy.md)", erase_account);
  erase->add_option("name", options.name, "of the account")->required();
  erase->add_flag("--yes", options.is_sure, "it is meant");
  commands.add("list", "All accounts", list_accounts);
  command->footer("Examples:\n  cairn account add anna --admin\n  cairn account password anna < secret.txt");
}

}  // namespace cairn::cli
