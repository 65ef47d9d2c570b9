// Who is at the ends of a named pipe: the processes, and the token that a server impersonates. A client of
// this process is known exactly; one of another is the same user, as whom the server runs itself.
#include "impersonation.h"
#include "loader/process.h"
#include "pipe_state.h"
#include "token.h"
#include <string.h>
#include <sys/socket.h>

// The process at a connected socket's other end; 0: unknown.
static uint32_t process_at(int fd)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? (uint32_t)peer.pid * 4 : 0;
}

void pipe_note_processes(struct file *file)
{
    struct pipe *pipe = file->state;
    *(pipe->server ? &pipe->server_process : &pipe->client_process) = process_id();
    if (pipe->state == FILE_PIPE_CONNECTED_STATE)
        *(pipe->server ? &pipe->client_process : &pipe->server_process) = process_at(file->fd);
}

// ---- attributes: FSCTL_PIPE_GET_..._ATTRIBUTE ----

static NTSTATUS server_attribute(const struct pipe *pipe, const char *name, uint32_t *value)
{
    if (pipe->state == FILE_PIPE_DISCONNECTED_STATE && !pipe->server) return STATUS_PIPE_DISCONNECTED;
    if (strcmp(name, "ServerProcessId") == 0)
        *value = pipe->server_process;
    else if (strcmp(name, "ServerSessionId") == 0)
        *value = token_of_process()->state.session;
    else
        return STATUS_NOT_FOUND;
    return STATUS_SUCCESS;
}

static NTSTATUS client_attribute(const struct pipe *pipe, const char *name, uint32_t *value)
{
    if (pipe->state == FILE_PIPE_DISCONNECTED_STATE)
        return pipe->server ? STATUS_NOT_FOUND : STATUS_PIPE_DISCONNECTED;
    if (pipe->state == FILE_PIPE_LISTENING_STATE) return STATUS_NOT_FOUND;
    if (strcmp(name, "ClientProcessId") == 0)
        *value = pipe->client_process;
    else if (strcmp(name, "ClientSessionId") == 0)
        *value = token_of_process()->state.session; // all processes of a prefix are in one
    else
        return STATUS_NOT_FOUND; // local clients have no computer's name
    return STATUS_SUCCESS;
}

NTSTATUS pipe_attribute(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                        uint32_t out_length)
{
    struct file *file = io->file;
    char name[32] = "";
    uint32_t value;
    if (in_length == 0 || in_length >= sizeof name) return STATUS_NOT_FOUND;
    if (!guest_read(name, in, in_length)) return STATUS_ACCESS_VIOLATION;
    if (out_length < sizeof value) return STATUS_BUFFER_TOO_SMALL;
    pthread_mutex_lock(&file->lock);
    pipe_refresh(file);
    NTSTATUS status = code == FSCTL_PIPE_GET_PIPE_ATTRIBUTE ? server_attribute(file->state, name, &value)
                                                            : client_attribute(file->state, name, &value);
    pthread_mutex_unlock(&file->lock);
    if (!NT_SUCCESS(status)) return status;
    if (!guest_write32(out, value)) return STATUS_ACCESS_VIOLATION;
    io->information = sizeof value;
    return STATUS_SUCCESS;
}

// FILE_PIPE_CLIENT_PROCESS_BUFFER: the client's session and process, 64 bits each.
NTSTATUS pipe_client_process(struct io *io, gptr out, uint32_t out_length)
{
    struct file *file = io->file;
    uint32_t session, process;
    uint64_t answer[2];
    if (out_length < sizeof answer) return STATUS_INVALID_PARAMETER;
    pthread_mutex_lock(&file->lock);
    pipe_refresh(file);
    NTSTATUS status = client_attribute(file->state, "ClientSessionId", &session);
    if (NT_SUCCESS(status)) status = client_attribute(file->state, "ClientProcessId", &process);
    pthread_mutex_unlock(&file->lock);
    if (!NT_SUCCESS(status)) return status;
    answer[0] = session;
    answer[1] = process;
    if (!guest_write(out, answer, sizeof answer)) return STATUS_ACCESS_VIOLATION;
    io->information = sizeof answer;
    return STATUS_SUCCESS;
}

