# Sourced by the scripts beside it: where the project is, and how to build one preset of it.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf '== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 2; }

# Prints the opening comment of the script, which is its help.
help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$1"; }

# As many compilers as there are cores, but no more than one for each 1.5 GiB of free memory.
build_jobs() {
  local cores free_kib by_memory
  cores="$(nproc)"
  free_kib="$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)"
  by_memory=$((free_kib / 1572864))
  ((by_memory >= 1)) || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

# build_preset PRESET TARGET...: configures and builds; all output goes to stderr.
build_preset() {
  local preset="$1" jobs
  shift
  jobs="$(build_jobs)"
  say "configure: preset $preset"
  (cd "$root" && cmake --preset "$preset" >&2)
  say "build: $* ($jobs at a time)"
  cmake --build "$root/build/$preset" -j "$jobs" --target "$@" >&2
}
