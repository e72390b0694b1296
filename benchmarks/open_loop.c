// Sends one request at a fixed rate, whether or not earlier ones are answered, and measures each from the moment it was
// due. A closed loop (wrk) stops asking while a gateway stalls and so never sees most of the stall; this one does.
//
//   open_loop PORT RATE SECONDS CONNECTIONS REQUEST_FILE
//
// REQUEST_FILE holds the raw bytes of one HTTP/1.1 request (a file, because it carries a key). Prints one JSON object;
// times are microseconds. After the last request is sent it waits up to GRACE_SECONDS for the answers.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_SECONDS = 10, HEAD_LIMIT = 16384, READ_SIZE = 65536 };

typedef enum { HEAD, SIZED_BODY, CHUNK_SIZE, CHUNK_BODY, CHUNK_END, TRAILER } stage;

typedef struct {
    int fd;
    bool busy, closes;
    stage at;
    char head[HEAD_LIMIT];
    size_t head_length, remaining, line_length;
    int status;
    uint64_t due;
} connection;

static char *request;
static size_t request_length;
static uint16_t port;
static int poller;
static connection *connections, **idle;
static size_t idle_count;
static uint64_t *latencies;
static size_t completed, refused, broken, reconnects;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void read_request(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail(path);
    request_length = (size_t)ftell(file);
    rewind(file);
    request = malloc(request_length);
    if (!request || fread(request, 1, request_length, file) != request_length) fail(path);
    fclose(file);
}

static void open_connection(connection *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event wanted = {EPOLLIN, {.ptr = c}};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &wanted)) fail("epoll_ctl");
    c->at = HEAD;
    c->head_length = 0;
    c->busy = c->closes = false;
    idle[idle_count++] = c;
}

static void reopen(connection *c) {
    if (c->busy) broken++;
    for (size_t i = 0; i < idle_count; i++)
        if (idle[i] == c) {
            idle[i] = idle[--idle_count];
            break;
        }
    close(c->fd);
    reconnects++;
    open_connection(c);
}

static void send_request(uint64_t due) {
    connection *c = idle[--idle_count];
    c->busy = true;
    c->due = due;
    if (send(c->fd, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) reopen(c);
}

static void finish(connection *c) {
    if (c->status >= 200 && c->status < 300) latencies[completed++] = now() - c->due;
    else refused++;
    c->busy = false;
    c->at = HEAD;
    c->head_length = 0;
    if (c->closes) reopen(c);
    else idle[idle_count++] = c;
}

// The stage after a whole head; SIZED_BODY with nothing remaining is the end of the answer.
static void read_head(connection *c) {
    c->head[c->head_length] = '\0';
    c->status = atoi(c->head + strlen("HTTP/1.1 "));
    c->closes = strcasestr(c->head, "\r\nconnection: close");
    char *size = strcasestr(c->head, "\r\ncontent-length:");
    c->remaining = size ? strtoul(size + 17, NULL, 10) : 0;
    c->line_length = 0;
    c->at = strcasestr(c->head, "\r\ntransfer-encoding: chunked") ? CHUNK_SIZE : SIZED_BODY;
}

// Reads what framing needs byte by byte and skips bodies whole. False: the answer breaks the protocol.
static bool consume(connection *c, const char *bytes, size_t length) {
    for (size_t i = 0; i < length;) {
        if (!c->busy) return false; // bytes that no request asked for
        if (c->at == SIZED_BODY || c->at == CHUNK_BODY) {
            size_t taken = length - i < c->remaining ? length - i : c->remaining;
            i += taken;
            c->remaining -= taken;
            if (c->remaining) return true;
            if (c->at == SIZED_BODY) finish(c);
            else c->at = CHUNK_END;
            continue;
        }
        char byte = bytes[i++];
        if (c->at == HEAD) {
            if (c->head_length + 1 >= HEAD_LIMIT) return false;
            c->head[c->head_length++] = byte;
            if (byte == '\n' && c->head_length >= 4 && !memcmp(c->head + c->head_length - 4, "\r\n\r\n", 4)) {
                read_head(c);
                if (c->at == SIZED_BODY && !c->remaining) finish(c);
            }
        } else if (byte == '\r') {
            continue;
        } else if (byte != '\n') {
            if (c->at == CHUNK_END) return false;
            if (c->at == CHUNK_SIZE) c->remaining = c->remaining * 16 + strtoul((char[]){byte, '\0'}, NULL, 16);
            c->line_length++;
        } else {
            if (c->at == TRAILER && !c->line_length) finish(c);
            else if (c->at == CHUNK_END) c->remaining = 0, c->at = CHUNK_SIZE;
            else if (c->at == CHUNK_SIZE) c->at = c->remaining ? CHUNK_BODY : TRAILER;
            c->line_length = 0;
        }
    }
    return true;
}

static void receive(connection *c) {
    static char bytes[READ_SIZE];
    ssize_t got = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0 || !consume(c, bytes, (size_t)got)) reopen(c);
}

static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double microseconds_at(double share) {
    return completed ? (double)latencies[(size_t)(share * (double)(completed - 1) + 0.5)] / 1000.0 : 0.0;
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: open_loop PORT RATE SECONDS CONNECTIONS REQUEST_FILE\n");
        return 2;
    }
    port = (uint16_t)atoi(argv[1]);
    size_t rate = strtoul(argv[2], NULL, 10), total = rate * strtoul(argv[3], NULL, 10), width = strtoul(argv[4], NULL, 10);
    read_request(argv[5]);
    connections = calloc(width, sizeof *connections);
    idle = calloc(width, sizeof *idle);
    latencies = calloc(total, sizeof *latencies);
    if (!connections || !idle || !latencies) fail("calloc");
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < width; i++) open_connection(&connections[i]);

    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event wanted = {EPOLLIN, {.ptr = NULL}};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, timer, &wanted)) fail("epoll_ctl");
    uint64_t period = 1000000000u / rate, start = now() + period, deadline = start + total * period + GRACE_SECONDS * 1000000000ull;
    size_t sent = 0;
    while (completed + refused + broken < total && now() < deadline) {
        uint64_t due = start + sent * period;
        while (sent < total && idle_count && due <= now()) {
            send_request(due);
            due = start + ++sent * period;
        }
        uint64_t next = sent < total && idle_count ? due : deadline;
        struct itimerspec alarm = {.it_value = {(time_t)(next / 1000000000u), (long)(next % 1000000000u)}};
        if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &alarm, NULL)) fail("timerfd_settime");
        struct epoll_event ready[256];
        int n = epoll_wait(poller, ready, 256, -1);
        if (n < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < n; i++)
            if (ready[i].data.ptr) receive(ready[i].data.ptr);
    }
    double seconds = (double)(now() - start) / 1e9;
    qsort(latencies, completed, sizeof *latencies, ascending);
    printf("{\"completed\":%zu,\"seconds\":%.6f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"refused\":%zu,\"broken\":%zu,"
           "\"unanswered\":%zu,\"reconnects\":%zu}\n",
           completed, seconds, microseconds_at(0.50), microseconds_at(0.99), refused, broken,
           total - completed - refused - broken, reconnects);
}
