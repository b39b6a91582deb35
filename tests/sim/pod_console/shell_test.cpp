#include <gtest/gtest.h>

#include "tests/sim/pod_console/console_world.h"

namespace orrery::sim {
namespace {

struct Row {
  const char* script;
  const char* out;
  int code = 0;
  const char* err = "";
};

TEST(Shell, RunsTheTableOfScripts) {
  const Row rows[] = {
      {"echo hello  world", "hello world\n"},
      {"echo 'a  b' \"c  $HOME\" \\$x", "a  b c  /root $x\n"},
      {"echo $GREETING/$LATER/$COLOUR", "hi from $(NODE)/on n1/blue\n"},
      {"echo $KUBERNETES_SERVICE_HOST $HOSTNAME", "10.96.0.1 web-0\n"},
      {"x=1; x=$((x + 2 * 3)); echo $x ${x} ${y:-none}", "7 7 none\n"},
      {"echo $((7/0)) $((-7%3)) $(( (1+2)*3 ))", "0 -1 9\n"},
      {"false && echo no || echo yes", "yes\n"},
      {"true && false; echo $?", "1\n"},
      {"! true; echo $?", "1\n"},
      {"exit 3; echo never", "", 3},
      {"(exit 4); echo $?", "4\n"},
      {"foo", "", 127, "sh: 1: foo: not found\n"},
      {"echo one > f; echo two >> f; cat f; cat < f | wc -l", "one\ntwo\n2\n"},
      {"echo bad >&2", "", 0, "bad\n"},
      {"foo 2>/dev/null; foo 2>&1 | cat", "sh: 1: foo: not found\n"},
      {"printf '3\\n1\\n2\\n' | sort | head -n 2", "1\n2\n"},
      {"printf 'a\\nb\\nab\\n' | grep -c '^a'", "2\n"},
      {"echo abc | grep -q x", "", 1},
      {"seq 5 | tail -2; seq 3 | tail -n +2 | wc -l", "4\n5\n2\n"},
      {"for i in a b c; do [ $i = b ] && continue; echo $i; done", "a\nc\n"},
      {"i=0; while true; do i=$((i+1)); if [ $i -ge 3 ]; then break; fi; done; echo $i", "3\n"},
      {"if test -d /tmp; then echo dir; else echo none; fi", "dir\n"},
      {"if false; then echo a; elif true; then echo b; else echo c; fi", "b\n"},
      {"mkdir -p /a/b; touch /a/b/c; ls /a; ls /a/b; rm -r /a; ls /a", "b\nc\n", 1,
       "ls: /a: No such file or directory\n"},
      {"cd /etc; pwd; cat hostname; cd ..; pwd", "/etc\nweb-0\n/\n"},
      {"cd /nowhere", "", 2, "sh: cd: can't cd to /nowhere: No such file or directory\n"},
      {"cat /etc/conf/colour; echo x > /etc/conf/colour", "blue", 1,
       "sh: can't create /etc/conf/colour: Read-only file system\n"},
      {"cp /etc/hostname /tmp/h; mv /tmp/h /tmp/i; cat /tmp/i; ls /tmp", "web-0\ni\n"},
      {"cd /tmp; touch a.txt b.txt c; echo *.txt *.md", "a.txt b.txt *.md\n"},
      {"echo $(echo in; echo ner) `echo old`", "in ner old\n"},
      {"echo a b | while read x y; do echo $y-$x; done", "b-a\n"},
      {"wget -qO- http://web/x; curl -s web:80/y", "hello from /x\nhello from /y\n"},
      {"wget -q -O- http://nowhere", "", 1, "wget: bad address 'nowhere'\n"},
      {"curl http://web:81", "", 7,
       "curl: (7) Failed to connect to web port 81: Connection refused\n"},
      {"nslookup web | tail -n 3 | head -n 1", "Name:\tweb\n"},
      {"whoami; id -u; nproc; uname -sm", "root\n0\n1\nLinux x86_64\n"},
      {"date +%Y-%m-%dT%H:%M:%S; date", "2023-11-14T22:13:20\nTue Nov 14 22:13:20 UTC 2023\n"},
      {"sh -c 'echo $0 $1' name one; exec echo last; echo never", "name one\nlast\n"},
      {"x='a b'; for w in $x; do echo $w; done; for w in \"$x\"; do echo $w; done", "a\nb\na b\n"},
      {"if true; then", "", 2, "sh: syntax error: unexpected end of file\n"},
      {"echo a; fi", "", 2, "sh: syntax error: unexpected \"fi\"\n"},
      {"which ls nothing", "/bin/ls\n", 1},
      {"A=1 env | grep ^A=; echo [$A]", "A=1\n[]\n"},
      {"# note\necho a # b\necho c", "a\nc\n"},
  };
  for (const Row& row : rows) {
    ConsoleWorld world;
    const Output got = world.sh(row.script);
    EXPECT_EQ(got.out, row.out) << row.script;
    EXPECT_EQ(got.err, row.err) << row.script;
    EXPECT_EQ(got.code, row.code) << row.script;
  }
}

TEST(Shell, TakesVirtualTimeToSleep) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"sh", "-c", "sleep 90; sleep 0.5m; echo up"},
                                    {false, true, true, false}, output);
  world.loop.run(ConsoleWorld::kStart + 119s);
  EXPECT_FALSE(output.done());
  world.loop.run();
  EXPECT_EQ(output.out, "up\n");
  EXPECT_EQ(world.loop.now(), ConsoleWorld::kStart + 120s);
}

