/* chatload.c - load generator for chat servers (epoll, one thread, one file).
 *
 *   gcc -O2 -o chatload chatload.c -lssl -lcrypto      (-DNO_TLS without OpenSSL)
 *
 *   chatload fanout  --port P --clients N --senders S --window W --secs T ...
 *   chatload latency --port P --clients N --senders S --rate R --secs T ...
 *   chatload connect --port P --clients N ...
 *   chatload join    --port P --clients N --dialect irc ...      (all are registered first, then all JOIN at once)
 *   chatload calib                       speed of this core now (ns per send+recv)
 *
 * Dialects: a handshake is a list of --expect STR / --send STR steps, done in
 * order by every client ({nick} {i} {room} and \r \n \\ are replaced), and --msg
 * is the template of one chat message ({text} is the payload).
 *   --dialect line (default):  expect "\n", send "{nick}\n", expect "\n"; msg "{text}\n"
 *   --dialect irc :  NICK/USER, expect " 001 ", JOIN, expect " 366 ";
 *                    msg "PRIVMSG #{room} :{text}\r\n"; lines starting PING are answered
 *   any --expect/--send given replaces the whole list of the dialect.
 *   --nojoin: irc stops after 001.
 * --ws: the same in WebSocket frames (RFC 6455): GET /ws comes first, every --send and --msg is one masked frame
 *   without its line end, and every frame that comes is a line; pings are answered.
 * --tail STR: what follows the payload on the line which receivers get ('"}' when the
 *   line is a JSON object whose last value is the text). A line without it is no
 *   message. The default is nothing.
 * --echo: the server sends a message back to its sender too.
 * --quickack: receivers never delay ACKs (takes Nagle waits out of servers which
 *   leave TCP_NODELAY off); real telnet/IRC clients do delay them, so it is off.
 * --spin: never sleep while measuring, so that the server's send() does not pay for
 *   waking this process (gen_cpu_pct is then always 100 and says nothing).
 *
 * Every payload ends with ~SSSSQQQQQQQQ (hex sender index, hex sequence number)
 * and must be the END of the line which receivers get, or stand just before --tail.
 * Braces which are not one of the placeholders above are sent as they are, so that
 * '{"nick":"{nick}"}' is a template.  Every receiver checks
 * every line: per sender the sequence must be contiguous (lost/dup/reorder are
 * errors), and the filler bytes must be right (corrupt).
 * A message is outstanding until all its receivers have it (closed loop).
 * One JSON object on stdout.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifndef NO_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define TRAILER 13
#define RBUF (256 * 1024)
#define MAXSTEPS 16

struct step { int is_send; char *str; };
struct conn {
    int fd, id, room, sender, step;
    char connected, ready, dead, stalled, wantw, tlsok, joined, asked, upgraded;
    char *carry; int clen, ccap;
    char *part; int plen, pcap;                         /* --ws: what came of a frame that is not whole */
    char *out; int olen, ocap;
    uint32_t *seq;
    uint64_t deliveries;
    uint64_t t_start;
#ifndef NO_TLS
    SSL *ssl;
#endif
};
struct sender {
    struct conn *c;
    uint32_t next;
    int outstanding;
    int *pending;
    uint64_t *ts;
};

static const char *host = "127.0.0.1", *dialect = "line", *prefix = "u", *label = "";
static const char *tail = ""; static int tail_len;
static int port, N = 100, S = 1, W = 1, payload = 64, echo_own, rooms = 1, conc = 64, nojoin,
    tls, ws, stall, quickack, spin, srcs = 4, stall_rcvbuf = 4096, settle_ms = 300, spread_ms;
static double secs = 5, warmup = 1, rate = 50, hold = 0, drain_max = 20, setup_max = 120;
static long msgs = 0;
static pid_t spid;
static struct step steps[MAXSTEPS]; static int nsteps;
static const char *msgt;
static struct conn *C; static struct sender *SN;
static int *roomsize;
static int ep, ring;
static char *filler; static int fill_len;
static uint64_t expected_deliv, total_deliv, win_deliv, errs_order, errs_corrupt, errs_unknown, completed, sent_msgs, disconnects;
static int nready, nconnecting, n_failed;
static int measuring;
static int joining, njoined;                            /* how many have their own 366 */
static uint64_t notices, last_notice_ns, last_joined_ns;
static char rbuf[RBUF];
static uint64_t last_data_ns;
static uint64_t bytes_in;
static uint64_t recv_calls;
#ifndef NO_TLS
static SSL_CTX *ctx;
#endif

#define SUB 64
static uint64_t hist[64 * SUB], hist_n;
static uint64_t lat_max;
static inline int hidx(uint64_t v) {
    if (v < SUB) return (int)v;
    int e = 63 - __builtin_clzll(v);
    return (e - 5) * SUB + (int)((v >> (e - 6)) & (SUB - 1));
}
static double hval(int i) {
    if (i < SUB) return i;
    int e = i / SUB + 5; int m = i % SUB;
    return (double)(((uint64_t)(SUB + m)) << (e - 6)) + (double)(1ull << (e - 6)) / 2;
}
static double hpct(double p) {
    uint64_t want = (uint64_t)(p * hist_n), acc = 0;
    for (int i = 0; i < 64 * SUB; i++) { acc += hist[i]; if (acc > want) return hval(i) / 1e3; }
    return lat_max / 1e3;
}
static inline uint64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *f, ...) { va_list a; va_start(a, f); fprintf(stderr, "chatload: "); vfprintf(stderr, f, a); fprintf(stderr, "\n"); exit(2); }

