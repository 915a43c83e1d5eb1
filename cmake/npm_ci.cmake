# Installs what package-lock.json names, unless it is installed already (cmake -P, in the package's folder).
set(wanted ${CMAKE_SOURCE_DIR}/package-lock.json)
set(installed ${CMAKE_SOURCE_DIR}/node_modules/.package-lock.json)
if(NOT EXISTS ${installed} OR ${wanted} IS_NEWER_THAN ${installed})
  execute_process(COMMAND ${NPM} ci --ignore-scripts COMMAND_ERROR_IS_FATAL ANY)
endif()
