// What became of an upload, file by file, while it happens: by polling, or as server-sent events.

#include "ingest/ublox_sign.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/metrics.hpp"
#include "services/gateway/panoramax/shown.hpp"
#include "services/gateway/panoramax/upload_answers.hpp"
#include "services/gateway/progress/upload_progress.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace cairn::gateway {
namespace {

using nlohmann::json;

json file_status(const store::ReceivedFile& file, Step step) {
  static constexpr std::string_view kStates[] = {"received", "decoded", "refused"};
  json status{{"id", file.id.text()}, {"name", file.name},     {"kind", file.kind},
              {"size", file.size},    {"frames", file.frames}, {"received_at", to_iso8601(file.received_at)},
              {"step", name_of(step)}, {"state", kStates[static_cast<int>(file.state)]}};
  if (file.refusal) {
    status["reason"] = code_of(file.refusal->reason);
    status["sentence"] = message_of(*file.refusal);
  }
  if (const auto log = ingest::log_state_from_code(file.log_state); log && !file.log_state.empty()) {
    status["signatures"] = {{"state", file.log_state}, {"sentence", sentence_of(*log)}};
    if (!file.log_device.empty()) status["signatures"]["device"] = file.log_device;
  }
  for (const auto& note : file.notes) status["notes"].push_back({{"reason", code_of(note.reason)}, {"sentence", message_of(note)}});
  return status;
}

json frame_status(const store::FrameFate& frame, Step step) {
  json status{{"id", frame.id.text()},
              {"file_name", frame.file_name},
              {"taken_at", to_iso8601(frame.taken_at)},
              {"step", name_of(step)},
              {"state", frame.refusal ? "refused" : frame.published ? "published" : store::name_of(frame.state)}};
  if (frame.sequence) status["sequence"] = frame.sequence->text();
  if (frame.refusal) {
    status["reason"] = code_of(frame.refusal->reason);
    status["sentence"] = message_of(*frame.refusal);
  }
  if (frame.duplicate_of) status["duplicate_of"] = frame.duplicate_of->text();
  return status;
}

json summary_json(Context& context, const Snapshot& now, const std::map<FileId, Step>& steps) {
  json counts = json::object();
  for (const auto step : kSteps) counts[std::string{name_of(step)}] = 0;
  for (const auto& [file, step] : steps) counts[std::string{name_of(step)}] = counts[std::string{name_of(step)}].get<int>() + 1;
  json summary{{"id", now.set.id.text()},
               {"title", now.set.title},
               {"completed", now.set.completed_at.has_value()},
               {"dispatched", now.set.dispatched_at.has_value()},
               {"ready", now.ready()},
               {"files_by_step", counts}};
  if (now.ready()) return summary;
  const auto wait = wait_of(context, now);
  summary["queue"] = {{"jobs_before", wait.jobs_before}};
  if (wait.estimate_s) summary["queue"]["estimate_s"] = *wait.estimate_s;
  return summary;
}

std::string event(const char* name, const json& data) {
  return std::string{"event: "} + name + "\ndata: " + data.dump(-1, ' ', false, json::error_handler_t::replace) + "\n\n";
}

/// What changed since the last look. A stream tells each file's step once, and again whenever it changes.
class Changes {
 public:
  explicit Changes(UploadSetId set) : set_{set} {}

  /// Nothing once the set is gone or all of it is done and said.
  std::optional<std::string> next(Context& context) {
    const auto set = done_ ? std::nullopt : visible_upload_set(context, set_);
    if (!set) return std::nullopt;
    const auto now = snapshot_of(context, *set);
    const auto steps = steps_of(now);
    std::string text;
    for (const auto& file : now.files) {
      const auto step = steps.at(file.id);
      const auto [told, is_new] = told_.emplace(file.id, step);
      if (is_new || told->second != step) text += event("file", file_status(file, step));
      told->second = step;
    }
    const auto summary = summary_json(context, now, steps);
    if (!text.empty() || summary != summary_) text += event("progress", summary);
    summary_ = summary;
    done_ = now.ready() && std::ranges::none_of(steps, [](const auto& entry) { return entry.second < Step::fused; }) && now.waiting_tiles.empty();
    if (done_) text += event("end", {{"id", set_.text()}});
    return text;
  }

 private:
  UploadSetId set_;
  std::map<FileId, Step> told_;
  json summary_;
  bool done_ = false;
};

}  // namespace

Response show_upload_status(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return no_such_upload_set();
  const auto now = snapshot_of(context, *set);
  const auto steps = steps_of(now);
  auto body = summary_json(context, now, steps);
  auto& sequences = body["sequences"] = json::array();
  std::map<SequenceId, int> accepted;  // hidden ones, too: it is their owner who asks
  for (const auto& frame : now.frames) {
    if (frame.sequence && !frame.refusal && (frame.published || frame.state == store::FrameState::fused)) ++accepted[*frame.sequence];
  }
  for (const auto& sequence : now.sequences)
    sequences.push_back({{"id", sequence.id.text()}, {"state", store::name_of(sequence.state)}, {"frames", sequence.frames}, {"accepted", accepted[sequence.id]}});
  auto& files = body["files"] = json::array();
  for (const auto& file : now.files) files.push_back(file_status(file, steps.at(file.id)));
  auto& frames = body["frames"] = json::array();
  for (const auto& frame : now.frames) frames.push_back(frame_status(frame, step_of(frame, now)));
  return json_response(200, body);
}

Response stream_upload_status(Request& request, Context& context) {
  const auto set = requested_set(request, context);
  if (!set) return no_such_upload_set();
  if (context.metrics.streamed_answers() >= context.options.limits.streamed_answers)
    return retry_response(503, "Too many follow their uploads just now: ask for the status from time to time instead", std::chrono::seconds{30});
  Response response{200, "text/event-stream", {{"Cache-Control", "no-store"}}, {}};
  response.body = std::make_shared<BodySource>(BodySource{[changes = Changes{set->id}](Context& now) mutable { return changes.next(now); }, true});
  return response;
}

}  // namespace cairn::gateway
