// Signals on their way to JavaScript.
#ifndef ROSOCK_SIGNALS_H_
#define ROSOCK_SIGNALS_H_

#include <cstdint>
#include <uv.h>

namespace rosock {

// The signals, 1 to 31, that libuv has caught and the event loop has not handled yet: bit n - 1 for signal n. Looks without
// taking anything away. All bits when it cannot tell.
//
// libuv's handler writes a message {uv_signal_t*, int} for each signal into a pipe of the loop. Neither is documented, both
// have been so in every libuv since 2012; a message of another size is taken for "cannot tell".
uint32_t PendingSignals(const uv_loop_t* loop);

}  // namespace rosock

#endif  // ROSOCK_SIGNALS_H_
