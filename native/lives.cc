#include "lives.h"

#include <algorithm>
#include <cerrno>

namespace rosock {

int32_t Lives::Follow(napi_value object) {
  napi_ref reference = nullptr;
  if (napi_create_reference(env_, object, 0, &reference) != napi_ok) return -1;
  auto place = std::find(references_.begin(), references_.end(), nullptr);
  if (place == references_.end()) place = references_.insert(place, nullptr);
  *place = reference;
  return static_cast<int32_t>(place - references_.begin());
}

int32_t Lives::Ended(int32_t number) {
  const size_t index = static_cast<size_t>(number);
  if (number < 0 || index >= references_.size() || references_[index] == nullptr) return -EBADF;
  napi_handle_scope scope;
  napi_open_handle_scope(env_, &scope);
  napi_value object = nullptr;
  const napi_status status = napi_get_reference_value(env_, references_[index], &object);
  napi_close_handle_scope(env_, scope);
  return status == napi_ok && object == nullptr ? 1 : 0;
}

void Lives::Forget(int32_t number) {
  const size_t index = static_cast<size_t>(number);
  if (number < 0 || index >= references_.size() || references_[index] == nullptr) return;
  napi_delete_reference(env_, references_[index]);
  references_[index] = nullptr;
}

}  // namespace rosock
