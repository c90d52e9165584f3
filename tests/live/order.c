/* Notes in which order a server writes its journal, has it put on the disk, and sends: loaded with LD_PRELOAD.
 *
 * Writes and syncs are noted when they are done, syncs also when they begin, and sends before they are done. So
 * whatever stands in the notes in the right order happened in it, however many threads there are.
 *
 * A note is a header and the bytes that were written or sent. ORDER_NOTES names the file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define WAL "journal.sqlite3-wal"

struct header {
    uint8_t what; /* 'w' wrote, 'b' a sync begins, 'e' it has ended, 's' will send */
    uint8_t where; /* 'w' the write-ahead log, 'f' a folder, 's' a socket */
    uint16_t failed;
    uint32_t thread;
    uint32_t length;
};

/* What a descriptor is; 0 for what is of no interest. */
static int kind(int fd)
{
    struct stat found;
    if (fstat(fd, &found))
        return 0;
    if (S_ISSOCK(found.st_mode))
        return 's';
    if (S_ISDIR(found.st_mode))
        return 'f';
    char link[64] = "/proc/self/fd/", digits[16], path[4096];
    int count = 0;
    for (unsigned rest = (unsigned)fd; rest || !count; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    char *end = link + strlen(link);
    while (count)
        *end++ = digits[--count];
    *end = 0;
    ssize_t length = readlink(link, path, sizeof path - 1);
    size_t suffix = strlen(WAL);
    if (length < (ssize_t)suffix || memcmp(path + length - suffix, WAL, suffix))
        return 0;
    return 'w';
}

static void note(int what, int where, int failed, const struct iovec *parts, int count)
{
    static int notes = -1;
    int error = errno;
    if (notes < 0)
        notes = (int)syscall(SYS_openat, AT_FDCWD, getenv("ORDER_NOTES"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct header header = {(uint8_t)what, (uint8_t)where, (uint16_t)failed, (uint32_t)syscall(SYS_gettid), 0};
    struct iovec all[65] = {{&header, sizeof header}};
    for (int each = 0; each < count && each < 64; each++) {
        all[each + 1] = parts[each];
        header.length += (uint32_t)parts[each].iov_len;
    }
    /* One call, at the end of the file: notes do not get into each other. */
    if (syscall(SYS_writev, notes, all, (count < 64 ? count : 64) + 1) != (long)(sizeof header + header.length))
        abort();
    errno = error;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

#define WRITES(declaration, name, arguments, fd, parts, count)                    \
    declaration                                                                   \
    {                                                                             \
        REAL(name);                                                               \
        int where = kind(fd);                                                     \
        if (where == 's')                                                         \
            note('s', where, 0, parts, count);                                    \
        ssize_t done = real arguments;                                            \
        if (where == 'w')                                                         \
            note('w', where, done < 0, parts, count);                             \
        return done;                                                              \
    }

#define ONE(buffer, length) (struct iovec[]){{(void *)(buffer), length}}

WRITES(ssize_t write(int fd, const void *buffer, size_t length), write, (fd, buffer, length), fd, ONE(buffer, length), 1)
WRITES(ssize_t pwrite(int fd, const void *buffer, size_t length, off_t offset), pwrite, (fd, buffer, length, offset), fd, ONE(buffer, length), 1)
WRITES(ssize_t pwrite64(int fd, const void *buffer, size_t length, off64_t offset), pwrite64, (fd, buffer, length, offset), fd, ONE(buffer, length), 1)
WRITES(ssize_t writev(int fd, const struct iovec *parts, int count), writev, (fd, parts, count), fd, parts, count)
WRITES(ssize_t send(int fd, const void *buffer, size_t length, int flags), send, (fd, buffer, length, flags), fd, ONE(buffer, length), 1)
WRITES(ssize_t sendto(int fd, const void *buffer, size_t length, int flags, const struct sockaddr *to, socklen_t size), sendto, (fd, buffer, length, flags, to, size), fd, ONE(buffer, length), 1)
WRITES(ssize_t sendmsg(int fd, const struct msghdr *message, int flags), sendmsg, (fd, message, flags), fd, message->msg_iov, (int)message->msg_iovlen)

#define SYNCS(name)                                   \
    int name(int fd)                                  \
    {                                                 \
        REAL(name);                                   \
        int where = kind(fd);                         \
        if (where)                                    \
            note('b', where, 0, NULL, 0);             \
        int done = real(fd);                          \
        if (where)                                    \
            note('e', where, done != 0, NULL, 0);     \
        return done;                                  \
    }

SYNCS(fsync)
SYNCS(fdatasync)
