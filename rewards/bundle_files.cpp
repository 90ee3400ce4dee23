#include "rewards/bundle_files.hpp"

#include "rewards/gzip.hpp"
#include "rewards/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::rewards {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "cairn-rewards-bundle-1";
constexpr std::string_view kPool = "coverage";

std::string page(const json& document) { return document.dump(2) + "\n"; }

std::string epoch_json(const CanonicalInput& input) {
  return page({{"epoch", input.epoch.name},
               {"pool", kPool},
               {"begin", to_iso8601(input.epoch.begin)},
               {"end", to_iso8601(input.epoch.end)},
               {"pool_balance", std::to_string(input.pool_balance)},
               {"ledger_rows", std::to_string(input.ledger_head.rows)},
               {"ledger_hash", input.ledger_head.hash.hex()}});
}

std::string versions_json(const CanonicalInput& input) {
  return page({{"format", kFormat}, {"formula", kFormula}, {"made_by", input.versions}});
}

void write_shares(const EpochResult& result, const Sink& sink) {
  sink("account,weight_ppm,amount,payout\n");
  for (const auto& [account, payout, weight, amount] : result.shares) {
    sink(account.text() + "," + std::to_string(weight) + "," + std::to_string(amount) + "," + payout.text() + "\n");
  }
}

void write_ledger(const EpochResult& result, const Sink& sink) {
  sink("sequence,key,from,to,amount,at,previous,hash\n");
  for (const auto& row : result.ledger) {
    sink(std::to_string(row.sequence) + "," + row.transfer.key + "," + row.transfer.from + "," + row.transfer.to + "," +
         std::to_string(row.transfer.amount) + "," + to_iso8601(row.transfer.at) + "," + row.previous.hex() + "," +
         row.hash.hex() + "\n");
  }
}

/// What is to be paid for this epoch, per address, for those who pay by bank or card.
void write_payouts(const EpochResult& result, const Sink& sink) {
  std::vector<Total> paid;
  for (const auto& share : result.shares) {
    if (share.amount > 0) paid.push_back({share.payout, share.amount});
  }
  std::ranges::sort(paid);
  sink("address,amount\n");
  for (std::size_t i = 0; i < paid.size();) {
    const auto address = paid[i].address;
    Amount amount = 0;
    for (; i < paid.size() && paid[i].address == address; ++i) amount += paid[i].amount;
    sink(address.text() + "," + std::to_string(amount) + "\n");
  }
}

void write_totals(const EpochResult& result, const Sink& sink) {
  sink("address,lifetime_amount\n");
  for (const auto& [address, amount] : result.totals) sink(address.text() + "," + std::to_string(amount) + "\n");
}

void write_tree(const MerkleTree& tree, const Sink& sink) {
  sink(R"({"format":"standard-v1","leafEncoding":["address","uint256"],"tree":[)");
  for (std::size_t i = 0; i < tree.nodes().size(); ++i) sink((i ? ",\n\"" : "\n\"") + tree.nodes()[i].text() + "\"");
  sink("],\"values\":[");
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto& [address, amount] = tree.leaves()[i];
    sink((i ? ",\n{\"value\":[\"" : "\n{\"value\":[\"") + address.text() + "\",\"" + std::to_string(amount) +
         "\"],\"treeIndex\":" + std::to_string(tree.node_of_leaf(i)) + "}");
  }
  sink("]}\n");
}

void write_proofs(const MerkleTree& tree, const Sink& sink) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto& [address, amount] = tree.leaves()[i];
    std::string line = R"({"address":")" + address.text() + R"(","amount":")" + std::to_string(amount) + R"(","proof":[)";
    for (const auto& sibling : tree.proof_of(i)) {
      if (line.back() != '[') line += ',';
      line += '"' + sibling.text() + '"';
    }
    sink(line + "]}\n");
  }
}

template <class Number>
Number whole(const json& document, const char* key) {
  const auto& text = document.at(key).get_ref<const std::string&>();
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) throw std::invalid_argument{std::string{key} + " is no whole number"};
  return value;
}

