#include "lock.h"

#include <cerrno>
#include <sys/file.h>

namespace rosock {

int Lock(int fd) {
  while (flock(fd, LOCK_EX) < 0) {
    if (errno != EINTR) return -errno;
  }
  return 0;
}

}  // namespace rosock
