# cmake -DINPUT=file.txt -DOUTPUT=file.cpp -P embed_text.cmake
# The ASCII text as a C++ string literal. -DHEADER, -DNAMESPACE and -DFUNCTION name the function
# that returns it, where that is not the API table's.
if(NOT HEADER)
  set(HEADER core/api/schema/api_table_text.h)
  set(NAMESPACE orrery::api)
  set(FUNCTION api_table_text)
endif()
file(READ ${INPUT} text)
string(LENGTH "${text}" length)
set(chunk 8000)
set(body "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} ${chunk} part)
  string(APPEND body "R\"TABLE(${part})TABLE\"\n")
  math(EXPR at "${at} + ${chunk}")
endwhile()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}() {
  static constexpr char kText[] =
${body};
  return {kText, sizeof(kText) - 1};
}

}  // namespace ${NAMESPACE}
")
