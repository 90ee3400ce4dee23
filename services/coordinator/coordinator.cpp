#include "services/coordinator/coordinator.hpp"

#include "services/bus/socket.hpp"
#include "services/changes/completion.hpp"
#include "services/coordinator/briefs.hpp"
#include "services/coordinator/commits.hpp"
#include "services/coordinator/roster.hpp"
#include "services/store/progress.hpp"
#include "services/store/uploads.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace cairn::coordinator {
namespace {

using namespace std::chrono_literals;
using bus::Envelope;

/// Results that are committed together: one fsync for all that is waiting.
constexpr int kMostResultsPerCommit = 64;

class Coordinator {
 public:
  explicit Coordinator(const CoordinatorOptions& options)
      : options_{options}, session_{options.database}, socket_{options.bus} {
    store::migrate(session_);
    pace_ = store::pace(session_);
  }

  void run(const std::atomic<bool>& stop) {
    while (!stop) {
      listen();
      exchange();
      if (due(next_upkeep_, 1s)) upkeep();
      if (due(next_heartbeat_, bus::kSilence / 3)) greet();
    }
    leave();
  }

 private:
  UtcTime now() const { return options_.now(); }

  bool due(std::chrono::steady_clock::time_point& next, std::chrono::milliseconds every) {
    const auto current = std::chrono::steady_clock::now();
    if (current < next) return false;
    next = current + every;
    return true;
  }

  // What workers say.

  void listen() {
    auto patience = options_.poll;
    while (results_.size() < kMostResultsPerCommit) {
      const auto arrived = socket_.receive(patience);
      if (!arrived) return;
      patience = 0ms;
      hear(arrived->peer, arrived->envelope);
    }
  }

  void hear(const std::string& peer, const Envelope& envelope) {
    if (envelope.body_case() == Envelope::kHello) return welcome(peer, envelope.hello());
    const auto found = roster_.find(peer);
    if (envelope.body_case() == Envelope::kResult) results_.emplace_back(peer, envelope.result());
    if (found == roster_.end()) {
      Envelope question;
      question.set_who_are_you(true);
      socket_.send(peer, question);
      return;
    }
    auto& worker = found->second;
    worker.last_heard = now();
    switch (envelope.body_case()) {
      case Envelope::kStarted: {
        const auto held = worker.held.find(envelope.started().token());
        if (held != worker.held.end()) held->second.started_at = now();
        break;
      }
      case Envelope::kReleased:
        for (const auto& token : envelope.released().tokens()) take_back(worker, token);
        break;
      case Envelope::kGoodbye: dismiss(peer, "said goodbye"); break;
      default: break;
    }
  }

  void welcome(const std::string& peer, const bus::Hello& hello) {
    auto worker = worker_from(hello, roster_, now());
    if (roster_.contains(peer)) dismiss(peer, "came back anew");
    spdlog::info("worker {} is here, credit {}", worker.name, worker.credit);
    roster_[peer] = std::move(worker);
    work_may_wait_ = true;
  }

  /// The worker is gone: what it had begun may have killed it, the rest goes back as if nothing had been.
  void dismiss(const std::string& peer, const char* why) {
    auto worker = std::move(roster_.at(peer));
    roster_.erase(peer);
    spdlog::info("worker {} {}; {} of its jobs go back", worker.name, why, worker.held.size());
    session_.write([&](store::Session& session) {
      for (const auto& [token, held] : worker.held) {
        if (!held.started_at) {
          store::release(session, held.job, now());
          continue;
        }
        store::count_death(session, held.job, now(), options_.effects.leases);
        if (held.job.deaths + 1 >= options_.effects.leases.most_deaths) quarantine(session, held.job);
      }
    });
    work_may_wait_ = true;
  }

  void take_back(Worker& worker, const std::string& token) {
    const auto held = worker.held.find(token);
    if (held == worker.held.end()) return;
    session_.write([&](store::Session& session) { store::release(session, held->second.job, now()); });
    worker.held.erase(held);
  }

  void quarantine(store::Session& session, const store::LeasedJob& job) {
    spdlog::error("job {} ({} {}) goes into quarantine: its worker died {} times; see `cairn jobs list`", job.id,
                  store::name_of(job.stage), job.key, job.deaths + 1);
    give_up(session, job, now(), options_.effects);
  }

  // What they bring.

  /// What came is committed and what comes next is leased in one transaction: each costs a wait for the disk.
  void exchange() {
    const bool looks = work_may_wait_ || due(next_look_, options_.poll);
    if (results_.empty() && !(looks && store::work_waits(session_, now()))) {
      work_may_wait_ = false;
      return;
    }
    std::vector<std::pair<std::string, store::LeasedJob>> leased;
    commit_results([&](store::Session& session) { leased = leased_to_all(session); });
    work_may_wait_ = !leased.empty();
    for (const auto& [peer, job] : leased) send_task(peer, roster_.at(peer), job);
  }

