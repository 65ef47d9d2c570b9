// Transactions: the objects, their ends, and what is to be known of them.
#include "transaction.h"
#include "ntdll_host.h"
#include "registry_key.h"
#include "loader/host_clock.h"
#include "shared_object.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { DESCRIPTION_MAX = 64 }; // MAX_TRANSACTION_DESCRIPTION_LENGTH, in characters

// ---- objects ----

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct transaction *list;

static struct transaction *of_deadline(struct service_timer *timer)
{
    return (struct transaction *)((char *)timer - offsetof(struct transaction, deadline));
}

static void transaction_destroy(struct object *object)
{
    struct transaction *transaction = (struct transaction *)object;
    pthread_mutex_lock(&list_lock);
    struct transaction **at = &list;
    while (*at != transaction) at = &(*at)->next;
    *at = transaction->next;
    pthread_mutex_unlock(&list_lock);
    service_timer_cancel(&transaction->deadline);
    registry_log_free(&transaction->log);
    free(transaction->description);
    pthread_mutex_destroy(&transaction->lock);
    object_free(object);
}

void transaction_abort_locked(struct transaction *transaction)
{
    transaction->outcome = TransactionOutcomeAborted;
    registry_log_free(&transaction->log);
    waitable_set(&transaction->waitable);
}

static void abort_if_active(struct transaction *transaction)
{
    if (transaction_enter(transaction)) return;
    transaction_abort_locked(transaction);
    transaction_leave(transaction);
}

// Nobody can commit it any more: keys that were opened in it don't keep it.
static void transaction_handle_closed(struct object *object, bool last)
{
    if (last) abort_if_active((struct transaction *)object);
}

// The lock is held while a call waits for its turn to write to the registry, which another process may have.
// The service thread, whom others wait for, comes back instead.
static void deadline_passed(struct service_timer *timer)
{
    enum { MOMENT = 10000000 }; // ns
    struct transaction *transaction = of_deadline(timer);
    if (pthread_mutex_trylock(&transaction->lock) != 0) {
        service_timer_set(timer, host_monotonic_ns() + MOMENT, deadline_passed);
        return;
    }
    if (transaction->outcome == TransactionOutcomeUndetermined) transaction_abort_locked(transaction);
    transaction_leave(transaction);
}

#define TRANSACTION_TYPE(kind)                                                                               \
    .mapping = {.GenericRead = TRANSACTION_GENERIC_READ,                                                     \
                .GenericWrite = TRANSACTION_GENERIC_WRITE,                                                   \
                .GenericExecute = TRANSACTION_GENERIC_EXECUTE,                                               \
                .GenericAll = TRANSACTION_ALL_ACCESS},                                                       \
    .valid_access = TRANSACTION_ALL_ACCESS, .destroy = transaction_destroy,                                  \
    .handle_closed = transaction_handle_closed, .shared_kind = kind

const struct object_type transaction_type = {.name = "TmTx", TRANSACTION_TYPE(SHARED_TRANSACTION)};
const struct object_type registry_transaction_type = {.name = "RegistryTransaction",
                                                      TRANSACTION_TYPE(SHARED_REGISTRY_TRANSACTION)};

NTSTATUS transaction_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct transaction **transaction)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &transaction_type, access, &object);
    if (status == STATUS_OBJECT_TYPE_MISMATCH)
        status = handle_resolve(handle, &registry_transaction_type, access, &object);
    if (!status) *transaction = (struct transaction *)object;
    return status;
}

NTSTATUS transaction_enter(struct transaction *transaction)
{
    pthread_mutex_lock(&transaction->lock);
    if (transaction->outcome == TransactionOutcomeUndetermined) return STATUS_SUCCESS;
    pthread_mutex_unlock(&transaction->lock);
    return STATUS_TRANSACTION_NOT_ACTIVE;
}

void transaction_leave(struct transaction *transaction)
{
    pthread_mutex_unlock(&transaction->lock);
}

