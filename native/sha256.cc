#include "sha256.h"

#include <cstring>

namespace rosock {
namespace {

constexpr size_t kBlock = 64;

// The fractional parts of the cube roots of the first 64 primes.
constexpr uint32_t kRounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t Rotate(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

void Add(const uint8_t* block, uint32_t (&hash)[8]) {
  uint32_t words[64];
  for (int i = 0; i < 16; i++) {
    const uint8_t* b = block + 4 * i;
    words[i] = uint32_t{b[0]} << 24 | uint32_t{b[1]} << 16 | uint32_t{b[2]} << 8 | b[3];
  }
  for (int i = 16; i < 64; i++) {
    const uint32_t x = words[i - 15];
    const uint32_t y = words[i - 2];
    const uint32_t low = Rotate(x, 7) ^ Rotate(x, 18) ^ x >> 3;
    const uint32_t high = Rotate(y, 17) ^ Rotate(y, 19) ^ y >> 10;
    words[i] = words[i - 16] + low + words[i - 7] + high;
  }
  uint32_t s[8];
  std::memcpy(s, hash, sizeof s);
  for (int i = 0; i < 64; i++) {
    const uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    const uint32_t high = Rotate(s[4], 6) ^ Rotate(s[4], 11) ^ Rotate(s[4], 25);
    const uint32_t low = Rotate(s[0], 2) ^ Rotate(s[0], 13) ^ Rotate(s[0], 22);
    const uint32_t first = s[7] + high + choice + kRounds[i] + words[i];
    std::memmove(s + 1, s, 7 * sizeof *s);
    s[4] += first;
    s[0] = first + low + majority;
  }
  for (int i = 0; i < 8; i++) hash[i] += s[i];
}

}  // namespace

void Sha256(const uint8_t* bytes, size_t length, uint32_t (&hash)[8]) {
  // The fractional parts of the square roots of the first 8 primes.
  constexpr uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::memcpy(hash, start, sizeof start);
  const size_t whole = length - length % kBlock;
  for (size_t at = 0; at < whole; at += kBlock) Add(bytes + at, hash);
  // What is left, a bit, zeros, and the length in bits.
  uint8_t last[2 * kBlock] = {};
  const size_t rest = length - whole;
  if (rest > 0) std::memcpy(last, bytes + whole, rest);
  last[rest] = 0x80;
  const size_t end = rest + 9 <= kBlock ? kBlock : 2 * kBlock;
  const uint64_t bits = uint64_t{length} * 8;
  for (size_t i = 0; i < 8; i++) last[end - 1 - i] = static_cast<uint8_t>(bits >> (8 * i));
  for (size_t at = 0; at < end; at += kBlock) Add(last + at, hash);
}

}  // namespace rosock
