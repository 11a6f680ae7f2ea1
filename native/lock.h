// Locks between processes.
#ifndef ROSOCK_LOCK_H_
#define ROSOCK_LOCK_H_

namespace rosock {

// flock(2), exclusive: waits up to so many milliseconds for another process that has the file locked, which may have been
// stopped. 0 or -errno; -EWOULDBLOCK after that time. The lock ends when the descriptor is closed, and so at the latest with its
// process. A signal does not end the wait.
int Lock(int fd, int milliseconds);

}  // namespace rosock

#endif  // ROSOCK_LOCK_H_