// id: NULL for a fresh one.
static struct transaction *transaction_new(const struct object_type *type, const GUID32 *id)
{
    struct transaction *transaction = object_alloc(sizeof *transaction);
    if (!transaction) return NULL;
    if (id)
        transaction->id = *id;
    else if (getrandom(&transaction->id, sizeof transaction->id, 0) != sizeof transaction->id)
        abort(); // asked for so little the kernel never refuses
    object_init(&transaction->object, type);
    waitable_init(&transaction->object, &transaction->waitable, WAITABLE_NOTIFICATION, 0);
    pthread_mutex_init(&transaction->lock, NULL);
    transaction->outcome = TransactionOutcomeUndetermined;
    pthread_mutex_lock(&list_lock);
    transaction->next = list;
    list = transaction;
    pthread_mutex_unlock(&list_lock);
    return transaction;
}

// One of this process by its number, retained; NULL: none.
static struct transaction *find(const GUID32 *id)
{
    struct transaction *found = NULL;
    pthread_mutex_lock(&list_lock);
    for (struct transaction *at = list; at && !found; at = at->next)
        if (!memcmp(&at->id, id, sizeof *id) && object_retain_live(&at->object)) found = at;
    pthread_mutex_unlock(&list_lock);
    return found;
}

// ---- making and opening ----

static NTSTATUS describe(struct transaction *transaction, const uint16_t *text, uint32_t count)
{
    uint16_t *copy = malloc(2u * count + 2);
    if (!copy) return STATUS_NO_MEMORY;
    memcpy(copy, text, 2u * count);
    free(transaction->description);
    transaction->description = copy;
    transaction->description_length = count;
    return STATUS_SUCCESS;
}

static NTSTATUS set_deadline(struct transaction *transaction, int64_t timeout)
{
    const int64_t longest = INT64_MAX / 200;
    service_timer_cancel(&transaction->deadline);
    if (!timeout) return STATUS_SUCCESS;
    if (timeout < -longest) timeout = -longest;
    bool set = timeout > 0 ? service_timer_set_system(&transaction->deadline, timeout, deadline_passed)
                           : service_timer_set(&transaction->deadline, host_monotonic_ns() - timeout * 100,
                                               deadline_passed);
    return set ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// manager: a transaction manager of the caller's; there is none but the system's.
NTSTATUS NtCreateTransaction(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                             const GUID32 *unit_of_work, HANDLE32 manager, uint32_t options,
                             uint32_t isolation_level, uint32_t isolation_flags,
                             const LARGE_INTEGER32 *timeout, const UNICODE_STRING32 *description)
{
    struct captured_name text = {.units = {NULL, 0}};
    if (options & ~(uint32_t)TRANSACTION_MAXIMUM_OPTION) return STATUS_INVALID_PARAMETER;
    if (manager) return STATUS_INVALID_HANDLE;
    NTSTATUS status = STATUS_SUCCESS;
    if (description)
        status = captured_name_read(&text, description, DESCRIPTION_MAX, STATUS_INVALID_PARAMETER);
    if (status) return status;
    struct transaction *transaction = transaction_new(&transaction_type, unit_of_work);
    if (!transaction) status = STATUS_NO_MEMORY;
    if (!status && text.units.count) status = describe(transaction, text.units.text, text.units.count);
    captured_name_free(&text);
    if (!status) {
        transaction->isolation_level = isolation_level;
        transaction->isolation_flags = isolation_flags;
        transaction->timeout = timeout ? timeout->QuadPart : 0;
        status = set_deadline(transaction, transaction->timeout);
    }
    if (status) {
        if (transaction) object_release(&transaction->object);
        return status;
    }
    return object_create_handle(&transaction->object, attributes, access, handle);
}

NTSTATUS NtOpenTransaction(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                           const GUID32 *unit_of_work, HANDLE32 manager)
{
    ACCESS_MASK32 granted;
    if (manager) return STATUS_INVALID_HANDLE;
    if (!unit_of_work) return object_open_handle(&transaction_type, attributes, access, handle);
    struct transaction *transaction = find(unit_of_work);
    if (!transaction) return STATUS_TRANSACTION_NOT_FOUND;
    NTSTATUS status = object_check_security(&transaction->object, access, &granted);
    if (!status)
        status =
            handle_create(&transaction->object, granted, attributes ? attributes->Attributes : 0, handle);
    object_release(&transaction->object);
    return status;
}

NTSTATUS NtCreateRegistryTransaction(HANDLE32 *handle, ACCESS_MASK32 access,
                                     const OBJECT_ATTRIBUTES32 *attributes, uint32_t options)
{
    if (options) return STATUS_INVALID_PARAMETER;
    struct transaction *transaction = transaction_new(&registry_transaction_type, NULL);
    if (!transaction) return STATUS_NO_MEMORY;
    return object_create_handle(&transaction->object, attributes, access, handle);
}

NTSTATUS NtOpenRegistryTransaction(HANDLE32 *handle, ACCESS_MASK32 access,
                                   const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&registry_transaction_type, attributes, access, handle);
}

