// Stores: lists of elements, and collections of other stores.
#include "store.h"

struct store *store_new(void)
{
    struct store *store = heap_alloc(sizeof *store);
    if (!store) return NULL;
    store->magic = STORE_MAGIC;
    store->references = 1;
    return store;
}

struct store *store_of(HCERTSTORE handle)
{
    struct store *store = handle;
    if (store && store->magic == STORE_MAGIC) return store;
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

void store_retain(struct store *store)
{
    store->references++;
}

// To its file, which is written where the store's user wants it: when it is closed.
static void write_back(struct store *store)
{
    AUTO_WRITER struct der_writer out = {0};
    if (!store->path || !store->changed || !(store->path_flags & CERT_FILE_STORE_COMMIT_ENABLE_FLAG)) return;
    store_write_serialized(&out, store);
    if (!out.error) write_whole_file(store->path, NULL, out.data, out.size);
    store->changed = false;
}

void store_release(struct store *store)
{
    if (--store->references) return;
    write_back(store);
    for (struct element *next, *e = store->first; e; e = next) {
        next = e->next;
        element_free(e);
    }
    for (DWORD i = 0; i < store->member_count; i++) store_release(store->members[i]);
    if (store->key) RegCloseKey(store->key);
    heap_free(store->path);
    store->magic = 0;
    heap_free(store);
}

// With the lock: loads it if that is still to be done.
static void store_need(struct store *store)
{
    if (store->loaded) return;
    store->loaded = true;
    if (store->load) store->load(store);
}

void store_list(struct store *store, struct element *element)
{
    struct element **end = &store->first;
    while (*end) end = &(*end)->next;
    element->order = ++store->next_order;
    element->listed = true;
    element->next = NULL;
    element->store = store;
    element->context.hCertStore = store;
    *end = element;
}

// Takes it out of the list; whoever has it keeps it.
static void unlist(struct element *element)
{
    struct element **link = &element->store->first;
    while (*link && *link != element) link = &(*link)->next;
    if (*link) *link = element->next;
    element->listed = false;
    if (!element->outside) element_free(element);
}

static struct element *next_here(struct store *store, enum element_kind kind, DWORD order)
{
    store_need(store);
    struct element *element = store->first;
    while (element && (element->kind != kind || element->order <= order)) element = element->next;
    return element;
}

struct element *store_next(struct store *store, enum element_kind kind, const struct element *after)
{
    if (!store->collection) return next_here(store, kind, after ? after->order : 0);
    DWORD i = 0;
    while (after && i < store->member_count && store->members[i] != after->store) i++;
    struct element *found = NULL;
    for (DWORD order = after ? after->order : 0; i < store->member_count && !found; i++, order = 0)
        found = next_here(store->members[i], kind, order);
    return found;
}

// --- adding

static bool same_element(const struct element *one, const struct element *other)
{
    return one->context.cbCertEncoded == other->context.cbCertEncoded &&
           !memcmp(one->context.pbCertEncoded, other->context.pbCertEncoded, one->context.cbCertEncoded);
}

// A certificate is known by its issuer and number, a revocation list by its issuer.
static bool same_identity(const struct element *one, const struct element *other)
{
    const CERT_INFO *a = one->context.pCertInfo, *b = other->context.pCertInfo;
    if (one->kind == ELEMENT_CRL) {
        const CRL_INFO *c = (const CRL_INFO *)a, *d = (const CRL_INFO *)b;
        return blobs_equal((const DATA_BLOB *)&c->Issuer, (const DATA_BLOB *)&d->Issuer);
    }
    return blobs_equal((const DATA_BLOB *)&a->SerialNumber, (const DATA_BLOB *)&b->SerialNumber) &&
           blobs_equal((const DATA_BLOB *)&a->Issuer, (const DATA_BLOB *)&b->Issuer);
}

static LONG compare_age(const struct element *one, const struct element *other)
{
    if (one->kind == ELEMENT_CRL)
        return CompareFileTime(&((CRL_INFO *)one->context.pCertInfo)->ThisUpdate,
                               &((CRL_INFO *)other->context.pCertInfo)->ThisUpdate);
    return CompareFileTime(&one->context.pCertInfo->NotBefore, &other->context.pCertInfo->NotBefore);
}

enum decision { ADD_FRESH, REPLACE, KEEP_OLD, REFUSE };

static enum decision decide(const struct element *element, const struct element *old, DWORD disposition,
                            DWORD *error)
{
    *error = (DWORD)CRYPT_E_EXISTS;
    if (!old || disposition == CERT_STORE_ADD_ALWAYS) return ADD_FRESH;
    switch (disposition) {
    case CERT_STORE_ADD_NEW: return REFUSE;
    case CERT_STORE_ADD_USE_EXISTING: return KEEP_OLD;
    case CERT_STORE_ADD_REPLACE_EXISTING:
    case CERT_STORE_ADD_REPLACE_EXISTING_INHERIT_PROPERTIES: return REPLACE;
    case CERT_STORE_ADD_NEWER:
    case CERT_STORE_ADD_NEWER_INHERIT_PROPERTIES: return compare_age(element, old) > 0 ? REPLACE : REFUSE;
    }
    *error = (DWORD)E_INVALIDARG;
    return REFUSE;
}

static struct element *copy_of(const struct element *element, const struct element *heir_of,
                               bool with_properties)
{
    struct element *copy = element_new(element->kind, element->context.dwCertEncodingType,
                                       element->context.pbCertEncoded, element->context.cbCertEncoded);
    if (!copy) return NULL;
    bool good = (!heir_of || property_copy_all(copy, heir_of)) &&
                (!with_properties || property_copy_all(copy, element));
    if (good) return copy;
    element_free(copy);
    return NULL;
}

// The store of a collection that takes what is added to it.
static struct store *writable(struct store *store)
{
    if (!store->collection) return store;
    for (DWORD i = 0; i < store->member_count; i++)
        if (store->member_flags[i] & CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG) return store->members[i];
    return NULL;
}

bool store_add(struct store *store, const struct element *element, DWORD disposition, struct element **result)
{
    DWORD error;
    store = writable(store);
    if (!store || store->read_only) return der_fail(ERROR_ACCESS_DENIED);
    if (!disposition || disposition > CERT_STORE_ADD_NEWER_INHERIT_PROPERTIES)
        return der_fail((DWORD)E_INVALIDARG);
    store_need(store);
    struct element *old = store->first, *fresh;
    while (old && (old->kind != element->kind || !same_identity(old, element))) old = old->next;
    enum decision decision = decide(element, old, disposition, &error);
    if (decision == REFUSE) return der_fail(error);
    if (decision == KEEP_OLD) {
        if (same_element(old, element) && !property_copy_all(old, element)) return false;
        if (store->key && !store_system_written(store, old)) return false;
        fresh = old;
        element_retain(old);
    } else {
        bool inherit =
            decision == REPLACE && (disposition == CERT_STORE_ADD_REPLACE_EXISTING_INHERIT_PROPERTIES ||
                                    disposition == CERT_STORE_ADD_NEWER_INHERIT_PROPERTIES);
        fresh = copy_of(element, inherit ? old : NULL, true);
        if (!fresh) return false;
        if (store->key && !store_system_written(store, fresh)) {
            element_free(fresh);
            return false;
        }
        if (decision == REPLACE) {
            // Another certificate with the same number lies elsewhere, and would come back from there.
            if (store->key && !same_element(old, fresh)) store_system_removed(store, old);
            unlist(old);
        }
        store_list(store, fresh);
        store_retain(store); // for the reference that the copy was made with
    }
    store->changed = true;
    if (result)
        *result = fresh;
    else
        element_release(fresh);
    return true;
}

static BOOL add(HCERTSTORE handle, const void *context, DWORD disposition, const void **result)
{
    struct element *added = NULL;
    const struct element *element = context;
    if (result) *result = NULL;
    if (!handle) { // a copy that belongs to no store
        struct element *copy = copy_of(element, NULL, true);
        if (copy && result)
            *result = copy;
        else if (copy)
            element_free(copy);
        return copy != NULL;
    }
    struct store *store = store_of(handle);
    if (!store) return FALSE;
    pki_lock();
    bool good = store_add(store, element, disposition, result ? &added : NULL);
    pki_unlock();
    if (result) *result = added;
    return good;
}

static BOOL add_encoded(HCERTSTORE store, enum element_kind kind, DWORD encoding, const BYTE *data,
                        DWORD size, DWORD disposition, const void **result)
{
    struct element *element = element_new(kind, encoding, data, size);
    if (!element) return FALSE;
    BOOL good = add(store, element, disposition, result);
    DWORD error = GetLastError();
    element_free(element);
    SetLastError(error);
    return good;
}

HOTPATCH BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE store, PCCERT_CONTEXT context,
                                                      DWORD disposition, PCCERT_CONTEXT *result)
{
    return add(store, context, disposition, (const void **)result);
}

