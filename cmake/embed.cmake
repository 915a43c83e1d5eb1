# Scenarios and fonts travel inside every program, but for the page's window, which has its scenarios beside it.
# embed_files.cmake writes them at build time.

# netsplit_write_scenarios(kind generated): all of them in one file. `kind` as in embed_files.cmake.
function(netsplit_write_scenarios kind generated)
  set(folder ${PROJECT_SOURCE_DIR}/scenarios)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*.json)
  list(SORT files)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -D KIND=${kind} -D OUT=${generated} -D ROOT=${folder} -D "FILES=${files}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Gathering the scenarios" VERBATIM)
endfunction()

function(netsplit_embed_scenarios out)
  set(generated ${NETSPLIT_GENERATED}/embedded_scenarios.cpp)
  netsplit_write_scenarios(scenarios ${generated})
  # An object of its own: a program that has its scenarios from elsewhere does without it.
  set_source_files_properties(${generated} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set(${out} ${generated} PARENT_SCOPE)
endfunction()

# Letters of the Latin alphabets, and the signs that texts are written with: dashes, quotation marks, arrows, a few of
# mathematics. Everything else that looks like a sign is drawn. What a scenario or the window says must be among them
# (tests/ui/fonts_test.cpp).
set(letters U+0020-007E,U+00A0-017F,U+2009-2026,U+2190-2193,U+2212,U+221E,U+2248,U+2260,U+2264-2265,U+2713,U+FFFD)
set(NETSPLIT_FONTS  # function in picture/fonts_embedded.h, file
  inter_regular Inter-Regular
  inter_semibold Inter-SemiBold
  jetbrains_mono JetBrainsMono-Regular)

function(netsplit_embed_fonts out)
  set(generated ${NETSPLIT_GENERATED}/embedded_fonts.cpp)
  find_program(PYFTSUBSET pyftsubset)
  set(fonts)
  set(files)
  set(list ${NETSPLIT_FONTS})
  while(list)
    list(POP_FRONT list name font)
    find_file(NETSPLIT_FONT_${name} NAMES ${font}.otf ${font}.ttf NO_CMAKE_FIND_ROOT_PATH
      PATHS /usr/share/fonts /usr/local/share/fonts $ENV{HOME}/Library/Fonts /Library/Fonts
      PATH_SUFFIXES opentype/inter truetype/jetbrains-mono)
    set(file ${NETSPLIT_FONT_${name}})
    if(NOT file)
      message(STATUS "The font ${font} was not found: the window does without it "
        "(Debian: fonts-inter fonts-jetbrains-mono).")
    elseif(PYFTSUBSET)
      set(subset ${NETSPLIT_GENERATED}/${name}.font)
      add_custom_command(OUTPUT ${subset}
        COMMAND ${PYFTSUBSET} ${file} --unicodes=${letters} --output-file=${subset}
          --layout-features= --no-hinting --desubroutinize --name-IDs= --drop-tables+=GPOS,GSUB,GDEF,FFTM
        DEPENDS ${file} COMMENT "Subsetting ${font}" VERBATIM)
      set(file ${subset})
    endif()
    list(APPEND fonts ${name}=${file})
    if(file)
      list(APPEND files ${file})
    endif()
  endwhile()
  if(NOT "${fonts}" MATCHES "-NOTFOUND")  # Dear ImGui's own, which stands in for one that is missing, is not needed
    target_compile_definitions(imgui PRIVATE IMGUI_DISABLE_DEFAULT_FONT)
  endif()
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -D KIND=fonts -D OUT=${generated} -D "FONTS=${fonts}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding the fonts" VERBATIM)
  set(${out} ${generated} PARENT_SCOPE)
endfunction()
