#include "identifiers.h"

#include <algorithm>
#include <bitset>
#include <cerrno>
#include <mutex>

namespace rosock {
namespace {

constexpr int32_t kBlocks = INT32_MAX / kIdentifiersInBlock + 1;
constexpr int32_t kFirstBlock = 1;  // The block before would have identifier 0.

// Of all environments. Memory is used only for the parts of `used` that were written to.
std::mutex mutex;
std::bitset<kBlocks> used;
int32_t next_block = kFirstBlock;

// A block that was free, or -1.
int32_t Reserve() {
  const std::lock_guard<std::mutex> lock(mutex);
  for (int32_t tried = kFirstBlock; tried < kBlocks; tried++) {
    const int32_t block = next_block;
    next_block = block + 1 < kBlocks ? block + 1 : kFirstBlock;
    if (used[static_cast<size_t>(block)]) continue;
    used.set(static_cast<size_t>(block));
    return block;
  }
  return -1;
}

void GiveBack(int32_t block) {
  const std::lock_guard<std::mutex> lock(mutex);
  used.reset(static_cast<size_t>(block));
}

}  // namespace

int32_t Identifiers::Take(napi_value holder) {
  napi_ref reference = nullptr;
  if (napi_create_reference(env_, holder, 0, &reference) != napi_ok) return -EINVAL;
  const int32_t block = Reserve();
  if (block < 0) {
    napi_delete_reference(env_, reference);
    return -ENOSPC;
  }
  blocks_.push_back({block, reference});
  return block * kIdentifiersInBlock;
}

void Identifiers::Sweep() {
  const auto isFree = [this](const Block& block) {
    napi_handle_scope scope;
    napi_open_handle_scope(env_, &scope);
    napi_value holder = nullptr;
    const napi_status status = napi_get_reference_value(env_, block.holder, &holder);
    napi_close_handle_scope(env_, scope);
    if (status != napi_ok || holder != nullptr) return false;
    napi_delete_reference(env_, block.holder);
    GiveBack(block.number);
    return true;
  };
  blocks_.erase(std::remove_if(blocks_.begin(), blocks_.end(), isFree), blocks_.end());
}

void Identifiers::GiveAllBack() {
  for (const Block& block : blocks_) {
    napi_delete_reference(env_, block.holder);
    GiveBack(block.number);
  }
  blocks_.clear();
}

void Identifiers::StartAt(int32_t identifier) {
  const std::lock_guard<std::mutex> lock(mutex);
  next_block = std::max(identifier / kIdentifiersInBlock, kFirstBlock);
}

}  // namespace rosock
