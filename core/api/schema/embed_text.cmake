# cmake -DINPUT=file.txt -DOUTPUT=file.cpp -P embed_text.cmake
# The ASCII text as a C++ string literal.
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
file(WRITE ${OUTPUT} "#include \"core/api/schema/api_table_text.h\"

namespace orrery::api {

std::string_view api_table_text() {
  static constexpr char kText[] =
${body};
  return {kText, sizeof(kText) - 1};
}

}  // namespace orrery::api
")
