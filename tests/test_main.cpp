#ifndef CAIRN_CATCH2_V3
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif

/// The encoder that makes HEIC pictures for tests keeps a block until the program ends; none of our programs has it.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:x265_malloc"; }