// ---- impersonation ----

static void replace_token(struct file *file, struct token *token)
{
    struct pipe *pipe = file->state;
    pthread_mutex_lock(&file->lock);
    struct token *old = pipe->client.token;
    pipe->client.token = token;
    pthread_mutex_unlock(&file->lock);
    if (old != NULL) object_release(&old->object);
}

void pipe_client_opens(struct file *file, const SECURITY_QUALITY_OF_SERVICE32 *quality)
{
    struct pipe *pipe = file->state;
    struct token *token = token_effective();
    pipe->client = (struct pipe_security){
        .level = quality != NULL ? quality->ImpersonationLevel : SecurityImpersonation,
        .effective_only = quality != NULL ? quality->EffectiveOnly : true,
        .dynamic = quality != NULL ? quality->ContextTrackingMode : true,
    };
    if (token != NULL && !pipe->client.dynamic) {
        struct token *now = token_copy(token); // what changes later is not seen
        object_release(&token->object);
        token = now;
    }
    replace_token(file, token);
}

void pipe_client_acts(struct file *file)
{
    struct pipe *pipe = file->state;
    if (pipe->server || !pipe->client.dynamic) return;
    struct token *known = __atomic_load_n(&pipe->client.token, __ATOMIC_RELAXED);
    if (known == token_of_process() && !token_thread_impersonates()) return;
    replace_token(file, token_effective());
}

void pipe_client_leaves(struct file *file)
{
    struct pipe *pipe = file->state;
    struct file *server = pipe->server ? NULL : pipe_peer(file);
    if (server == NULL) return;
    pthread_mutex_lock(&file->lock);
    struct pipe_security client = pipe->client;
    pipe->client.token = NULL;
    pthread_mutex_unlock(&file->lock);
    struct pipe *to = server->state;
    pthread_mutex_lock(&server->lock);
    bool taken = to->state == FILE_PIPE_CONNECTED_STATE && to->client.token == NULL;
    if (taken) to->client = client;
    pthread_mutex_unlock(&server->lock);
    if (!taken && client.token != NULL) object_release(&client.token->object);
    file_release(server);
}

void pipe_client_forget(struct pipe *pipe)
{
    struct token *token = pipe->client.token;
    pipe->client.token = NULL;
    if (token != NULL) object_release(&token->object);
}

// What an end knows of the client; the token retained.
static struct pipe_security known_client(struct file *file)
{
    struct pipe *pipe = file->state;
    struct pipe_security client = {0};
    pthread_mutex_lock(&file->lock);
    pipe_refresh(file);
    if (pipe->state != FILE_PIPE_DISCONNECTED_STATE) client = pipe->client;
    if (client.token != NULL) object_retain(&client.token->object);
    pthread_mutex_unlock(&file->lock);
    return client;
}

NTSTATUS pipe_impersonate(struct file *file)
{
    struct pipe *pipe = file->state;
    if (!pipe->server) return STATUS_ILLEGAL_FUNCTION;
    struct pipe_security client = known_client(file);
    if (pipe->state == FILE_PIPE_LISTENING_STATE || pipe->state == FILE_PIPE_DISCONNECTED_STATE)
        return STATUS_CANNOT_IMPERSONATE;
    struct file *peer = client.token == NULL ? pipe_peer(file) : NULL;
    if (peer != NULL) {
        client = known_client(peer);
        file_release(peer);
    }
    if (client.token == NULL) return impersonation_of_self(SecurityImpersonation);
    NTSTATUS status = impersonation_of_token(client.token, client.level, client.effective_only);
    object_release(&client.token->object);
    return status;
}
