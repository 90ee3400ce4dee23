// One source for every fuzzer: CAIRN_FUZZ_ENTRY names the entry.
#include "tests/fuzz/ingest_entries.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cairn::fuzz::CAIRN_FUZZ_ENTRY(std::as_bytes(std::span{data, size}));
  return 0;
}
