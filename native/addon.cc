// What JavaScript sees of all this, as one table.
//
// Numbers cross in "registers", an Int32Array that both sides see: JavaScript writes arguments into it from [1] on and calls
// a function without arguments; the function leaves its result in [0] (a count, a descriptor, 0, or -errno) and further
// results from [1] on. Bytes cross by the number of a slot that the buffer was put into before. Both because converting
// Node-API values costs more than most of the system calls here do. src/native.ts is the other half, and the only caller.
#include <cerrno>
#include <cstring>
#include <ctime>
#include <napi.h>
#include <uv.h>

#include "address.h"
#include "descriptors.h"
#include "eventfd.h"
#include "identifiers.h"
#include "lives.h"
#include "lock.h"
#include "option.h"
#include "poller.h"
#include "sha256.h"
#include "signals.h"
#include "socket.h"
#include "watch.h"

namespace rosock {
namespace {

constexpr int kSlots = 64;
constexpr int kScratchSize = 64 * 1024;  // Slot 0. More than the largest datagram.
constexpr int64_t kSweepEvery = 1000;    // Milliseconds.

// The memory that both sides see; src/native.ts has the same layout.
struct Shared {
  int32_t registers[16];
  Event events[kMaximumEvents];
  pollfd polls[kMaximumEvents];
  uint8_t scratch[kScratchSize];
};

// JavaScript's ArrayBuffer of the memory may be detached, which must not leave the addon without: it is freed when the
// environment and the buffer have both let go of it.
struct Memory {
  static void Drop(Memory* memory) {
    if (--memory->holders == 0) delete memory;
  }

  Shared shared;
  int holders;
};

struct Slot {
  uint8_t* bytes;
  size_t length;
};

// On the monotonic clock, to some 4 ms.
int64_t Milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

struct Environment {
  explicit Environment(napi_env environment)
      : env(environment), watches(environment), descriptors(environment, watches), lives(environment), identifiers(environment) {}

  // Releases what collected objects left behind. A look at each of them, so it is done at most once a second; returns the
  // milliseconds until the next time, -1 when there is nothing that may be left until then.
  int32_t SweepIfDue() {
    const int64_t due = swept_at + kSweepEvery - Milliseconds();
    if (due > 0) return descriptors.IsEmpty() ? -1 : static_cast<int32_t>(due);
    Sweep();
    return -1;
  }

  int Sweep() {
    swept_at = Milliseconds();
    identifiers.Sweep();
    return descriptors.Sweep();
  }

  // `length` bytes from `start` of a slot, or null when they are not all inside it.
  uint8_t* Range(int32_t slot, int32_t start, int32_t length) {
    if (slot < 0 || slot >= kSlots || start < 0 || length < 0) return nullptr;
    if (static_cast<size_t>(start) + static_cast<size_t>(length) > slots[slot].length) return nullptr;
    return slots[slot].bytes + start;
  }