TEST(Shell, LetsTheLoopGoOnWhileAScriptNeverEnds) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"sh", "-c", "while :; do :; done"},
                                    {false, true, true, false}, output);
  world.loop.run(ConsoleWorld::kStart + 1s);
  EXPECT_FALSE(output.done());
  session.reset();
  world.loop.run();
  EXPECT_LE(world.loop.now(), ConsoleWorld::kStart + 2s);
}

TEST(Shell, CopiesStdinAsItComes) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"cat"}, {true, true, true, false}, output);
  session->write_stdin("one ");
  world.loop.run();
  EXPECT_EQ(output.out, "one ");
  session->write_stdin("two");
  session->close_stdin();
  world.loop.run();
  EXPECT_EQ(output.out, "one two");
  EXPECT_EQ(output.code, 0);
}

TEST(Shell, RunsASessionWithATerminal) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"sh"}, {true, true, false, true}, output);
  const auto type = [&](std::string_view keys) {
    output.out.clear();
    session->write_stdin(keys);
    world.loop.run(world.loop.now() + 1s);
    return output.out;
  };
  EXPECT_EQ(type(""), "/ # ");
  EXPECT_EQ(type("ehco\x7f\x7f\x7f"
                 "cho hi\r"),
            "ehco\b \b\b \b\b \bcho hi\r\nhi\r\n/ # ");
  EXPECT_EQ(type("cd /tmp\r"), "cd /tmp\r\n/tmp # ");
  EXPECT_EQ(type("if true\r"), "if true\r\n> ");
  EXPECT_EQ(type("then echo y; fi\r"), "then echo y; fi\r\ny\r\n/tmp # ");
  EXPECT_EQ(type("sleep 100\r"), "sleep 100\r\n");
  EXPECT_EQ(type("\x03"), "^C\r\n/tmp # ");
  EXPECT_EQ(type("echo $?\r"), "echo $?\r\n130\r\n/tmp # ");
  EXPECT_EQ(type("\x1b[A\r"), "echo $?\r\n0\r\n/tmp # ");
  type("exit 5\r");
  EXPECT_EQ(output.code, 5);
}

TEST(Shell, EndsAtCtrlD) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"sh"}, {true, true, false, true}, output);
  session->write_stdin("false\r\x04");
  world.loop.run();
  EXPECT_EQ(output.code, 1);
}

TEST(PodConsole, TellsAMissingProgramAsTheRuntimeDoes) {
  ConsoleWorld world;
  EXPECT_EQ(
      world.run({"foo"}).error,
      "OCI runtime exec failed: exec failed: unable to start container process: exec: \"foo\": "
      "executable file not found in $PATH: unknown");
}

TEST(PodConsole, KeepsFilesUntilTheContainerRestarts) {
  ConsoleWorld world;
  world.sh("echo kept > /tmp/f");
  EXPECT_EQ(world.run({"cat", "/tmp/f"}).out, "kept\n");
  world.status().restart_count = 1;
  EXPECT_EQ(world.run({"cat", "/tmp/f"}).code, 1);
}

TEST(PodConsole, EndsTheContainerWhereItsFirstProcessIsKilled) {
  ConsoleWorld world;
  EXPECT_EQ(world.sh("kill 1; echo never").out, "");
  EXPECT_EQ(world.view.ended_with, 143);
  EXPECT_EQ(world.sh("kill 99").err, "kill: can't kill pid 99: No such process\n");
}

TEST(PodConsole, HasNoSessionWhereTheContainerDoesNotRun) {
  ConsoleWorld world;
  world.status().state.kind = api::ContainerState::Kind::kWaiting;
  EXPECT_EQ(world.run({"ls"}).error, "container not found (\"web\")");
}

TEST(PodConsole, AttachesToAShellThatKeepsStdinOpen) {
  ConsoleWorld world;
  api::Container& c = world.view.pod->spec.edit().containers.edit()[0];
  c.command = {Text("sh")};
  c.extra = stdin_extra();
  Output output;
  auto session = world.console.attach(world.target(), {true, true, true, false}, output);
  session->write_stdin("echo in; exit 2\n");
  world.loop.run();
  EXPECT_EQ(output.out, "in\n");
  EXPECT_EQ(world.view.ended_with, 2);
}

TEST(PodConsole, DropsTheProcessWithItsSession) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.exec(world.target(), {"sh", "-c", "echo a; sleep 5; echo b"},
                                    {false, true, true, false}, output);
  session.reset();
  world.loop.run();
  EXPECT_EQ(output.out, "");
}

TEST(Shell, LimitsNestingAndSize) {
  ConsoleWorld world;
  EXPECT_EQ(world.sh(std::string(500, '(') + "true" + std::string(500, ')')).code, 2);
  EXPECT_EQ(world.sh("f='sh -c \"$f\"'; export f; sh -c \"$f\"").err,
            "sh: too many nested shells\n");
  EXPECT_EQ(world.sh("echo " + std::string(70 << 10, 'x')).code, 2);
}

}  // namespace
}  // namespace orrery::sim
