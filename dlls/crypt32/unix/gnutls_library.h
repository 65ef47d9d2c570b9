// GnuTLS, loaded when a program first needs it. It is optional: without its headers gnutls_absent.c stands in
// for what uses it.
#ifndef LOWLAND_GNUTLS_LIBRARY_H
#define LOWLAND_GNUTLS_LIBRARY_H

#ifdef GNUTLS_SONAME
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <stdbool.h>

#define GNUTLS_FUNCTIONS(X)                                                                                  \
    X(gnutls_alert_get)                                                                                      \
    X(gnutls_alert_send_appropriate)                                                                         \
    X(gnutls_alpn_get_selected_protocol)                                                                     \
    X(gnutls_alpn_set_protocols)                                                                             \
    X(gnutls_bye)                                                                                            \
    X(gnutls_certificate_allocate_credentials)                                                               \
    X(gnutls_certificate_free_credentials)                                                                   \
    X(gnutls_certificate_get_peers)                                                                          \
    X(gnutls_certificate_server_set_request)                                                                 \
    X(gnutls_certificate_set_x509_key)                                                                       \
    X(gnutls_cipher_get)                                                                                     \
    X(gnutls_cipher_get_key_size)                                                                            \
    X(gnutls_cipher_suite_info)                                                                              \
    X(gnutls_credentials_set)                                                                                \
    X(gnutls_deinit)                                                                                         \
    X(gnutls_dh_get_prime_bits)                                                                              \
    X(gnutls_free)                                                                                           \
    X(gnutls_group_get)                                                                                      \
    X(gnutls_handshake)                                                                                      \
    X(gnutls_init)                                                                                           \
    X(gnutls_kx_get)                                                                                         \
    X(gnutls_mac_get)                                                                                        \
    X(gnutls_oid_to_sign)                                                                                    \
    X(gnutls_pkcs12_deinit)                                                                                  \
    X(gnutls_pkcs12_import)                                                                                  \
    X(gnutls_pkcs12_init)                                                                                    \
    X(gnutls_pkcs12_simple_parse)                                                                            \
    X(gnutls_pkcs12_verify_mac)                                                                              \
    X(gnutls_priority_set_direct)                                                                            \
    X(gnutls_protocol_get_version)                                                                           \
    X(gnutls_prf_hash_get)                                                                                   \
    X(gnutls_pubkey_deinit)                                                                                  \
    X(gnutls_pubkey_import)                                                                                  \
    X(gnutls_pubkey_init)                                                                                    \
    X(gnutls_pubkey_verify_data2)                                                                            \
    X(gnutls_record_overhead_size)                                                                           \
    X(gnutls_record_recv)                                                                                    \
    X(gnutls_record_send)                                                                                    \
    X(gnutls_server_name_get)                                                                                \
    X(gnutls_server_name_set)                                                                                \
    X(gnutls_session_channel_binding)                                                                        \
    X(gnutls_transport_set_errno)                                                                            \
    X(gnutls_transport_set_ptr)                                                                              \
    X(gnutls_transport_set_pull_function)                                                                    \
    X(gnutls_transport_set_push_function)                                                                    \
    X(gnutls_x509_crt_deinit)                                                                                \
    X(gnutls_x509_crt_export2)                                                                               \
    X(gnutls_x509_crt_import)                                                                                \
    X(gnutls_x509_crt_init)                                                                                  \
    X(gnutls_x509_privkey_deinit)                                                                            \
    X(gnutls_x509_privkey_export2_pkcs8)                                                                     \
    X(gnutls_x509_privkey_import2)                                                                           \
    X(gnutls_x509_privkey_init)

// tls.gnutls_init is the library's, and so on. Valid after gnutls_load. gnutls_free is a variable there.
struct gnutls_library {
#define X(name) __typeof__(&(name)) name; // NOLINT(bugprone-macro-parentheses)
    GNUTLS_FUNCTIONS(X)
#undef X
};
extern struct gnutls_library tls;

// False, with one line on standard error the first time, when the library is not there. Any thread.
bool gnutls_load(void);

// Frees what the library allocated (NULL: nothing).
static inline void gnutls_release(void *memory)
{
    if (memory) (*tls.gnutls_free)(memory);
}

#endif
#endif