/* ---- /proc ---- */
struct cpu { double proc, user, sys, self, core0, core1; };
static double sched_ns(pid_t p) {
    char d[64], f[160], b[128]; double s = 0; snprintf(d, sizeof d, "/proc/%d/task", p);
    DIR *dd = opendir(d); if (!dd) return -1;
    struct dirent *e;
    while ((e = readdir(dd))) {
        if (e->d_name[0] == '.') continue;
        snprintf(f, sizeof f, "%s/%.20s/schedstat", d, e->d_name);
        FILE *h = fopen(f, "r"); if (!h) continue;
        if (fgets(b, sizeof b, h)) s += strtod(b, 0);
        fclose(h);
    }
    closedir(dd); return s / 1e9;
}
static struct cpu cpu_read(void) {
    struct cpu c = {0}; char b[2048], f[64]; long hz = sysconf(_SC_CLK_TCK);
    if (spid) {
        snprintf(f, sizeof f, "/proc/%d/stat", spid); FILE *h = fopen(f, "r");
        if (h) {
            size_t n = fread(b, 1, sizeof b - 1, h); b[n] = 0; fclose(h);
            char *p = strrchr(b, ')'); unsigned long u = 0, s = 0;
            if (p) sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &s);
            c.user = (double)u / hz; c.sys = (double)s / hz;
        }
        c.proc = sched_ns(spid);
        if (c.proc <= 0) c.proc = c.user + c.sys;
    }
    struct rusage r; getrusage(RUSAGE_SELF, &r);
    c.self = r.ru_utime.tv_sec + r.ru_utime.tv_usec / 1e6 + r.ru_stime.tv_sec + r.ru_stime.tv_usec / 1e6;
    FILE *h = fopen("/proc/stat", "r");
    if (h) {
        while (fgets(b, sizeof b, h)) {
            int k; unsigned long long u, n, s, i, w, q, sq;
            if (sscanf(b, "cpu%d %llu %llu %llu %llu %llu %llu %llu", &k, &u, &n, &s, &i, &w, &q, &sq) == 8) {
                double v = (double)(u + n + s + q + sq) / hz;
                if (k == 0) c.core0 = v; else if (k == 1) c.core1 = v;
            }
        }
        fclose(h);
    }
    return c;
}
static long rss_kb(void) {
    if (!spid) return -1;
    char f[64], b[256]; long v = -1; snprintf(f, sizeof f, "/proc/%d/status", spid);
    FILE *h = fopen(f, "r"); if (!h) return -1;
    while (fgets(b, sizeof b, h)) if (sscanf(b, "VmRSS: %ld", &v) == 1) break;
    fclose(h); return v;
}

/* ---- templates ---- */
static char *unescape(const char *s) {
    char *o = malloc(strlen(s) + 1), *p = o;
    for (; *s; s++) {
        if (*s == '\\' && s[1]) { s++; *p++ = *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s == 't' ? '\t' : *s; }
        else *p++ = *s;
    }
    *p = 0; return o;
}
static int expand(char *o, int cap, const char *t, struct conn *c, const char *text, int tl) {
    char *p = o, *e = o + cap - 1;
    while (*t && p < e) {
        if (*t == '{') {
            if (!strncmp(t, "{nick}", 6)) { p += snprintf(p, e - p, "%s%d", prefix, c->id); t += 6; continue; }
            if (!strncmp(t, "{i}", 3)) { p += snprintf(p, e - p, "%d", c->id); t += 3; continue; }
            if (!strncmp(t, "{room}", 6)) { p += snprintf(p, e - p, "room%d", c->room); t += 6; continue; }
            if (text && !strncmp(t, "{text}", 6)) { memcpy(p, text, tl); p += tl; t += 6; continue; }
        }
        *p++ = *t++;
    }
    return p - o;
}

