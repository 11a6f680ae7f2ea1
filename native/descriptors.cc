#include "descriptors.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <unistd.h>

#include "option.h"
#include "socket.h"

namespace rosock {
namespace {

constexpr int kReclaimAtLeastAt = 256;  // Descriptors open; boxes often allow 1,024.

// More than V8 lets external memory grow between two collections, so that reporting it makes V8 collect at once.
constexpr int64_t kPressure = int64_t{1} << 40;

int64_t Seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec;
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
  entries_[index].open = true;
  open_++;
}

void Descriptors::Adopt(int fd, napi_value owner) {
  const size_t index = static_cast<size_t>(fd);
  if (index >= entries_.size() || !entries_[index].open || entries_[index].owner != nullptr) return;
  void* data = reinterpret_cast<void*>(static_cast<intptr_t>(fd));
  napi_add_finalizer(env_, owner, data, OnCollected, this, &entries_[index].owner);
}

int Descriptors::Close(int fd) {
  const size_t index = static_cast<size_t>(fd);
  if (fd < 0 || index >= entries_.size() || !entries_[index].open) return -EBADF;
  Forget(entries_[index]);
  watches_.Close(fd);
  // Linux frees the number even when close() is interrupted: closing again could hit another socket.
  return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

int Descriptors::Sweep() {
  last_sweep_ = Seconds();
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

void Descriptors::SweepIfDue() {
  if (open_ > 0 && Seconds() != last_sweep_) Sweep();
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
  SetOption(fd, Option::kLinger, 0);
  ShutdownSend(fd);
  Discard(fd, 1 << 30);
  Close(fd);
}

void Descriptors::Forget(Entry& entry) {
  if (entry.owner != nullptr) napi_delete_reference(env_, entry.owner);
  entry = Entry{};
  open_--;
}

}  // namespace rosock
