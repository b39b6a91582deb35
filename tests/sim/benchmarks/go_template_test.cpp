#include "sim/benchmarks/go_template.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

std::string rendered(std::string_view text) {
  const auto parsed = GoTemplate::parse(text, "t.yaml");
  if (!parsed.ok()) return parsed.status().message();
  const auto out = parsed.value().render({{"Index", TemplateValue::of_int(7)},
                                          {"Count", TemplateValue::of_int(20)},
                                          {"Zone", TemplateValue::of_text("moon")},
                                          {"Half", TemplateValue::of_real(0.5)}});
  return out.ok() ? out.value() : out.status().message();
}

TEST(GoTemplate, RendersFieldsAndFunctionsAsGoDoes) {
  EXPECT_EQ(rendered("bar-{{.Index}}: 1"), "bar-7: 1");
  EXPECT_EQ(rendered("{{ .Zone }}-{{AddInt .Index 1}} of {{.Count}}"), "moon-8 of 20");
  EXPECT_EQ(rendered("{{Mod .Index 3}} {{DivideInt .Index 2}} {{DivideFloat .Index 2}}"),
            "1 3 3.5");
  EXPECT_EQ(rendered("{{MultiplyInt .Index (SubtractInt .Count 10) 2}}"), "140");
  EXPECT_EQ(rendered("{{AddFloat .Half 1}} {{MultiplyFloat \"2\" 3}} {{SubtractFloat 1 0.25}}"),
            "1.5 6 0.75");
  EXPECT_EQ(rendered("a\n  {{- .Index -}}  \n b {{/* no {{words */}}c"), "a7b c");
  EXPECT_EQ(rendered("no actions"), "no actions");
}

TEST(GoTemplate, NamesFileAndLineOfWhatItCannotRead) {
  const struct {
    const char* text;
    const char* error;
  } kCases[] = {
      {"a\nb {{.Missing}}", "t.yaml:2: template: no value for .Missing"},
      {"{{range .Index}}",
       "t.yaml:1: template: \"range\" is no field and no function that is known"},
      {"x\n\n{{.Index", "t.yaml:3: template: an action {{ has no end }}"},
      {"{{}}", "t.yaml:1: template: an empty action"},
      {"{{.Index | printf}}", "t.yaml:1: template: \"| printf\" is not understood here"},
      {"{{AddInt (MultiplyInt 2 3}}", "t.yaml:1: template: brackets do not match"},
      {"{{Mod .Index 0}}", "t.yaml:1: template: Mod: division by zero"},
      {"{{AddInt .Zone 1}}", "t.yaml:1: template: AddInt: \"moon\" is no number"},
      {"{{DivideInt .Index}}", "t.yaml:1: template: DivideInt takes two numbers"},
      {"{{AddInt \"1 2}}", "t.yaml:1: template: a text has no closing quote"},
      {"{{1.2.3}}", "t.yaml:1: template: \"1.2.3\" is no number"},
  };
  for (const auto& c : kCases) EXPECT_EQ(rendered(c.text), c.error) << c.text;
}

TEST(GoTemplate, IsStaticWithoutActions) {
  EXPECT_TRUE(GoTemplate::parse("a: 1", "t").value().is_static());
  EXPECT_FALSE(GoTemplate::parse("a: {{.Index}}", "t").value().is_static());
}

}  // namespace
}  // namespace orrery::sim
