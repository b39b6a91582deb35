"""Every rule of tidy, seen to fire on a bad sample and to keep quiet on a good one."""

import unittest

from sample_tree import findings_in, header, rules_in

MUST_FIRE = [
    # rule, line, path, text
    ("include-layer", 1, "core/base/a.cpp", '#include "core/runtime/x.h"\n'),
    ("include-layer", 1, "core/base/a.h", "#include <fmt/format.h>\n"),
    ("include-layer", 1, "core/runtime/a.cpp", "#include <Eigen/Dense>\n"),
    ("include-layer", 1, "core/runtime/a.cpp", '#include "core/api/x.h"\n'),
    ("include-layer", 1, "core/api/a.cpp", '#include "core/runtime/x.h"\n'),
    ("include-layer", 1, "core/ports/a.cpp", '#include "core/runtime/metrics.h"\n'),
    ("include-layer", 1, "core/store/a.cpp", '#include "core/client/x.h"\n'),
    ("include-layer", 1, "core/client/a.cpp", '#include "core/store/x.h"\n'),
    ("include-layer", 1, "core/controller/a.cpp", '#include "core/store/x.h"\n'),
    ("include-layer", 1, "core/controller/a.cpp", '#include "core/scheduler/x.h"\n'),
    ("include-layer", 1, "core/scheduler/a.cpp", '#include "core/apiserver/x.h"\n'),
    ("include-layer", 1, "core/kubelet/a.cpp", '#include "sim/x.h"\n'),
    ("include-layer", 1, "core/kubelet/deep/a.cpp", '#include "core/network/x.h"\n'),
    ("include-layer", 1, "core/network/a.cpp", "#include <boost/asio.hpp>\n"),
    ("include-layer", 1, "core/store/a.cpp", "#include <unistd.h>\n"),
    ("include-layer", 1, "sim/a.cpp", '#include "live/x.h"\n'),
    ("include-layer", 1, "sim/a.cpp", "#include <sqlite3.h>\n"),
    ("include-layer", 1, "live/a.cpp", '#include "sim/x.h"\n'),
    ("include-layer", 1, "live/a.cpp", "#include <QtCore/QObject>\n"),
    ("include-layer", 1, "gui/a.cpp", '#include "sim/x.h"\n'),
    ("include-layer", 1, "gui/pages/a.cpp", '#include "core/store/x.h"\n'),
    ("include-json", 1, "core/api/a.h", "#include <nlohmann/json.hpp>\n"),
    ("include-path", 1, "core/api/a.cpp", '#include "pod.h"\n'),
    ("include-path", 1, "core/api/a.cpp", '#include "core/api/nowhere.h"\n'),
    ("include-own-first", 1, "core/api/x.cpp", '#include <string>\n#include "core/api/x.h"\n'),
    ("banned-word", 2, "core/api/a.cpp", "\nauto t = std::chrono::system_clock::now();\n"),
    ("banned-word", 1, "sim/a.cpp", "auto t = std::chrono::steady_clock::now();\n"),
    ("banned-word", 1, "sim/a.cpp", "auto t = std::time(nullptr);\n"),
    ("banned-word", 1, "sim/a.cpp", "auto t = time(nullptr);\n"),
    ("banned-word", 1, "sim/a.cpp", "gettimeofday(&t, nullptr);\n"),
    ("banned-word", 1, "core/api/a.cpp", "int x = rand();\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::random_device d;\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::mt19937 d;\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::uniform_int_distribution<int> d;\n"),
    ("banned-word", 1, "core/api/a.cpp", "#include <thread>\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::mutex m;\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::shared_mutex m;\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::atomic<int> n;\n"),
    ("banned-word", 1, "core/api/a.cpp", "std::atomic_flag n;\n"),
    ("banned-word", 1, "core/api/a.cpp", "auto f = std::async(g);\n"),
    ("banned-word", 1, "core/api/a.cpp", "sleep_for(1s);\n"),
    ("banned-word", 1, "core/api/a.cpp", 'auto h = std::getenv("HOME");\n'),
    ("banned-word", 1, "core/api/a.cpp", "double x = std::exp(1.0);\n"),
    ("banned-word", 1, "core/api/a.cpp", "double x = std::log(1.0);\n"),
    ("banned-word", 1, "core/api/a.cpp", "double x = pow(1.0, 2);\n"),
    ("banned-word", 1, "core/api/a.cpp", "double x = std::sin(1.0);\n"),
    ("banned-word", 1, "core/api/a.cpp", "if (env.is_simulated()) {}\n"),
    ("columns", 2, "core/api/a.cpp", "\nint " + "x" * 100 + ";\n"),
    ("file-size", 801, "core/api/a.cpp", "int x;\n" * 801),
    ("function-size", 2, "core/api/a.cpp", "\nvoid f() {\n" + "  g();\n" * 59 + "}\n"),
    ("function-size", 2, "scripts/a.py", "\ndef f():\n" + "    g()\n" * 60),
    ("python", 1, "scripts/a.py", "def f(:\n"),
    ("pragma-once", 1, "core/api/a.h", "// What it is.\nint x;\n"),
    ("header-comment", 1, "core/api/a.h", "#pragma once\n// Too late.\n"),
    ("header-comment", 1, "core/api/a.h", "// Much.\n" * 21 + "#pragma once\n"),
    ("vague-name", 1, "core/util/a.cpp", ""),
    ("vague-name", 1, "core/api/string_utils.cpp", ""),
    ("vague-name", 1, "sim/pod_manager.cpp", ""),
    ("vague-name", 1, "tests/helpers.cpp", ""),
    ("readme", 41, "core/api/README.md", "a line\n" * 41),
    ("banner", 2, "core/api/a.cpp", "\n// -------- types --------\n"),
    ("banner", 1, "core/api/a.cpp", "/*****\n * types\n */\n"),
    ("banner", 1, "core/api/a.cpp", "//////////////////\n"),
    ("banner", 2, "scripts/a.py", "\n# ======\n"),
    ("banner", 2, "core/api/a.cpp", "\n// Author: somebody\n"),
    ("machine-path", 2, "scripts/a.py", "\nx = '/" + "home/me/data'\n"),
    ("machine-path", 1, "docs/a.md", "look in /" + "root/data\n"),
    ("exemption-why", 1, "core/api/a.cpp", "std::mutex m;  // tidy:\n"),
]

