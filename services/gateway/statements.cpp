// Closed epochs and what each contributor was owed, read from the published bundles.

#include "rewards/bundle.hpp"
#include "rewards/keccak.hpp"
#include "rewards/statement.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"

#include <algorithm>
#include <array>

namespace cairn::gateway {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

Response no_such_epoch() { return error_response(404, "There is no closed epoch of this name"); }

/// Names of epochs whose bundle is finished, in order.
std::vector<std::string> closed_epochs(const Context& context) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry{context.options.data / "bundles", error}, end; !error && entry != end; entry.increment(error)) {
    if (fs::exists(entry->path() / "manifest.json", error)) names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::optional<rewards::EpochResult> epoch_named(const std::string& name, const Context& context) {
  const auto names = closed_epochs(context);
  if (std::ranges::find(names, name) == names.end()) return std::nullopt;
  auto outcome = rewards::result_from_bundle(context.options.data / "bundles" / name);
  if (auto* result = std::get_if<rewards::EpochResult>(&outcome)) return std::move(*result);
  return std::nullopt;
}

std::string statement_url(const Context& context, const std::string& epoch) {
  return context.base_url + "/api/rewards/epochs/" + percent_encoded(epoch);
}

/// An account id or the address under which it stands in a bundle.
std::optional<rewards::Address> address_from(std::string_view text) {
  if (const auto account = AccountId::parse(text)) return rewards::pseudonym_of(*account);
  return rewards::Address::parse(text);
}

}  // namespace

Response list_epochs(Request&, Context& context) {
  auto epochs = json::array();
  for (const auto& name : closed_epochs(context)) {
    epochs.push_back({{"epoch", name}, {"links", json::array({link("self", kJson, statement_url(context, name))})}});
  }
  return json_response(200, {{"epochs", epochs}});
}

Response show_epoch(Request& request, Context& context) {
  const auto result = epoch_named(request.parameter("epoch"), context);
  if (!result) return no_such_epoch();
  Response response{200, std::string{kJson}, {}, {}};
  response.body = rewards::summary_json(*result);
  return response;
}

Response show_statement(Request& request, Context& context) {
  const auto address = address_from(request.parameter("account"));
  if (!address) return error_response(400, "The account must be an account id or an address of a bundle");
  const auto epochs = closed_epochs(context);
  const auto name = request.query_value("epoch").value_or(epochs.empty() ? "" : epochs.back());
  const auto result = epoch_named(std::string{name}, context);
  if (!result) return no_such_epoch();
  const auto picture = [&](FrameId frame) { return context.base_url + "/api/pictures/" + frame.text(); };
  Response response{200, std::string{kJson}, {}, {}};
  response.body = rewards::statement_json(*result, *address, {}, picture);
  return response;
}

}  // namespace cairn::gateway
