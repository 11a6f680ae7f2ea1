// Node's event loop watching an epoll set, which is itself a descriptor that poll can watch.
#ifndef ROSOCK_WATCH_H_
#define ROSOCK_WATCH_H_

#include <map>
#include <node_api.h>
#include <uv.h>

namespace rosock {

// The watches of one environment. A watch that was started calls its function from the event loop whenever its descriptor is
// readable, and keeps the process alive, until it is paused. It must be closed before its descriptor is.
class Watches {
 public:
  explicit Watches(napi_env env) : env_(env) {}
  Watches(const Watches&) = delete;
  Watches& operator=(const Watches&) = delete;

  // 0 or -errno. Starting a watch again goes on with the function given first.
  int Start(int fd, napi_value function);

  // Costs nothing: the loop drops the watch only when its descriptor is readable and it has not been started again.
  void Pause(int fd);

  void Close(int fd);

  // Closes all; `closed(data)` is called when the loop has let go of the last one, possibly at once.
  void CloseAll(void (*closed)(void*), void* data);

 private:
  struct Watch {
    Watches* watches;
    napi_ref function;
    uv_poll_t handle;
  };

  static void OnReady(uv_poll_t* handle, int status, int events);
  static void OnClosed(uv_handle_t* handle);
  void Close(Watch* watch);

  napi_env env_;
  std::map<int, Watch*> watches_;
  int closing_ = 0;
  void (*closed_)(void*) = nullptr;
  void* closed_data_ = nullptr;
};

}  // namespace rosock

#endif  // ROSOCK_WATCH_H_
