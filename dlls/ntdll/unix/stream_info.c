// What the calls on pipes say of pipes and sockets that the host gave the program: byte pipes that wait.
#include "stream_info.h"
#include "file_information.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

// Other streams are character devices.
static bool is_pipe(const struct file *file)
{
    struct stat st;
    return fstat(file->fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

// Of a pipe what the host keeps in it; of a socket its buffer for one direction.
static uint32_t quota(const struct file *file, int socket_option)
{
    int size = fcntl(file->fd, F_GETPIPE_SZ);
    socklen_t length = sizeof size;
    if (size < 0 && getsockopt(file->fd, SOL_SOCKET, socket_option, &size, &length) != 0) size = 0;
    return size;
}

// Windows makes an anonymous pipe's reading end the server.
static FILE_PIPE_LOCAL_INFORMATION32 describe(const struct file *file)
{
    bool reads = file->access & FILE_READ_DATA, writes = file->access & FILE_WRITE_DATA, server = !writes;
    int available = 0;
    if (!reads || ioctl(file->fd, FIONREAD, &available) != 0) available = 0;
    return (FILE_PIPE_LOCAL_INFORMATION32){
        .NamedPipeType = FILE_PIPE_BYTE_STREAM_TYPE,
        .NamedPipeConfiguration = reads && writes ? FILE_PIPE_FULL_DUPLEX : FILE_PIPE_INBOUND,
        .MaximumInstances = 1,
        .CurrentInstances = 1,
        .InboundQuota = quota(file, SO_RCVBUF),
        .ReadDataAvailable = available,
        .OutboundQuota = quota(file, SO_SNDBUF),
        .WriteQuotaAvailable = writes ? quota(file, SO_SNDBUF) : 0,
        .NamedPipeState = FILE_PIPE_CONNECTED_STATE,
        .NamedPipeEnd = server ? FILE_PIPE_SERVER_END : FILE_PIPE_CLIENT_END,
    };
}

NTSTATUS stream_query(struct file *file, uint32_t class, gptr buffer, uint32_t length, uint32_t *information)
{
    const struct file_query query = {
        .file = file, .buffer = buffer, .length = length, .information = information};
    if ((class != FilePipeInformation && class != FilePipeLocalInformation) || !is_pipe(file))
        return STATUS_INVALID_INFO_CLASS;
    if (class == FilePipeInformation) {
        FILE_PIPE_INFORMATION32 modes = {FILE_PIPE_BYTE_STREAM_MODE, FILE_PIPE_QUEUE_OPERATION};
        return file_answer(&query, &modes, sizeof modes);
    }
    FILE_PIPE_LOCAL_INFORMATION32 local = describe(file);
    return file_answer(&query, &local, sizeof local);
}

// They have no messages, and can't stop waiting: others share them.
NTSTATUS stream_set(struct file *file, uint32_t class, gptr buffer, uint32_t length)
{
    FILE_PIPE_INFORMATION32 modes;
    if (class != FilePipeInformation || !is_pipe(file)) return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof modes) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&modes, buffer, sizeof modes)) return STATUS_ACCESS_VIOLATION;
    bool as_is =
        modes.ReadMode == FILE_PIPE_BYTE_STREAM_MODE && modes.CompletionMode == FILE_PIPE_QUEUE_OPERATION;
    return as_is ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