MUST_PASS = [
    ("core/base/a.cpp", "#include <fmt/format.h>\n#include <vector>\n"),
    ("core/ports/a.cpp", '#include "core/runtime/env.h"\n#include "core/runtime/event_loop.h"\n'),
    ("core/apiserver/a.cpp", '#include "core/store/x.h"\n#include "core/client/x.h"\n'),
    ("core/api/a.cpp", '#include <nlohmann/json.hpp>\n// #include "core/store/x.h"\n'),
    ("core/api/a.h", header("#include <nlohmann/json_fwd.hpp>\n")),
    ("core/api/x.cpp", '#include "core/api/x.h"\n\n#include <string>\n'),
    ("live/a.cpp", '#include <boost/asio.hpp>\n#include "core/store/x.h"\nstd::mutex m;\n'),
    ("gui/main.cpp", '#include "sim/x.h"\n#include "live/x.h"\n'),
    ("cli/a.cpp", '#include "sim/x.h"\n#include "live/x.h"\nauto t = steady_clock::now();\n'),
    ("tests/a_test.cpp", '#include "sim/x.h"\n#include "live/x.h"\n'),
    ("core/api/a.cpp", '// a mutex\nauto s = "std::mutex";\n/* rand() */ int operand(int);\n'),
    ("core/api/a.cpp", 'auto s = R"(rand() "steady_clock" )";\n'),
    ("core/api/a.cpp", "int n = 1'000'000; // 'thread'\nchar c = '\\'';\n"),
    ("core/api/a.cpp", "Time time() const; auto t = loop.time(); auto u = creation_time(x);\n"),
    ("core/api/a.cpp", "exact_exp(x); exact_log(x); std::sqrt(x); LOG(log, kInfo, x); log(y);\n"),
    ("core/api/a.cpp", "std::mutex m;  // tidy: the sample says so\n"),
    ("core/api/a.cpp", "// tidy: the sample says so\nstd::mutex m;\n"),
    ("core/api/a.cpp", "#include <" + "x" * 120 + ">\n// https://" + "x" * 120 + "\n"),
    ("core/api/a.cpp", 'auto s = R"(\n' + "x" * 120 + '\n)";\n'),
    ("core/api/a.h", header("// not a banner: - - -\n")),
    ("tests/data/a.yaml", "workingDir: /" + "home/app\n"),
]


class Rules(unittest.TestCase):
    def test_each_rule_fires_where_the_sample_breaks_it(self):
        for rule, line, path, text in MUST_FIRE:
            with self.subTest(rule=rule, path=path, text=text[:60]):
                self.assertIn((rule, line), rules_in({path: text}))

    def test_good_samples_pass(self):
        for path, text in MUST_PASS:
            with self.subTest(path=path, text=text[:60]):
                self.assertEqual([], [str(f) for f in findings_in({path: text})])

    def test_a_source_folder_without_a_readme_is_found(self):
        found = rules_in({"core/newfolder/a.cpp": ""}, own_readmes=True)
        self.assertIn(("readme", 1), found)

    def test_an_exemption_covers_its_line_only(self):
        text = "std::mutex a;  // tidy: the sample says so\nstd::mutex b;\n"
        self.assertEqual([("banned-word", 2)], rules_in({"core/api/a.cpp": text}))

    def test_an_exemption_cannot_excuse_a_whole_file(self):
        text = "// tidy: no\n" * 801
        self.assertIn(("file-size", 801), rules_in({"core/api/a.cpp": text}))


class UnorderedIteration(unittest.TestCase):
    DECLARED = header("#include <unordered_map>\nstruct S { std::unordered_map<int, "
                      "std::vector<std::pair<int, int>>> pods_; std::vector<int> list_; };\n")

    def lines(self, body, declared=DECLARED):
        files = {"core/store/s.h": declared,
                 "core/store/s.cpp": '#include "core/store/s.h"\n' + body}
        return [f.line for f in findings_in(files) if f.rule == "unordered-iteration"]

    def test_a_range_for_over_a_member_declared_in_the_header_is_found(self):
        self.assertEqual([2], self.lines("void S::f() { for (auto& [a, b] : pods_) g(a); }\n"))

    def test_begin_is_found(self):
        self.assertEqual([2], self.lines("auto i = s.pods_.begin();\n"))

    def test_an_alias_is_seen_through(self):
        declared = header("using Map = std::unordered_map<int, int>;\nstruct S { Map pods_; };\n")
        self.assertEqual([2], self.lines("void f() { for (auto x : s->pods_) g(x); }\n", declared))

    def test_lookups_and_other_containers_pass(self):
        self.assertEqual([], self.lines(
            "void S::f() { pods_.find(1); for (int x : list_) g(x); if (a == pods_.end()) {} }\n"))


if __name__ == "__main__":
    unittest.main()
