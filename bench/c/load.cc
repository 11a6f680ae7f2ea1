// Load generator: every connection sends a message, waits for the whole echo, checks each byte of it, and sends the next.
// Prints one line of JSON; latencies in nanoseconds, memory in bytes. Any failure is a line on stderr and status 1.
//
// With --spin it never sleeps, so that waking it up is no part of what the server pays for a message.
// Connections are made one after the other, each used once before the next, so a short backlog plays no part. CPU time
// of the server is read here, at the very ends of the measured time, as this process has a core of its own.

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <vector>

#include "histogram.h"
#include "process.h"

namespace {

constexpr uint64_t kSecond = 1000000000;
constexpr uint64_t kStalled = 5 * kSecond;

struct Options {
  int port = 0;
  int process = 0;
  int connections = 1;
  size_t size = 64;
  double warmup = 0.5;
  double seconds = 1;
  uint64_t messages = 0;
  bool idle = false;
  bool spin = false;
};

struct Connection {
  int descriptor;
  uint64_t number;  // of the message under way; stands at its beginning and its end
  size_t sent;
  size_t received;
  uint64_t start;
};

[[noreturn]] __attribute__((format(printf, 1, 2))) void fail(const char* format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fputc('\n', stderr);
  exit(1);
}

uint64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * kSecond + static_cast<uint64_t>(time.tv_nsec);
}

void sleep_milliseconds(long milliseconds) {
  timespec time{milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) < 0 && errno == EINTR) {
  }
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), expected_(options.size), incoming_(options.size), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) fail("epoll_create1: %s", strerror(errno));
    for (size_t i = 0; i < options.size; i++) expected_[i] = static_cast<char>(i * 31 + i / 251);
  }

  void open(int count) {
    connections_.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; i++) {
      connections_.push_back(Connection{connect_one(), static_cast<uint64_t>(i) << 40, 0, 0, now()});
      Connection& connection = connections_.back();
      send_rest(connection);
      uint64_t before = completed_;
      while (completed_ == before) step();
    }
  }

  void close_all() {
    for (const Connection& connection : connections_) close(connection.descriptor);
    connections_.clear();
  }

  // Keeps every connection busy until the time is over or `messages` (if not 0) echoes have come.
  void run(double seconds, uint64_t messages) {
    histogram_.clear();
    completed_ = 0;
    begin_ = now();
    uint64_t end = begin_ + static_cast<uint64_t>(seconds * static_cast<double>(kSecond));
    if (!started_) {
      started_ = true;
      for (Connection& connection : connections_) {
        connection.start = now();
        send_rest(connection);
      }
    }
    do step();
    while (messages != 0 ? completed_ < messages : last_ < end);
    end_ = last_;
  }

  // Lets the messages under way come home.
  void finish() {
    draining_ = true;
    for (Connection& connection : connections_) {
      while (connection.sent != 0) step();
    }
    draining_ = started_ = false;
  }

  uint64_t completed() const { return completed_; }
  double elapsed() const { return static_cast<double>(end_ - begin_) / static_cast<double>(kSecond); }
  const Histogram& histogram() const { return histogram_; }

 private:
  int connect_one() {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) fail("socket: %s", strerror(errno));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(options_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
      fail("connect: %s", strerror(errno));
    }
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = connections_.size();
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
    return descriptor;
  }

  void step() {
    epoll_event events[1024];
    uint64_t begin = now();
    int ready;
    do {
      ready = epoll_wait(epoll_, events, 1024, options_.spin ? 0 : 1000);
      if (ready < 0 && errno != EINTR) fail("epoll_wait: %s", strerror(errno));
      if (ready <= 0 && now() - begin > kStalled) fail("no echo for %d seconds", static_cast<int>(kStalled / kSecond));
    } while (ready <= 0);
    for (int i = 0; i < ready; i++) {
      Connection& connection = connections_[events[i].data.u64];
      if (connection.sent > 0 && connection.sent < options_.size) send_rest(connection);
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(connection);
    }
  }

  // The one buffer serves all connections: the number is written into it anew each time.
  void stamp(uint64_t number) {
    memcpy(expected_.data(), &number, sizeof number);
    memcpy(expected_.data() + options_.size - sizeof number, &number, sizeof number);
  }

  void send_rest(Connection& connection) {
    stamp(connection.number);
    while (connection.sent < options_.size) {
      ssize_t count = send(connection.descriptor, expected_.data() + connection.sent, options_.size - connection.sent,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0 && errno == EAGAIN) return;
      if (count < 0) fail("send: %s", strerror(errno));
      connection.sent += static_cast<size_t>(count);
    }
  }

  void receive(Connection& connection) {
    while (connection.received < options_.size) {
      char* place = incoming_.data() + connection.received;
      ssize_t count = recv(connection.descriptor, place, options_.size - connection.received, MSG_DONTWAIT);
      if (count < 0 && errno == EAGAIN) return;
      if (count < 0) fail("recv: %s", strerror(errno));
      if (count == 0) fail("the server closed a connection");
      stamp(connection.number);
      if (memcmp(expected_.data() + connection.received, place, static_cast<size_t>(count)) != 0) {
        fail("an echo differs from what was sent");
      }
      connection.received += static_cast<size_t>(count);
    }
    last_ = now();
    histogram_.add(last_ - connection.start);
    completed_++;
    connection.number++;
    connection.start = last_;
    connection.sent = connection.received = 0;
    if (started_ && !draining_) send_rest(connection);
  }

  const Options& options_;
  std::vector<Connection> connections_;
  std::vector<char> expected_;
  std::vector<char> incoming_;
  Histogram histogram_;
  int epoll_;
  bool started_ = false;
  bool draining_ = false;
  uint64_t completed_ = 0;
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
  uint64_t last_ = 0;
};

