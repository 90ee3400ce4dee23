#pragma once
// What the recorded requests are sent to: servers of ours with data like those that the recorded ones had.

#include "services/gateway/gateway.hpp"
#include "services/gateway/http/http_server.hpp"
#include "tests/services/gateway/contract_steps.hpp"
#include "tests/services/gateway/http_client.hpp"
#include "tests/services/scratch.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace cairn::testing {

/// The folder of recordings; empty where it is absent.
std::filesystem::path contract_samples();
/// {"request", "status", "headers", "body"} of one sample.
nlohmann::json recorded(const std::string& sample);

/// One catalogue behind two servers: `open` takes uploads without a token, `closed` asks for one.
class ContractWorld {
 public:
  ContractWorld();

  /// Sends what was recorded, with our ids and our bytes.
  Answer ask(const Step& step, const nlohmann::json& request) const;
  /// What both call id is the same thing from now on, and the newest token is the one that programs have.
  void learn(const nlohmann::json& theirs, const nlohmann::json& mine);
  std::string with_our_ids(std::string text) const;

  /// The account claims the newest token, as its holder does in a browser.
  void claim_token();
  /// Does what the workers do to the collection that the request is about.
  void run_pipeline(const nlohmann::json& request);

 private:
  void make_drives();
  void make_sets();
  std::string authorization_of(const Step& step, const nlohmann::json& request) const;

  ScratchFolder scratch_;
  std::unique_ptr<gateway::Gateway> gateways_[2];
  std::unique_ptr<gateway::HttpServer> servers_[2];
  std::map<std::string, std::string> ours_;     ///< their ids, or the first eight digits, -> our ids
  AccountId local_;
  std::string owner_, other_, generated_;       ///< tokens
};

}  // namespace cairn::testing