/* ---- io ---- */
static void mod(struct conn *c, int w) {
    if (c->wantw == w) return;
    c->wantw = w;
    struct epoll_event ev = {.events = EPOLLIN | (w ? EPOLLOUT : 0), .data.u32 = c->id};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev);
}
static void drop(struct conn *c, const char *why) {
    if (c->dead) return;
    c->dead = 1; disconnects++;
    if (!c->ready) { nconnecting--; n_failed++; }
    if (disconnects <= 3) fprintf(stderr, "chatload: client %d dropped: %s\n", c->id, why);
    epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, 0);
}
static int raw_send(struct conn *c, const char *b, int n) {
#ifndef NO_TLS
    if (c->ssl) {
        int r = SSL_write(c->ssl, b, n);
        if (r > 0) return r;
        int e = SSL_get_error(c->ssl, r);
        return (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) ? 0 : -1;
    }
#endif
    int r = send(c->fd, b, n, MSG_NOSIGNAL);
    if (r < 0) return (errno == EAGAIN) ? 0 : -1;
    return r;
}
static void csend(struct conn *c, const char *b, int n) {
    if (c->dead) return;
    if (!c->olen) {
        int r = raw_send(c, b, n);
        if (r < 0) { drop(c, "send"); return; }
        b += r; n -= r;
    }
    if (n) {
        if (c->olen + n > c->ocap) { c->ocap = (c->olen + n) * 2; c->out = realloc(c->out, c->ocap); }
        memcpy(c->out + c->olen, b, n); c->olen += n; mod(c, 1);
    }
}
static void flush_out(struct conn *c) {
    if (c->olen) {
        int r = raw_send(c, c->out, c->olen);
        if (r < 0) { drop(c, "send"); return; }
        if (r) { memmove(c->out, c->out + r, c->olen - r); c->olen -= r; }
    }
    if (!c->olen) mod(c, 0);
}
/* ---- WebSocket frames ---- */
static int frame(char *o, int opcode, const char *b, int n) {
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    while (n && (b[n - 1] == '\n' || b[n - 1] == '\r')) n--;
    char *p = o; *p++ = 0x80 | opcode;
    if (n < 126) *p++ = 0x80 | n; else { *p++ = (char)(0x80 | 126); *p++ = n >> 8; *p++ = n; }
    memcpy(p, mask, 4); p += 4;
    for (int i = 0; i < n; i++) p[i] = b[i] ^ mask[i & 3];
    return p + n - o;
}
static void upgrade(struct conn *c) {
    static const char ask[] = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    csend(c, ask, sizeof ask - 1);
}
static void run_sends(struct conn *c) {
    char b[1024];
    if (ws && !c->upgraded) { if (!c->asked) { c->asked = 1; upgrade(c); } return; }
    while (c->step < nsteps && steps[c->step].is_send) {
        int n = expand(b, sizeof b, steps[c->step].str, c, 0, 0);
        c->step++;
        if (ws) { char f[1100]; csend(c, f, frame(f, 1, b, n)); } else csend(c, b, n);
    }
    if (c->step >= nsteps && !c->ready) {
        c->ready = 1; nready++; nconnecting--;
        if (c->stalled) { struct epoll_event ev = {.events = 0, .data.u32 = c->id}; epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev); }
    }
}

