# Scenarios and fonts travel inside every program. embed_files.cmake writes them as C++ at build time.

function(netsplit_embed_scenarios out)
  set(folder ${PROJECT_SOURCE_DIR}/scenarios)
  set(generated ${NETSPLIT_GENERATED}/embedded_scenarios.cpp)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*.json)
  list(SORT files)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -D KIND=scenarios -D OUT=${generated} -D ROOT=${folder} -D "FILES=${files}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding the scenarios" VERBATIM)
  set(${out} ${generated} PARENT_SCOPE)
endfunction()

# Letters of the Latin alphabets, and the signs the window draws as text: dashes, arrows, mathematics, keys,
# geometric shapes, warning and check marks. A sign the font lacks is skipped.
set(NETSPLIT_FONT_RANGES
  U+0020-007E,U+00A0-017F,U+03B1-03C9,U+2010-2027,U+2030-203A,U+2190-2199,U+21BA-21BB,U+2200-22FF,U+2300-23FF,U+25A0-25FF,U+2600-2717)

function(netsplit_embed_fonts out)
  set(generated ${NETSPLIT_GENERATED}/embedded_fonts.cpp)
  find_program(PYFTSUBSET pyftsubset)
  set(fonts)
  foreach(font inter_regular=Inter-Regular inter_semibold=Inter-SemiBold jetbrains_mono=JetBrainsMono-Regular)
    string(REGEX MATCH "^(.+)=(.+)$" _ ${font})
    set(name ${CMAKE_MATCH_1})
    find_file(NETSPLIT_FONT_${name} NAMES ${CMAKE_MATCH_2}.otf ${CMAKE_MATCH_2}.ttf NO_CMAKE_FIND_ROOT_PATH
      PATHS /usr/share/fonts /usr/local/share/fonts $ENV{HOME}/Library/Fonts /Library/Fonts
      PATH_SUFFIXES opentype/inter truetype/jetbrains-mono inter jetbrains-mono)
    set(file ${NETSPLIT_FONT_${name}})
    if(NOT file)
      message(STATUS "${CMAKE_MATCH_2} was not found: the window will use Dear ImGui's own font "
        "(Debian: fonts-inter fonts-jetbrains-mono).")
    elseif(PYFTSUBSET)
      set(subset ${NETSPLIT_GENERATED}/${name}.font)
      add_custom_command(OUTPUT ${subset}
        COMMAND ${PYFTSUBSET} ${file} --unicodes=${NETSPLIT_FONT_RANGES} --output-file=${subset}
          --layout-features= --no-hinting --drop-tables+=GPOS,GSUB,GDEF --name-IDs=0,1,2,13
        DEPENDS ${file} COMMENT "Subsetting ${CMAKE_MATCH_2}" VERBATIM)
      set(file ${subset})
    endif()
    list(APPEND fonts ${name}=${file})
  endforeach()
  string(REGEX REPLACE "[^;=]+=" "" files "${fonts}")
  list(FILTER files EXCLUDE REGEX "-NOTFOUND$")
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -D KIND=fonts -D OUT=${generated} -D "FONTS=${fonts}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding the fonts" VERBATIM)
  set(${out} ${generated} PARENT_SCOPE)
endfunction()
