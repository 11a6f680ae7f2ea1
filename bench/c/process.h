// What /proc tells about another process: CPU time of all its threads, and its memory.
#pragma once

#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

// Nanoseconds on a CPU, summed over the living threads; /proc/PID/schedstat alone is the main thread's.
inline uint64_t cpu_time(int process) {
  char path[300];
  snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR* directory = opendir(path);
  if (directory == nullptr) return 0;
  uint64_t total = 0;
  while (dirent* entry = readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", process, entry->d_name);
    FILE* file = fopen(path, "re");
    if (file == nullptr) continue;
    uint64_t time = 0;
    if (fscanf(file, "%" SCNu64, &time) == 1) total += time;
    fclose(file);
  }
  closedir(directory);
  return total;
}

struct Memory {
  uint64_t rss;
  uint64_t pss;
};

// Bytes; zero when the kernel does not tell.
inline Memory memory_of(int process) {
  Memory memory{};
  char line[256];
  snprintf(line, sizeof line, "/proc/%d/smaps_rollup", process);
  FILE* file = fopen(line, "re");
  if (file == nullptr) return memory;
  while (fgets(line, sizeof line, file) != nullptr) {
    uint64_t kilobytes;
    if (sscanf(line, "Rss: %" SCNu64, &kilobytes) == 1) memory.rss = kilobytes * 1024;
    if (sscanf(line, "Pss: %" SCNu64, &kilobytes) == 1) memory.pss = kilobytes * 1024;
  }
  fclose(file);
  return memory;
}
