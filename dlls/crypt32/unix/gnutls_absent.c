// What calls of GnuTLS answer in a build without it.
#ifndef GNUTLS_SONAME
#include "crypt32_host.h"
#include "guest_constants.h"
#include "secur32_host.h"

#pragma GCC diagnostic ignored "-Wunused-parameter"

NTSTATUS PkiVerify(gptr key, uint32_t key_size, gptr oid, uint32_t pss_hash, gptr data, uint32_t size,
                   gptr signature, uint32_t signature_size)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS PkiOpenPfx(gptr file, uint32_t size, gptr password, gptr items, uint32_t room, uint32_t *needed)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsOpenCredential(gptr chain, uint32_t chain_size, gptr key, uint32_t key_size, HANDLE32 *credential)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsOpenSession(HANDLE32 credential, uint32_t flags, uint32_t protocols, gptr name,
                        uint32_t name_size, gptr alpn, uint32_t alpn_size, HANDLE32 *session)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsHandshake(HANDLE32 session, gptr data, uint32_t size, uint32_t *waiting)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsTake(HANDLE32 session, gptr data, uint32_t room, uint32_t *taken)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsEncrypt(HANDLE32 session, gptr data, uint32_t size, uint32_t *waiting)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsDecrypt(HANDLE32 session, gptr record, uint32_t size, uint32_t *content)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsShutDown(HANDLE32 session, uint32_t *waiting)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsDescribe(HANDLE32 session, TLS_CONNECTION32 *connection)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS TlsQuery(HANDLE32 session, uint32_t kind, gptr data, uint32_t room, uint32_t *needed)
{
    return STATUS_NOT_SUPPORTED;
}
#endif
