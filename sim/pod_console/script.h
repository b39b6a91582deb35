// Script: the coroutine type of the shell: a command that may wait for input or for time. A Script
// runs when it is awaited and gives an exit code; destroying it ends everything below it. Callers:
// Shell only. Rule: parameters by value or references that outlive the await.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace orrery::sim {

class [[nodiscard]] Script {
 public:
  struct promise_type {
    std::coroutine_handle<> next;
    int code = 0;

    Script get_return_object() {
      return Script(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept {
        return h.promise().next ? h.promise().next : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
    void return_value(int value) { code = value; }
    void unhandled_exception() { std::terminate(); }
  };

  Script() = default;
  explicit Script(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Script(Script&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Script& operator=(Script&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Script() {
    if (handle_) handle_.destroy();
  }

  void start() { handle_.resume(); }
  bool done() const { return handle_ && handle_.done(); }
  int code() const { return handle_.promise().code; }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
    handle_.promise().next = caller;
    return handle_;
  }
  int await_resume() const noexcept { return handle_.promise().code; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

}  // namespace orrery::sim
