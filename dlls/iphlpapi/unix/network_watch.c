// Hearing of changes: a file around an rtnetlink socket, read as any stream of the host.
#include "file.h"
#include "iphlpapi_host.h"
#include "status_errno.h"
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

NTSTATUS NetworkWatch(uint32_t changes, HANDLE32 *handle)
{
    enum { LINKS = 1, ADDRESSES = 2, ROUTES = 4 };
    struct sockaddr_nl groups = {.nl_family = AF_NETLINK};
    if (changes & LINKS) groups.nl_groups |= RTMGRP_LINK;
    if (changes & ADDRESSES) groups.nl_groups |= RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (changes & ROUTES) groups.nl_groups |= RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) return status_from_errno(errno);
    if (bind(fd, (struct sockaddr *)&groups, sizeof groups) != 0) {
        NTSTATUS status = status_from_errno(errno);
        close(fd);
        return status;
    }
    struct file *file = file_new(FILE_KIND_STREAM, &stream_device, fd, FILE_GENERIC_READ, 0);
    return file != NULL ? file_new_handle(file, FILE_GENERIC_READ, 0, handle) : STATUS_NO_MEMORY;
}