  napi_env env;
  Memory* memory = nullptr;
  Shared* shared = nullptr;
  int32_t* registers = nullptr;
  Slot slots[kSlots] = {};
  Watches watches;
  Descriptors descriptors;
  Lives lives;
  Identifiers identifiers;
  int64_t swept_at = 0;  // Milliseconds, monotonic.
  int wake_at_end = -1;  // An eventfd of another environment's.
  uv_loop_t* loop = nullptr;
  napi_async_cleanup_hook_handle cleanup = nullptr;
};

// Sleeps by `wait(milliseconds)`. What was collected before is released first: at once, or, when that was done less than a
// second ago, as soon as the second is over, however long the sleep.
template <typename Wait>
int32_t Sleep(Environment& e, int32_t milliseconds, Wait wait) {
  const int32_t due = e.SweepIfDue();
  if (due >= 0 && (milliseconds < 0 || milliseconds > due)) {
    const int32_t result = wait(due);
    if (result != 0) return result;
    e.Sweep();
    if (milliseconds > 0) milliseconds -= due;
  }
  return wait(milliseconds);
}

// ---- Operations: arguments and results in registers ----

Address AddressAt(const int32_t* registers) {
  return {static_cast<uint32_t>(registers[0]), static_cast<uint16_t>(registers[1])};
}

void Put(int32_t* registers, Address address) {
  registers[0] = static_cast<int32_t>(address.host);
  registers[1] = address.port;
}

int32_t Opened(Environment& e, int fd) {
  if (fd < 0) return fd;
  e.SweepIfDue();
  e.descriptors.Add(fd);
  return fd;
}

int32_t OpenSocket(Environment& e) { return Opened(e, Open(static_cast<Transport>(e.registers[1]))); }

int32_t CloseDescriptor(Environment& e) { return e.descriptors.Close(e.registers[1]); }
int32_t CloseHeldDescriptor(Environment& e) { return e.descriptors.CloseHeld(e.registers[1]); }
int32_t HoldsDescriptor(Environment& e) { return e.descriptors.Holds(e.registers[1]) ? 1 : 0; }

int32_t BindSocket(Environment& e) { return Bind(e.registers[1], AddressAt(e.registers + 2)); }
int32_t ListenSocket(Environment& e) { return Listen(e.registers[1], e.registers[2]); }
int32_t ConnectSocket(Environment& e) { return Connect(e.registers[1], AddressAt(e.registers + 2)); }

int32_t AcceptSocket(Environment& e) {
  Address peer{};
  const int fd = Opened(e, Accept(e.registers[1], &peer));
  Put(e.registers + 1, peer);
  return fd;
}

int32_t ReceiveBytes(Environment& e) {
  const int32_t* r = e.registers;
  uint8_t* bytes = e.Range(r[2], r[3], r[4]);
  return bytes == nullptr ? -EINVAL : Receive(r[1], bytes, static_cast<size_t>(r[4]));
}

int32_t ReceiveDatagram(Environment& e) {
  const int32_t* r = e.registers;
  uint8_t* bytes = e.Range(r[2], r[3], r[4]);
  if (bytes == nullptr) return -EINVAL;
  Address sender{};
  const int received = ReceiveFrom(r[1], bytes, static_cast<size_t>(r[4]), &sender);
  Put(e.registers + 1, sender);
  return received;
}

int32_t DiscardBytes(Environment& e) { return Discard(e.registers[1], 1 << 30); }

int32_t SendBytes(Environment& e) {
  const int32_t* r = e.registers;
  const uint8_t* bytes = e.Range(r[2], r[3], r[4]);
  return bytes == nullptr ? -EINVAL : Send(r[1], bytes, static_cast<size_t>(r[4]));
}

int32_t SendDatagram(Environment& e) {
  const int32_t* r = e.registers;
  const uint8_t* bytes = e.Range(r[2], r[3], r[4]);
  return bytes == nullptr ? -EINVAL : SendTo(r[1], bytes, static_cast<size_t>(r[4]), AddressAt(r + 5));
}

int32_t EndSending(Environment& e) { return ShutdownSend(e.registers[1]); }

int32_t GetLocalAddress(Environment& e) {
  Address address{};
  const int result = LocalAddress(e.registers[1], &address);
  Put(e.registers + 1, address);
  return result;
}

int32_t GetCountReceive(Environment& e) { return CountReceive(e.registers[1]); }
int32_t GetCountSend(Environment& e) { return CountSend(e.registers[1]); }

int32_t GetSocketOption(Environment& e) {
  int32_t value = 0;
  const int result = GetOption(e.registers[1], static_cast<Option>(e.registers[2]), &value);
  e.registers[1] = value;
  return result;
}

int32_t SetSocketOption(Environment& e) {
  return SetOption(e.registers[1], static_cast<Option>(e.registers[2]), e.registers[3]);
}

int32_t SetGroupMembership(Environment& e) {
  const int32_t* r = e.registers;
  return SetMembership(r[1], static_cast<uint32_t>(r[2]), static_cast<uint32_t>(r[3]), r[4] != 0);
}

int32_t PollDescriptors(Environment& e) {
  const int32_t count = e.registers[1];
  const int32_t milliseconds = e.registers[2];
  if (count < 0 || count > kMaximumEvents) return -EINVAL;
  if (milliseconds == 0) return Poll(e.shared->polls, count, 0);
  return Sleep(e, milliseconds, [&](int32_t time) { return Poll(e.shared->polls, count, time); });
}

// What else ends a wait: `wake` in src/native.ts. libuv has no function that names its signal pipe; the field is part of its ABI.
int WakeDescriptor(const uv_loop_t* loop, int32_t wake) {
  return wake == 0 ? loop->signal_pipefd[0] : uv_backend_fd(loop);
}

int32_t GetPendingSignals(Environment& e) { return static_cast<int32_t>(PendingSignals(e.loop)); }

int32_t OpenEpoll(Environment& e) { return Opened(e, OpenPoller()); }
int32_t AddToEpoll(Environment& e) { return AddToPoller(e.registers[1], e.registers[2], e.registers[3]); }
int32_t RemoveFromEpoll(Environment& e) { return RemoveFromPoller(e.registers[1], e.registers[2]); }
int32_t AddWakeToEpoll(Environment& e) { return AddWake(e.registers[1], WakeDescriptor(e.loop, e.registers[2])); }
int32_t RemoveWakeFromEpoll(Environment& e) {
  return RemoveFromPoller(e.registers[1], WakeDescriptor(e.loop, e.registers[2]));
}

int32_t WaitEpoll(Environment& e) {
  const int32_t poller = e.registers[1];
  return Sleep(e, e.registers[2], [&](int32_t time) { return WaitPoller(poller, e.shared->events, time); });
}

int32_t OpenWakeup(Environment& e) { return Opened(e, OpenEventfd()); }
int32_t ClearWakeup(Environment& e) { return ClearEventfd(e.registers[1]); }
int32_t WakeAtEnd(Environment& e) {
  e.wake_at_end = e.registers[1];
  return 0;
}
int32_t LifeEnded(Environment& e) { return e.lives.Ended(e.registers[1]); }
int32_t ForgetLife(Environment& e) {
  e.lives.Forget(e.registers[1]);
  return 0;
}
int32_t LockFile(Environment& e) { return Lock(e.registers[1], e.registers[2]); }

int32_t HashBytes(Environment& e) {
  const int32_t* r = e.registers;
  const uint8_t* bytes = e.Range(r[1], 0, r[2]);
  if (bytes == nullptr) return -EINVAL;
  uint32_t hash[8];
  Sha256(bytes, static_cast<size_t>(r[2]), hash);
  std::memcpy(e.registers + 1, hash, sizeof hash);
  return 0;
}

int32_t PauseWatch(Environment& e) {
  e.watches.Pause(e.registers[1]);
  return 0;
}

int32_t ReclaimDescriptors(Environment& e) { return e.descriptors.Reclaim(); }
int32_t Sweep(Environment& e) { return e.Sweep(); }
int32_t SweepIfDue(Environment& e) { return e.SweepIfDue(); }

int32_t StartIdentifiers(Environment& e) {
  Identifiers::StartAt(e.registers[1]);
  return 0;
}

// ---- Functions that take JavaScript values ----

template <size_t count>
Environment& Arguments(napi_env env, napi_callback_info info, napi_value (&values)[count]) {
  size_t given = count;
  void* data = nullptr;
  napi_get_cb_info(env, info, &given, values, nullptr, &data);
  return *static_cast<Environment*>(data);
}

int32_t Number(napi_env env, napi_value value) {
  int32_t number = -1;
  napi_get_value_int32(env, value, &number);
  return number;
}

// identifiers(holder): see Identifiers. [0] the first of a block or -errno, [1] how many there are.
napi_value TakeIdentifiers(napi_env env, napi_callback_info info) {
  napi_value values[1];
  Environment& e = Arguments(env, info, values);
  e.registers[0] = e.identifiers.Take(values[0]);
  e.registers[1] = kIdentifiersInBlock;
  return nullptr;
}

// followLife(object): see Lives. [0] a number, or -1.
napi_value FollowLife(napi_env env, napi_callback_info info) {
  napi_value values[1];
  Environment& e = Arguments(env, info, values);
  e.registers[0] = e.lives.Follow(values[0]);
  return nullptr;
}

// adopt(fd, owner): `fd` is closed when `owner` has been collected. Returns the owner of an earlier descriptor with this
// number, if other code closed that.
napi_value AdoptDescriptor(napi_env env, napi_callback_info info) {
  napi_value values[2];
  Environment& e = Arguments(env, info, values);
  return e.descriptors.Adopt(Number(env, values[0]), values[1]);
}

// putSlot(slot, bytes: Uint8Array | null): the caller keeps the array alive while it is in the slot, and puts it anew before it
// is used after its length has changed, as it does when its memory is detached.
napi_value PutSlot(napi_env env, napi_callback_info info) {
  napi_value values[2];
  Environment& e = Arguments(env, info, values);
  const int32_t slot = Number(env, values[0]);
  if (slot <= 0 || slot >= kSlots) return nullptr;
  void* bytes = nullptr;
  size_t length = 0;
  if (napi_get_typedarray_info(env, values[1], nullptr, &length, &bytes, nullptr, nullptr) != napi_ok) length = 0;
  // An array without bytes may have no address, but no bytes can be sent and received, too.
  e.slots[slot] = {length == 0 ? e.shared->scratch : static_cast<uint8_t*>(bytes), length};
  return nullptr;
}

// lookUp(name): the result as an operation's: [0] 0 or -errno, [1] host.
napi_value LookUpName(napi_env env, napi_callback_info info) {
  napi_value values[1];
  Environment& e = Arguments(env, info, values);
  char name[256];
  size_t length = 0;
  uint32_t host = 0;
  const bool text = napi_get_value_string_utf8(env, values[0], name, sizeof name, &length) == napi_ok;
  e.registers[0] = text && length < sizeof name - 1 ? LookUp(name, &host) : -EINVAL;
  e.registers[1] = static_cast<int32_t>(host);
  return nullptr;
}

// watch(fd, function): see Watches. [0] 0 or -errno.
napi_value StartWatch(napi_env env, napi_callback_info info) {
  napi_value values[2];
  Environment& e = Arguments(env, info, values);
  const int fd = Number(env, values[0]);
  // libuv ends the process when a descriptor that it is to watch again is none any more.
  e.registers[0] = e.descriptors.Holds(fd) ? e.watches.Start(fd, values[1]) : -EBADF;
  return nullptr;
}

// ---- The table ----

template <int32_t (*operation)(Environment&)>
napi_value Call(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  Environment& e = *static_cast<Environment*>(data);
  e.registers[0] = operation(e);
  return nullptr;
}

struct Function {
  const char* name;
  napi_callback function;
};

constexpr Function kFunctions[] = {
    {"identifiers", TakeIdentifiers},
    {"startIdentifiers", Call<StartIdentifiers>},
    {"open", Call<OpenSocket>},
    {"close", Call<CloseDescriptor>},
    {"closeHeld", Call<CloseHeldDescriptor>},
    {"holds", Call<HoldsDescriptor>},
    {"adopt", AdoptDescriptor},
    {"reclaim", Call<ReclaimDescriptors>},
    {"sweep", Call<Sweep>},
    {"sweepIfDue", Call<SweepIfDue>},
    {"bind", Call<BindSocket>},
    {"listen", Call<ListenSocket>},
    {"connect", Call<ConnectSocket>},
    {"accept", Call<AcceptSocket>},
    {"receive", Call<ReceiveBytes>},
    {"receiveFrom", Call<ReceiveDatagram>},
    {"discard", Call<DiscardBytes>},
    {"send", Call<SendBytes>},
    {"sendTo", Call<SendDatagram>},
    {"shutdownSend", Call<EndSending>},
    {"localAddress", Call<GetLocalAddress>},
    {"countReceive", Call<GetCountReceive>},
    {"countSend", Call<GetCountSend>},
    {"getOption", Call<GetSocketOption>},
    {"setOption", Call<SetSocketOption>},
    {"setMembership", Call<SetGroupMembership>},
    {"poll", Call<PollDescriptors>},
    {"pendingSignals", Call<GetPendingSignals>},
    {"openPoller", Call<OpenEpoll>},
    {"addToPoller", Call<AddToEpoll>},
    {"removeFromPoller", Call<RemoveFromEpoll>},
    {"addWake", Call<AddWakeToEpoll>},
    {"removeWake", Call<RemoveWakeFromEpoll>},
    {"waitPoller", Call<WaitEpoll>},
    {"openEventfd", Call<OpenWakeup>},
    {"clearEventfd", Call<ClearWakeup>},
    {"wakeAtEnd", Call<WakeAtEnd>},
    {"followLife", FollowLife},
    {"lifeEnded", Call<LifeEnded>},
    {"forgetLife", Call<ForgetLife>},
    {"lock", Call<LockFile>},
    {"hash", Call<HashBytes>},
    {"watch", StartWatch},
    {"pauseWatch", Call<PauseWatch>},
    {"putSlot", PutSlot},
    {"lookUp", LookUpName},
};

// Node waits for an asynchronous hook: a watch is let go by the loop only.
void CleanUp(napi_async_cleanup_hook_handle, void* data) {
  auto* e = static_cast<Environment*>(data);
  e->watches.CloseAll(
      [](void* environment) {
        auto* ended = static_cast<Environment*>(environment);
        ended->descriptors.CloseAll();
        if (ended->wake_at_end >= 0) MarkEnd(ended->wake_at_end);
        ended->identifiers.GiveAllBack();
        Memory::Drop(ended->memory);
        napi_remove_async_cleanup_hook(ended->cleanup);
        delete ended;
      },
      e);
}

// A worker may be terminated while it loads the addon: calls of Node-API fail then, which is of no importance. binding.gyp has
// node-addon-api take it so; else it would end the process.
Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* memory = new Memory();
  memory->holders = 1;
  const auto collected = [](napi_env, void*, void* data) { Memory::Drop(static_cast<Memory*>(data)); };
  napi_value buffer = nullptr;
  const napi_status status =
      napi_create_external_arraybuffer(env, &memory->shared, sizeof(Shared), collected, memory, &buffer);
  if (status != napi_ok) {
    if (status != napi_generic_failure) Memory::Drop(memory);  // Else Node had begun, and calls `collected` in time.
    return exports;
  }
  memory->holders++;
  auto* e = new Environment(env);
  e->memory = memory;
  e->shared = &memory->shared;
  e->registers = e->shared->registers;
  e->slots[0] = {e->shared->scratch, kScratchSize};
  napi_get_uv_event_loop(env, &e->loop);
  napi_add_async_cleanup_hook(env, CleanUp, e, &e->cleanup);

  exports["memory"] = Napi::Value(env, buffer);
  exports["maximumEvents"] = kMaximumEvents;
  exports["slots"] = kSlots;
  for (const Function& row : kFunctions) {
    napi_value function = nullptr;
    if (napi_create_function(env, row.name, NAPI_AUTO_LENGTH, row.function, e, &function) != napi_ok) break;
    exports[row.name] = Napi::Value(env, function);
  }
  return exports;
}

}  // namespace

NODE_API_MODULE(rosock, Init)

}  // namespace rosock