// What is a link on Windows is a copy here, with the same properties at the time.
HOTPATCH BOOL WINAPI CertAddEncodedCertificateToStore(HCERTSTORE store, DWORD encoding, const BYTE *data,
                                                      DWORD size, DWORD disposition, PCCERT_CONTEXT *result)
{
    return add_encoded(store, ELEMENT_CERTIFICATE, encoding, data, size, disposition, (const void **)result);
}

HOTPATCH BOOL WINAPI CertAddCRLContextToStore(HCERTSTORE store, PCCRL_CONTEXT context, DWORD disposition,
                                              PCCRL_CONTEXT *result)
{
    return add(store, context, disposition, (const void **)result);
}

HOTPATCH BOOL WINAPI CertAddEncodedCRLToStore(HCERTSTORE store, DWORD encoding, const BYTE *data, DWORD size,
                                              DWORD disposition, PCCRL_CONTEXT *result)
{
    return add_encoded(store, ELEMENT_CRL, encoding, data, size, disposition, (const void **)result);
}

// --- deleting and enumerating

static BOOL delete_element(const void *context)
{
    struct element *element = (struct element *)context;
    BOOL good = TRUE;
    if (!element) return TRUE;
    pki_lock();
    if (element->listed && element->store->read_only)
        good = fail_with(ERROR_ACCESS_DENIED);
    else if (element->listed) {
        if (element->store->key) store_system_removed(element->store, element);
        element->store->changed = true;
        unlist(element);
    }
    element_release(element);
    pki_unlock();
    return good;
}

