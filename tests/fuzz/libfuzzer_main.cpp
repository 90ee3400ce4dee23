// One source for every fuzzer: CAIRN_FUZZ_ENTRY names the entry, CAIRN_FUZZ_HEADER where it is declared.
#include CAIRN_FUZZ_HEADER

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cairn::fuzz::CAIRN_FUZZ_ENTRY(std::as_bytes(std::span{data, size}));
  return 0;
}
