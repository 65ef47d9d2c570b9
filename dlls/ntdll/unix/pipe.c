// Pipes: making both ends of them, and what they say of themselves. Anonymous pipes are socket pairs whose
// names only this process knows.
#include "pipe.h"
#include "async.h"
#include "file_information.h"
#include "host_name.h"
#include "ntdll_host.h"
#include "pipe_state.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Servers of anonymous pipes whose other end is still to be opened.
static struct pipe *waiting;
static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;

static struct file *new_pipe(int fd, uint32_t access, uint32_t options, bool server,
                             const struct pipe_terms *terms)
{
    struct pipe *pipe = calloc(1, sizeof *pipe);
    if (pipe == NULL) {
        close(fd);
        return NULL;
    }
    pipe->terms = *terms;
    pipe->server = server;
    pipe->claim.fd = pipe->other = -1;
    pipe->state = FILE_PIPE_CONNECTED_STATE;
    struct file *file = file_new(FILE_KIND_PIPE, &pipe_device, fd, access, options);
    if (file == NULL) {
        free(pipe);
        return NULL;
    }
    file->state = pipe;
    pipe->file = file;
    pipe_note_processes(file);
    return file;
}

static void forget_anonymous(struct pipe *pipe)
{
    pthread_mutex_lock(&waiting_lock);
    for (struct pipe **link = &waiting; *link != NULL; link = &(*link)->next)
        if (*link == pipe) {
            *link = pipe->next;
            break;
        }
    if (pipe->other >= 0) close(pipe->other);
    pipe->other = -1;
    pthread_mutex_unlock(&waiting_lock);
}

static void pipe_cleanup(struct file *file)
{
    struct pipe *pipe = file->state;
    if (pipe->anonymous != NULL) forget_anonymous(pipe);
    pipe_client_leaves(file);
    pipe_leave(file);
    pipe_peer_remove(file);
    // The other end learns it now, even if a call under way keeps the object; and nobody connects any more.
    pthread_mutex_lock(&file->lock);
    pipe->state = FILE_PIPE_DISCONNECTED_STATE;
    pthread_mutex_unlock(&file->lock);
    pipe_unclaim(&pipe->claim);
}

static void pipe_destroy(struct file *file)
{
    struct pipe *pipe = file->state;
    if (pipe == NULL) return;
    if (pipe->anonymous != NULL) forget_anonymous(pipe);
    pipe_peer_remove(file);
    pipe_unclaim(&pipe->claim);
    pipe_forget_disconnects(&pipe->connection);
    pipe_client_forget(pipe);
    free(pipe->spelled);
    free(pipe->anonymous);
    free(pipe->rest);
    free(pipe);
}

// ---- clients ----

// Takes the other end of an anonymous pipe of this process; by its name or by its server's handle.
static NTSTATUS take_anonymous(const char *name, const struct file *server, uint32_t access, uint32_t options,
                               struct file **file)
{
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    pthread_mutex_lock(&waiting_lock);
    for (struct pipe *pipe = waiting; pipe != NULL; pipe = pipe->next) {
        if (server != NULL ? server->state != pipe : strcmp(pipe->anonymous, name) != 0) continue;
        status = STATUS_PIPE_NOT_AVAILABLE;
        if (pipe->other < 0) break;
        status = STATUS_ACCESS_DENIED;
        if (pipe->terms.configuration == FILE_PIPE_INBOUND && access & FILE_READ_DATA) break;
        if (pipe->terms.configuration == FILE_PIPE_OUTBOUND && access & FILE_WRITE_DATA) break;
        *file = new_pipe(pipe->other, access, options, false, &pipe->terms);
        if (*file != NULL && pipe->spelled != NULL)
            ((struct pipe *)(*file)->state)->spelled = strdup(pipe->spelled);
        pipe->other = -1;
        status = *file != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
        break;
    }
    pthread_mutex_unlock(&waiting_lock);
    return status;
}

// The file of a connected client.
static NTSTATUS new_client(const struct pipe_connection *connection, const struct pipe_terms *terms,
                           uint32_t access, uint32_t options, const SECURITY_QUALITY_OF_SERVICE32 *quality,
                           struct file **file)
{
    *file = new_pipe(connection->fd, access, options, false, terms);
    if (*file == NULL) {
        pipe_forget_disconnects(connection);
        return STATUS_NO_MEMORY;
    }
    struct pipe *pipe = (*file)->state;
    pipe->connection = *connection;
    pipe_client_opens(*file, quality);
    pipe_peer_add(*file);
    pipe_peer_run(*file); // a server may wait for us
    return STATUS_SUCCESS;
}

