// What the files of TLS share: credentials and sessions as objects.
#ifndef LOWLAND_TLS_SESSION_H
#define LOWLAND_TLS_SESSION_H

#include "dlls/crypt32/unix/gnutls_library.h"
#include "dlls/crypt32/unix/guest_copy.h"
#include "dlls/ntdll/unix/object.h"
#include "secur32_host.h"
#include <pthread.h>

struct tls_credential {
    struct object object;
    gnutls_certificate_credentials_t handle;
};

struct tls_bytes {
    uint8_t *data;
    size_t size, room;
};

struct tls_session {
    struct object object;
    pthread_mutex_t lock;
    struct tls_credential *credential; // a reference
    gnutls_session_t handle;
    struct tls_bytes in, out; // in: what was given and not read yet, out: what is to be sent
    size_t read;              // of in
};

// Retained; as handle_resolve.
NTSTATUS tls_credential_resolve(HANDLE32 handle, struct tls_credential **credential);
NTSTATUS tls_session_resolve(HANDLE32 handle, struct tls_session **session);

#endif
