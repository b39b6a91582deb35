# What every target of the project shares: warnings, the library and the test helper.

set(ORRERY_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wno-missing-field-initializers)
if(ORRERY_WERROR)
  list(APPEND ORRERY_WARNINGS -Werror)
endif()

# orrery_library(NAME SOURCES ... HEADERS ... LINK ...): one library a folder. LINK is the layer
# rule.
# Headers go into a header set, so that `all_verify_interface_header_sets` compiles each one alone.
function(orrery_library name)
  cmake_parse_arguments(A "" "" "SOURCES;HEADERS;LINK" ${ARGN})
  add_library(orrery_${name} STATIC ${A_SOURCES})
  add_library(orrery::${name} ALIAS orrery_${name})
  target_sources(orrery_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${A_HEADERS})
  target_include_directories(orrery_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(orrery_${name} PRIVATE ${ORRERY_WARNINGS})
  target_link_libraries(orrery_${name} PUBLIC ${A_LINK})
endfunction()

# orrery_test(NAME LABEL SOURCES ... LINK ...): one GoogleTest binary; ctest runs it under LABEL.
function(orrery_test name label)
  cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${ORRERY_WARNINGS})
  target_link_libraries(${name} PRIVATE ${A_LINK} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${label} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                       TIMEOUT 600)
endfunction()
