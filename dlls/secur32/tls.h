// Schannel, the one security package there is: TLS. Handles are pointers with a mark.
#ifndef LOWLAND_SECUR32_TLS_H
#define LOWLAND_SECUR32_TLS_H

#include "dlls/advapi32/base.h"
#include "secur32.h"
#define SECURITY_WIN32
#define _NO_KSECDD_IMPORT_ // it is defined here
#define SCHANNEL_USE_BLACKLISTS
#include <schannel.h>
#include <security.h>

enum { CREDENTIAL_MARK = 0x64657243, CONTEXT_MARK = 0x78746E43, RECORD_HEAD = 5, RECORD_CONTENT_MAX = 16384 };

struct credential {
    LONG references;
    bool server;
    DWORD protocols, flags; // SP_PROT_ and SCH_CRED_ bits
    HANDLE tls;
    HCERTSTORE roots; // that are trusted instead of the system's (NULL: those)
    PCCERT_CONTEXT certificate;
};

struct context {
    struct credential *credential;
    HANDLE session;
    bool server, done, shutting_down;
    DWORD flags; // that it was asked for with
    DWORD seen;  // of the data that comes next: what DecryptMessage has given to the session already
    WCHAR *target;
    TLS_CONNECTION connection; // once it is done
};

// NULL for what is no such handle.
struct credential *credential_of(PCredHandle handle);
struct context *context_of(PCtxtHandle handle);
void credential_release(struct credential *credential);

// The bytes of TlsQuery by heap_alloc; NULL when there are none.
BYTE *query_bytes(struct context *context, ULONG kind, ULONG *size);
// The peer's certificate in a store with the others it sent, which the caller frees; NULL when there is none.
PCCERT_CONTEXT remote_certificate(struct context *context);
// Whether the server's certificate may be trusted: what Schannel checks unless its user does.
SECURITY_STATUS validate_server(struct context *context);

// Credentials and contexts never expire.
static inline void set_expiry(PTimeStamp expiry)
{
    if (expiry) expiry->QuadPart = 0x7FFFFFFFFFFFFFFF;
}

static inline SecBuffer *find_buffer(PSecBufferDesc list, ULONG type)
{
    for (ULONG i = 0; list && i < list->cBuffers; i++)
        if ((list->pBuffers[i].BufferType & ~(ULONG)SECBUFFER_ATTRMASK) == type) return &list->pBuffers[i];
    return NULL;
}

static inline void set_buffer(SecBuffer *buffer, ULONG type, void *data, ULONG size)
{
    if (buffer) *buffer = (SecBuffer){size, type, data};
}

// The size of the record at data; 0: its head isn't whole yet.
static inline ULONG record_size(const BYTE *data, ULONG size)
{
    return size < RECORD_HEAD ? 0 : RECORD_HEAD + ((ULONG)data[3] << 8 | data[4]);
}

#endif