  void commit_results(const std::function<void(store::Session&)>& next) {
    for (const auto& [peer, result] : results_) forget(peer, result.lease().token());
    commit_together(session_, results_, now(), options_.effects, next);
    results_.clear();
  }

  void forget(const std::string& peer, const std::string& token) {
    const auto found = roster_.find(peer);
    if (found == roster_.end()) return;
    const auto held = found->second.held.find(token);
    if (held == found->second.held.end()) return;
    if (held->second.started_at) measure(held->second.job.stage, seconds_between(*held->second.started_at, now()));
    found->second.held.erase(held);
  }

  /// A moving average over about the last twenty jobs of the stage.
  void measure(store::Stage stage, double seconds) {
    auto& average = pace_.seconds_per_job[static_cast<std::size_t>(stage)];
    average = average ? 0.95 * *average + 0.05 * seconds : seconds;
  }

  // What they get.

  std::vector<std::pair<std::string, store::LeasedJob>> leased_to_all(store::Session& session) {
    std::vector<std::pair<std::string, store::LeasedJob>> leased;
    for (const auto& [peer, worker] : roster_) {
      for (auto& job : store::lease(session, worker.stages, worker.room(), now(), options_.effects.leases)) leased.emplace_back(peer, std::move(job));
    }
    return leased;
  }

  void send_task(const std::string& peer, Worker& worker, const store::LeasedJob& job) {
    auto task = brief_of(session_, job);
    if (!task) {
      session_.write([&](store::Session& session) { skip(session, job, now()); });
      return;
    }
    Envelope envelope;
    *envelope.mutable_task() = std::move(*task);
    if (!bus::fits(envelope)) return refuse_task(job);
    if (socket_.send(peer, envelope)) {
      worker.held[job.token] = {job};
    } else {
      session_.write([&](store::Session& session) { store::release(session, job, now()); });
    }
  }

  /// However often it is tried, no worker will ever see it.
  void refuse_task(const store::LeasedJob& job) {
    spdlog::error("job {} ({} {}) goes into quarantine: its task is larger than a message may be", job.id, store::name_of(job.stage), job.key);
    session_.write([&](store::Session& session) {
      fail_for_good(session, job, "its task is larger than a message may be (" + std::to_string(bus::kMostBytes >> 20) + " MiB): send the drive in parts", now(),
                    options_.effects);
    });
  }

  // Upkeep.

  void upkeep() {
    const auto silent_since = now() - bus::kSilence;
    std::vector<std::string> silent;
    for (const auto& [peer, worker] : roster_) {
      if (worker.last_heard < silent_since) silent.push_back(peer);
    }
    for (const auto& peer : silent) dismiss(peer, "fell silent");
    tell_of_dropped();
    session_.write([&](store::Session& session) {
      for (const auto& job : store::expire(session, now(), options_.effects.leases)) quarantine(session, job);
      store::forget_old_turns(session);
      pace_.workers = static_cast<int>(roster_.size());
      store::note_pace(session, pace_);
      if (due(next_renewal_, options_.effects.leases.lease / 3)) renew_leases(session);
      for (const auto id : store::quiet_upload_sets(session, now() - options_.quiet_set)) {
        changes::complete_set(session, id, now());
      }
    });
  }

  void tell_of_dropped() {
    const auto dropped = socket_.dropped();
    if (dropped > dropped_) spdlog::warn("{} message(s) were dropped, which no worker of this version sends: do all run the same version?", dropped - dropped_);
    dropped_ = dropped;
  }

  void renew_leases(store::Session& session) {
    for (const auto& [peer, worker] : roster_) {
      std::vector<store::LeasedJob> jobs;
      for (const auto& [token, held] : worker.held) jobs.push_back(held.job);
      store::renew(session, jobs, now(), options_.effects.leases);
    }
  }

  void greet() {
    Envelope heartbeat;
    heartbeat.set_heartbeat(true);
    for (const auto& [peer, worker] : roster_) socket_.send(peer, heartbeat);
  }

  void leave() {
    commit_results([&](store::Session& session) {
      for (const auto& [peer, worker] : roster_) {
        for (const auto& [token, held] : worker.held) store::release(session, held.job, now());
      }
    });
  }

  const CoordinatorOptions& options_;
  store::Session session_;
  bus::RouterSocket socket_;
  Roster roster_;
  store::Pace pace_;
  Results results_;
  std::uint64_t dropped_ = 0;   ///< of which was told
  bool work_may_wait_ = true;
  std::chrono::steady_clock::time_point next_look_{}, next_upkeep_{}, next_heartbeat_{}, next_renewal_{};
};

}  // namespace

void run_coordinator(const CoordinatorOptions& options, const std::atomic<bool>& stop) { Coordinator{options}.run(stop); }

}  // namespace cairn::coordinator