UtcTime time_at(const json& document, const char* key) {
  const auto time = time_from_iso8601(document.at(key).get_ref<const std::string&>());
  if (!time) throw std::invalid_argument{std::string{key} + " is no time"};
  return *time;
}

void read_epoch(const std::string& text, CanonicalInput& input) {
  const auto document = json::parse(text);
  input.epoch = {document.at("epoch").get<std::string>(), time_at(document, "begin"), time_at(document, "end")};
  input.pool_balance = whole<Amount>(document, "pool_balance");
  const auto hash = Sha256::from_hex(document.at("ledger_hash").get_ref<const std::string&>());
  if (!hash) throw std::invalid_argument{"ledger_hash is no SHA-256"};
  input.ledger_head = {whole<std::uint64_t>(document, "ledger_rows"), *hash};
}

void read_versions(const std::string& text, CanonicalInput& input) {
  const auto document = json::parse(text);
  const auto format = document.at("format").get<std::string>();
  if (format != kFormat) throw std::invalid_argument{"the format is " + format + "; this program knows " + std::string{kFormat}};
  input.versions = document.at("made_by").get<std::map<std::string, std::string>>();
}

}  // namespace

std::vector<BundleFile> bundle_files(const EpochResult& result, const MerkleTree& tree) {
  return {{"epoch.json", [&](const Sink& sink) { sink(epoch_json(result.input)); }},
          {"inputs.bin.gz", [&](const Sink& sink) { sink(gzipped(records_of(result.input))); }},
          {"ledger.csv", [&](const Sink& sink) { write_ledger(result, sink); }},
          {"payouts.csv", [&](const Sink& sink) { write_payouts(result, sink); }},
          {"policy.json", [&](const Sink& sink) { sink(policy_json(result.input.policy)); }},
          {"proofs.jsonl", [&](const Sink& sink) { write_proofs(tree, sink); }},
          {"shares.csv", [&](const Sink& sink) { write_shares(result, sink); }},
          {"totals.csv", [&](const Sink& sink) { write_totals(result, sink); }},
          {"tree.json", [&](const Sink& sink) { write_tree(tree, sink); }},
          {"versions.json", [&](const Sink& sink) { sink(versions_json(result.input)); }}};
}

std::string manifest_json(const EpochResult& result, const MerkleTree& tree, const FileDigests& files) {
  json list = json::object();
  for (const auto& [name, digest] : files) list[name] = {{"sha256", digest.hash.hex()}, {"size", digest.size}};
  return page({{"format", kFormat},
               {"epoch", result.input.epoch.name},
               {"pool", kPool},
               {"root", tree.root() ? json(tree.root()->text()) : json(nullptr)},
               {"files", list}});
}

std::optional<FileDigests> files_of_manifest(std::string_view manifest) {
  try {
    FileDigests files;
    const auto document = json::parse(manifest);
    for (const auto& [name, entry] : document.at("files").items()) {
      const auto hash = Sha256::from_hex(entry.at("sha256").get_ref<const std::string&>());
      if (!hash) return std::nullopt;
      files[name] = {*hash, entry.at("size").get<std::uint64_t>()};
    }
    return files;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::variant<CanonicalInput, EpochRefusal> input_from(const InputTexts& texts) {
  CanonicalInput input;
  try {
    read_epoch(texts.epoch, input);
    read_versions(texts.versions, input);
  } catch (const std::exception& problem) {  // of JSON, or one of the above
    return EpochRefusal{{std::string{"epoch.json or versions.json can't be read: "} + problem.what()}};
  }
  auto policy = policy_from_yaml(texts.policy);
  if (const auto* problem = std::get_if<PolicyProblem>(&policy)) return EpochRefusal{{"policy.json: " + problem->sentence}};
  input.policy = std::get<Policy>(policy);
  const auto records = gunzipped(texts.inputs);
  if (!records) return EpochRefusal{{"inputs.bin.gz is no whole gzip file"}};
  if (auto problem = read_records(*records, input)) return EpochRefusal{{"inputs.bin.gz: " + *problem}};
  return input;
}

}  // namespace cairn::rewards
