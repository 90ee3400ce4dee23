#include "services/worker/worker.hpp"

#include "services/bus/socket.hpp"
#include "services/worker/stages.hpp"

#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace cairn::worker {
namespace {

using namespace std::chrono_literals;
using bus::Envelope;

/// One task runs and one waits, so that the wire's round trip costs nothing.
constexpr unsigned kCredit = 2;

/// The thread that works, so that the one that owns the socket can send heartbeats meanwhile.
class Bench {
 public:
  explicit Bench(const std::function<std::unique_ptr<Tools>()>& make_tools)
      : wake_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)}, thread_{[this, make_tools](std::stop_token stop) { work(stop, make_tools); }} {}
  ~Bench() {
    thread_.request_stop();
    thread_.join();
    ::close(wake_);
  }

  void put(bus::Task task) {
    moved_at_ = std::chrono::steady_clock::now();
    {
      const std::lock_guard lock{mutex_};
      task_ = std::move(task);
    }
    changed_.notify_all();
  }
  std::optional<bus::Result> take() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_, &count, sizeof count);
    const std::lock_guard lock{mutex_};
    return std::exchange(result_, std::nullopt);
  }
  int wake() const { return wake_; }
  /// Since the task that runs was begun or took a step.
  std::chrono::steady_clock::duration still_for() const { return std::chrono::steady_clock::now() - moved_at_.load(); }

 private:
  void work(const std::stop_token& stop, const std::function<std::unique_ptr<Tools>()>& make_tools) {
    std::unique_ptr<Tools> tools;
    while (true) {
      std::optional<bus::Task> task;
      {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [this] { return task_.has_value(); })) return;
        task = std::exchange(task_, std::nullopt);
      }
      auto result = run(*task, tools, make_tools);
      const std::lock_guard lock{mutex_};
      result_ = std::move(result);
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
    }
  }

  bus::Result run(const bus::Task& task, std::unique_ptr<Tools>& tools, const std::function<std::unique_ptr<Tools>()>& make_tools) {
    try {
      if (!tools) {
        tools = make_tools();
        tools->when_moving([this] { moved_at_ = std::chrono::steady_clock::now(); });
      }
    } catch (const std::exception& error) {
      bus::Result result;
      *result.mutable_lease() = task.lease();
      result.set_error(error.what());
      return result;
    }
    return run_task(task, *tools);
  }

  int wake_;
  std::atomic<std::chrono::steady_clock::time_point> moved_at_{};
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<bus::Task> task_;
  std::optional<bus::Result> result_;
  std::jthread thread_;
};

Envelope envelope_of(bus::Result result) {
  Envelope envelope;
  *envelope.mutable_result() = std::move(result);
  if (bus::fits(envelope)) return envelope;
  const auto lease = envelope.result().lease();
  envelope.mutable_result()->Clear();
  *envelope.mutable_result()->mutable_lease() = lease;
  envelope.mutable_result()->set_error("its result is larger than a message may be (" + std::to_string(bus::kMostBytes >> 20) + " MiB)");
  return envelope;
}

class WorkerLoop {
 public:
  explicit WorkerLoop(const WorkerOptions& options) : options_{options}, socket_{options.bus}, bench_{options.make_tools} {}

  void run(const std::atomic<bool>& stop) {
    say_hello();
    while (!stop) {
      turn();
      keep_in_touch();
    }
    leave();
  }

 private:
  void turn() {
    if (auto envelope = socket_.receive(unsent_.empty() ? 500ms : 20ms, bench_.wake())) hear(*envelope);
    if (auto result = bench_.take()) {
      running_.reset();
      unsent_.push_back(envelope_of(std::move(*result)));
    }
    if (running_ && bench_.still_for() > options_.stall) end_hung();
    if (leaving_) {
      give_back();
    } else {
      begin_next();
    }
    flush();
  }

  [[noreturn]] void end_hung() const {
    spdlog::error("job {} ({} {}) took no step for {} s: this worker ends, another tries", running_->job(), running_->stage(), running_->key(), options_.stall.count());
    spdlog::shutdown();
    std::_Exit(1);
  }

  void hear(const Envelope& envelope) {
    last_heard_ = std::chrono::steady_clock::now();
    if (envelope.body_case() == Envelope::kTask) waiting_.push_back(envelope.task());
    if (envelope.body_case() == Envelope::kWhoAreYou) say_hello();
  }

  void begin_next() {
    if (running_ || waiting_.empty()) return;
    running_ = waiting_.front().lease();
    Envelope started;
    started.mutable_started()->set_token(running_->token());
    unsent_.push_back(std::move(started));
    bench_.put(std::move(waiting_.front()));
    waiting_.pop_front();
  }

  /// What was not begun, whenever it came.
  void give_back() {
    if (waiting_.empty()) return;
    Envelope released;
    for (const auto& task : waiting_) released.mutable_released()->add_tokens(task.lease().token());
    waiting_.clear();
    unsent_.push_back(std::move(released));
  }

  void flush() {
    while (!unsent_.empty() && socket_.send(unsent_.front())) unsent_.pop_front();
  }

  void say_hello() {
    Envelope envelope;
    auto* hello = envelope.mutable_hello();
    hello->set_worker(options_.name);
    hello->set_credit(kCredit);
    for (const auto stage : options_.stages) hello->add_stages(std::string{store::name_of(stage)});
    if (running_) {
      *hello->add_held() = *running_;
      hello->set_running(running_->token());
    }
    for (const auto& task : waiting_) *hello->add_held() = task.lease();
    socket_.send(envelope);
    last_heard_ = std::chrono::steady_clock::now();
  }

  void keep_in_touch() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_heard_ > bus::kSilence) {
      spdlog::warn("the coordinator has been silent for {} s; connecting anew", bus::kSilence.count());
      socket_.reconnect();
      say_hello();
    } else if (now - last_said_ > bus::kSilence / 3) {
      last_said_ = now;
      Envelope heartbeat;
      heartbeat.set_heartbeat(true);
      socket_.send(heartbeat);
    }
  }

  void leave() {
    leaving_ = true;
    give_back();
    while (running_) {
      turn();
      keep_in_touch();
    }
    Envelope goodbye;
    goodbye.set_goodbye(true);
    unsent_.push_back(goodbye);
    flush();
  }

  const WorkerOptions& options_;
  bus::DealerSocket socket_;
  Bench bench_;
  std::deque<bus::Task> waiting_;
  std::optional<bus::Lease> running_;
  bool leaving_ = false;
  std::deque<Envelope> unsent_;
  std::chrono::steady_clock::time_point last_heard_{}, last_said_{};
};

}  // namespace

void run_worker(const WorkerOptions& options, const std::atomic<bool>& stop) { WorkerLoop{options}.run(stop); }

}  // namespace cairn::worker
