#include "eventfd.h"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rosock {

int OpenEventfd() {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int ClearEventfd(int fd) {
  uint64_t count = 0;
  const ssize_t size = read(fd, &count, sizeof count);
  if (size < 0) return errno == EAGAIN ? 0 : -errno;
  return size == sizeof count ? 0 : -EINVAL;
}

}  // namespace rosock