HOTPATCH BOOL WINAPI CertDeleteCertificateFromStore(PCCERT_CONTEXT context)
{
    return delete_element(context);
}

HOTPATCH BOOL WINAPI CertDeleteCRLFromStore(PCCRL_CONTEXT context)
{
    return delete_element(context);
}

static const void *enumerate(HCERTSTORE handle, enum element_kind kind, const void *context, DWORD error)
{
    struct store *store = store_of(handle);
    struct element *previous = (struct element *)context, *found = NULL;
    pki_lock();
    if (store) found = store_next(store, kind, previous);
    if (found) element_retain(found);
    if (previous) element_release(previous);
    pki_unlock();
    if (store && !found) SetLastError(error);
    return found;
}

HOTPATCH PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(HCERTSTORE store, PCCERT_CONTEXT previous)
{
    return enumerate(store, ELEMENT_CERTIFICATE, previous, (DWORD)CRYPT_E_NOT_FOUND);
}

HOTPATCH PCCRL_CONTEXT WINAPI CertEnumCRLsInStore(HCERTSTORE store, PCCRL_CONTEXT previous)
{
    return enumerate(store, ELEMENT_CRL, previous, (DWORD)CRYPT_E_NOT_FOUND);
}

// --- handles

HOTPATCH HCERTSTORE WINAPI CertDuplicateStore(HCERTSTORE handle)
{
    struct store *store = store_of(handle);
    if (!store) return NULL;
    pki_lock();
    store_retain(store);
    pki_unlock();
    return store;
}

// Makes what programs have of a store their own, so that the store can go.
static void orphan(struct store *store)
{
    for (struct element **link = &store->first; *link;) {
        struct element *element = *link;
        if (!element->outside) {
            link = &element->next;
            continue;
        }
        *link = element->next;
        element->listed = false;
        element->store = NULL;
        store->references--;
    }
}

HOTPATCH BOOL WINAPI CertCloseStore(HCERTSTORE handle, DWORD flags)
{
    if (!handle) return TRUE;
    struct store *store = store_of(handle);
    if (!store) return FALSE;
    pki_lock();
    bool pending = store->references > 1;
    if (flags & CERT_CLOSE_STORE_FORCE_FLAG) orphan(store);
    store_release(store);
    pki_unlock();
    return !pending || !(flags & CERT_CLOSE_STORE_CHECK_FLAG) || fail_with((DWORD)CRYPT_E_PENDING_CLOSE);
}

// --- collections

HOTPATCH BOOL WINAPI CertAddStoreToCollection(HCERTSTORE handle, HCERTSTORE member_handle, DWORD flags,
                                              DWORD priority)
{
    struct store *store = store_of(handle), *member = member_handle ? store_of(member_handle) : NULL;
    if (!store || (member_handle && !member)) return FALSE;
    if (!store->collection || store == member) return fail_with((DWORD)E_INVALIDARG);
    if (!member) return TRUE;
    pki_lock();
    // Enumerations go on after the member that they are in, so no store is one twice.
    DWORD i = 0;
    while (i < store->member_count && store->members[i] != member) i++;
    bool room = i < COLLECTION_MAX;
    if (i < store->member_count) {
        store->member_flags[i] = flags;
    } else if (room) {
        (void)priority; // all have the same here: in the order in which they came
        store->member_flags[store->member_count] = flags;
        store->members[store->member_count++] = member;
        store_retain(member);
    }
    pki_unlock();
    return room || fail_with(ERROR_NOT_ENOUGH_MEMORY);
}

HOTPATCH void WINAPI CertRemoveStoreFromCollection(HCERTSTORE handle, HCERTSTORE member)
{
    struct store *store = store_of(handle);
    if (!store) return;
    pki_lock();
    for (DWORD i = 0; i < store->member_count; i++) {
        if (store->members[i] != member) continue;
        store_release(store->members[i]);
        store->member_count--;
        memmove(&store->members[i], &store->members[i + 1],
                (store->member_count - i) * sizeof store->members[0]);
        memmove(&store->member_flags[i], &store->member_flags[i + 1],
                (store->member_count - i) * sizeof store->member_flags[0]);
        break;
    }
    pki_unlock();
}