// ---- ends ----

// Why a transaction that is over cannot end again.
static NTSTATUS ended(struct transaction *transaction)
{
    return transaction->outcome == TransactionOutcomeCommitted ? STATUS_TRANSACTION_ALREADY_COMMITTED
                                                               : STATUS_TRANSACTION_ALREADY_ABORTED;
}

static NTSTATUS commit(struct transaction *transaction)
{
    struct registry_log log = {0};
    if (transaction_enter(transaction)) return ended(transaction);
    NTSTATUS status = registry_log_commit(&transaction->log);
    if (!status) {
        transaction->outcome = TransactionOutcomeCommitted;
        log = transaction->log;
        transaction->log = (struct registry_log){0};
        waitable_set(&transaction->waitable);
    } else if (status == STATUS_TRANSACTIONAL_CONFLICT) {
        transaction_abort_locked(transaction);
        status = STATUS_TRANSACTION_ALREADY_ABORTED;
    }
    transaction_leave(transaction);
    registry_log_tell(&log);
    registry_log_free(&log);
    return status;
}

static NTSTATUS end(HANDLE32 handle, const struct object_type *type, bool committing)
{
    struct object *object;
    NTSTATUS status =
        handle_resolve(handle, type, committing ? TRANSACTION_COMMIT : TRANSACTION_ROLLBACK, &object);
    if (status) return status;
    struct transaction *transaction = (struct transaction *)object;
    if (committing) {
        status = commit(transaction);
    } else if (transaction_enter(transaction)) {
        status = ended(transaction);
    } else {
        transaction_abort_locked(transaction);
        transaction_leave(transaction);
    }
    if (!status) service_timer_cancel(&transaction->deadline);
    object_release(object);
    return status;
}

// There is nothing to wait for: each end is reached within the call.
NTSTATUS NtCommitTransaction(HANDLE32 handle, uint8_t wait)
{
    (void)wait;
    return end(handle, &transaction_type, true);
}

NTSTATUS NtRollbackTransaction(HANDLE32 handle, uint8_t wait)
{
    (void)wait;
    return end(handle, &transaction_type, false);
}

NTSTATUS NtCommitRegistryTransaction(HANDLE32 handle, uint32_t flags)
{
    return flags ? STATUS_INVALID_PARAMETER : end(handle, &registry_transaction_type, true);
}

NTSTATUS NtRollbackRegistryTransaction(HANDLE32 handle, uint32_t flags)
{
    return flags ? STATUS_INVALID_PARAMETER : end(handle, &registry_transaction_type, false);
}

// ---- information ----

