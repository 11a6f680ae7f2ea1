// Counts of nanoseconds, log-linear: 128 steps for each power of two, so a value is known to 0.8 %.
#pragma once

#include <stdint.h>
#include <string.h>

class Histogram {
 public:
  void clear() { memset(this, 0, sizeof *this); }

  void add(uint64_t value) {
    counts_[index(value)]++;
    total_++;
  }

  // The value that `share` (0 to 1) of all recorded values do not exceed; 0 when there are none.
  uint64_t percentile(double share) const {
    uint64_t rank = static_cast<uint64_t>(share * static_cast<double>(total_) + 0.5);
    if (rank == 0) rank = 1;
    uint64_t seen = 0;
    for (unsigned i = 0; i < kSize; i++) {
      seen += counts_[i];
      if (seen >= rank) return middle(i);
    }
    return 0;
  }

 private:
  static constexpr unsigned kBits = 7;
  static constexpr unsigned kSteps = 1u << kBits;
  static constexpr unsigned kSize = (64 - kBits + 1) * kSteps;

  static unsigned index(uint64_t value) {
    if (value < kSteps) return static_cast<unsigned>(value);
    unsigned shift = 63u - static_cast<unsigned>(__builtin_clzll(value)) - kBits;
    return shift * kSteps + static_cast<unsigned>(value >> shift);
  }

  static uint64_t middle(unsigned index) {
    if (index < 2 * kSteps) return index;
    unsigned shift = index / kSteps - 1;
    uint64_t lowest = static_cast<uint64_t>(index - shift * kSteps) << shift;
    return lowest + (uint64_t{1} << shift) / 2;
  }

  uint64_t counts_[kSize];
  uint64_t total_;
};
