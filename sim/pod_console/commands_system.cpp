// Commands about the machine: env, hostname, ps, id, date, uname, df, free, nproc, kill, ...
#include <fmt/format.h>

#include <array>

#include "sim/pod_console/command.h"

namespace orrery::sim {
namespace {

int run_env(Process& p) {
  for (const auto& [name, value] : p.environment) p.out += name + "=" + value + "\n";
  return 0;
}

int run_printenv(Process& p) {
  if (p.args.size() < 2) return run_env(p);
  const auto it = p.environment.find(p.args[1]);
  if (it == p.environment.end()) return 1;
  p.out += it->second + "\n";
  return 0;
}

int run_hostname(Process& p) {
  const auto has_ip = [&] { return p.args.size() > 1 && p.args[1] == "-i"; };
  p.out += (has_ip() ? p.scene.pod->status.pod_ip.str() : p.environment["HOSTNAME"]) + "\n";
  return 0;
}

std::string main_command(const ContainerScene& scene) {
  for (const api::Container& c : scene.pod->spec->containers) {
    if (c.name != scene.container) continue;
    std::string out;
    for (const auto* words : {&c.command, &c.args}) {
      for (const Text& word : *words) out += (out.empty() ? "" : " ") + word.str();
    }
    if (!out.empty()) return out;
    std::string image = c.image.str();
    image = image.substr(image.rfind('/') + 1);
    return image.substr(0, image.find_first_of(":@"));
  }
  return "main";
}

int run_ps(Process& p) {
  p.out += "PID   USER     TIME  COMMAND\n";
  p.out += fmt::format("    1 root      0:00 {}\n", main_command(p.scene));
  p.out += "    7 root      0:00 sh\n";
  p.out += "   13 root      0:00 ps\n";
  return 0;
}

int run_id(Process& p) {
  if (p.args.size() > 1 && p.args[1] == "-u") {
    p.out += "0\n";
  } else {
    p.out += "uid=0(root) gid=0(root) groups=0(root)\n";
  }
  return 0;
}

int run_whoami(Process& p) {
  p.out += "root\n";
  return 0;
}

struct Civil {
  std::int64_t year;
  unsigned month, day, weekday;
  int hour, minute, second;
};

Civil civil_of(Time t) {
  const auto total = std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
  const std::int64_t days = total >= 0 ? total / 86400 : (total - 86399) / 86400;
  const std::chrono::sys_days date{std::chrono::days(days)};
  const std::chrono::year_month_day ymd(date);
  const int rest = static_cast<int>(total - days * 86400);
  return {static_cast<int>(ymd.year()),
          static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day()),
          std::chrono::weekday(date).c_encoding(),
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

int run_date(Process& p) {
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                            "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil_of(p.scene.now);
  const std::string clock = fmt::format("{:02}:{:02}:{:02}", c.hour, c.minute, c.second);
  std::string format;
  for (std::size_t i = 1; i < p.args.size(); ++i) {
    if (p.args[i].starts_with('+')) format = p.args[i].substr(1);
  }
  if (format.empty()) {
    p.out += fmt::format("{} {} {:>2} {} UTC {}\n", kDays[c.weekday], kMonths[c.month - 1], c.day,
                         clock, c.year);
    return 0;
  }
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(p.scene.now.time_since_epoch()).count();
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      p.out += format[i];
      continue;
    }
    switch (format[++i]) {
      case 'Y':
        p.out += fmt::format("{}", c.year);
        break;
      case 'm':
        p.out += fmt::format("{:02}", c.month);
        break;
      case 'd':
        p.out += fmt::format("{:02}", c.day);
        break;
      case 'H':
        p.out += fmt::format("{:02}", c.hour);
        break;
      case 'M':
        p.out += fmt::format("{:02}", c.minute);
        break;
      case 'S':
        p.out += fmt::format("{:02}", c.second);
        break;
      case 'T':
        p.out += clock;
        break;
      case 'F':
        p.out += fmt::format("{}-{:02}-{:02}", c.year, c.month, c.day);
        break;
      case 's':
        p.out += fmt::format("{}", seconds);
        break;
      default:
        p.out += format[i];
    }
  }
  p.out += "\n";
  return 0;
}

int run_uname(Process& p) {
  const NodeFacts node = p.scene.view.node_of(*p.scene.pod);
  const std::string flags = p.args.size() > 1 ? p.args[1] : "-s";
  if (flags == "-a") {
    p.out += fmt::format("Linux {} {} #1 SMP {} GNU/Linux\n", p.environment["HOSTNAME"],
                         node.kernel, node.architecture);
    return 0;
  }
  std::string line;
  const auto add = [&](char flag, const std::string& text) {
    if (flags.find(flag) != std::string::npos) line += (line.empty() ? "" : " ") + text;
  };
  add('s', "Linux");
  add('n', p.environment["HOSTNAME"]);
  add('r', node.kernel);
  add('m', node.architecture);
  p.out += line + "\n";
  return 0;
}

int run_df(Process& p) {
  std::size_t used = 0;
  for (const std::string& path : p.scene.files.below("/")) {
    used += p.scene.files.find(path)->content.size();
  }
  const std::size_t total = FileTree::kBytesMax / 1024, kib = (used + 1023) / 1024;
  p.out += "Filesystem           1K-blocks      Used Available Use% Mounted on\n";
  p.out += fmt::format("{:<20} {:>9} {:>9} {:>9} {:>3}% /\n", "overlay", total, kib, total - kib,
                       kib * 100 / total);
  return 0;
}

int run_free(Process& p) {
  const NodeFacts node = p.scene.view.node_of(*p.scene.pod);
  const bool mebi = p.args.size() > 1 && p.args[1] == "-m";
  const std::int64_t total = node.memory_bytes / (mebi ? 1 << 20 : 1 << 10), used = total / 4;
  p.out += "              total        used        free      shared  buff/cache   available\n";
  p.out += fmt::format("Mem:     {:>10}  {:>10}  {:>10}  {:>10}  {:>10}  {:>10}\n", total, used,
                       total - used, 0, 0, total - used);
  return 0;
}

int run_nproc(Process& p) {
  p.out += fmt::format("{}\n", p.scene.view.node_of(*p.scene.pod).cpus);
  return 0;
}

int run_kill(Process& p) {
  int signal = 15;
  std::vector<std::string> ids;
  for (std::size_t i = 1; i < p.args.size(); ++i) {
    const std::string& arg = p.args[i];
    if (arg == "-9" || arg == "-KILL" || arg == "-SIGKILL") {
      signal = 9;
    } else if (!arg.starts_with('-')) {
      ids.push_back(arg);
    }
  }
  if (ids.empty()) return p.fail("you need to specify whom to kill");
  for (const std::string& id : ids) {
    if (id != "1") return p.fail("can't kill pid " + id + ": No such process");
    p.scene.kill_container = true;
    p.scene.kill_code = 128 + signal;
  }
  return 0;
}

int run_which(Process& p) {
  int code = 0;
  for (std::size_t i = 1; i < p.args.size(); ++i) {
    const std::string& name = p.args[i];
    if (find_command(name) || is_waiting_command(name)) {
      p.out += (name.starts_with('/') ? name : "/bin/" + name) + "\n";
    } else {
      code = 1;
    }
  }
  return code;
}

int run_uptime(Process& p) {
  const Civil c = civil_of(p.scene.now);
  p.out += fmt::format(" {:02}:{:02}:{:02} up 1 day,  0 users,  load average: 0.00, 0.00, 0.00\n",
                       c.hour, c.minute, c.second);
  return 0;
}

constexpr std::array<Command, 14> kCommands = {{{"env", run_env},
                                                {"printenv", run_printenv},
                                                {"hostname", run_hostname},
                                                {"ps", run_ps},
                                                {"id", run_id},
                                                {"whoami", run_whoami},
                                                {"date", run_date},
                                                {"uname", run_uname},
                                                {"df", run_df},
                                                {"free", run_free},
                                                {"nproc", run_nproc},
                                                {"kill", run_kill},
                                                {"which", run_which},
                                                {"uptime", run_uptime}}};

}  // namespace

std::span<const Command> system_commands() { return kCommands; }

}  // namespace orrery::sim
