// Socket options: one table from our numbers to the kernel's levels, names and types.
#ifndef ROSOCK_OPTION_H_
#define ROSOCK_OPTION_H_

#include <cstdint>

namespace rosock {

// The same numbers as `option` in src/native.ts.
enum class Option : int32_t {
  kError,           // SO_ERROR, read only; reading clears it
  kKeepAlive,       // 0 or 1
  kLinger,          // seconds; 0: off
  kMaxSegment,      // bytes
  kNoDelay,         // 0 or 1
  kTTL,             // hops
  kReuseAddress,    // 0 or 1
  kOOBInline,       // 0 or 1
  kSendBuffer,      // bytes; Linux doubles what is set
  kReceiveBuffer,   // bytes; Linux doubles what is set
  kSendTimeout,     // seconds; 0: none
  kReceiveTimeout,  // seconds; 0: none
  kBroadcast,       // 0 or 1
  kMulticastLoop,   // 0 or 1
  kMulticastTTL,    // hops
  kCount
};

// getsockopt(2). 0 with *value set, or -errno; -ENOPROTOOPT for a number that is not in the table.
int GetOption(int fd, Option option, int32_t* value);

// setsockopt(2). 0 or -errno; -EINVAL for a negative number, which the kernel would take for something else.
int SetOption(int fd, Option option, int32_t value);

// IP_ADD_MEMBERSHIP or IP_DROP_MEMBERSHIP of `group` on the interface that has the address `interface`, 0 for the one the
// routing table names (host byte order). 0 or -errno (EADDRINUSE: joined already; EADDRNOTAVAIL: not joined; ENODEV).
int SetMembership(int fd, uint32_t group, uint32_t interface, bool join);

}  // namespace rosock

#endif  // ROSOCK_OPTION_H_
