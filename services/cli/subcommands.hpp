#pragma once
// What commands with sub-commands that work on the catalogue have in common.

#include "services/settings/settings.hpp"
#include "services/store/accounts.hpp"
#include "services/store/database.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace cairn::cli {

/// The catalogue that the settings name, brought to the version that this program knows.
inline store::Session open_catalogue(const services::Settings& settings) {
  store::Session session{{settings.database_url()}};
  store::migrate(session);
  return session;
}

/// Throws when nobody has that name.
inline store::Account named_account(store::Session& session, const std::string& name) {
  const auto account = store::find_account_named(session, name);
  if (!account) throw std::runtime_error{"there is no account '" + name + "': see `cairn account list`"};
  return *account;
}

/// The sub-commands of a command. All fill the same `Options`, whose member `settings` gets the flags of every setting.
template <class Options>
class Subcommands {
 public:
  Subcommands(CLI::App& command, int& code) : command_{command}, code_{code} { command_.require_subcommand(1); }

  /// `run` takes the options and gives the exit code, or nothing for 0. It outlives this object.
  template <class Run>
  CLI::App* add(const char* name, const char* what, Run run) {
    auto* sub = command_.add_subcommand(name, what);
    services::add_settings_flags(*sub, options_->settings);
    sub->callback([options = options_, &code = code_, run] {
      if constexpr (std::is_void_v<std::invoke_result_t<Run, const Options&>>) {
        run(*options);
        code = 0;
      } else {
        code = run(*options);
      }
    });
    return sub;
  }
  Options& options() { return *options_; }

 private:
  CLI::App& command_;
  int& code_;
  std::shared_ptr<Options> options_ = std::make_shared<Options>();  // the callbacks run after the command was described
};

}  // namespace cairn::cli
