#include "signals.h"

#include <cstddef>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rosock {
namespace {

struct Message {
  uv_signal_t* handle;
  int signal;
};

constexpr int kMost = 256;  // Messages looked at: 4 KiB, which every pipe takes whole.

}  // namespace

uint32_t PendingSignals(const uv_loop_t* loop) {
  int waiting = 0;
  if (ioctl(loop->signal_pipefd[0], FIONREAD, &waiting) == 0 && waiting == 0) return 0;  // Needs no descriptors.
  int copy[2];
  if (pipe2(copy, O_CLOEXEC | O_NONBLOCK) < 0) return UINT32_MAX;
  Message messages[kMost];
  uint32_t signals = 0;
  ssize_t size = tee(loop->signal_pipefd[0], copy[1], sizeof messages, SPLICE_F_NONBLOCK);
  if (size > 0) size = read(copy[0], messages, sizeof messages);
  if (size > 0 && static_cast<size_t>(size) % sizeof(Message) != 0) signals = UINT32_MAX;
  for (ssize_t i = 0; i < size / static_cast<ssize_t>(sizeof(Message)); i++) {
    const int signal = messages[i].signal;
    if (signal >= 1 && signal <= 31) signals |= uint32_t{1} << (signal - 1);
  }
  close(copy[0]);
  close(copy[1]);
  return signals;
}

}  // namespace rosock
