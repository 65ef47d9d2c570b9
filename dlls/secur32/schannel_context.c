// Handshakes: InitializeSecurityContext and AcceptSecurityContext, with the rules of their buffers.
#include "tls.h"

struct context *context_of(PCtxtHandle handle)
{
    return handle && handle->dwUpper == CONTEXT_MARK ? (struct context *)handle->dwLower : NULL;
}

static void context_free(struct context *context)
{
    if (context->session) NtClose(context->session);
    credential_release(context->credential);
    heap_free(context->target);
    heap_free(context);
}

// --- starting

static bool is_address(const WCHAR *name)
{
    if (wcschr(name, ':')) return true;
    while (*name == '.' || (*name >= '0' && *name <= '9')) name++;
    return !*name;
}

// The list of names inside of a SEC_APPLICATION_PROTOCOLS, of ALPN.
static const BYTE *alpn_list(PSecBufferDesc input, ULONG *size)
{
    enum { HEAD = 4, LIST_HEAD = 6, EXTENSION_ALPN = 2 };
    const SecBuffer *buffer = find_buffer(input, SECBUFFER_APPLICATION_PROTOCOLS);
    *size = 0;
    if (!buffer) return NULL;
    const BYTE *data = buffer->pvBuffer;
    for (ULONG at = HEAD; at + LIST_HEAD <= buffer->cbBuffer;) {
        DWORD extension;
        WORD length;
        memcpy(&extension, data + at, sizeof extension);
        memcpy(&length, data + at + 4, sizeof length);
        at += LIST_HEAD;
        if (length > buffer->cbBuffer - at) break;
        if (extension == EXTENSION_ALPN) {
            *size = length;
            return data + at;
        }
        at += length;
    }
    return NULL;
}

