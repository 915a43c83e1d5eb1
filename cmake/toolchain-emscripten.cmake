# Emscripten, wherever it is: on PATH (Debian, Homebrew, an activated emsdk), or in $EMSDK.
find_program(EM_CONFIG em-config HINTS $ENV{EMSDK}/upstream/emscripten NO_CMAKE_FIND_ROOT_PATH)
if(NOT EM_CONFIG)
  message(FATAL_ERROR "Emscripten was not found: install it (Debian: emscripten) or activate an emsdk.")
endif()
execute_process(COMMAND ${EM_CONFIG} EMSCRIPTEN_ROOT
  OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
include(${root}/cmake/Modules/Platform/Emscripten.cmake)

# The stack's option changed its name, and its default shrank to 64 kB; ours is the same everywhere.
if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.27)
  set(NETSPLIT_STACK_OPTION -sTOTAL_STACK=4MB)
else()
  set(NETSPLIT_STACK_OPTION -sSTACK_SIZE=4MB)
endif()

# Programs of Emscripten before 3.1.14 call the global fetch of newer Nodes on a file name, and fail.
find_program(NODE NAMES node nodejs REQUIRED NO_CMAKE_FIND_ROOT_PATH)
set(CMAKE_CROSSCOMPILING_EMULATOR ${NODE})
if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.14)
  list(APPEND CMAKE_CROSSCOMPILING_EMULATOR --no-experimental-fetch)
endif()

# Debian's Emscripten expects its JavaScript modules where only Debian's own Node looks.
set(environment)
if(EXISTS /usr/share/nodejs/acorn)
  list(APPEND environment NODE_PATH=/usr/share/nodejs)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  list(APPEND environment EM_COMPILER_WRAPPER=${CCACHE})
endif()
if(environment)
  list(JOIN environment " " environment)
  set_property(GLOBAL PROPERTY RULE_LAUNCH_COMPILE "${CMAKE_COMMAND} -E env ${environment}")
  set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK "${CMAKE_COMMAND} -E env ${environment}")
endif()