static int8_t hexv[256];
static inline int rdhex(const unsigned char *p, int n, uint32_t *o) {
    uint32_t v = 0; int bad = 0;
    for (int i = 0; i < n; i++) { int h = hexv[p[i]]; bad |= h; v = v << 4 | (h & 15); }
    *o = v; return bad < 0 ? -1 : 0;
}
static inline void one_line(struct conn *c, char *l, int n, uint64_t t) {
    if (n && l[n - 1] == '\r') n--;
    if (tail_len) {                                     /* what is left has the payload at its end */
        if (n < tail_len || memcmp(l + n - tail_len, tail, tail_len)) return;
        n -= tail_len;
    }
    if (n < TRAILER || l[n - TRAILER] != '~') {
        if (n >= 5 && !memcmp(l, "PING ", 5)) {
            char b[600]; if (n > 500) n = 500;
            memcpy(b, "PONG ", 5); memcpy(b + 5, l + 5, n - 5); memcpy(b + n, "\r\n", 2); csend(c, b, n + 2);
        } else if (joining && memmem(l, n, " JOIN ", 6)) { notices++; last_notice_ns = t; }
        else if (joining && !c->joined && memmem(l, n, " 366 ", 5)) { c->joined = 1; njoined++; last_joined_ns = t; }
        else if (n >= 5 && !memcmp(l, "ERROR", 5)) fprintf(stderr, "chatload: client %d: %.*s\n", c->id, n > 200 ? 200 : n, l);
        return;
    }
    uint32_t s, q;
    const unsigned char *p = (const unsigned char *)l + n - TRAILER + 1;
    if (rdhex(p, 4, &s) || rdhex(p + 4, 8, &q) || s >= (uint32_t)S || !c->seq) { errs_unknown++; return; }
    if (n < payload || memcmp(l + n - payload, filler, fill_len)) errs_corrupt++;
    if (c->seq[s] != q) { errs_order++; if (errs_order < 5) fprintf(stderr, "chatload: client %d sender %u expected %u got %u\n", c->id, s, c->seq[s], q); }
    c->seq[s] = q + 1;
    struct sender *sn = &SN[s];
    int slot = q & (ring - 1);
    total_deliv++; c->deliveries++;
    if (measuring) {
        uint64_t d = t - sn->ts[slot];
        if (sn->ts[slot] <= t) { hist[hidx(d)]++; hist_n++; if (d > lat_max) lat_max = d; win_deliv++; }
        else { hist[0]++; hist_n++; win_deliv++; }
    }
    if (--sn->pending[slot] == 0) { sn->outstanding--; completed++; }
}
static void handshake_data(struct conn *c) {
    /* look for the next expected string in carry */
    for (;;) {
        run_sends(c);
        if (c->ready || c->dead) return;
        const char *e = steps[c->step].str; int el = strlen(e);
        if (!strcmp(dialect, "irc")) {
            char *pg = memmem(c->carry, c->clen, "PING ", 5);
            if (pg && (pg == c->carry || pg[-1] == '\n')) {
                char *nl = memchr(pg, '\n', c->carry + c->clen - pg);
                if (nl) { char b[600]; int n = nl - pg + 1; if (n > 590) n = 590; memcpy(b, pg, n); b[1] = 'O'; csend(c, b, n); memcpy(pg, "xxxx", 4); }
            }
        }
        char *m = el ? memmem(c->carry, c->clen, e, el) : c->carry;
        if (!m) {
            int keep = 512; if (c->clen > 8192) { memmove(c->carry, c->carry + c->clen - keep, keep); c->clen = keep; }
            return;
        }
        int used = m + el - c->carry;
        memmove(c->carry, c->carry + used, c->clen - used); c->clen -= used; c->step++;
    }
}
static void carry_add(struct conn *c, const char *b, int n) {
    if (c->clen + n > c->ccap) { c->ccap = c->clen + n + 256; c->carry = realloc(c->carry, c->ccap); }
    memcpy(c->carry + c->clen, b, n); c->clen += n;
}
/* Takes whole frames out of what came, and gives how much that was. */
static int frames(struct conn *c, char *b, int n, uint64_t t) {
    int at = 0;
    while (n - at >= 2 && !c->dead) {
        unsigned char *p = (unsigned char *)b + at; int head = 2; long size = p[1];
        if (size == 126) { if (n - at < 4) break; size = p[2] << 8 | p[3]; head = 4; }
        else if (size == 127) { if (n - at < 10) break; size = 0; for (int i = 2; i < 10; i++) size = size << 8 | p[i]; head = 10; }
        if (n - at - head < size) break;
        char *l = b + at + head; int opcode = p[0] & 15; at += head + size;
        if (opcode == 9) { char f[140]; csend(c, f, frame(f, 10, l, size)); }
        else if (opcode == 8) drop(c, "close frame");
        else if (c->ready) one_line(c, l, size, t);
        else { carry_add(c, l, size); carry_add(c, "\n", 1); handshake_data(c); }
    }
    return at;
}
static void got_frames(struct conn *c, char *b, int n, uint64_t t) {
    if (!c->plen && c->upgraded) { int used = frames(c, b, n, t); b += used; n -= used; }
    if (!n || c->dead) return;
    if (c->plen + n > c->pcap) { c->pcap = c->plen + n + 256; c->part = realloc(c->part, c->pcap); }
    memcpy(c->part + c->plen, b, n); c->plen += n;
    int used = 0;
    if (!c->upgraded) {
        char *end = memmem(c->part, c->plen, "\r\n\r\n", 4);
        if (!end) return;
        if (strncmp(c->part, "HTTP/1.1 101", 12)) { drop(c, "no WebSocket"); return; }
        c->upgraded = 1; used = end + 4 - c->part; run_sends(c);
    }
    used += frames(c, c->part + used, c->plen - used, t);
    memmove(c->part, c->part + used, c->plen - used); c->plen -= used;
}
static void got(struct conn *c, char *b, int n) {
    uint64_t t = now();
    last_data_ns = t; bytes_in += n; recv_calls++;
    if (ws) { got_frames(c, b, n, t); return; }
    if (!c->ready) {
        carry_add(c, b, n); handshake_data(c);
        if (!c->ready) return;
        /* whatever is left is line data: keep only the unfinished tail */
        char *nl = memrchr(c->carry, '\n', c->clen);
        if (nl) { int k = c->carry + c->clen - nl - 1; memmove(c->carry, nl + 1, k); c->clen = k; }
        return;
    }
    char *p = b, *e = b + n;
    if (c->clen) {
        char *nl = memchr(p, '\n', n);
        if (!nl) { carry_add(c, b, n); return; }
        carry_add(c, p, nl - p); one_line(c, c->carry, c->clen, t); c->clen = 0; p = nl + 1;
    }
    while (p < e) {
        char *nl = memchr(p, '\n', e - p);
        if (!nl) { carry_add(c, p, e - p); break; }
        one_line(c, p, nl - p, t); p = nl + 1;
    }
}
static void on_event(struct conn *c, uint32_t ev) {
    if (c->dead) return;
    if (!c->connected) {
        int err = 0; socklen_t l = sizeof err; getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
        if (err) { fprintf(stderr, "chatload: connect: %s\n", strerror(err)); drop(c, "connect"); return; }
        if (!(ev & (EPOLLOUT | EPOLLIN))) return;
        c->connected = 1;
        if (!tls) { mod(c, 0); run_sends(c); }
    }
#ifndef NO_TLS
    if (tls && !c->tlsok) {
        int r = SSL_connect(c->ssl);
        if (r != 1) {
            int e = SSL_get_error(c->ssl, r);
            if (e == SSL_ERROR_WANT_READ) { mod(c, 0); return; }
            if (e == SSL_ERROR_WANT_WRITE) { mod(c, 1); return; }
            ERR_print_errors_fp(stderr); drop(c, "tls"); return;
        }
        c->tlsok = 1; mod(c, 0); run_sends(c);
    }
#endif
    if (ev & EPOLLOUT && c->olen) flush_out(c);
    if (c->stalled && c->ready) {                       /* never read; drop it from epoll when it is over */
        if (ev & (EPOLLHUP | EPOLLERR)) epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, 0);
        return;
    }
    if (ev & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
#ifndef NO_TLS
        if (tls) {
            int fill = 0, eof = 0;
            for (;;) {
                int r = SSL_read(c->ssl, rbuf + fill, RBUF - fill);
                if (r <= 0) { int e = SSL_get_error(c->ssl, r); if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE) eof = 1; break; }
                fill += r; if (RBUF - fill < 17000) break;
            }
            if (fill && quickack) { int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one); }
            if (fill) got(c, rbuf, fill);
            if (eof) drop(c, "eof(tls)");
            return;
        }
