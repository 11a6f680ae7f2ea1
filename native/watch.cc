#include "watch.h"

#include <cerrno>

namespace rosock {

int Watches::Start(int fd, napi_value function) {
  auto found = watches_.find(fd);
  if (found == watches_.end()) {
    uv_loop_t* loop = nullptr;
    if (napi_get_uv_event_loop(env_, &loop) != napi_ok) return -EINVAL;
    auto* watch = new Watch{this, nullptr, {}};
    const int result = uv_poll_init(loop, &watch->handle, fd);
    if (result != 0) {
      delete watch;
      return result;
    }
    watch->handle.data = watch;
    napi_create_reference(env_, function, 1, &watch->function);
    found = watches_.emplace(fd, watch).first;
  }
  auto* handle = reinterpret_cast<uv_handle_t*>(&found->second->handle);
  uv_ref(handle);
  return uv_is_active(handle) ? 0 : uv_poll_start(&found->second->handle, UV_READABLE, OnReady);
}

void Watches::Pause(int fd) {
  const auto found = watches_.find(fd);
  if (found != watches_.end()) uv_unref(reinterpret_cast<uv_handle_t*>(&found->second->handle));
}

void Watches::Close(int fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return;
  Close(found->second);
  watches_.erase(found);
}

void Watches::CloseAll(void (*closed)(void*), void* data) {
  closed_ = closed;
  closed_data_ = data;
  for (const auto& entry : watches_) Close(entry.second);
  watches_.clear();
  if (closing_ == 0) closed(data);
}

void Watches::Close(Watch* watch) {
  closing_++;
  napi_delete_reference(env_, watch->function);
  uv_close(reinterpret_cast<uv_handle_t*>(&watch->handle), OnClosed);
}

void Watches::OnClosed(uv_handle_t* handle) {
  auto* watch = static_cast<Watch*>(handle->data);
  Watches* watches = watch->watches;
  delete watch;
  if (--watches->closing_ == 0 && watches->closed_ != nullptr) watches->closed_(watches->closed_data_);
}

void Watches::OnReady(uv_poll_t* handle, int, int) {
  if (!uv_has_ref(reinterpret_cast<uv_handle_t*>(handle))) {
    uv_poll_stop(handle);
    return;
  }
  auto* watch = static_cast<Watch*>(handle->data);
  napi_env env = watch->watches->env_;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value function, receiver;
  napi_get_reference_value(env, watch->function, &function);
  napi_get_global(env, &receiver);
  // Through make_callback, so that promises and process.nextTick run before the loop goes on.
  if (napi_make_callback(env, nullptr, receiver, function, 0, nullptr, nullptr) == napi_pending_exception) {
    napi_value error;
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

}  // namespace rosock
