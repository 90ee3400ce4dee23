# What every target of ours is compiled with: an INTERFACE target that cairn_core hands on.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# The presets that build everything at once join the sources of a library, a dozen to a file: what they include is read, and its
# templates made, once for a dozen. So names without a namespace of their own may not repeat within a library.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(cairn_options INTERFACE)
target_include_directories(cairn_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(cairn_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-psabi
  -Wno-missing-field-initializers)  # a designated initialiser leaves the rest to their defaults
# The same bytes on every machine (law 5): no fused multiply-add where the source has two steps.
target_compile_options(cairn_options INTERFACE -ffp-contract=off)
# A program loads only the libraries that it calls: the command line starts without torch.
target_link_options(cairn_options INTERFACE -Wl,--as-needed)
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(cairn_options INTERFACE -Wno-subobject-linkage)  # it takes a joined source for a header
endif()
if(CAIRN_WERROR)
  target_compile_options(cairn_options INTERFACE -Werror)
endif()
if(CAIRN_SANITIZE)
  target_compile_options(cairn_options INTERFACE -fsanitize=${CAIRN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # SOCI hides the type information that this one check asks for: what uses it would not link.
  target_compile_options(cairn_options INTERFACE -fno-sanitize=vptr)
  target_link_options(cairn_options INTERFACE -fsanitize=${CAIRN_SANITIZE})
endif()
