#include "eventfd.h"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rosock {
namespace {

// More than all other writes, of 1, that anybody lets come together.
constexpr uint64_t kEnd = uint64_t{1} << 32;

}  // namespace

int OpenEventfd() {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int ClearEventfd(int fd) {
  uint64_t count = 0;
  const ssize_t size = read(fd, &count, sizeof count);
  if (size < 0) return errno == EAGAIN ? 0 : -errno;
  if (size != sizeof count) return -EINVAL;
  return count >= kEnd ? 1 : 0;
}

void MarkEnd(int fd) {
  // It cannot block, and nobody is left to be told that it failed.
  [[maybe_unused]] const ssize_t size = write(fd, &kEnd, sizeof kEnd);
}

}  // namespace rosock
