// Sockets by system call: IPv4, TCP and UDP, non-blocking and close-on-exec from birth.
//
// Every function makes the one system call it is named after and returns what that call returned, or -errno.
// Hosts and ports are in host byte order. Nothing here blocks, allocates, or knows JavaScript.
#ifndef ROSOCK_SOCKET_H_
#define ROSOCK_SOCKET_H_

#include <cstddef>
#include <cstdint>

namespace rosock {

// An IPv4 address and port, in host byte order.
struct Address {
  uint32_t host;
  uint16_t port;
};

enum class Transport { kStream = 0, kDatagram = 1 };

// socket(2). A descriptor, or -errno (EMFILE, ENFILE, ENOBUFS, ENOMEM).
int Open(Transport transport);

// bind(2). 0 or -errno (EADDRINUSE, EADDRNOTAVAIL, EACCES, EINVAL when bound already).
int Bind(int fd, Address address);

// listen(2). 0 or -errno. Linux cuts the backlog at net.core.somaxconn.
int Listen(int fd, int backlog);

// connect(2). 0 when connected, -EINPROGRESS when begun, -EALREADY while pending, otherwise -errno. Called again once the
// attempt has ended it reports the outcome, and after a failure leaves the socket ready for another attempt.
int Connect(int fd, Address address);

// accept4(2). A descriptor with its peer's address, or -errno (EAGAIN when none is pending, EMFILE, ENFILE, ...).
int Accept(int fd, Address* peer);

// recv(2). Bytes received, 0 at the end of a stream, or -errno.
int Receive(int fd, uint8_t* bytes, size_t length);

// recvfrom(2), for datagrams. A datagram longer than `length` is cut.
int ReceiveFrom(int fd, uint8_t* bytes, size_t length, Address* sender);

// recv(2) with MSG_TRUNC on a stream: drops up to `length` received bytes without copying them. As Receive.
int Discard(int fd, size_t length);

// send(2), sendto(2), never a SIGPIPE. Bytes the system took, possibly fewer than asked, or -errno.
int Send(int fd, const uint8_t* bytes, size_t length);
int SendTo(int fd, const uint8_t* bytes, size_t length, Address receiver);

// shutdown(2) of the sending side.
int ShutdownSend(int fd);

// getsockname(2).
int LocalAddress(int fd, Address* address);

// Bytes waiting to be received (FIONREAD; of datagrams, the size of the next) and bytes not yet acknowledged (SIOCOUTQ).
int CountReceive(int fd);
int CountSend(int fd);

}  // namespace rosock

#endif  // ROSOCK_SOCKET_H_