NTSTATUS pipe_open(const struct path *path, struct file *root, uint32_t access, uint32_t options,
                   const SECURITY_QUALITY_OF_SERVICE32 *quality, struct file **file)
{
    struct pipe_terms terms;
    struct pipe_connection connection;
    bool reading = access & FILE_READ_DATA, writing = access & FILE_WRITE_DATA;
    NTSTATUS status;
    if (path->length == 0) {
        if (root == NULL || root->kind != FILE_KIND_PIPE) return STATUS_OBJECT_NAME_INVALID;
        const struct pipe *pipe = root->state;
        if (pipe->claim.fd < 0) return take_anonymous(NULL, root, access, options, file);
        status = pipe_connect_to(&pipe->claim, reading, writing, &terms, &connection);
    } else {
        status = take_anonymous(path->host, NULL, access, options, file);
        if (status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
        status = pipe_connect(path->host, reading, writing, &terms, &connection);
    }
    return NT_SUCCESS(status) ? new_client(&connection, &terms, access, options, quality, file) : status;
}

// ---- servers ----

// The names that CreatePipe makes up: they lead nowhere but to the other end.
static bool is_anonymous(const struct path *path)
{
    return path->length == 0 || strncmp(path->host, "WIN32PIPES.", 11) == 0;
}

static NTSTATUS make_anonymous(const struct path *path, uint32_t access, uint32_t options,
                               const struct pipe_terms *terms, struct file **file)
{
    int ends[2];
    if (socketpair(AF_UNIX, (terms->message ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0, ends) != 0)
        return status_from_errno(errno);
    *file = new_pipe(ends[0], access, options, true, terms);
    if (*file == NULL) {
        close(ends[1]);
        return STATUS_NO_MEMORY;
    }
    struct pipe *pipe = (*file)->state;
    pipe->anonymous = strdup(path->host);
    if (path->length > 0) pipe->spelled = strdup(path_spelling(path));
    if (pipe->anonymous == NULL) {
        close(ends[1]);
        file_release(*file);
        return STATUS_NO_MEMORY;
    }
    pipe->other = ends[1];
    pthread_mutex_lock(&waiting_lock);
    pipe->next = waiting;
    waiting = pipe;
    pthread_mutex_unlock(&waiting_lock);
    return STATUS_SUCCESS;
}

static NTSTATUS make_named(const struct path *path, uint32_t access, uint32_t options, uint32_t disposition,
                           struct pipe_terms *terms, struct file **file, bool *existed)
{
    struct pipe_claim claim;
    NTSTATUS status = pipe_claim(&claim, path->host, path_spelling(path), disposition == FILE_CREATE,
                                 disposition == FILE_OPEN, terms, existed);
    if (!NT_SUCCESS(status)) return status;
    int fd = pipe_listen(&claim, terms->message);
    if (fd < 0) {
        status = status_from_errno(errno);
        pipe_unclaim(&claim);
        return status;
    }
    *file = new_pipe(fd, access, options, true, terms);
    if (*file == NULL) {
        pipe_unclaim(&claim);
        return STATUS_NO_MEMORY;
    }
    struct pipe *pipe = (*file)->state;
    pipe->claim = claim;
    pipe->state = FILE_PIPE_LISTENING_STATE;
    pipe_peer_add(*file);
    return STATUS_SUCCESS;
}

NTSTATUS NtCreateNamedPipeFile(HANDLE32 *handle, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                               IO_STATUS_BLOCK32 *io, uint32_t sharing, uint32_t disposition,
                               uint32_t options, uint32_t type, uint32_t read_mode, uint32_t completion_mode,
                               uint32_t max_instances, uint32_t in_quota, uint32_t out_quota,
                               const LARGE_INTEGER32 *timeout)
{
    struct path path;
    struct file *root, *file = NULL;
    bool existed = false;
    type &= FILE_PIPE_MESSAGE_TYPE; // the other bit refuses remote clients: there are none
    if (read_mode > FILE_PIPE_MESSAGE_MODE || completion_mode > FILE_PIPE_COMPLETE_OPERATION ||
        (read_mode == FILE_PIPE_MESSAGE_MODE && type != FILE_PIPE_MESSAGE_TYPE) || max_instances == 0 ||
        (disposition != FILE_OPEN && disposition != FILE_CREATE && disposition != FILE_OPEN_IF) ||
        !(sharing & (FILE_SHARE_READ | FILE_SHARE_WRITE)) ||
        sharing & ~(FILE_SHARE_READ | FILE_SHARE_WRITE) || (timeout != NULL && timeout->QuadPart > 0))
        return STATUS_INVALID_PARAMETER;
    struct pipe_terms terms = {
        .message = type,
        .configuration = sharing == FILE_SHARE_READ    ? FILE_PIPE_OUTBOUND
                         : sharing == FILE_SHARE_WRITE ? FILE_PIPE_INBOUND
                                                       : FILE_PIPE_FULL_DUPLEX,
        .max_instances = max_instances,
        .in_quota = in_quota,
        .out_quota = out_quota,
        .timeout = timeout != NULL ? timeout->QuadPart : -500000,
    };
    access = object_map_access(&file_type, access);
    const uint32_t synchronous = FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;
    if (options & ~(uint32_t)(FILE_WRITE_THROUGH | synchronous) || (options & synchronous) == synchronous ||
        (file_options_synchronous(options) && !(access & SYNCHRONIZE)))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = file_parse_name(attributes, &path, &root);
    if (!NT_SUCCESS(status)) return status;
    if (path.kind != PATH_PIPE)
        status = STATUS_OBJECT_NAME_INVALID;
    else if (is_anonymous(&path))
        status = make_anonymous(&path, access, options, &terms, &file);
    else
        status = make_named(&path, access, options, disposition, &terms, &file, &existed);
    if (root != NULL) file_release(root);
    if (!NT_SUCCESS(status)) return status;
    struct pipe *pipe = file->state;
    pipe->read_messages = read_mode == FILE_PIPE_MESSAGE_MODE;
    pipe->no_wait = completion_mode == FILE_PIPE_COMPLETE_OPERATION;
    status = file_new_handle(file, access, attributes->Attributes, handle);
    io->Status = status;
    io->Information = existed ? FILE_OPENED : FILE_CREATED;
    return status;
}

// ---- information ----

size_t pipe_nt_name(const struct file *file, uint16_t *name, size_t capacity)
{
    const struct pipe *pipe = file->state;
    char spelled[PIPE_SPELLING_MAX];
    const char *host = pipe->spelled;
    const char *key = pipe->server ? pipe->claim.key : pipe->connection.key;
    if (host == NULL && key[0] != '\0' && pipe_spelling(key, spelled)) host = spelled;
    if (host == NULL || capacity <= 1 + strlen(host)) return 0;
    name[0] = '\\';
    return 1 + host_text_to_utf16(name + 1, capacity - 1, host, strlen(host));
}

static NTSTATUS answer_own_name(const struct file_query *query)
{
    uint16_t name[PIPE_SPELLING_MAX + 2];
    return file_answer_name(query, 0, name, pipe_nt_name(query->file, name, PIPE_SPELLING_MAX + 2));
}

static uint32_t available(const struct file *file)
{
    const struct pipe *pipe = file->state;
    int n = 0;
    if (pipe->state == FILE_PIPE_LISTENING_STATE || ioctl(file->fd, FIONREAD, &n) != 0) n = 0;
    if (pipe->terms.message && n > 0) n--; // the packet's own byte
    return n + pipe->rest_n - pipe->rest_at;
}

static NTSTATUS pipe_query(struct file *file, uint32_t class, gptr buffer, uint32_t length,
                           uint32_t *information)
{
    struct pipe *pipe = file->state;
    const struct file_query query = {
        .file = file, .buffer = buffer, .length = length, .information = information};
    pthread_mutex_lock(&file->lock);
    pipe_refresh(file);
    FILE_PIPE_INFORMATION32 modes = {pipe->read_messages, pipe->no_wait};
    FILE_PIPE_LOCAL_INFORMATION32 local = {
        .NamedPipeType = pipe->terms.message,
        .NamedPipeConfiguration = pipe->terms.configuration,
        .MaximumInstances = pipe->terms.max_instances,
        .CurrentInstances = 1,
        .InboundQuota = pipe->terms.in_quota,
        .ReadDataAvailable = available(file),
        .OutboundQuota = pipe->terms.out_quota,
        .WriteQuotaAvailable = pipe_quota_left(file),
        .NamedPipeState = pipe->state,
        .NamedPipeEnd = pipe->server ? FILE_PIPE_SERVER_END : FILE_PIPE_CLIENT_END,
    };
    pthread_mutex_unlock(&file->lock);
    switch (class) {
    case FileNameInformation:
    case FileNormalizedNameInformation: return answer_own_name(&query);
    case FilePipeInformation: return file_answer(&query, &modes, sizeof modes);
    case FilePipeLocalInformation:
        if (pipe->claim.fd >= 0) local.CurrentInstances = pipe_instances(&pipe->claim);
        return file_answer(&query, &local, sizeof local);
    case FileStandardInformation: {
        FILE_STANDARD_INFORMATION32 standard = {
            .AllocationSize.QuadPart = (int64_t)pipe->terms.in_quota + pipe->terms.out_quota,
            .EndOfFile.QuadPart = local.ReadDataAvailable,
            .NumberOfLinks = 1,
            .DeletePending = 1, // as Windows says of pipes
        };
        return file_answer(&query, &standard, sizeof standard);
    }
    case FileBasicInformation: {
        FILE_BASIC_INFORMATION32 basic = {.FileAttributes = FILE_ATTRIBUTE_NORMAL};
        return file_answer(&query, &basic, sizeof basic);
    }
    }
    return STATUS_INVALID_INFO_CLASS;
}

static NTSTATUS pipe_set(struct file *file, uint32_t class, gptr buffer, uint32_t length)
{
    struct pipe *pipe = file->state;
    FILE_PIPE_INFORMATION32 modes;
    if (class != FilePipeInformation) return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof modes) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&modes, buffer, sizeof modes)) return STATUS_ACCESS_VIOLATION;
    if (modes.ReadMode > FILE_PIPE_MESSAGE_MODE || modes.CompletionMode > FILE_PIPE_COMPLETE_OPERATION ||
        (modes.ReadMode == FILE_PIPE_MESSAGE_MODE && !pipe->terms.message))
        return STATUS_INVALID_PARAMETER;
    pthread_mutex_lock(&file->lock);
    pipe->read_messages = modes.ReadMode == FILE_PIPE_MESSAGE_MODE;
    pipe->no_wait = modes.CompletionMode == FILE_PIPE_COMPLETE_OPERATION;
    pthread_mutex_unlock(&file->lock);
    return STATUS_SUCCESS;
}

