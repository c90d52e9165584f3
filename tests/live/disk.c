/* Makes the disk of a journal slow or full for a server: loaded with LD_PRELOAD.
 *
 * DISK_SLOW: microseconds that each write takes longer. DISK_FULL_WHILE: a file; while it exists, the disk is full.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int of_a_journal(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return strstr(path, "/journal.sqlite3") != NULL;
}

/* Whether a write fails. */
static int fails(int fd)
{
    const char *slow = getenv("DISK_SLOW"), *full = getenv("DISK_FULL_WHILE");
    struct stat found;
    if (!of_a_journal(fd))
        return 0;
    if (slow)
        usleep((useconds_t)atoi(slow));
    return full && stat(full, &found) == 0;
}

#define WRITES(name, declaration, arguments)                        \
    ssize_t name declaration                                        \
    {                                                               \
        static ssize_t(*real) declaration;                          \
        if (!real)                                                  \
            real = (ssize_t(*) declaration)dlsym(RTLD_NEXT, #name); \
        if (fails(fd)) {                                            \
            errno = ENOSPC;                                         \
            return -1;                                              \
        }                                                           \
        return real arguments;                                      \
    }

WRITES(write, (int fd, const void *buffer, size_t length), (fd, buffer, length))
WRITES(pwrite, (int fd, const void *buffer, size_t length, off_t offset), (fd, buffer, length, offset))
WRITES(pwrite64, (int fd, const void *buffer, size_t length, off_t offset), (fd, buffer, length, offset))
