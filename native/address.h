// Names to IPv4 addresses.
#ifndef ROSOCK_ADDRESS_H_
#define ROSOCK_ADDRESS_H_

#include <cstdint>

namespace rosock {

// getaddrinfo(3): the first IPv4 address of `name` into *host, host byte order. Blocks as long as the resolver does.
// 0, or -ENOENT when the name has no IPv4 address or nothing answered.
int LookUp(const char* name, uint32_t* host);

}  // namespace rosock

#endif  // ROSOCK_ADDRESS_H_
