#include "option.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace rosock {
namespace {

enum class Type { kNumber, kLinger, kSeconds };

struct Row {
  int level;
  int name;
  Type type;
};

// In the order of enum Option.
constexpr Row kRows[] = {
    {SOL_SOCKET, SO_ERROR, Type::kNumber},
    {SOL_SOCKET, SO_KEEPALIVE, Type::kNumber},
    {SOL_SOCKET, SO_LINGER, Type::kLinger},
    {IPPROTO_TCP, TCP_MAXSEG, Type::kNumber},
    {IPPROTO_TCP, TCP_NODELAY, Type::kNumber},
    {IPPROTO_IP, IP_TTL, Type::kNumber},
    {SOL_SOCKET, SO_REUSEADDR, Type::kNumber},
    {SOL_SOCKET, SO_OOBINLINE, Type::kNumber},
    {SOL_SOCKET, SO_SNDBUF, Type::kNumber},
    {SOL_SOCKET, SO_RCVBUF, Type::kNumber},
    {SOL_SOCKET, SO_SNDTIMEO, Type::kSeconds},
    {SOL_SOCKET, SO_RCVTIMEO, Type::kSeconds},
    {SOL_SOCKET, SO_BROADCAST, Type::kNumber},
    {IPPROTO_IP, IP_MULTICAST_LOOP, Type::kNumber},
    {IPPROTO_IP, IP_MULTICAST_TTL, Type::kNumber},
};
static_assert(sizeof kRows / sizeof kRows[0] == static_cast<size_t>(Option::kCount), "a row for each option");

const Row* Find(Option option) {
  return option >= Option::kError && option < Option::kCount ? &kRows[static_cast<int>(option)] : nullptr;
}

template <typename Value>
int Get(int fd, const Row& row, Value* value) {
  socklen_t size = sizeof *value;
  return getsockopt(fd, row.level, row.name, value, &size) < 0 ? -errno : 0;
}

template <typename Value>
int Set(int fd, const Row& row, const Value& value) {
  return setsockopt(fd, row.level, row.name, &value, sizeof value) < 0 ? -errno : 0;
}

}  // namespace

int GetOption(int fd, Option option, int32_t* value) {
  const Row* row = Find(option);
  if (row == nullptr) return -ENOPROTOOPT;
  switch (row->type) {
    case Type::kNumber:
      return Get(fd, *row, value);
    case Type::kLinger: {
      linger linger{};
      const int result = Get(fd, *row, &linger);
      *value = linger.l_onoff ? linger.l_linger : 0;
      return result;
    }
    case Type::kSeconds: {
      timeval time{};
      const int result = Get(fd, *row, &time);
      *value = static_cast<int32_t>(time.tv_sec);
      return result;
    }
  }
  return -ENOPROTOOPT;
}

int SetOption(int fd, Option option, int32_t value) {
  const Row* row = Find(option);
  if (row == nullptr) return -ENOPROTOOPT;
  if (value < 0) return -EINVAL;
  if (row->type == Type::kNumber) return Set(fd, *row, value);
  if (row->type == Type::kLinger) return Set(fd, *row, linger{value > 0, value});
  return Set(fd, *row, timeval{value, 0});
}

int SetMembership(int fd, uint32_t group, uint32_t interface, bool join) {
  const ip_mreq membership{{htonl(group)}, {htonl(interface)}};
  const int name = join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP;
  return setsockopt(fd, IPPROTO_IP, name, &membership, sizeof membership) < 0 ? -errno : 0;
}

}  // namespace rosock
