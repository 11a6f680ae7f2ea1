// Which JavaScript objects are still alive, for whoever must not keep them alive to know it.
//
// A JavaScript WeakRef does not tell within a program that never returns to the event loop: it keeps its object until then.
#ifndef ROSOCK_LIVES_H_
#define ROSOCK_LIVES_H_

#include <cstdint>
#include <node_api.h>
#include <vector>

namespace rosock {

class Lives {
 public:
  explicit Lives(napi_env env) : env_(env) {}
  Lives(const Lives&) = delete;
  Lives& operator=(const Lives&) = delete;

  // Begins to follow an object. A number for it, or -1.
  int32_t Follow(napi_value object);

  // 1 when the object has been collected, 0 when it has not, -EBADF for a number that is not in use.
  int32_t Ended(int32_t number);

  // Gives the number back.
  void Forget(int32_t number);

 private:
  napi_env env_;
  std::vector<napi_ref> references_;  // null: free.
};

}  // namespace rosock

#endif  // ROSOCK_LIVES_H_