void measure_echoes(const Options& options) {
  Load load(options);
  load.open(options.connections);
  load.run(options.warmup, 0);
  uint64_t before = cpu_time(options.process);
  load.run(options.seconds, options.messages);
  uint64_t used = cpu_time(options.process) - before;
  Memory memory = memory_of(options.process);
  uint64_t messages = load.completed();
  load.finish();
  const Histogram& histogram = load.histogram();
  printf("{\"messages\":%" PRIu64 ",\"seconds\":%.6f,\"p50\":%" PRIu64 ",\"p99\":%" PRIu64 ",\"p999\":%" PRIu64
         ",\"cpu\":%" PRIu64 ",\"rss\":%" PRIu64 ",\"pss\":%" PRIu64 "}\n",
         messages, load.elapsed(), histogram.percentile(0.5), histogram.percentile(0.99), histogram.percentile(0.999),
         used, memory.rss, memory.pss);
}

// Warmed up first, so that compiled code and heaps a runtime grows once are not counted as the connections' memory.
void measure_idle(const Options& options) {
  Load load(options);
  load.open(64);
  load.run(options.warmup, 0);
  load.finish();
  load.close_all();
  sleep_milliseconds(300);
  Memory before = memory_of(options.process);
  load.open(options.connections);
  sleep_milliseconds(500);
  Memory after = memory_of(options.process);
  printf("{\"connections\":%d,\"rssBefore\":%" PRIu64 ",\"rssAfter\":%" PRIu64 ",\"pssBefore\":%" PRIu64
         ",\"pssAfter\":%" PRIu64 "}\n",
         options.connections, before.rss, after.rss, before.pss, after.pss);
}

Options parse(int count, char** arguments) {
  static const option kLong[] = {
      {"port", required_argument, nullptr, 'p'},    {"process", required_argument, nullptr, 'P'},
      {"connections", required_argument, nullptr, 'c'}, {"size", required_argument, nullptr, 's'},
      {"warmup", required_argument, nullptr, 'w'},  {"seconds", required_argument, nullptr, 't'},
      {"messages", required_argument, nullptr, 'm'}, {"idle", no_argument, nullptr, 'i'},
      {"spin", no_argument, nullptr, 'S'},          {nullptr, 0, nullptr, 0}};
  Options options;
  for (int letter; (letter = getopt_long(count, arguments, "", kLong, nullptr)) != -1;) {
    switch (letter) {
      case 'p': options.port = atoi(optarg); break;
      case 'P': options.process = atoi(optarg); break;
      case 'c': options.connections = atoi(optarg); break;
      case 's': options.size = static_cast<size_t>(atoll(optarg)); break;
      case 'w': options.warmup = atof(optarg); break;
      case 't': options.seconds = atof(optarg); break;
      case 'm': options.messages = static_cast<uint64_t>(atoll(optarg)); break;
      case 'i': options.idle = true; break;
      case 'S': options.spin = true; break;
      default: exit(2);
    }
  }
  if (options.port <= 0 || options.connections <= 0 || options.size < 16) {
    fail("usage: load --port N [--process PID] [--connections N] [--size BYTES (16 or more)] [--warmup SECONDS]\n"
         "            [--seconds SECONDS | --messages N] [--idle] [--spin]");
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  Options options = parse(count, arguments);
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (options.idle) {
    measure_idle(options);
  } else {
    measure_echoes(options);
  }
  return 0;
}
