#include "rewards/bundle.hpp"
#include "rewards/statement.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/subcommands.hpp"
#include "services/rewarder/close.hpp"
#include "services/settings/main_of_process.hpp"
#include "services/store/accounts.hpp"
#include "services/store/epochs.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace cairn::cli {
namespace {

using nlohmann::json;
using services::Settings;

struct RewardOptions {
  Settings settings;
  std::string end;
  std::string epoch;
  std::string account;
  std::string bundle;
  bool as_json = false;
};

void close(const RewardOptions& options) {
  auto end = std::chrono::floor<std::chrono::seconds>(services::now_utc());
  if (!options.end.empty()) {
    const auto named = time_from_iso8601(options.end);
    if (!named) throw std::runtime_error{"--end is '" + options.end + "': give a time such as 2026-05-04T00:00:00Z"};
    end = std::chrono::floor<std::chrono::seconds>(*named);
  }
  auto session = open_catalogue(options.settings);
  const auto closed = rewarder::close_epoch(session, rewarder::load_policy(options.settings.policy_file()), end, services::now_utc(),
                                            options.settings.bundle_folder());
  if (options.as_json) {
    std::cout << json{{"epoch", closed.name}, {"bundle", closed.bundle.string()}, {"root", closed.root}, {"paid", closed.paid},
                      {"frames", closed.frames}, {"accounts", closed.accounts}}.dump(2) << "\n";
  } else {
    std::cout << "closed " << closed.name << ": " << closed.frames << " frames of " << closed.accounts << " accounts share " << closed.paid
              << "\nroot   " << closed.root << "\nbundle " << closed.bundle.string() << "\n";
  }
}

/// The epoch that was named, or the newest.
rewards::EpochResult result_of(const RewardOptions& options) {
  auto name = options.epoch;
  if (name.empty()) {
    auto session = open_catalogue(options.settings);
    const auto epochs = store::all_epochs(session);
    if (epochs.empty()) throw std::runtime_error{"no epoch is closed yet: `cairn rewards close` closes one"};
    name = epochs.back().name;
  }
  auto outcome = rewards::result_from_bundle(options.settings.bundle_folder() / name);
  if (const auto* refusal = std::get_if<rewards::EpochRefusal>(&outcome)) throw std::runtime_error{"the bundle of " + name + " is damaged: " + refusal->problems.front()};
  return std::get<rewards::EpochResult>(std::move(outcome));
}

std::map<rewards::Address, std::string> names_of_accounts(const Settings& settings) {
  auto session = open_catalogue(settings);
  std::map<rewards::Address, std::string> names;
  for (const auto& account : store::all_accounts(session)) names[rewards::pseudonym_of(account.id)] = account.name;
  return names;
}

void show(const RewardOptions& options) {
  const auto result = result_of(options);
  if (options.as_json) {
    std::cout << rewards::summary_json(result) << "\n";
    return;
  }
  const auto names = names_of_accounts(options.settings);
  std::cout << "epoch " << result.input.epoch.name << ": " << result.lines.size() << " frames, pool " << result.pool << "\n";
  for (const auto& share : result.shares) {
    const auto name = names.find(share.account);
    std::cout << "  " << share.account.text() << "  " << share.amount << "  weight " << share.weight << "  "
              << (name == names.end() ? "" : name->second) << "\n";
  }
  if (result.carried_over > 0) std::cout << "  carried over: " << result.carried_over << "\n";
}

/// An address as bundles have it, an account's id, or its name.
rewards::Address address_from(const RewardOptions& options) {
  if (const auto address = rewards::Address::parse(options.account)) return *address;
  if (const auto id = AccountId::parse(options.account)) return rewards::pseudonym_of(*id);
  for (const auto& [address, name] : names_of_accounts(options.settings)) {
    if (name == options.account) return address;
  }
  throw std::runtime_error{"there is no account '" + options.account + "': give a name, an account id or an address"};
}

void explain(const RewardOptions& options) {
  const auto result = result_of(options);
  const auto address = address_from(options);
  std::cout << (options.as_json ? rewards::statement_json(result, address) : rewards::explain(result, address)) << "\n";
}

int verify(const RewardOptions& options) {
  const auto check = rewards::verify_bundle(options.bundle);
  if (options.as_json) {
    std::cout << json{{"epoch", check.epoch}, {"valid", check.problems.empty()}, {"problems", check.problems},
                      {"root", check.root ? check.root->text() : std::string{}}, {"paid", check.paid}, {"accounts", check.accounts}, {"frames", check.frames}}.dump(2)
              << "\n";
  } else {
    for (const auto& problem : check.problems) std::cout << problem << "\n";
    std::cout << options.bundle << ": " << (check.problems.empty() ? "valid" : "NOT valid") << ", epoch " << check.epoch << ", " << check.frames
              << " frames, " << check.accounts << " accounts, paid " << check.paid << "\nroot " << (check.root ? check.root->text() : std::string{}) << "\n";
  }
  return check.problems.empty() ? 0 : 1;
}

}  // namespace

void add_rewards_command(CLI::App& app, int& code) {
  auto* command = app.add_subcommand("rewards", "Close, show, explain and verify reward epochs");
  Subcommands<RewardOptions> commands{*command, code};
  auto& options = commands.options();
  auto* to_close = commands.add("close", "Close the epoch: everything taken before its end that is not paid yet", close);
  to_close->add_option("--end", options.end, "end of the epoch (UTC); now when not given");
  auto* to_show = commands.add("show", "Show who was owed what", show);
  to_show->add_option("epoch", options.epoch, "name of the epoch; the newest when not given");
  auto* to_explain = commands.add("explain", "Explain one account's share, frame by frame", explain);
  to_explain->add_option("account", options.account, "name, account id or address")->required();
  to_explain->add_option("--epoch", options.epoch, "name of the epoch; the newest when not given");
  auto* to_verify = commands.add("verify", "Recompute everything in a bundle, offline", verify);
  to_verify->add_option("bundle", options.bundle, "folder of the bundle")->required()->check(CLI::ExistingDirectory);
  for (auto* sub : {to_close, to_show, to_explain, to_verify}) sub->add_flag("--json", options.as_json, "print JSON");
  command->footer("Examples:\n  cairn rewards close --end 2026-05-04T00:00:00Z\n  cairn rewards explain anna\n  cairn rewards verify cairn-data/bundles/until-2026-05-04T00.00.00Z");
}

}  // namespace cairn::cli