static SECURITY_STATUS start(struct credential *credential, const WCHAR *target, ULONG flags,
                             PSecBufferDesc input, struct context **result)
{
    char name[512];
    ULONG alpn_size, session_flags = credential->server ? TLS_SERVER : 0;
    const BYTE *alpn = alpn_list(input, &alpn_size);
    struct context *context = heap_alloc(sizeof *context);
    WCHAR *kept = target && *target ? heap_alloc((wcslen(target) + 1) * sizeof(WCHAR)) : NULL;
    // Without its name a server's certificate would go unchecked.
    if (!context || (target && *target && !kept)) {
        heap_free(context);
        heap_free(kept);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    InterlockedIncrement(&credential->references);
    context->credential = credential;
    context->server = credential->server;
    context->flags = flags;
    int length = 0;
    if (kept) {
        context->target = wcscpy(kept, target);
        if (!is_address(target))
            length = WideCharToMultiByte(CP_UTF8, 0, target, -1, name, sizeof name, NULL, NULL);
    }
    if (credential->server && flags & ASC_REQ_MUTUAL_AUTH) session_flags |= TLS_ASK_CERTIFICATE;
    NTSTATUS status = TlsOpenSession(credential->tls, session_flags, credential->protocols, name,
                                     length ? (ULONG)length - 1 : 0, alpn, alpn_size, &context->session);
    if (status) {
        context_free(context);
        return status;
    }
    *result = context;
    return SEC_E_OK;
}

// --- what goes out

// Hands out what the session has to send: in the program's buffer, or in one of ours where it asks for that.
static SECURITY_STATUS put_output(struct context *context, PSecBufferDesc output, ULONG waiting,
                                  bool allocate)
{
    SecBuffer *token = find_buffer(output, SECBUFFER_TOKEN);
    if (!token && output && output->cBuffers && output->pBuffers[0].BufferType == SECBUFFER_EMPTY)
        token = &output->pBuffers[0];
    if (!token) return waiting ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
    token->BufferType = SECBUFFER_TOKEN;
    if (!waiting) {
        token->cbBuffer = 0;
        if (allocate) token->pvBuffer = NULL;
        return SEC_E_OK;
    }
    if (allocate)
        token->pvBuffer = heap_alloc(waiting);
    else if (token->cbBuffer < waiting)
        return SEC_E_BUFFER_TOO_SMALL;
    if (!token->pvBuffer) return SEC_E_INSUFFICIENT_MEMORY;
    return TlsTake(context->session, token->pvBuffer, waiting, &token->cbBuffer);
}

// --- one step

// Gives the session whole records. *used: how much of the data it has.
static SECURITY_STATUS feed(struct context *context, const BYTE *data, ULONG size, ULONG *used,
                            ULONG *waiting)
{
    NTSTATUS status = SEC_I_CONTINUE_NEEDED;
    for (ULONG record; (record = record_size(data + *used, size - *used)) && record <= size - *used;) {
        status = TlsHandshake(context->session, data + *used, record, waiting);
        *used += record;
        if (status != SEC_I_CONTINUE_NEEDED) break;
    }
    return status;
}

static SECURITY_STATUS finish(struct context *context)
{
    TlsDescribe(context->session, &context->connection);
    bool manual = context->flags & ISC_REQ_MANUAL_CRED_VALIDATION ||
                  context->credential->flags & SCH_CRED_MANUAL_CRED_VALIDATION;
    SECURITY_STATUS status = context->server || manual ? SEC_E_OK : validate_server(context);
    context->done = status == SEC_E_OK; // nothing is said to a server that isn't trusted
    return status;
}

static SECURITY_STATUS step(struct context *context, PSecBufferDesc input, PSecBufferDesc output,
                            bool allocate, bool extended)
{
    SecBuffer *token = find_buffer(input, SECBUFFER_TOKEN), *spare = find_buffer(input, SECBUFFER_EMPTY);
    ULONG waiting = 0, used = 0;
    SECURITY_STATUS status;
    if (context->shutting_down) {
        context->shutting_down = false;
        TlsShutDown(context->session, &waiting);
        return put_output(context, output, waiting, allocate);
    }
    bool renegotiating = context->done;
    if (token) {
        const BYTE *data = token->pvBuffer;
        ULONG size = token->cbBuffer;
        used = context->seen < size ? context->seen : size;
        context->seen = 0;
        // A message that came after the handshake needs no answer; in TLS 1.2 it asks for another handshake.
        if (renegotiating && used && context->connection.version >= 0x304)
            status = SEC_E_OK;
        else if (renegotiating && used)
            status = TlsHandshake(context->session, NULL, 0, &waiting);
        else
            status = feed(context, data, size, &used, &waiting);
        if (!used) {
            ULONG record = record_size(data, size);
            set_buffer(spare, SECBUFFER_MISSING, NULL, (record ? record : RECORD_HEAD) - size);
            return SEC_E_INCOMPLETE_MESSAGE;
        }
        if (used < size) set_buffer(spare, SECBUFFER_EXTRA, (BYTE *)data + used, size - used);
    } else {
        status = TlsHandshake(context->session, NULL, 0, &waiting);
    }
    if (status < 0 && !extended) return status;
    SECURITY_STATUS put = put_output(context, output, waiting, allocate);
    if (status < 0 || status == SEC_I_CONTINUE_NEEDED) return put ? put : status;
    SECURITY_STATUS checked = renegotiating ? SEC_E_OK : finish(context);
    return put ? put : checked;
}

// --- exported

// A first call that fails makes no context, also where its message isn't whole yet and is given again.
static void finish_call(struct context *context, bool fresh, SECURITY_STATUS status, PCtxtHandle handle)
{
    if (fresh && status < 0) {
        context_free(context);
    } else if (handle) {
        handle->dwLower = (ULONG_PTR)context;
        handle->dwUpper = CONTEXT_MARK;
    }
}

HOTPATCH SECURITY_STATUS WINAPI InitializeSecurityContextW(PCredHandle credential, PCtxtHandle old,
                                                           SEC_WCHAR *target, ULONG flags, ULONG reserved,
                                                           ULONG representation, PSecBufferDesc input,
                                                           ULONG reserved2, PCtxtHandle new,
                                                           PSecBufferDesc output, ULONG *attributes,
                                                           PTimeStamp expiry)
{
    enum { RETURNED = 0x9C99E }; // the ISC_REQ_ bits that are ISC_RET_ bits too and that TLS has
    struct context *context = context_of(old);
    struct credential *owner = credential_of(credential);
    (void)reserved;
    (void)representation;
    (void)reserved2;
    set_expiry(expiry);
    if (attributes) *attributes = flags & RETURNED;
    if (old ? !context : !owner || owner->server) return SEC_E_INVALID_HANDLE;
    bool fresh = !context;
    if (fresh) {
        SECURITY_STATUS status = start(owner, target, flags, input, &context);
        if (status) return status;
        if (!new) {
            context_free(context);
            return SEC_E_INVALID_HANDLE;
        }
        // What the first call may bring is no token yet.
        input = NULL;
    }
    SECURITY_STATUS status =
        step(context, input, output, flags & ISC_REQ_ALLOCATE_MEMORY, flags & ISC_REQ_EXTENDED_ERROR);
    finish_call(context, fresh, status, new);
    return status;
}

HOTPATCH SECURITY_STATUS WINAPI InitializeSecurityContextA(PCredHandle credential, PCtxtHandle old,
                                                           SEC_CHAR *target, ULONG flags, ULONG reserved,
                                                           ULONG representation, PSecBufferDesc input,
                                                           ULONG reserved2, PCtxtHandle new,
                                                           PSecBufferDesc output, ULONG *attributes,
                                                           PTimeStamp expiry)
{
    WCHAR wide[512];
    bool given = target && MultiByteToWideChar(CP_ACP, 0, target, -1, wide, ARRAY_LENGTH(wide));
    if (target && !given) return SEC_E_INVALID_PARAMETER;
    return InitializeSecurityContextW(credential, old, given ? wide : NULL, flags, reserved, representation,
                                      input, reserved2, new, output, attributes, expiry);
}

HOTPATCH SECURITY_STATUS WINAPI AcceptSecurityContext(PCredHandle credential, PCtxtHandle old,
                                                      PSecBufferDesc input, ULONG flags, ULONG representation,
                                                      PCtxtHandle new, PSecBufferDesc output,
                                                      ULONG *attributes, PTimeStamp expiry)
{
    enum { RETURNED = 0x1891E }; // the ASC_REQ_ bits that are ASC_RET_ bits too
    struct context *context = context_of(old);
    struct credential *owner = credential_of(credential);
    (void)representation;
    set_expiry(expiry);
    if (attributes) *attributes = flags & RETURNED;
    if (old ? !context : !owner || !owner->server) return SEC_E_INVALID_HANDLE;
    bool fresh = !context;
    if (fresh) {
        SECURITY_STATUS status = new ? start(owner, NULL, flags, input, &context) : SEC_E_INVALID_HANDLE;
        if (status) return status;
    }
    SECURITY_STATUS status =
        step(context, input, output, flags & ASC_REQ_ALLOCATE_MEMORY, flags & ASC_REQ_EXTENDED_ERROR);
    finish_call(context, fresh, status, new);
    return status;
}

HOTPATCH SECURITY_STATUS WINAPI CompleteAuthToken(PCtxtHandle handle, PSecBufferDesc token)
{
    (void)token;
    return context_of(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

HOTPATCH SECURITY_STATUS WINAPI DeleteSecurityContext(PCtxtHandle handle)
{
    struct context *context = context_of(handle);
    if (!context) return SEC_E_INVALID_HANDLE;
    handle->dwLower = handle->dwUpper = 0;
    context_free(context);
    return SEC_E_OK;
}

HOTPATCH SECURITY_STATUS WINAPI ApplyControlToken(PCtxtHandle handle, PSecBufferDesc input)
{
    struct context *context = context_of(handle);
    const SecBuffer *token = find_buffer(input, SECBUFFER_TOKEN);
    DWORD type;
    if (!context) return SEC_E_INVALID_HANDLE;
    if (!token || token->cbBuffer < sizeof type) return SEC_E_INVALID_TOKEN;
    memcpy(&type, token->pvBuffer, sizeof type);
    if (type != SCHANNEL_SHUTDOWN) return type == SCHANNEL_SESSION ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
    context->shutting_down = true;
    return SEC_E_OK;
}
