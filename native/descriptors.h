// Which descriptors this environment has open, and which JavaScript object owns each.
//
// A descriptor is closed by Close, or when its owner has been garbage-collected, or with the environment. Node runs
// finalizers from the event loop, which stands still while a program sleeps in wait(); Sweep finds collected owners without
// the loop, so that a program that never returns to it gets its descriptors back as well.
#ifndef ROSOCK_DESCRIPTORS_H_
#define ROSOCK_DESCRIPTORS_H_

#include <cstdint>
#include <node_api.h>
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

  // Names the object whose life bounds that of `fd`.
  void Adopt(int fd, napi_value owner);

  // Ends the watch of `fd`, then close(2); 0 or -errno. -EBADF for a descriptor that is not in the table: nothing is closed then.
  int Close(int fd);

  // Closes what collected owners left behind. The number closed.
  int Sweep();

  // Sweep, at most once a second.
  void SweepIfDue();

  // Has the garbage collector run now, then sweeps: for when descriptors have run out. The number closed.
  int Reclaim();

  // At the end of the environment.
  void CloseAll();

 private:
  struct Entry {
    bool open = false;
    napi_ref owner = nullptr;
  };

  static void OnCollected(napi_env env, void* fd, void* descriptors);
  void Release(int fd);
  void Forget(Entry& entry);

  napi_env env_;
  Watches& watches_;
  std::vector<Entry> entries_;  // By descriptor: the kernel gives out the lowest number that is free.
  int open_ = 0;
  int reclaim_at_;
  int64_t last_sweep_ = 0;  // Seconds, monotonic.
};

}  // namespace rosock

#endif  // ROSOCK_DESCRIPTORS_H_