static NTSTATUS answer(gptr buffer, uint32_t length, const void *info, uint32_t fixed, const uint16_t *text,
                       uint32_t text_size, uint32_t *needed)
{
    *needed = fixed + text_size;
    if (length < fixed) return STATUS_BUFFER_TOO_SMALL;
    uint32_t room = length - fixed < text_size ? length - fixed : text_size;
    if (!guest_write(buffer, info, fixed) || (room && !guest_write(buffer + fixed, text, room)))
        return STATUS_ACCESS_VIOLATION;
    return room < text_size ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS query_locked(const struct transaction *transaction, uint32_t class, gptr buffer,
                             uint32_t length, uint32_t *needed)
{
    TRANSACTION_BASIC_INFORMATION32 basic = {.TransactionId = transaction->id,
                                             .State = transaction->outcome == TransactionOutcomeCommitted
                                                          ? TransactionStateCommittedNotify
                                                          : TransactionStateNormal,
                                             .Outcome = transaction->outcome};
    TRANSACTION_PROPERTIES_INFORMATION32 properties = {.IsolationLevel = transaction->isolation_level,
                                                       .IsolationFlags = transaction->isolation_flags,
                                                       .Outcome = transaction->outcome,
                                                       .DescriptionLength =
                                                           2 * transaction->description_length};
    const uint32_t enlistments = 0; // the registry's own is not shown
    properties.Timeout.QuadPart = transaction->timeout;
    switch (class) {
    case TransactionBasicInformation: return answer(buffer, length, &basic, sizeof basic, NULL, 0, needed);
    case TransactionPropertiesInformation:
        return answer(buffer, length, &properties,
                      offsetof(TRANSACTION_PROPERTIES_INFORMATION32, Description), transaction->description,
                      properties.DescriptionLength, needed);
    case TransactionEnlistmentInformation:
        return answer(buffer, length, &enlistments, sizeof enlistments, NULL, 0, needed);
    case TransactionSuperiorEnlistmentInformation: return STATUS_ENLISTMENT_NOT_FOUND;
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NtQueryInformationTransaction(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length,
                                       uint32_t *result_length)
{
    struct object *object;
    uint32_t needed = 0;
    NTSTATUS status = handle_resolve(handle, &transaction_type, TRANSACTION_QUERY_INFORMATION, &object);
    if (status) return status;
    struct transaction *transaction = (struct transaction *)object;
    pthread_mutex_lock(&transaction->lock);
    status = query_locked(transaction, class, buffer, length, &needed);
    pthread_mutex_unlock(&transaction->lock);
    object_release(object);
    if (result_length) *result_length = needed;
    return status;
}

// What a program may change of a transaction. Its description follows.
static NTSTATUS set_properties(struct transaction *transaction, gptr buffer, uint32_t length)
{
    TRANSACTION_PROPERTIES_INFORMATION32 properties = {0};
    uint16_t text[DESCRIPTION_MAX];
    const uint32_t fixed = offsetof(TRANSACTION_PROPERTIES_INFORMATION32, Description);
    if (length < fixed) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&properties, buffer, fixed)) return STATUS_ACCESS_VIOLATION;
    uint32_t size = properties.DescriptionLength;
    if (size > sizeof text || size & 1 || size > length - fixed) return STATUS_INVALID_PARAMETER;
    if (!guest_read(text, buffer + fixed, size)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = transaction_enter(transaction);
    if (status) return status;
    transaction->isolation_level = properties.IsolationLevel;
    transaction->isolation_flags = properties.IsolationFlags;
    transaction->timeout = properties.Timeout.QuadPart;
    status = describe(transaction, text, size / 2);
    transaction_leave(transaction);
    // Its end may be under way on the service thread, which takes the lock.
    return status ? status : set_deadline(transaction, properties.Timeout.QuadPart);
}

NTSTATUS NtSetInformationTransaction(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length)
{
    struct object *object;
    if (class != TransactionPropertiesInformation) return STATUS_INVALID_INFO_CLASS;
    NTSTATUS status = handle_resolve(handle, &transaction_type, TRANSACTION_SET_INFORMATION, &object);
    if (status) return status;
    status = set_properties((struct transaction *)object, buffer, length);
    object_release(object);
    return status;
}