#endif
        int r = recv(c->fd, rbuf, RBUF, 0);
        if (r > 0) {
            if (quickack) { int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one); }
            got(c, rbuf, r);
        }
        else if (r == 0) drop(c, "eof");
        else if (errno != EAGAIN) drop(c, strerror(errno));
    }
}
static void start_conn(struct conn *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket: %s", strerror(errno));
    int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct linger lg = {1, 0}; setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
    if (c->stalled) setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &stall_rcvbuf, sizeof stall_rcvbuf);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &a.sin_addr);
    if (srcs > 1 && !strncmp(host, "127.", 4)) {
        struct sockaddr_in s = {.sin_family = AF_INET}; s.sin_addr.s_addr = htonl(0x7f000002 + c->id % srcs);
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(c->fd, (void *)&s, sizeof s)) die("bind: %s", strerror(errno));
    }
    c->t_start = now();
    int r = connect(c->fd, (void *)&a, sizeof a);
    if (r && errno != EINPROGRESS) die("connect: %s", strerror(errno));
#ifndef NO_TLS
    if (tls) { c->ssl = SSL_new(ctx); SSL_set_fd(c->ssl, c->fd); SSL_set_connect_state(c->ssl); }
#endif
    c->wantw = 1;
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT, .data.u32 = c->id};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev);
    nconnecting++;
}
static int tfd = -1; static uint32_t tick_pending;
static void poll_once(int ms) {
    struct epoll_event ev[512];
    int n = epoll_wait(ep, ev, 512, spin && measuring ? 0 : ms);
    for (int i = 0; i < n; i++) {
        if (ev[i].data.u32 == 0xffffffffu) { uint64_t x; if (read(tfd, &x, 8) == 8) tick_pending = 1; continue; }
        on_event(&C[ev[i].data.u32], ev[i].events);
    }
}
static int build(struct sender *s, char *b, int cap, uint64_t t) {
    char text[2048];
    memcpy(text, filler, fill_len);
    sprintf(text + fill_len, "~%04x%08x", (unsigned)(s - SN), s->next);
    int slot = s->next & (ring - 1);
    s->ts[slot] = t;
    s->pending[slot] = roomsize[s->c->room] - (echo_own ? 0 : 1);
    expected_deliv += s->pending[slot];
    s->next++; s->outstanding++; sent_msgs++;
    if (!ws) return expand(b, cap, msgt, s->c, text, payload);
    char line[4096];
    return frame(b, 1, line, expand(line, sizeof line, msgt, s->c, text, payload));
}
static void jstr(const char *s) { putchar('"'); for (; *s; s++) if (*s == '"' || *s == '\\') printf("\\%c", *s); else putchar(*s); putchar('"'); }

/* calib: how fast is this machine just now?
 * best_ns: send+recv of 80 bytes over loopback TCP on core 0 alone;
 * cross_ns: CPU ns per send() on core 0 to 100 sockets which a child reads on core 1
 *           (a virtual machine's two cores can be near to or far from each other). */
