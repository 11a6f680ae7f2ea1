// SHA-256 (FIPS 180-4), for the list of a build's scripts.
//
// Not a system call, and here all the same: it is needed at each start of a built program, and node:crypto takes several
// milliseconds and megabytes to load.
#ifndef ROSOCK_SHA256_H_
#define ROSOCK_SHA256_H_

#include <cstddef>
#include <cstdint>

namespace rosock {

// Writes the eight words of the hash of `length` bytes to `hash`, the most significant first.
void Sha256(const uint8_t* bytes, size_t length, uint32_t (&hash)[8]);

}  // namespace rosock

#endif  // ROSOCK_SHA256_H_
