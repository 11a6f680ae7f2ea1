#include "socket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace rosock {
namespace {

int Result(ssize_t result) { return result < 0 ? -errno : static_cast<int>(result); }

sockaddr_in ToSystem(Address address) {
  sockaddr_in system{};
  system.sin_family = AF_INET;
  system.sin_addr.s_addr = htonl(address.host);
  system.sin_port = htons(address.port);
  return system;
}

Address FromSystem(const sockaddr_in& system) {
  return {ntohl(system.sin_addr.s_addr), ntohs(system.sin_port)};
}

const sockaddr* Generic(const sockaddr_in* system) { return reinterpret_cast<const sockaddr*>(system); }
sockaddr* Generic(sockaddr_in* system) { return reinterpret_cast<sockaddr*>(system); }

int Count(int fd, unsigned long request) {
  int count = 0;
  return ioctl(fd, request, &count) < 0 ? -errno : count;
}

}  // namespace

int Open(Transport transport) {
  const int type = transport == Transport::kStream ? SOCK_STREAM : SOCK_DGRAM;
  return Result(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int Bind(int fd, Address address) {
  const sockaddr_in system = ToSystem(address);
  return Result(bind(fd, Generic(&system), sizeof system));
}

int Listen(int fd, int backlog) { return Result(listen(fd, backlog)); }

int Connect(int fd, Address address) {
  const sockaddr_in system = ToSystem(address);
  return Result(connect(fd, Generic(&system), sizeof system));
}

int Accept(int fd, Address* peer) {
  sockaddr_in system{};
  socklen_t size = sizeof system;
  const int accepted = Result(accept4(fd, Generic(&system), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  *peer = FromSystem(system);
  return accepted;
}

int Receive(int fd, uint8_t* bytes, size_t length) { return Result(recv(fd, bytes, length, 0)); }

int ReceiveFrom(int fd, uint8_t* bytes, size_t length, Address* sender) {
  sockaddr_in system{};
  socklen_t size = sizeof system;
  const int received = Result(recvfrom(fd, bytes, length, 0, Generic(&system), &size));
  *sender = FromSystem(system);
  return received;
}

int Discard(int fd, size_t length) { return Result(recv(fd, nullptr, length, MSG_TRUNC)); }

int Send(int fd, const uint8_t* bytes, size_t length) { return Result(send(fd, bytes, length, MSG_NOSIGNAL)); }

int SendTo(int fd, const uint8_t* bytes, size_t length, Address receiver) {
  const sockaddr_in system = ToSystem(receiver);
  return Result(sendto(fd, bytes, length, MSG_NOSIGNAL, Generic(&system), sizeof system));
}

int ShutdownSend(int fd) { return Result(shutdown(fd, SHUT_WR)); }

int LocalAddress(int fd, Address* address) {
  sockaddr_in system{};
  socklen_t size = sizeof system;
  const int result = Result(getsockname(fd, Generic(&system), &size));
  *address = FromSystem(system);
  return result;
}

int CountReceive(int fd) { return Count(fd, FIONREAD); }
int CountSend(int fd) { return Count(fd, SIOCOUTQ); }

}  // namespace rosock
