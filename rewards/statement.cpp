#include "rewards/statement.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cairn::rewards {
namespace {

using nlohmann::json;

const Share* share_of(const EpochResult& result, const Address& account) {
  const auto found = std::ranges::lower_bound(result.shares, account, {}, &Share::account);
  return found != result.shares.end() && found->account == account ? &*found : nullptr;
}

Weight total_weight(const EpochResult& result) {
  Weight total = 0;
  for (const auto& share : result.shares) total += share.weight;
  return total;
}

/// 1234567 ppm as "1.234567".
std::string units_text(Weight ppm) {
  auto decimals = std::to_string(ppm % kWhole);
  decimals.insert(0, 6 - decimals.size(), '0');
  return std::to_string(ppm / kWhole) + "." + decimals;
}

std::string octant_name(int octant) {
  static constexpr std::array names{"north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"};
  return names[static_cast<std::size_t>(octant & 7)];
}

json line_json(const Line& line, const FrameLink& link) {
  json entry{{"frame", line.frame.text()},     {"cell", line.where.text()},       {"taken_at", to_iso8601(line.taken_at)},
             {"need_ppm", line.need_ppm},      {"quality_ppm", line.quality_ppm}, {"trust_ppm", line.trust_ppm},
             {"weight_ppm", line.weight_ppm},  {"capped_ppm", line.capped_ppm}};
  if (line.shares_unit_of) entry["shares_unit_of"] = line.shares_unit_of->text();
  if (auto href = link ? link(line.frame) : ""; !href.empty()) entry["href"] = std::move(href);
  return entry;
}

json refused_json(const RefusedFrame& frame, const FrameLink& link) {
  json entry{{"frame", frame.frame.text()},
             {"taken_at", to_iso8601(frame.taken_at)},
             {"reason", code_of(frame.refusal.reason)},
             {"sentence", sentence_of(frame.refusal.reason)},
             {"detail", frame.refusal.detail}};
  if (auto href = link ? link(frame.frame) : ""; !href.empty()) entry["href"] = std::move(href);
  return entry;
}

std::string line_sentence(const Line& line) {
  std::string text = "  " + to_iso8601(line.taken_at).substr(0, 19) + "Z  frame " + line.frame.text() + "  cell " +
                     line.where.text() + " (" + octant_name(line.where.octant) + "): ";
  if (line.shares_unit_of) return text + "same pass as frame " + line.shares_unit_of->text() + ", which stands for both\n";
  text += "need " + units_text(line.need_ppm) + " x quality " + units_text(line.quality_ppm) + " x trust " +
          units_text(line.trust_ppm) + " = " + units_text(Weight{line.weight_ppm} + line.capped_ppm);
  if (line.capped_ppm > 0) text += ", of which a daily cap took " + units_text(line.capped_ppm);
  return text + "\n";
}

}  // namespace

std::string statement_json(const EpochResult& result, Address account, std::span<const RefusedFrame> refused, const FrameLink& link) {
  const auto* share = share_of(result, account);
  json lines = json::array();
  for (const auto& line : result.lines) {
    if (line.account == account) lines.push_back(line_json(line, link));
  }
  json refusals = json::array();
  for (const auto& frame : refused) refusals.push_back(refused_json(frame, link));

  json pool{{"pool", "coverage"},
            {"pool_amount", std::to_string(result.pool)},
            {"pool_weight_ppm", std::to_string(total_weight(result))},
            {"weight_ppm", std::to_string(share ? share->weight : 0)},
            {"amount", std::to_string(share ? share->amount : 0)},
            {"lines", std::move(lines)},
            {"refused", std::move(refusals)}};
  if (share && share->amount > 0) pool["ledger_key"] = "epoch:" + result.input.epoch.name + ":coverage:" + account.text();
  const json statement{{"epoch", result.input.epoch.name},
                       {"begin", to_iso8601(result.input.epoch.begin)},
                       {"end", to_iso8601(result.input.epoch.end)},
                       {"policy", result.input.policy.version},
                       {"account", account.text()},
                       {"payout", (share ? share->payout : account).text()},
                       {"amount", std::to_string(share ? share->amount : 0)},
                       {"pools", json::array({std::move(pool)})}};
  return statement.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string explain(const EpochResult& result, Address account, std::size_t most_lines) {
  std::vector<const Line*> lines;
  for (const auto& line : result.lines) {
    if (line.account == account) lines.push_back(&line);
  }
  std::string text = "Epoch " + result.input.epoch.name + ", account " + account.text() + ", policy " + result.input.policy.version + "\n";
  const auto* share = share_of(result, account);
  const auto total = total_weight(result);
  text += "Coverage: " + std::to_string(lines.size()) + " accepted frames, weight " + units_text(share ? share->weight : 0) + " of " +
          units_text(total) + " in all\n";
  if (share) {
    const Wide product = static_cast<Wide>(result.pool) * share->weight;
    const auto whole_units = static_cast<Amount>(product / total);
    text += "Share: " + std::to_string(result.pool) + " x " + std::to_string(share->weight) + " / " + std::to_string(total) + " = " +
            std::to_string(whole_units) + (product % total == 0 ? " exactly" : " and a remainder") +
            (share->amount > whole_units ? ", which was among the largest: one unit more, " : ": ") + std::to_string(share->amount) +
            ", to " + share->payout.text() + "\n";
  } else {
    text += "Share: 0, because no accepted frame of this account has weight\n";
  }
  for (std::size_t i = 0; i < std::min(most_lines, lines.size()); ++i) text += line_sentence(*lines[i]);
  if (lines.size() > most_lines) text += "  … and " + std::to_string(lines.size() - most_lines) + " more frames\n";
  return text;
}

std::string summary_json(const EpochResult& result) {
  const auto root = MerkleTree{result.totals}.root();
  const json summary{{"epoch", result.input.epoch.name},
                     {"begin", to_iso8601(result.input.epoch.begin)},
                     {"end", to_iso8601(result.input.epoch.end)},
                     {"policy", result.input.policy.version},
                     {"pool", std::to_string(result.pool)},
                     {"paid", std::to_string(result.pool - result.carried_over)},
                     {"carried_over", std::to_string(result.carried_over)},
                     {"frames", result.lines.size()},
                     {"cells", result.visits.size()},
                     {"accounts", result.shares.size()},
                     {"weight_ppm", std::to_string(total_weight(result))},
                     {"root", root ? json(root->text()) : json(nullptr)}};
  return summary.dump(2) + "\n";
}

}  // namespace cairn::rewards
