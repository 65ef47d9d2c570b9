// EncryptMessage and DecryptMessage: one record at a time, in the program's buffers.
#include "tls.h"

// What lies before a record's content.
static ULONG head_size(const struct context *context)
{
    return RECORD_HEAD + context->connection.explicit_iv;
}

// A record is what the buffers hold one after another: header, data, trailer.
HOTPATCH SECURITY_STATUS WINAPI EncryptMessage(PCtxtHandle handle, ULONG quality, PSecBufferDesc message,
                                               ULONG number)
{
    struct context *context = context_of(handle);
    SecBuffer *header = find_buffer(message, SECBUFFER_STREAM_HEADER),
              *data = find_buffer(message, SECBUFFER_DATA),
              *trailer = find_buffer(message, SECBUFFER_STREAM_TRAILER);
    ULONG waiting, taken;
    (void)quality;
    (void)number;
    if (!context || !context->done) return SEC_E_INVALID_HANDLE;
    if (!header || !data || !trailer) return SEC_E_INVALID_TOKEN;
    ULONG head = head_size(context), overhead = context->connection.overhead;
    if (data->cbBuffer > RECORD_CONTENT_MAX) return SEC_E_INVALID_PARAMETER;
    if (header->cbBuffer < head || trailer->cbBuffer + head < overhead) return SEC_E_BUFFER_TOO_SMALL;
    NTSTATUS status = TlsEncrypt(context->session, data->pvBuffer, data->cbBuffer, &waiting);
    if (status) return status;
    if (waiting > head + data->cbBuffer + trailer->cbBuffer) return SEC_E_INTERNAL_ERROR;
    status = TlsTake(context->session, header->pvBuffer, head, &header->cbBuffer);
    if (!status) status = TlsTake(context->session, data->pvBuffer, data->cbBuffer, &taken);
    if (!status) status = TlsTake(context->session, trailer->pvBuffer, trailer->cbBuffer, &trailer->cbBuffer);
    return status;
}

// The buffers that a program leaves empty are filled in this order.
static void describe(PSecBufferDesc message, SecBuffer *data, BYTE *record, ULONG record_length,
                     ULONG content, BYTE *extra, ULONG extra_size)
{
    const SecBuffer parts[] = {
        {content, SECBUFFER_DATA, record + RECORD_HEAD},
        {record_length - RECORD_HEAD - content, SECBUFFER_STREAM_TRAILER, record + RECORD_HEAD + content},
        {extra_size, SECBUFFER_EXTRA, extra},
    };
    *data = (SecBuffer){RECORD_HEAD, SECBUFFER_STREAM_HEADER, record};
    ULONG part = 0, count = extra_size ? 3 : 2;
    for (ULONG i = 0; i < message->cBuffers && part < count; i++)
        if (message->pBuffers[i].BufferType == SECBUFFER_EMPTY) message->pBuffers[i] = parts[part++];
}

HOTPATCH SECURITY_STATUS WINAPI DecryptMessage(PCtxtHandle handle, PSecBufferDesc message, ULONG number,
                                               ULONG *quality)
{
    struct context *context = context_of(handle);
    SecBuffer *data = find_buffer(message, SECBUFFER_DATA);
    ULONG content = 0;
    (void)number;
    if (quality) *quality = 0;
    if (!context || !context->done) return SEC_E_INVALID_HANDLE;
    if (!data) return SEC_E_INVALID_TOKEN;
    BYTE *record = data->pvBuffer;
    ULONG size = data->cbBuffer, length = record_size(record, size);
    if (!length || length > size) {
        set_buffer(find_buffer(message, SECBUFFER_EMPTY), SECBUFFER_MISSING, NULL,
                   (length ? length : RECORD_HEAD) - size);
        return SEC_E_INCOMPLETE_MESSAGE;
    }
    bool application = record[0] == 23;
    NTSTATUS status = TlsDecrypt(context->session, record, length, &content);
    if (status < 0) return status;
    if (status == SEC_I_RENEGOTIATE && application && context->connection.version < 0x304) status = SEC_E_OK;
    if (content + RECORD_HEAD > length) return SEC_E_INTERNAL_ERROR;
    memmove(record + RECORD_HEAD, record, content);
    ULONG kept = status == SEC_I_RENEGOTIATE ? length : 0; // what InitializeSecurityContext is to be given
    context->seen = kept;
    describe(message, data, record, length, content, record + length - kept, size - length + kept);
    return status;
}
