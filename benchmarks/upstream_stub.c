// A stand-in for an OpenAI-compatible model server that is cheap enough never to be what is measured.
//
// One thread, edge-triggered epoll, keep-alive, answers prepared once and sent without copying. It listens on two
// ports of 127.0.0.1 that the system chooses and prints {"port": N, "paced_port": N} when it is ready:
//   port        answers at once: a JSON completion, or a whole event stream for a body with "stream": true
//   paced_port  the same, but a stream gets one event each 2 ms, so that each event is a separate read at the gateway
//               (a burst would measure how well a gateway coalesces); with an argument N one each N × 2 ms, not all
//               streams at once
// GET /v1/models lists one model; GET /stats counts what was served. Ends when its standard input is closed, so that it
// cannot outlive the program that started it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    CONTENT_EVENTS = 50,
    STREAM_EVENTS = CONTENT_EVENTS + 2, // then the usage and [DONE]
    TICK_NS = 2000000,
    FIRST_READ = 4096,
    LARGEST_REQUEST = 16 << 20,
    EVENTS_AT_ONCE = 512,
};

typedef struct {
    char *bytes;
    size_t length;
} answer;

typedef struct connection {
    int fd;
    bool paced, carried_inference, inference;
    char *in;
    size_t in_length, in_capacity;
    const char *out; // NULL: no answer under way
    size_t out_sent, out_allowed, out_length;
    int next_event; // -1: not a stream
    unsigned phase; // which of the ticks are its own
    char own_answer[512];
    struct connection *previous, *next; // among the paced streams
    struct connection *next_dead;
} connection;

static answer completion, stream, models, not_found, refused;
static size_t event_end[STREAM_EVENTS]; // where each event of the stream ends
static connection *paced_streams, *dead;
static int poller, timer;
static unsigned ticks_per_event = 1, ticks;
static struct {
    uint64_t connections, requests, answered, events, aborted, open;
} count;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static answer http_answer(const char *status, const char *type, const char *body) {
    answer made;
    int length = asprintf(&made.bytes, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", status, type,
                          strlen(body), body);
    if (length < 0) fail("asprintf");
    made.length = (size_t)length;
    return made;
}

static void append_event(const char *event) {
    char framed[512];
    int length = snprintf(framed, sizeof framed, "%zx\r\ndata: %s\n\n\r\n", strlen(event) + 8, event);
    memcpy(stream.bytes + stream.length, framed, (size_t)length);
    stream.length += (size_t)length;
}

static void prepare_answers(void) {
    completion = http_answer(
        "200 OK", "application/json",
        "{\"id\":\"chatcmpl-bench-000000000000000000000000\",\"object\":\"chat.completion\",\"created\":1700000000,"
        "\"model\":\"bench-model\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"A gateway "
        "stands between the people of an organisation and the models they may use. It knows who calls, what each may "
        "call, how much of it and at what price; it forwards the call, reads the usage from the answer and writes the "
        "cost down. All else it should leave alone, and quickly.\",\"refusal\":null,\"tool_calls\":[]},\"logprobs\":null,"
        "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":50,\"total_tokens\":170},"
        "\"system_fingerprint\":\"fp_bench\",\"service_tier\":null}");
    models = http_answer("200 OK", "application/json",
                         "{\"object\":\"list\",\"data\":[{\"id\":\"bench-model\",\"object\":\"model\","
                         "\"created\":1700000000,\"owned_by\":\"bench\"}]}");
    not_found = http_answer("404 Not Found", "application/json", "{\"error\":{\"message\":\"no such route\"}}");
    refused = http_answer("501 Not Implemented", "application/json",
                          "{\"error\":{\"message\":\"only bodies with a Content-Length of at most 16 MiB are read\"}}");

    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                       "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.bytes = malloc(64 << 10);
    if (!stream.bytes) fail("malloc");
    stream.length = strlen(strcpy(stream.bytes, head));
    const char *start = "{\"id\":\"chatcmpl-bench-000000000000000000000000\",\"object\":\"chat.completion.chunk\","
                        "\"created\":1700000000,\"model\":\"bench-model\",\"system_fingerprint\":\"fp_bench\",\"choices\":[";
    char event[400];
    for (int i = 0; i < CONTENT_EVENTS; i++) {
        snprintf(event, sizeof event,
                 "%s{\"index\":0,\"delta\":{\"content\":\" word-%02d\"},\"logprobs\":null,\"finish_reason\":%s}]}", start,
                 i, i == CONTENT_EVENTS - 1 ? "\"stop\"" : "null");
        append_event(event);
        event_end[i] = stream.length;
    }
    snprintf(event, sizeof event,
             "%s],\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":%d,\"total_tokens\":%d}}", start, CONTENT_EVENTS,
             120 + CONTENT_EVENTS);
    append_event(event);
    event_end[CONTENT_EVENTS] = stream.length;
    append_event("[DONE]");
    memcpy(stream.bytes + stream.length, "0\r\n\r\n", 5);
    stream.length += 5;
    event_end[CONTENT_EVENTS + 1] = stream.length;
}

