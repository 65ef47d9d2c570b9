// What a session of the 64-bit side tells in bytes of any number.
#include "tls.h"

BYTE *query_bytes(struct context *context, ULONG kind, ULONG *size)
{
    if (TlsQuery(context->session, kind, NULL, 0, size) != STATUS_BUFFER_TOO_SMALL) return NULL;
    BYTE *bytes = heap_alloc(*size);
    if (!bytes || NT_SUCCESS(TlsQuery(context->session, kind, bytes, *size, size))) return bytes;
    heap_free(bytes);
    return NULL;
}
