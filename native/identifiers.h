// Identifiers of sockets, unique among all objects of the process that have one.
//
// They are positive 32-bit numbers, given out in blocks, upwards. After the highest, which takes 2^31 objects, the count begins
// again, and a block is passed over while anybody still has an identifier of it. An environment that takes a block names an
// object, the holder, which everything with an identifier of the block refers to: the block is free when the holder has been
// collected. So the count of objects in use costs nothing for each of them.
#ifndef ROSOCK_IDENTIFIERS_H_
#define ROSOCK_IDENTIFIERS_H_

#include <cstdint>
#include <node_api.h>
#include <vector>

namespace rosock {

constexpr int32_t kIdentifiersInBlock = 256;

// The blocks of one environment.
class Identifiers {
 public:
  explicit Identifiers(napi_env env) : env_(env) {}
  Identifiers(const Identifiers&) = delete;
  Identifiers& operator=(const Identifiers&) = delete;

  // The first identifier of a block that nobody uses; it is `holder`'s from now on. -ENOSPC when all are in use.
  int32_t Take(napi_value holder);

  // Gives back the blocks whose holders have been collected.
  void Sweep();

  // At the end of the environment.
  void GiveAllBack();

  // Has the next block that is taken, by any environment, be the one with `identifier`. For tests of the wrap-around.
  static void StartAt(int32_t identifier);

 private:
  struct Block {
    int32_t number;
    napi_ref holder;
  };

  napi_env env_;
  std::vector<Block> blocks_;
};

}  // namespace rosock

#endif  // ROSOCK_IDENTIFIERS_H_