static void set_timer(bool running) {
    long each = running ? TICK_NS : 0;
    struct itimerspec pace = {.it_interval = {0, each}, .it_value = {0, each}};
    if (timerfd_settime(timer, 0, &pace, NULL)) fail("timerfd_settime");
}

static void start_pacing(connection *c) {
    if (!paced_streams) set_timer(true);
    c->phase = ticks % ticks_per_event;
    c->previous = NULL;
    c->next = paced_streams;
    if (paced_streams) paced_streams->previous = c;
    paced_streams = c;
}

static void stop_pacing(connection *c) {
    if (!c->previous && paced_streams != c) return;
    if (c->previous) c->previous->next = c->next;
    if (c->next) c->next->previous = c->previous;
    if (paced_streams == c) paced_streams = c->next;
    c->previous = c->next = NULL;
    if (!paced_streams) set_timer(false);
}

// The memory is freed after the batch of events: a later event of the same batch may still point to it.
static void close_connection(connection *c) {
    if (c->fd < 0) return;
    if (c->out && c->inference) count.aborted++;
    stop_pacing(c);
    close(c->fd);
    c->fd = -1;
    count.open--;
    c->next_dead = dead;
    dead = c;
}

static void bury_the_dead(void) {
    while (dead) {
        connection *c = dead;
        dead = c->next_dead;
        free(c->in);
        free(c);
    }
}

static void give(connection *c, const answer *given) {
    c->out = given->bytes;
    c->out_length = c->out_allowed = given->length;
    c->out_sent = 0;
    c->next_event = -1;
}

static void give_stats(connection *c) {
    char body[300];
    snprintf(body, sizeof body,
             "{\"connections\":%lu,\"open\":%lu,\"requests\":%lu,\"answered\":%lu,\"aborted\":%lu,\"events\":%lu}",
             count.connections, count.open, count.requests, count.answered, count.aborted, count.events);
    int length = snprintf(c->own_answer, sizeof c->own_answer,
                          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          strlen(body), body);
    give(c, &(answer){c->own_answer, (size_t)length});
}

// Quotes inside a JSON string are escaped, so the bytes "stream" in quotes are a key (or a whole string before a comma).
static bool asks_for_a_stream(const char *body, size_t length) {
    const char *end = body + length, *at = body;
    while ((at = memmem(at, (size_t)(end - at), "\"stream\"", 8))) {
        at += 8;
        const char *value = at;
        while (value < end && (*value == ' ' || *value == ':' || *value == '\n')) value++;
        if (value > at && end - value >= 4 && !memcmp(value, "true", 4)) return true;
    }
    return false;
}

static void answer_inference(connection *c, const char *body, size_t length) {
    count.requests++;
    c->inference = true;
    if (!c->carried_inference) {
        c->carried_inference = true;
        count.connections++;
    }
    if (!asks_for_a_stream(body, length)) {
        give(c, &completion);
        return;
    }
    give(c, &stream);
    c->next_event = 0;
    if (c->paced) {
        c->out_allowed = 0;
        start_pacing(c);
    }
}

// Takes one whole request off the front of what was read. False: more bytes are needed.
static bool take_request(connection *c) {
    char *head_end = memmem(c->in, c->in_length, "\r\n\r\n", 4);
    if (!head_end) return false;
    size_t head = (size_t)(head_end - c->in) + 4, body = 0;
    *head_end = '\0';
    c->inference = false;
    bool get = !strncmp(c->in, "GET ", 4), readable = !strcasestr(c->in, "\r\ntransfer-encoding:");
    char *declared = strcasestr(c->in, "\r\ncontent-length:");
    if (declared) body = strtoul(declared + 17, NULL, 10);
    *head_end = '\r';
    if (!readable || body > LARGEST_REQUEST) {
        send(c->fd, refused.bytes, refused.length, MSG_NOSIGNAL | MSG_DONTWAIT);
        close_connection(c); // where its next request starts is not known
        return false;
    }
    if (c->in_length < head + body) return false;
    if (get && !strncmp(c->in + 4, "/stats ", 7)) give_stats(c);
    else if (get && !strncmp(c->in + 4, "/v1/models ", 11)) give(c, &models);
    else if (!strncmp(c->in, "POST ", 5)) answer_inference(c, c->in + head, body);
    else give(c, &not_found);
    c->in_length -= head + body;
    memmove(c->in, c->in + head + body, c->in_length);
    return true;
}