static int calib(void) {
    enum { K = 100, R = 300 };
    int l = socket(AF_INET, SOCK_STREAM, 0), one = 1, a[K + 1], b[K + 1];
    struct sockaddr_in s = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}; socklen_t n = sizeof s;
    cpu_set_t cs; CPU_ZERO(&cs); CPU_SET(0, &cs); sched_setaffinity(0, sizeof cs, &cs);
    if (bind(l, (void *)&s, n) || listen(l, K + 1) || getsockname(l, (void *)&s, &n)) die("calib: %s", strerror(errno));
    for (int i = 0; i <= K; i++) {
        a[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(a[i], (void *)&s, n)) die("calib: %s", strerror(errno));
        b[i] = accept(l, 0, 0); setsockopt(a[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); setsockopt(b[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct linger lg = {1, 0}; setsockopt(a[i], SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
    }
    double best = 1e12;
    for (int k = 0; k < 5; k++) {
        uint64_t t = now();
        for (int i = 0; i < 3000; i++) if (send(a[K], rbuf, 80, 0) != 80 || recv(b[K], rbuf, 80, MSG_WAITALL) != 80) die("calib");
        double v = (now() - t) / 3000.0; if (v < best) best = v;
    }
    pid_t ch = fork();
    if (!ch) {
        CPU_ZERO(&cs); CPU_SET(1, &cs); sched_setaffinity(0, sizeof cs, &cs);
        int e = epoll_create1(0);
        for (int i = 0; i < K; i++) { struct epoll_event ev = {.events = EPOLLIN, .data.fd = b[i]}; epoll_ctl(e, EPOLL_CTL_ADD, b[i], &ev); }
        long want = (long)K * R * 80, have = 0;
        while (have < want) {
            struct epoll_event ev[256]; int m = epoll_wait(e, ev, 256, 3000);
            if (m <= 0) _exit(1);
            for (int i = 0; i < m; i++) { int r = recv(ev[i].data.fd, rbuf, RBUF, 0); if (r > 0) have += r; if (ev[i].data.fd == b[0] && send(b[0], "x", 1, 0) < 0) _exit(1); }
        }
        _exit(0);
    }
    struct rusage r0, r1; getrusage(RUSAGE_SELF, &r0);
    for (int k = 0; k < R; k++) { for (int i = K - 1; i >= 0; i--) if (send(a[i], rbuf, 80, 0) != 80) die("calib send"); if (recv(a[0], rbuf, 64, 0) <= 0) break; }
    getrusage(RUSAGE_SELF, &r1);
    double c = (r1.ru_utime.tv_sec - r0.ru_utime.tv_sec + r1.ru_stime.tv_sec - r0.ru_stime.tv_sec) * 1e9 + (r1.ru_utime.tv_usec - r0.ru_utime.tv_usec + r1.ru_stime.tv_usec - r0.ru_stime.tv_usec) * 1e3;
    waitpid(ch, 0, 0);
    printf("{\"best_ns\":%.0f,\"cross_ns\":%.0f}\n", best, c / K / R);
    return 0;
}
int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "calib")) return calib();
    if (argc < 2) die("usage: chatload fanout|latency|connect|join --port P [options]; see the head of chatload.c");
    const char *mode = argv[1];
    struct step us[MAXSTEPS]; int nus = 0;
    for (int i = 2; i < argc; i++) {
        const char *a = argv[i];
        #define FLAG(n) (!strcmp(a, "--" n))
        #define VAL (i + 1 < argc ? argv[++i] : (die("%s needs a value", a), ""))
        if FLAG("tls") tls = 1; else if FLAG("ws") ws = 1; else if FLAG("echo") echo_own = 1; else if FLAG("nojoin") nojoin = 1; else if FLAG("quickack") quickack = 1; else if FLAG("spin") spin = 1;
        else if FLAG("port") port = atoi(VAL); else if FLAG("host") host = VAL; else if FLAG("dialect") dialect = VAL;
        else if FLAG("clients") N = atoi(VAL); else if FLAG("senders") S = atoi(VAL); else if FLAG("window") W = atoi(VAL);
        else if FLAG("secs") secs = atof(VAL); else if FLAG("msgs") msgs = atol(VAL); else if FLAG("warmup") warmup = atof(VAL);
        else if FLAG("rate") rate = atof(VAL); else if FLAG("payload") payload = atoi(VAL); else if FLAG("server-pid") spid = atoi(VAL);
        else if FLAG("conc") conc = atoi(VAL); else if FLAG("msg") msgt = unescape(VAL); else if FLAG("prefix") prefix = VAL; else if FLAG("tail") tail = unescape(VAL);
        else if FLAG("rooms") rooms = atoi(VAL); else if FLAG("stall") stall = atoi(VAL); else if FLAG("srcs") srcs = atoi(VAL);
        else if FLAG("settle-ms") settle_ms = atoi(VAL); else if FLAG("hold") hold = atof(VAL); else if FLAG("label") label = VAL;
        else if FLAG("drain") drain_max = atof(VAL); else if FLAG("setup-max") setup_max = atof(VAL); else if FLAG("spread-ms") spread_ms = atoi(VAL);
        else if FLAG("expect") us[nus++] = (struct step){0, unescape(VAL)};
        else if FLAG("send") us[nus++] = (struct step){1, unescape(VAL)};
        else die("unknown option %s", a);
        if (nus >= MAXSTEPS) die("too many steps");
    }
    tail_len = strlen(tail);
    int irc = !strcmp(dialect, "irc"), is_join = !strcmp(mode, "join");
    if (is_join) { nojoin = 1; if (!irc) die("join speaks irc alone"); }
    #define ADD(s_, t_) steps[nsteps++] = (struct step){s_, t_}
    if (nus) { memcpy(steps, us, sizeof us); nsteps = nus; }
    else if (irc) {
        ADD(1, "NICK {nick}\r\nUSER {nick} 0 * :bench\r\n"); ADD(0, " 001 ");
        if (!nojoin) { ADD(1, "JOIN #{room}\r\n"); ADD(0, " 366 "); }
    } else { ADD(0, "\n"); ADD(1, "{nick}\n"); ADD(0, "\n"); }
    if (!msgt) msgt = irc ? "PRIVMSG #{room} :{text}\r\n" : "{text}\n";
    int is_connect = !strcmp(mode, "connect"), is_lat = !strcmp(mode, "latency");
    if (!is_connect && !is_join && !is_lat && strcmp(mode, "fanout")) die("unknown mode %s", mode);
    if (!port) die("--port");
    if (payload < 16 || payload > 1500) die("--payload 16..1500");
    if (is_connect || is_join) S = 0;
    if (S > N - stall) S = N - stall;
    struct rlimit rl = {N + 100, N + 100}; struct rlimit old; getrlimit(RLIMIT_NOFILE, &old);
    if (old.rlim_cur < rl.rlim_cur) { if (old.rlim_max >= rl.rlim_cur) rl.rlim_max = old.rlim_max; if (setrlimit(RLIMIT_NOFILE, &rl)) die("rlimit: %s", strerror(errno)); }
    memset(hexv, -128, sizeof hexv);
    for (int i = 0; i < 10; i++) hexv['0' + i] = i;
    for (int i = 0; i < 6; i++) hexv['a' + i] = hexv['A' + i] = 10 + i;
    fill_len = payload - TRAILER; filler = malloc(payload + 1);
    for (int i = 0; i < fill_len; i++) filler[i] = "the quick brown fox jumps over the lazy dog "[i % 44];
    ring = 1; while (ring < (is_lat ? 32768 : W * 2)) ring <<= 1;
#ifndef NO_TLS
    if (tls) { ctx = SSL_CTX_new(TLS_client_method()); SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS); SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, 0); SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF); SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF); }
