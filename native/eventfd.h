// An eventfd: a descriptor by which another thread, which holds nothing but its number, wakes a sleep or an epoll set.
//
// Waking it is a write of 8 bytes, which needs no addon.
#ifndef ROSOCK_EVENTFD_H_
#define ROSOCK_EVENTFD_H_

namespace rosock {

// eventfd(2), non-blocking and close-on-exec. A descriptor, or -errno. Readable once it has been written to.
int OpenEventfd();

// read(2): no longer readable until it is written to again. 0, also when it was not; 1 when MarkEnd was among the writes; or -errno.
int ClearEventfd(int fd);

// write(2): wakes as any write does, and says that the thread which writes comes to its end.
void MarkEnd(int fd);

}  // namespace rosock

#endif  // ROSOCK_EVENTFD_H_
