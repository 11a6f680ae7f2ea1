// The limit the other servers are held against: a level-triggered epoll echo server, one thread, one buffer.
// usage: echo-server BUFFER_SIZE; prints "PORT PID".
// A short send ends the connection, as nothing is kept: the load generator then reports it instead of waiting.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static void watch(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
}

static int listen_on_loopback() {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), length) < 0) fail("bind");
  if (listen(listener, 4) < 0) fail("listen");
  if (getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) < 0) fail("getsockname");
  printf("%d %d\n", ntohs(address.sin_port), getpid());
  fflush(stdout);
  return listener;
}

static void accept_one(int epoll, int listener) {
  int connection = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) return;
  int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(epoll, connection);
}

static void echo(int connection, char* buffer, size_t size) {
  ssize_t received = recv(connection, buffer, size, 0);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0 || send(connection, buffer, static_cast<size_t>(received), MSG_NOSIGNAL) != received) {
    close(connection);
  }
}

int main(int count, char** arguments) {
  int size = count == 2 ? atoi(arguments[1]) : 0;
  if (size <= 0) {
    fputs("usage: echo-server BUFFER_SIZE\n", stderr);
    return 2;
  }
  char* buffer = static_cast<char*>(malloc(static_cast<size_t>(size)));
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (buffer == nullptr || epoll < 0) fail("epoll_create1");
  int listener = listen_on_loopback();
  watch(epoll, listener);

  epoll_event events[1024];
  for (;;) {
    int ready = epoll_wait(epoll, events, 1024, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor == listener) {
        accept_one(epoll, listener);
      } else {
        echo(descriptor, buffer, static_cast<size_t>(size));
      }
    }
  }
}