#else
    if (tls) die("built without TLS");
#endif
    ep = epoll_create1(EPOLL_CLOEXEC);
    C = calloc(N, sizeof *C); SN = calloc(S + 1, sizeof *SN); roomsize = calloc(rooms, sizeof(int));
    for (int i = 0; i < N; i++) {
        C[i].id = i; C[i].room = i % rooms; C[i].sender = -1;
        C[i].stalled = i >= N - stall;
        if (!C[i].stalled) roomsize[C[i].room]++;
        if (S) C[i].seq = calloc(S, sizeof(uint32_t));
    }
    for (int k = 0; k < S; k++) {
        /* senders spread over the clients, so that they are not first in every server's list */
        int i = (int)((long)k * (N - stall) / S);
        SN[k].c = &C[i]; C[i].sender = k;
        SN[k].pending = calloc(ring, sizeof(int)); SN[k].ts = calloc(ring, sizeof(uint64_t));
    }
    /* ---- connect all ---- */
    long rss0 = rss_kb(); struct cpu c0 = cpu_read(); uint64_t t0 = now(); int started = 0;
    while (nready + n_failed < N) {
        while (started < N && nconnecting < conc) start_conn(&C[started++]);
        poll_once(100);
        if ((now() - t0) / 1e9 > setup_max) die("setup: only %d of %d ready after %.0f s (failed %d)", nready, N, setup_max, n_failed);
    }
    uint64_t t1 = now();
    struct cpu c1 = cpu_read();
    double conn_s = (t1 - t0) / 1e9;
    /* settle until the join noise has ended */
    uint64_t settle_from = now();
    last_data_ns = now();
    while (now() - last_data_ns < (uint64_t)settle_ms * 1000000ull && (now() - settle_from) / 1e9 < setup_max) poll_once(20);
    double settled = (last_data_ns - t0) / 1e9;
    struct cpu c2 = cpu_read(); long rss1 = rss_kb();
    printf("{\"mode\":\"%s\",\"label\":", mode); jstr(label);
    printf(",\"dialect\":\"%s\",\"tls\":%d,\"clients\":%d,\"failed\":%d,\"connect_s\":%.4f,\"conns_per_s\":%.1f,\"settled_s\":%.4f,\"connect_cpu_ms_per_conn\":%.4f,\"connect_gen_cpu_pct\":%.1f,\"rss_before_kb\":%ld,\"rss_after_kb\":%ld,\"rss_kb_per_conn\":%.3f",
           dialect, tls, N, n_failed, conn_s, nready / conn_s, settled, (c2.proc - c0.proc) * 1e3 / N, 100 * (c1.self - c0.self) / conn_s, rss0, rss1, (double)(rss1 - rss0) / N);
    if (is_connect) {
        uint64_t h = now(); while ((now() - h) / 1e9 < hold) poll_once(50);
        printf(",\"rss_end_kb\":%ld,\"disconnects\":%lu}\n", rss_kb(), (unsigned long)disconnects);
        return n_failed ? 1 : 0;
    }
    if (is_join && !n_failed) {
        /* everybody asks at once; each hears of themselves and of all who come after them */
        char b[256]; uint64_t want = (uint64_t)N * (N + 1) / 2;
        struct cpu j0 = cpu_read(); joining = 1; uint64_t from = now();
        for (int i = 0; i < N; i++) { int n = expand(b, sizeof b, "JOIN #{room}\r\n", &C[i], 0, 0); csend(&C[i], b, n); }
        while ((njoined < N || notices < want) && !disconnects && (now() - from) / 1e9 < setup_max) poll_once(20);
        struct cpu j1 = cpu_read();
        double all_in = (last_joined_ns - from) / 1e9, all_told = (last_notice_ns - from) / 1e9, took = (now() - from) / 1e9;
        printf(",\"joined\":%d,\"join_s\":%.4f,\"joins_per_s\":%.1f,\"told_s\":%.4f,\"notices\":%lu,\"join_cpu_ms\":%.4f,\"gen_cpu_pct\":%.1f,\"lost\":%lu,\"disconnects\":%lu}\n",
               njoined, all_in, njoined / all_in, all_told, (unsigned long)notices, (j1.proc - j0.proc) * 1e3 / N, 100 * (j1.self - j0.self) / took,
               (unsigned long)(want > notices ? want - notices : 0), (unsigned long)disconnects);
        return njoined < N || notices != want;
    }
    if (n_failed) { printf("}\n"); die("%d clients failed to register", n_failed); }
    /* ---- traffic ---- */
    static char ob[1 << 20];
    if (is_lat) {
        tfd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        struct epoll_event ev = {.events = EPOLLIN, .data.u32 = 0xffffffffu}; epoll_ctl(ep, EPOLL_CTL_ADD, tfd, &ev);
    }
    uint64_t start = now(), mstart = start + (uint64_t)(warmup * 1e9), stop = 0, gstop = mstart + (uint64_t)(secs * 1e9);
    uint64_t next_ns = start + 1000000; uint64_t overrun = 0; int rr = 0;
    uint64_t sent0 = 0, recv0 = 0, bytes0 = 0;
    struct cpu m0 = {0}, m1 = {0}; int stopping = 0; uint64_t t_ms = 0, t_me = 0; long rss_mid = 0;
    for (;;) {
        uint64_t t = now();
        if (!t_ms && t >= mstart) { m0 = cpu_read(); t_ms = t; measuring = 1; sent0 = sent_msgs; recv0 = recv_calls; bytes0 = bytes_in; }
        if (!stopping && ((msgs && (long)sent_msgs >= msgs * S) || (!msgs && t >= gstop))) {
            stopping = 1; stop = t;
            if (!msgs) { m1 = cpu_read(); t_me = t; measuring = 0; rss_mid = rss_kb(); }
        }
        if (!stopping) {
            if (is_lat) {
                while (next_ns <= t) {
                    struct sender *s = &SN[rr]; rr = (rr + 1) % S;
                    if (s->outstanding >= ring - 1) overrun++;
                    else { int n = build(s, ob, sizeof ob, next_ns); csend(s->c, ob, n); }
                    next_ns += (uint64_t)(1e9 / rate);
                }
                struct itimerspec it = {.it_value = {next_ns / 1000000000ull, next_ns % 1000000000ull}};
                timerfd_settime(tfd, TFD_TIMER_ABSTIME, &it, 0);
            } else for (int k = 0; k < S; k++) {
                struct sender *s = &SN[k];
                if (s->outstanding >= W || s->c->olen) continue;
                int n = 0;
                while (s->outstanding < W && n < (int)sizeof ob - 4096 && (!msgs || s->next < (uint32_t)msgs)) n += build(s, ob + n, sizeof ob - n, t);
                if (n) csend(s->c, ob, n);
            }
        } else {
            uint64_t o = 0; for (int k = 0; k < S; k++) o += SN[k].outstanding;
            if (!o) { if (msgs) { m1 = cpu_read(); t_me = now(); measuring = 0; } break; }
            if ((now() - stop) / 1e9 > drain_max) { if (msgs) { m1 = cpu_read(); t_me = now(); } break; }
        }
        poll_once(stopping ? 20 : 100);
    }
    uint64_t lost = expected_deliv > total_deliv ? expected_deliv - total_deliv : 0;
    int stalled_dropped = 0;
    for (int i = N - stall; i < N; i++) {
        char z[65536]; int r; long g = 0;
        while ((r = recv(C[i].fd, z, sizeof z, 0)) > 0 && g < (64 << 20)) g += r;
        if (r == 0 || (r < 0 && errno != EAGAIN)) stalled_dropped++;
    }
    double el = (t_me - t_ms) / 1e9, cpu = m1.proc - m0.proc, gen = 100 * (m1.self - m0.self) / el;
    printf(",\"senders\":%d,\"window\":%d,\"payload\":%d,\"rate\":%.1f,\"secs\":%.3f,\"msgs_sent\":%lu,\"deliveries\":%lu,\"deliv_per_s\":%.0f,\"msgs_per_s\":%.1f,"
           "\"server_cpu_s\":%.4f,\"server_user_s\":%.2f,\"server_sys_s\":%.2f,\"server_cpu_pct\":%.1f,\"cpu_s_per_1M\":%.4f,\"core0_pct\":%.1f,\"core0_s_per_1M\":%.4f,\"core1_pct\":%.1f,\"gen_cpu_pct\":%.1f,\"gen_bottleneck\":%s,"
           "\"lat_p50_us\":%.1f,\"lat_p99_us\":%.1f,\"lat_p999_us\":%.1f,\"lat_max_us\":%.1f,\"lost\":%lu,\"order_errors\":%lu,\"corrupt\":%lu,\"unknown\":%lu,\"disconnects\":%lu,\"overrun\":%lu,"
           "\"bytes_per_deliv\":%.1f,\"deliv_per_recv\":%.2f,\"stall\":%d,\"stalled_dropped\":%d,\"rss_traffic_kb\":%ld,\"rss_end_kb\":%ld}\n",
           S, W, payload, is_lat ? rate : 0.0, el, (unsigned long)(sent_msgs - sent0), (unsigned long)win_deliv, win_deliv / el, (sent_msgs - sent0) / el,
           cpu, m1.user - m0.user, m1.sys - m0.sys, 100 * cpu / el, win_deliv ? cpu * 1e6 / win_deliv : -1, 100 * (m1.core0 - m0.core0) / el, win_deliv ? (m1.core0 - m0.core0) * 1e6 / win_deliv : -1, 100 * (m1.core1 - m0.core1) / el, gen, gen > 90 ? "true" : "false",
           hpct(.50), hpct(.99), hpct(.999), lat_max / 1e3, (unsigned long)lost, (unsigned long)errs_order, (unsigned long)errs_corrupt, (unsigned long)errs_unknown, (unsigned long)disconnects, (unsigned long)overrun,
           win_deliv ? (double)(bytes_in - bytes0) / win_deliv : 0.0, recv_calls > recv0 ? (double)win_deliv / (recv_calls - recv0) : 0.0, stall, stalled_dropped, rss_mid, rss_kb());
    return (lost || errs_order || errs_corrupt || errs_unknown) ? 1 : 0;
}
