// Which descriptors this environment has open, and which JavaScript object owns each.
//
// A descriptor is closed by Close, or when its owner has been garbage-collected, or with the environment. Node runs
// finalizers from the event loop, which stands still while a program sleeps in wait(); Sweep finds collected owners without
// the loop, so that a program that never returns to it gets its descriptors back as well.
//
// Other code in the process may close a descriptor of ours by mistake, and its number is then given to somebody else. So a
// descriptor is closed only while it is the file that was added: the same st_dev and st_ino. Sockets have an inode of their
// own; epoll sets and eventfds all share one, and are told apart from sockets and files only.
#ifndef ROSOCK_DESCRIPTORS_H_
#define ROSOCK_DESCRIPTORS_H_

#include <cstdint>
#include <node_api.h>
#include <sys/types.h>
#include <vector>

#include "watch.h"

namespace rosock {

class Descriptors {
 public:
  Descriptors(napi_env env, Watches& watches);
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  // Takes charge of `fd`. When their number has doubled, looks whether they are all still owned: the garbage collector
  // counts bytes, and a socket that was dropped has few.
  void Add(int fd);

  // Names the object whose life bounds that of `fd`. Returns the former owner, when the kernel has given the number out anew
  // because other code closed the descriptor; otherwise null.
  napi_value Adopt(int fd, napi_value owner);

  // Whether `fd` was added, and still is what it was then.
  bool Holds(int fd) const;

  // Ends the watch of `fd`, then close(2); 0 or -errno. -EBADF for a descriptor that is not in the table, or that is no longer
  // what was added: nothing is closed then. CloseHeld is for a caller that has just asked Holds.
  int Close(int fd);
  int CloseHeld(int fd);

  // Closes what collected owners left behind. The number closed.
  int Sweep();

  // Has the garbage collector run now, then sweeps: for when descriptors have run out. The number closed.
  int Reclaim();

  // At the end of the environment.
  void CloseAll();

  bool IsEmpty() const { return open_ == 0; }

 private:
  struct Entry {
    bool open = false;
    dev_t device = 0;
    ino_t inode = 0;
    napi_ref owner = nullptr;
    napi_ref former = nullptr;  // Between Add and Adopt: the owner of a descriptor that other code closed.
  };

  static void OnCollected(napi_env env, void* fd, void* descriptors);
  bool Has(int fd) const;
  void Release(int fd);
  void Forget(Entry& entry);

  napi_env env_;
  Watches& watches_;
  std::vector<Entry> entries_;  // By descriptor: the kernel gives out the lowest number that is free.
  int open_ = 0;
  int reclaim_at_;
};

}  // namespace rosock

#endif  // ROSOCK_DESCRIPTORS_H_
