// What a job costs in the queue: bench_queue [JOBS] [CONTRIBUTORS] [FOLDER]
// Enqueued 64 in a transaction; then, as the coordinator does, 64 completed and the next 64 leased in one. Durable. Wall and CPU seconds.
#include "services/store/jobs.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

namespace {

using namespace cairn;
using namespace cairn::store;

constexpr int kBatch = 64;

template <class Step>
void timed(const char* name, int jobs, Step step) {
  const auto cpu = std::clock();
  const auto wall = std::chrono::steady_clock::now();
  step();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  std::printf("%-24s %9.0f jobs/s   %6.1f us CPU each\n", name, jobs / seconds, 1e6 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / jobs);
}

}  // namespace

int main(int count, char** arguments) {
  const int jobs = count > 1 ? std::atoi(arguments[1]) : 100'000;
  const int contributors = count > 2 ? std::atoi(arguments[2]) : 20;
  const std::filesystem::path folder = count > 3 ? arguments[3] : std::filesystem::temp_directory_path() / "cairn_bench_queue";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Session session{DatabaseUrl{"sqlite://" + (folder / "catalogue.db").string()}};
  migrate(session);
  UtcTime now = time_from_micros(1'777'636'800'000'000);
  timed("enqueue", jobs, [&] {
    for (int i = 0; i < jobs; i += kBatch) {
      now += std::chrono::milliseconds{5};
      session.write([&](Session& writer) {
        for (int k = i; k < std::min(jobs, i + kBatch); ++k)
          enqueue(writer, {.stage = Stage::decode, .key = std::to_string(k), .tenant = std::to_string(k % contributors), .now = now});
      });
    }
  });
  int done = 0;
  std::vector<LeasedJob> leased;
  timed("lease and complete", jobs, [&] {
    while (done < jobs) {
      session.write([&](Session& writer) {
        for (const auto& job : leased) done += complete(writer, job, now) ? 1 : 0;
        leased = lease(writer, {Stage::decode}, kBatch, now, {});
      });
    }
  });
  std::filesystem::remove_all(folder);
}