// Sends what may be sent. False: the connection is closed or the answer is not out yet.
static bool flush(connection *c) {
    while (c->out_sent < c->out_allowed) {
        ssize_t sent = send(c->fd, c->out + c->out_sent, c->out_allowed - c->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN) return false;
        if (sent < 0) {
            close_connection(c);
            return false;
        }
        c->out_sent += (size_t)sent;
        while (c->next_event >= 0 && c->next_event < STREAM_EVENTS && c->out_sent >= event_end[c->next_event]) {
            c->next_event++;
            count.events++;
        }
    }
    if (c->out_sent < c->out_length) return false;
    if (c->inference) count.answered++;
    if (c->paced) stop_pacing(c);
    c->out = NULL;
    return true;
}

static void serve(connection *c) {
    if (c->out && !flush(c)) return;
    while (c->in_length && take_request(c))
        if (!flush(c)) return;
}

static void receive(connection *c, bool peer_closed) {
    for (;;) {
        if (c->in_length + 1 >= c->in_capacity) {
            c->in_capacity = c->in_capacity ? c->in_capacity * 2 : FIRST_READ;
            if (!(c->in = realloc(c->in, c->in_capacity))) fail("realloc");
        }
        ssize_t got = recv(c->fd, c->in + c->in_length, c->in_capacity - c->in_length - 1, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) break;
        if (got <= 0 || c->in_length > 2 * LARGEST_REQUEST) {
            close_connection(c);
            return;
        }
        c->in_length += (size_t)got;
        if (!peer_closed && c->in_length + 1 < c->in_capacity) break; // all there was; more will be a new edge
    }
    serve(c);
}

static void accept_all(int listener, bool paced) {
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connection *c = calloc(1, sizeof *c);
        if (!c) fail("calloc");
        c->fd = fd;
        c->paced = paced;
        count.open++;
        struct epoll_event wanted = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.ptr = c}};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted)) fail("epoll_ctl");
    }
}

static void tick(void) {
    uint64_t missed; // a late tick still sends one event: two at once would be coalesced
    if (read(timer, &missed, sizeof missed) < 0) return;
    ticks++;
    for (connection *c = paced_streams, *next; c; c = next) {
        next = c->next;
        if (ticks % ticks_per_event != c->phase) continue;
        for (int i = 0; i < STREAM_EVENTS; i++)
            if (event_end[i] > c->out_allowed) {
                c->out_allowed = event_end[i];
                break;
            }
        if (flush(c)) serve(c);
    }
}

static int listen_anywhere(uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 4096)) fail("listen");
    if (getsockname(fd, (struct sockaddr *)&address, &size)) fail("getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

static void allow_thousands_of_connections(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files)) fail("getrlimit");
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files)) fail("setrlimit");
}

int main(int count_of_arguments, char **arguments) {
    uint16_t port, paced_port;
    if (count_of_arguments > 1) ticks_per_event = (unsigned)atoi(arguments[1]);
    if (!ticks_per_event) return 2;
    allow_thousands_of_connections();
    prepare_answers();
    poller = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int sources[] = {listen_anywhere(&port), listen_anywhere(&paced_port), timer, STDIN_FILENO};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct epoll_event wanted = {EPOLLIN, {.ptr = &sources[i]}};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, sources[i], &wanted)) fail("epoll_ctl");
    }
    printf("{\"port\": %u, \"paced_port\": %u}\n", port, paced_port);
    fflush(stdout);
    for (;;) {
        struct epoll_event ready[EVENTS_AT_ONCE];
        int n = epoll_wait(poller, ready, EVENTS_AT_ONCE, -1);
        if (n < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < n; i++) {
            int *source = ready[i].data.ptr;
            if (source == &sources[0] || source == &sources[1]) accept_all(*source, source == &sources[1]);
            else if (source == &sources[2]) tick();
            else if (source == &sources[3]) return 0;
            else {
                connection *c = ready[i].data.ptr;
                bool closed = ready[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
                if (c->fd >= 0 && (closed || ready[i].events & EPOLLIN)) receive(c, closed);
                else if (c->fd >= 0) serve(c);
            }
        }
        bury_the_dead();
    }
}
