// A worker on a bus of its own, with the coordinator's side played by the test; and what fusion's thin worker gives.

#include "services/worker/worker.hpp"

#include "services/bus/socket.hpp"
#include "services/codec/codec.hpp"
#include "services/worker/stages.hpp"
#include "tests/catch.hpp"
#include "tests/services/scratch.hpp"

#include <atomic>
#include <latch>
#include <set>
#include <thread>

using namespace cairn;
using namespace std::chrono_literals;

namespace {

bus::Envelope task_named(const std::string& token) {
  bus::Envelope envelope;
  envelope.mutable_task()->mutable_lease()->set_token(token);
  envelope.mutable_task()->mutable_assemble();
  return envelope;
}

/// A coordinator that notes what it hears.
struct Listener {
  explicit Listener(const std::string& address) : socket{address} {}

  /// Listens until something is so, for ten seconds at most.
  template <class Condition>
  bool until(const Condition& holds) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!holds() && std::chrono::steady_clock::now() < end) {
      const auto arrived = socket.receive(100ms);
      if (!arrived) continue;
      peer = arrived->peer;
      const auto& envelope = arrived->envelope;
      if (envelope.has_hello()) greeted = true;
      if (envelope.has_started()) started.insert(envelope.started().token());
      if (envelope.has_result()) done.insert(envelope.result().lease().token());
      for (const auto& token : envelope.released().tokens()) released.insert(token);
      if (envelope.goodbye()) gone = true;
    }
    return holds();
  }

  bus::RouterSocket socket;
  std::string peer;
  bool greeted = false, gone = false;
  std::set<std::string> started, done, released;
};

FrameId frame_numbered(int number) { return FrameId::derived_from({"frame", std::to_string(number)}); }

/// A drive north, 10 m a second; of some frames no one may know.
bus::FuseTask task_hiding(const std::set<int>& hidden) {
  bus::FuseTask task;
  task.set_sequence(SequenceId::derived_from({"sequence"}).text());
  task.set_contributor(AccountId::derived_from({"account"}).text());
  for (int i = 0; i < 20; ++i) {
    Capture capture;
    capture.id = frame_numbered(i);
    capture.fix.taken_at = time_from_micros(1'777'636'800'000'000) + std::chrono::seconds{i};
    capture.fix.place = *LatLon::from_degrees(55.7 + i * 9e-5, 13.2);
    capture.fix.accuracy_m = 3;
    Observation observation;
    observation.quality.decision = QualityDecision::accept;
    observation.quality.score = 0.9;
    auto* frame = task.add_frames();
    *frame->mutable_capture() = codec::to_record(capture);
    *frame->mutable_observation() = codec::to_record(observation);
    frame->set_hidden(hidden.contains(i));
  }
  return task;
}

}  // namespace

TEST_CASE("a worker that is told to stop begins nothing more and gives back what it has") {
  testing::ScratchFolder scratch;
  const auto address = "ipc://" + (scratch.path() / "bus").string();
  Listener coordinator{address};
  std::latch may_work{1};
  std::atomic<bool> stop = false;
  worker::WorkerOptions options;
  options.name = "worker";
  options.bus = address;
  options.stages = {store::Stage::assemble};
  options.make_tools = [&] {
    may_work.wait();
    return std::make_unique<worker::Tools>(store::BlobStore{scratch.path() / "blobs"}, scratch.database(), "");
  };
  std::jthread thread{[&] { worker::run_worker(options, stop); }};
  REQUIRE(coordinator.until([&] { return coordinator.greeted; }));
  for (const auto* token : {"runs", "waits"}) coordinator.socket.send(coordinator.peer, task_named(token));
  REQUIRE(coordinator.until([&] { return coordinator.started.contains("runs"); }));
  stop = true;
  REQUIRE(coordinator.until([&] { return coordinator.released.contains("waits"); }));
  coordinator.socket.send(coordinator.peer, task_named("comes late"));
  REQUIRE(coordinator.until([&] { return coordinator.released.contains("comes late"); }));
  may_work.count_down();
  REQUIRE(coordinator.until([&] { return coordinator.gone; }));
  REQUIRE(coordinator.done == std::set<std::string>{"runs"});
  REQUIRE(coordinator.started == std::set<std::string>{"runs"});
}

TEST_CASE("the bus is at no address that another machine might reach, and says why") {
  for (const auto* address : {"ipc:///run/cairn/bus", "tcp://127.0.0.1:7000", "tcp://[::1]:7000", "tcp://localhost:7000"}) {
    REQUIRE_FALSE(bus::problem_of_address(address));
  }
  for (const auto* address : {"tcp://0.0.0.0:7000", "tcp://*:7000", "tcp://eth0:7000", "tcp://10.0.0.3:7000", "tcp://127.0.0.1.example.org:7000", "pgm://x", ""}) {
    REQUIRE(bus::problem_of_address(address));
    REQUIRE_THROWS_WITH(bus::RouterSocket{address}, ContainsText("asks nobody who they are"));
    REQUIRE_THROWS_WITH(bus::DealerSocket{address}, ContainsText("WireGuard"));
  }
}

TEST_CASE("neither line nor coverage tells of hidden frames, whose verdicts stand all the same") {
  const auto all = worker::run_fuse(task_hiding({}));
  const auto some = worker::run_fuse(task_hiding({15, 16, 17, 18, 19}));
  REQUIRE(all.line_zooms_size() == 20);
  REQUIRE(some.line_zooms_size() == 15);
  REQUIRE(some.verdicts_size() == 20);
  REQUIRE(some.hidden(19));
  for (int i = 0; i < 20; ++i) REQUIRE(some.verdicts(i).SerializeAsString() == all.verdicts(i).SerializeAsString());
  const auto north_of_shown = codec::from_record(some.verdicts(14)).pose.place.lat_deg() + 1e-4;
  REQUIRE(some.coverage_size() > 0);
  for (const auto& visit : some.coverage()) REQUIRE(visit.place().lat_e7() * 1e-7 < north_of_shown);
}
