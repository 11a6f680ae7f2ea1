// Locks between processes.
#ifndef ROSOCK_LOCK_H_
#define ROSOCK_LOCK_H_

namespace rosock {

// flock(2), exclusive: waits for whoever has the file locked. 0 or -errno. The lock ends when the descriptor is closed, and so
// at the latest with its process. A signal does not end the wait.
int Lock(int fd);

}  // namespace rosock

#endif  // ROSOCK_LOCK_H_
