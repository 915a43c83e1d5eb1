# Writes one source per header in core/protocols, which instantiates the engine for it, and a header that declares all.
function(netsplit_instantiate_protocols out)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/protocols/*.h)
  set(sources)
  set(declarations "")
  foreach(header IN LISTS headers)
    cmake_path(GET header STEM name)
    set(source ${NETSPLIT_GENERATED}/protocol_${name}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT
"#include \"core/protocols/@name@.h\"
#include \"core/scenario/protocol_entry.h\"

template const netsplit::check::CheckedProtocol&
netsplit::protocol_entry<netsplit::@name@::Protocol>();
" @ONLY)
    list(APPEND sources ${source})
    string(APPEND declarations "namespace netsplit::${name} {\nstruct Protocol;\n}\n")
  endforeach()
  file(CONFIGURE OUTPUT ${NETSPLIT_GENERATED}/declared_protocols.h CONTENT "@declarations@" @ONLY)
  set(${out} ${sources} PARENT_SCOPE)
endfunction()