const struct file_device pipe_device = {
    .type = FILE_DEVICE_NAMED_PIPE,
    .read = pipe_read,
    .write = pipe_write,
    .flush = pipe_flush,
    .fs_control = pipe_fs_control,
    .query = pipe_query,
    .set = pipe_set,
    .cleanup = pipe_cleanup,
    .destroy = pipe_destroy,
};

const struct file_device pipe_root_device = {
    .type = FILE_DEVICE_NAMED_PIPE,
    .fs_control = pipe_root_control,
    .destroy = enumeration_end,
};

// ---- child processes ----

enum {
    CHILD_SERVER = 1u << 31,
    CHILD_MESSAGE = 1u << 30,
    CHILD_READ_MESSAGES = 1u << 29,
    CHILD_NO_WAIT = 1u << 28
};

uint32_t pipe_describe_for_child(const struct file *file)
{
    struct pipe *pipe = file->state;
    pipe->passed_on = true;
    return file->options | (pipe->server ? CHILD_SERVER : 0) | (pipe->terms.message ? CHILD_MESSAGE : 0) |
           (pipe->read_messages ? CHILD_READ_MESSAGES : 0) | (pipe->no_wait ? CHILD_NO_WAIT : 0);
}

struct file *pipe_from_parent(int fd, uint32_t access, uint32_t description)
{
    uint32_t options = description & ~(CHILD_SERVER | CHILD_MESSAGE | CHILD_READ_MESSAGES | CHILD_NO_WAIT);
    bool read = access & FILE_READ_DATA, write = access & FILE_WRITE_DATA,
         server = description & CHILD_SERVER;
    struct pipe_terms terms = {
        .message = (description & CHILD_MESSAGE) != 0,
        .configuration = read && write    ? FILE_PIPE_FULL_DUPLEX
                         : read == server ? FILE_PIPE_INBOUND
                                          : FILE_PIPE_OUTBOUND,
        .max_instances = 1,
        .in_quota = 4096,
        .out_quota = 4096,
    };
    struct file *file = new_pipe(fd, access, options, server, &terms);
    if (file == NULL) return NULL;
    struct pipe *pipe = file->state;
    pipe->read_messages = (description & CHILD_READ_MESSAGES) != 0;
    pipe->no_wait = (description & CHILD_NO_WAIT) != 0;
    return file;
}
