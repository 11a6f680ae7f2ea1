// Readiness: epoll sets, edge-triggered, and poll() for a single question.
#ifndef ROSOCK_POLLER_H_
#define ROSOCK_POLLER_H_

#include <cstdint>
#include <poll.h>

namespace rosock {

// What a wait reports. The bits of poll(2) and epoll_ctl(2) are the same.
struct Event {
  int32_t id;     // As given to AddToPoller; 0: the descriptor given to AddWake.
  int32_t ready;  // POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLRDHUP.
};

constexpr int kMaximumEvents = 1024;  // Of one wait; the rest come with the next.

// epoll_create1(2). A descriptor, or -errno.
int OpenPoller();

// epoll_ctl(2): every readiness of `fd`, edge-triggered: once when it is there already, then each time it comes up.
int AddToPoller(int poller, int fd, int32_t id);
int RemoveFromPoller(int poller, int fd);

// A wait also ends, with the event {0, POLLIN}, each time that `wake` becomes readable or is written to.
int AddWake(int poller, int wake);

// epoll_wait(2). The number of events, 0 after `milliseconds` (-1: never), or -errno. A signal does not end it.
int WaitPoller(int poller, Event* events, int milliseconds);

// poll(2), in the same way.
int Poll(pollfd* descriptors, int count, int milliseconds);

}  // namespace rosock

#endif  // ROSOCK_POLLER_H_
