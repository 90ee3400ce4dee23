// One upload: open its set or find it again, send its files, wait for the verdicts, report.

#include "services/cli/progress.hpp"
#include "services/cli/upload_report.hpp"
#include "services/cli/upload_sender.hpp"
#include "services/cli/upload_wait.hpp"

#include <exception>
#include <iostream>
#include <set>
#include <thread>

namespace cairn::cli {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// What the threads of one upload share.
class Sending {
 public:
  Sending(const UploadOptions& options, UploadJournal& journal, std::vector<FileToSend> files, std::uint64_t total)
      : options_{options}, journal_{journal}, files_{std::move(files)}, pace_{options.rate}, bar_{"uploading", total, static_cast<int>(files_.size())} {}

  /// Tracks first, all of them: what lacks a place is refused while its track is missing.
  UploadResults run() {
    const auto tracks = std::ranges::count_if(files_, [](const FileToSend& file) { return is_track_name(file.path); });
    send(0, static_cast<std::size_t>(tracks));
    send(static_cast<std::size_t>(tracks), files_.size());
    bar_.finish();
    return std::move(results_);
  }

 private:
  void send(std::size_t first, std::size_t end) {
    next_ = first;
    {
      std::vector<std::jthread> threads;
      const auto count = std::min<std::size_t>(static_cast<std::size_t>(options_.jobs), end - first);
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this, end] { work(end); });
    }
    if (failure_) std::rethrow_exception(failure_);
  }

  void work(std::size_t end) {
    try {
      FileSender sender{options_, journal_, pace_, [this](std::int64_t more) { count(more, 0); }};
      for (auto i = next_++; i < end && !failed_; i = next_++) {
        auto receipt = sender.send(files_[i]);
        const std::lock_guard lock{mutex_};
        results_[files_[i].name] = std::move(receipt);
        bar_.update(static_cast<std::uint64_t>(bytes_), ++done_);
      }
    } catch (...) {
      const std::lock_guard lock{mutex_};
      if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
  }

  void count(std::int64_t more, int files) {
    const std::lock_guard lock{mutex_};
    bytes_ += more;
    bar_.update(static_cast<std::uint64_t>(bytes_), done_ += files);
  }

  const UploadOptions& options_;
  UploadJournal& journal_;
  const std::vector<FileToSend> files_;
  Pace pace_;
  std::mutex mutex_;
  ProgressBar bar_;
  std::int64_t bytes_ = 0;
  int done_ = 0;
  UploadResults results_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
};

class Upload {
 public:
  Upload(const UploadOptions& options, std::vector<FileToSend> files)
      : options_{options}, files_{std::move(files)}, journal_{options, files_}, client_{options.url, options.token} {}

  UploadCode run() {
    if (!resume_set()) open_set();
    const auto results = send_missing();
    answer_in_json(patiently([&] { return client_.post_json(path() + "/complete", "{}"); }), "completing the upload");
    journal_.forget();
    return report_upload(options_, options_.wait ? wait_for_verdicts(client_, path()) : current_status(), results);
  }

 private:
  std::string path() const { return "/api/upload_sets/" + journal_.set().value(); }

  void open_set() {
    const auto folder = fs::weakly_canonical(fs::absolute(files_.front().path)).parent_path().filename().string();
    const auto title = !options_.title.empty() ? options_.title : folder.empty() ? "upload" : folder;
    const json body{{"title", title}, {"estimated_nb_files", files_.size()}};
    const auto set = answer_in_json(patiently([&] { return client_.post_json("/api/upload_sets", body.dump()); }), "opening the upload");
    journal_.begin(set.at("id").get<std::string>());
  }

  bool resume_set() {
    if (!journal_.set()) return false;
    const auto answer = patiently([&] { return client_.get(path() + "/files"); });
    if (answer.status != 200) return false;
    const auto body = answer_in_json(answer, "resuming");
    for (const auto& file : body.at("files")) there_.insert(file.at("file_name").get<std::string>());
    std::cerr << "resuming upload " << *journal_.set() << ": " << there_.size() << " of " << files_.size() << " files are there\n";
    return true;
  }

  UploadResults send_missing() {
    std::vector<FileToSend> missing;
    std::uint64_t total = 0;
    for (const auto& file : files_) {
      if (there_.contains(file.name)) continue;
      missing.push_back(file);
      total += fs::file_size(file.path);
    }
    return Sending{options_, journal_, std::move(missing), total}.run();
  }

  json current_status() { return answer_in_json(patiently([&] { return client_.get(path() + "/status"); }), "asking for the status"); }

  const UploadOptions& options_;
  std::vector<FileToSend> files_;
  UploadJournal journal_;
  HttpClient client_;
  std::set<std::string> there_;
};

}  // namespace

UploadCode run_upload(const UploadOptions& options, std::vector<FileToSend> files) {
  if (files.empty()) throw std::runtime_error{"nothing to send: no picture, video or track there"};
  return Upload{options, std::move(files)}.run();
}

}  // namespace cairn::cli
