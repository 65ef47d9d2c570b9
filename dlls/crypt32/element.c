// Certificates and revocation lists as contexts.
#include "store.h"

static SRWLOCK lock = SRWLOCK_INIT;

void pki_lock(void)
{
    AcquireSRWLockExclusive(&lock);
}

void pki_unlock(void)
{
    ReleaseSRWLockExclusive(&lock);
}

struct element *element_new(enum element_kind kind, DWORD encoding, const BYTE *data, DWORD size)
{
    struct der in = {data, size}, whole;
    if (!data || !size || !der_take_whole(&in, &whole)) return NULL;
    void *info = decode_local(kind == ELEMENT_CRL ? X509_CERT_CRL_TO_BE_SIGNED : X509_CERT_TO_BE_SIGNED, data,
                              whole.size);
    if (!info) return NULL;
    struct element *element = heap_alloc(sizeof *element);
    BYTE *copy = heap_alloc(whole.size);
    if (!element || !copy) {
        LocalFree(info);
        heap_free(element);
        heap_free(copy);
        return NULL;
    }
    memcpy(copy, data, whole.size);
    element->kind = kind;
    element->outside = 1;
    element->context = (CERT_CONTEXT){encoding, copy, whole.size, info, NULL};
    return element;
}

void element_free(struct element *element)
{
    for (struct property *next, *p = element->properties; p; p = next) {
        next = p->next;
        SecureZeroMemory(p->data, p->size); // one may be a key
        heap_free(p);
    }
    LocalFree(element->context.pCertInfo);
    heap_free(element->context.pbCertEncoded);
    heap_free(element);
}

void element_retain(struct element *element)
{
    if (!element->outside++ && element->store) store_retain(element->store);
}

void element_release(struct element *element)
{
    struct store *store = element->store;
    if (--element->outside) return;
    if (!element->listed) element_free(element);
    if (store) store_release(store);
}

static struct element *of(const void *context)
{
    return (struct element *)context;
}

static const void *duplicate(const void *context)
{
    if (!context) return NULL;
    pki_lock();
    element_retain(of(context));
    pki_unlock();
    return context;
}

static BOOL release(const void *context)
{
    if (!context) return TRUE;
    pki_lock();
    element_release(of(context));
    pki_unlock();
    return TRUE;
}

static const void *create(enum element_kind kind, DWORD encoding, const BYTE *data, DWORD size)
{
    if (!(encoding & X509_ASN_ENCODING)) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    return element_new(kind, encoding, data, size);
}

HOTPATCH PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD encoding, const BYTE *data, DWORD size)
{
    return create(ELEMENT_CERTIFICATE, encoding, data, size);
}

HOTPATCH PCCERT_CONTEXT WINAPI CertDuplicateCertificateContext(PCCERT_CONTEXT context)
{
    return duplicate(context);
}

HOTPATCH BOOL WINAPI CertFreeCertificateContext(PCCERT_CONTEXT context)
{
    return release(context);
}

HOTPATCH PCCRL_CONTEXT WINAPI CertCreateCRLContext(DWORD encoding, const BYTE *data, DWORD size)
{
    return create(ELEMENT_CRL, encoding, data, size);
}

HOTPATCH PCCRL_CONTEXT WINAPI CertDuplicateCRLContext(PCCRL_CONTEXT context)
{
    return duplicate(context);
}

HOTPATCH BOOL WINAPI CertFreeCRLContext(PCCRL_CONTEXT context)
{
    return release(context);
}
