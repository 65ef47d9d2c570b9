// The host's list of trusted roots, where distributions and OpenSSL's users keep it.
#include "crypt32_host.h"
#include "guest_copy.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const places[] = {
    "/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora
    "/etc/ssl/ca-bundle.pem",                            // SUSE
    "/etc/ssl/cert.pem",                                 // Alpine
};

static int open_list(void)
{
    const char *named = getenv("SSL_CERT_FILE");
    if (named && *named) return open(named, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe must not block here
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        int fd = open(places[i], O_RDONLY | O_CLOEXEC);
        if (fd >= 0) return fd;
    }
    return -1;
}

// All of the file; its size, or -1.
static ssize_t read_all(int fd, uint8_t *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t part = read(fd, data + done, size - done);
        if (part < 0 && errno == EINTR) continue;
        if (part < 0) return -1;
        if (!part) break;
        done += (size_t)part;
    }
    return (ssize_t)done;
}

NTSTATUS PkiReadRoots(gptr text, uint32_t room, uint32_t *needed)
{
    struct stat about;
    int fd = open_list();
    if (fd < 0) return STATUS_OBJECT_NAME_NOT_FOUND;
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (!fstat(fd, &about) && S_ISREG(about.st_mode) && about.st_size <= GUEST_COPY_MAX) {
        *needed = (uint32_t)about.st_size;
        status = STATUS_BUFFER_TOO_SMALL;
        if (room >= *needed) {
            uint8_t *data = malloc(*needed + 1);
            ssize_t size = data ? read_all(fd, data, *needed) : -1;
            status = size < 0 ? STATUS_NO_MEMORY : guest_hand_out(text, room, data, (size_t)size, needed);
            free(data);
        }
    }
    close(fd);
    return status;
}
