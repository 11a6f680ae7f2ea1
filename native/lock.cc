#include "lock.h"

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <sys/file.h>

namespace rosock {
namespace {

constexpr int64_t kPause = 5;  // Milliseconds. flock(2) itself knows no deadline.

int64_t Now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

int Lock(int fd, int milliseconds) {
  const int64_t deadline = Now() + milliseconds;
  while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK || Now() >= deadline) return -errno;
    const timespec pause = {0, kPause * 1'000'000};
    nanosleep(&pause, nullptr);
  }
  return 0;
}

}  // namespace rosock
