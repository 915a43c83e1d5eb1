# Compiler flags for our own code, as one interface target. Third-party code does not link it.
#
# A run must be the same byte for byte everywhere, so nothing here may change what a program computes: no
# -ffast-math, no -march=native.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Debug still runs the simulator's long tests: -O1 keeps them quick. Lines for the debugger, without variables, which
# -O1 mostly loses and which a quarter of the time to compile would go into: -DCMAKE_CXX_FLAGS=-g has them too.
# An optimiser takes three times as long over what a sanitizer makes of a source: then only engine and protocols are
# optimised.
if(NETSPLIT_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1" CACHE STRING "" FORCE)
else()
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1" CACHE STRING "" FORCE)
endif()

# What runs once for a file, a button or a frame, and not for each step of a run: small where it is downloaded, compiled
# quickly where it is only tested.
function(netsplit_runs_seldom target)
  if(EMSCRIPTEN)
    target_compile_options(${target} PRIVATE -Oz)
  elseif(CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT NETSPLIT_SANITIZE)
    target_compile_options(${target} PRIVATE -Og)
  endif()
endfunction()

find_program(CCACHE ccache)
if(CCACHE AND NOT EMSCRIPTEN)  # emcc takes it through EM_COMPILER_WRAPPER: see toolchain-emscripten.cmake
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

if(NETSPLIT_SANITIZE)
  # A null pointer is caught when it is used; to check for it, and for alignment, at each use costs a quarter of the time.
  add_compile_options(-fsanitize=${NETSPLIT_SANITIZE} -fno-sanitize=null,alignment,object-size,vptr
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NETSPLIT_SANITIZE})
endif()

add_library(netsplit_flags INTERFACE)
target_compile_options(netsplit_flags INTERFACE
  -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=  # messages name files as the repository does
  -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-invalid-offsetof # every compiler we know gives the offset in any struct without virtual bases
  $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>
  # g++ 12 warns of copies onto themselves that its own string library makes when optimised.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${NETSPLIT_WERROR}>:-Werror>
  $<$<BOOL:${EMSCRIPTEN}>:-fno-rtti>)
target_compile_definitions(netsplit_flags INTERFACE
  NETSPLIT_VERSION="${PROJECT_VERSION}"
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
