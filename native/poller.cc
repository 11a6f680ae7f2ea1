#include "poller.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <sys/epoll.h>

namespace rosock {
namespace {

int64_t MonotonicMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

// Calls `attempt(milliseconds left)` until it ends by something else than a signal. A wait without end, or with none at
// all, needs no clock.
template <typename Attempt>
int Uninterrupted(int milliseconds, Attempt attempt) {
  const int64_t deadline = milliseconds > 0 ? MonotonicMilliseconds() + milliseconds : 0;
  for (;;) {
    const int result = attempt(milliseconds);
    if (result >= 0) return result;
    if (errno != EINTR) return -errno;
    if (milliseconds > 0) milliseconds = static_cast<int>(std::max<int64_t>(0, deadline - MonotonicMilliseconds()));
  }
}

int Control(int poller, int operation, int fd, uint32_t events, int32_t id) {
  epoll_event event{};
  event.events = events;
  event.data.fd = id;
  return epoll_ctl(poller, operation, fd, &event) < 0 ? -errno : 0;
}

}  // namespace

int OpenPoller() {
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  return poller < 0 ? -errno : poller;
}

int AddToPoller(int poller, int fd, int32_t id) {
  return Control(poller, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET, id);
}

int RemoveFromPoller(int poller, int fd) { return Control(poller, EPOLL_CTL_DEL, fd, 0, 0); }

int AddWake(int poller, int wake) { return Control(poller, EPOLL_CTL_ADD, wake, EPOLLIN | EPOLLET, 0); }

int WaitPoller(int poller, Event* events, int milliseconds) {
  epoll_event ready[kMaximumEvents];
  const int count = Uninterrupted(
      milliseconds, [&](int left) { return epoll_wait(poller, ready, kMaximumEvents, left); });
  for (int i = 0; i < count; i++) {
    events[i] = {ready[i].data.fd, static_cast<int32_t>(ready[i].events)};
  }
  return count;
}

int Poll(pollfd* descriptors, int count, int milliseconds) {
  return Uninterrupted(milliseconds, [&](int left) { return poll(descriptors, static_cast<nfds_t>(count), left); });
}

}  // namespace rosock
