#include "descriptors.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "option.h"
#include "socket.h"

namespace rosock {
namespace {

constexpr int kReclaimAtLeastAt = 256;  // Descriptors open; boxes often allow 1,024.

// More than V8 lets external memory grow between two collections, so that reporting it makes V8 collect at once.
constexpr int64_t kPressure = int64_t{1} << 40;

// fstat(2) by its number: the function came with glibc 2.33, and boxes have older ones. The kernel's structure is the C
// library's where its inodes have 64 bits.
bool Status(int fd, struct stat& file) {
  static_assert(sizeof file.st_ino == 8, "the addon is built with _FILE_OFFSET_BITS=64, as node-gyp does");
#ifdef SYS_fstat64
  return syscall(SYS_fstat64, fd, &file) == 0;
#else
  return syscall(SYS_fstat, fd, &file) == 0;
#endif
}

}  // namespace

Descriptors::Descriptors(napi_env env, Watches& watches)
    : env_(env), watches_(watches), reclaim_at_(kReclaimAtLeastAt) {}

void Descriptors::Add(int fd) {
  if (open_ >= reclaim_at_) {
    Reclaim();
    reclaim_at_ = std::max(kReclaimAtLeastAt, open_ * 2);
  }
  const size_t index = static_cast<size_t>(fd);
  if (index >= entries_.size()) entries_.resize(std::max(index + 1, entries_.size() * 2));
  Entry& entry = entries_[index];
  if (entry.open) {
    watches_.Close(fd);
    entry.former = std::exchange(entry.owner, nullptr);
  } else {
    open_++;
  }
  entry.open = true;
  struct stat file {};
  Status(fd, file);
  entry.device = file.st_dev;
  entry.inode = file.st_ino;
}

napi_value Descriptors::Adopt(int fd, napi_value owner) {
  if (!Has(fd)) return nullptr;
  Entry& entry = entries_[static_cast<size_t>(fd)];
  if (entry.owner != nullptr) return nullptr;
  napi_value former = nullptr;
  if (entry.former != nullptr) {
    napi_get_reference_value(env_, entry.former, &former);
    napi_delete_reference(env_, std::exchange(entry.former, nullptr));
  }
  void* data = reinterpret_cast<void*>(static_cast<intptr_t>(fd));
  napi_add_finalizer(env_, owner, data, OnCollected, this, &entry.owner);
  return former;
}

bool Descriptors::Has(int fd) const {
  return fd >= 0 && static_cast<size_t>(fd) < entries_.size() && entries_[static_cast<size_t>(fd)].open;
}

bool Descriptors::Holds(int fd) const {
  if (!Has(fd)) return false;
  const Entry& entry = entries_[static_cast<size_t>(fd)];
  struct stat file {};
  return Status(fd, file) && file.st_ino == entry.inode && file.st_dev == entry.device;
}

int Descriptors::Close(int fd) {
  if (Holds(fd)) return CloseHeld(fd);
  if (!Has(fd)) return -EBADF;
  Forget(entries_[static_cast<size_t>(fd)]);
  watches_.Close(fd);
  return -EBADF;
}

int Descriptors::CloseHeld(int fd) {
  if (!Has(fd)) return -EBADF;
  Forget(entries_[static_cast<size_t>(fd)]);
  watches_.Close(fd);
  // Linux frees the number even when close() is interrupted: closing again could hit another socket.
  return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

int Descriptors::Sweep() {
  int closed = 0;
  for (size_t fd = 0; fd < entries_.size(); fd++) {
    if (entries_[fd].owner == nullptr) continue;
    napi_handle_scope scope;
    napi_open_handle_scope(env_, &scope);
    napi_value owner = nullptr;
    const napi_status status = napi_get_reference_value(env_, entries_[fd].owner, &owner);
    napi_close_handle_scope(env_, scope);
    if (status != napi_ok || owner != nullptr) continue;
    Release(static_cast<int>(fd));
    closed++;
  }
  return closed;
}

int Descriptors::Reclaim() {
  int64_t total = 0;
  napi_adjust_external_memory(env_, kPressure, &total);
  napi_adjust_external_memory(env_, -kPressure, &total);
  return Sweep();
}

void Descriptors::CloseAll() {
  for (size_t fd = 0; fd < entries_.size(); fd++) {
    if (entries_[fd].open) Release(static_cast<int>(fd));
  }
}

void Descriptors::OnCollected(napi_env, void* fd, void* descriptors) {
  static_cast<Descriptors*>(descriptors)->Release(static_cast<int>(reinterpret_cast<intptr_t>(fd)));
}

// Nobody is there to wait for a lingering close, and unread data would turn the close into a reset.
void Descriptors::Release(int fd) {
  if (!Holds(fd)) {
    Close(fd);
    return;
  }
  SetOption(fd, Option::kLinger, 0);
  ShutdownSend(fd);
  Discard(fd, 1 << 30);
  CloseHeld(fd);
}

void Descriptors::Forget(Entry& entry) {
  if (entry.owner != nullptr) napi_delete_reference(env_, entry.owner);
  if (entry.former != nullptr) napi_delete_reference(env_, entry.former);
  entry = Entry{};
  open_--;
}

}  // namespace rosock
