// The registry's part of transactions: the log of changes, doing them over, and finding out that others were
// faster.
#include "registry_transaction.h"
#include "guest_constants.h"
#include "loader/host_clock.h"
#include "transaction.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct logged_change {
    struct logged_change *next;
    int64_t time; // when it was made: doing it over gives its key the same time
    struct registry_change change;
    uint8_t copies[]; // of what change points to
};

// ---- the log ----

static const void *keep(uint8_t **end, const void *bytes, size_t size)
{
    uint8_t *place = *end;
    if (size) memcpy(place, bytes, size);
    *end += size;
    return place;
}

// A copy that points to nothing of the caller's. NULL without memory.
static struct logged_change *log_entry(const struct registry_change *change)
{
    size_t name = 2u * (size_t)change->name.count, class = 2u * (size_t)change->class.count;
    struct logged_change *entry = malloc(sizeof *entry + name + class + change->data.size);
    if (!entry) return NULL;
    uint8_t *end = entry->copies;
    *entry = (struct logged_change){.time = host_system_time(), .change = *change};
    entry->change.name.text = keep(&end, change->name.text, name);
    entry->change.class.text = keep(&end, change->class.text, class);
    entry->change.data.data = keep(&end, change->data.data, change->data.size);
    return entry;
}

static void log_append(struct registry_log *log, struct logged_change *entry)
{
    *(log->last ? &log->last->next : &log->first) = entry;
    log->last = entry;
    log->stores |= registry_change_stores(&entry->change);
}

// ---- claims ----

// Which keys are whose: of one process. That others have changed a key shows when the log is done over.
static pthread_mutex_t claims_lock = PTHREAD_MUTEX_INITIALIZER;
static struct registry_log *claimants;

static struct registry_claim *find_claim(const struct registry_log *log, key_id id)
{
    for (uint32_t i = 0; i < log->claims_n; i++)
        if (log->claims[i].id == id) return &log->claims[i];
    return NULL;
}

static bool is_own_key(const struct registry_log *log, key_id id)
{
    for (const struct logged_change *entry = log->first; entry; entry = entry->next)
        if (entry->change.kind == CHANGE_CREATE && entry->change.made == id) return true;
    return false;
}

static NTSTATUS add_claim(struct registry_log *log, key_id id)
{
    if (log->claims_n == log->claims_room) {
        uint32_t room = log->claims_room ? 2 * log->claims_room : 8;
        struct registry_claim *more = realloc(log->claims, room * sizeof *more);
        if (!more) return STATUS_NO_MEMORY;
        log->claims = more;
        log->claims_room = room;
    }
    for (struct registry_log *other = claimants; other; other = other->next)
        if (other != log && find_claim(other, id)) return STATUS_TRANSACTIONAL_CONFLICT;
    if (!log->claims_n) {
        log->next = claimants;
        claimants = log;
    }
    log->claims[log->claims_n++] = (struct registry_claim){.id = id};
    return STATUS_SUCCESS;
}

// Claims what a change changes of keys that were there before. Two transactions may add different subkeys.
static NTSTATUS claim(struct registry_log *log, const struct registry_change *change)
{
    if (change->kind == CHANGE_CREATE || is_own_key(log, change->id)) return STATUS_SUCCESS;
    pthread_mutex_lock(&claims_lock);
    NTSTATUS status = find_claim(log, change->id) ? STATUS_SUCCESS : add_claim(log, change->id);
    pthread_mutex_unlock(&claims_lock);
    return status;
}

// Withdraws claims until only n are left.
static void unclaim(struct registry_log *log, uint32_t n)
{
    pthread_mutex_lock(&claims_lock);
    bool was_listed = log->claims_n;
    if (n < log->claims_n) log->claims_n = n;
    if (was_listed && !log->claims_n) {
        struct registry_log **at = &claimants;
        while (*at != log) at = &(*at)->next;
        *at = log->next;
    }
    pthread_mutex_unlock(&claims_lock);
}

void registry_log_free(struct registry_log *log)
{
    unclaim(log, 0);
    free(log->claims);
    while (log->first) {
        struct logged_change *entry = log->first;
        log->first = entry->next;
        free(entry);
    }
    memset(log, 0, sizeof *log);
}

// ---- doing changes over ----

struct replay {
    struct registry_log *log;
    struct logged_change *fresh;                                 // one more change; may be NULL
    NTSTATUS (*body)(struct registry_view *view, void *context); // what is then to be seen; may be NULL
    void *context;
    bool commit;
    bool conflict, done;
    NTSTATUS status;
};

// Whether nobody has changed a key since it was claimed.
static bool check_claims(struct registry_view *view, struct registry_log *log)
{
    for (uint32_t i = 0; i < log->claims_n; i++) {
        struct registry_claim *claim = &log->claims[i];
        struct key_info info = {0};
        NTSTATUS status = key_get(view, claim->id, &info);
        if (!claim->last_write) claim->last_write = status ? -1 : info.last_write;
        if (claim->last_write != (status ? -1 : info.last_write)) return false;
    }
    return true;
}

static NTSTATUS apply(struct registry_view *view, struct logged_change *entry)
{
    view->next_key = entry->change.made;
    view->time = entry->time;
    NTSTATUS status = registry_change_apply(view, &entry->change);
    view->next_key = 0;
    view->time = 0;
    return status;
}

// Whether a change that has been done once fails for what others have done since, not for want of memory or
// disk.
static bool is_others_fault(NTSTATUS status)
{
    return status == STATUS_KEY_DELETED || status == STATUS_OBJECT_NAME_NOT_FOUND ||
           status == STATUS_OBJECT_NAME_COLLISION || status == STATUS_CANNOT_DELETE ||
           status == STATUS_CHILD_MUST_BE_VOLATILE;
}

static NTSTATUS replay_body(struct registry_view *view, void *context)
{
    struct replay *replay = context;
    NTSTATUS status = STATUS_SUCCESS;
    replay->done = false;
    replay->conflict = !check_claims(view, replay->log);
    replay->status = STATUS_SUCCESS;
    for (struct logged_change *entry = replay->log->first; entry && !replay->conflict && !status;
         entry = entry->next) {
        status = apply(view, entry);
        replay->conflict = is_others_fault(status);
    }
    if (replay->conflict) return STATUS_TRANSACTIONAL_CONFLICT;
    if (status) return status;
    if (replay->fresh) replay->status = apply(view, replay->fresh);
    if (replay->body && !replay->status) replay->status = replay->body(view, replay->context);
    replay->done = true;
    return replay->commit ? replay->status : STATUS_CANCELLED;
}

// STATUS_TRANSACTIONAL_CONFLICT: what was logged cannot be done any more.
static NTSTATUS do_over(struct replay *replay)
{
    unsigned stores = replay->log->stores;
    if (replay->fresh) stores |= registry_change_stores(&replay->fresh->change);
    NTSTATUS status = registry_write(stores, replay_body, replay);
    if (replay->commit) return status;
    return replay->done && status == STATUS_CANCELLED ? replay->status : status;
}

// Ends a transaction that has lost a key. The caller has its lock.
static NTSTATUS lose(struct transaction *transaction)
{
    transaction_abort_locked(transaction);
    return STATUS_TRANSACTION_NOT_ACTIVE;
}

NTSTATUS registry_read_in(struct transaction *transaction,
                          NTSTATUS (*body)(struct registry_view *view, void *context), void *context)
{
    if (!transaction) return registry_read(body, context);
    NTSTATUS status = transaction_enter(transaction);
    if (status) return status;
    struct replay replay = {.log = &transaction->log, .body = body, .context = context};
    if (transaction->log.first) {
        status = do_over(&replay);
        if (replay.conflict) status = lose(transaction);
    } else {
        status = registry_read(body, context);
    }
    transaction_leave(transaction);
    return status;
}

// ---- changes ----

struct reservation {
    enum registry_store store;
    key_id id;
};

static NTSTATUS reserve_body(struct registry_view *view, void *context)
{
    struct reservation *reservation = context;
    return next_id(view, reservation->store, &reservation->id);
}

// A new key's id is taken for good before there is the key: whoever opens it in the transaction keeps it.
static NTSTATUS reserve_id(struct registry_change *change)
{
    bool is_volatile = change->options & REG_OPTION_VOLATILE || store_of(change->id) == STORE_VOLATILE;
    struct reservation reservation = {.store = is_volatile ? STORE_VOLATILE : STORE_KEPT};
    NTSTATUS status = registry_write(1u << reservation.store, reserve_body, &reservation);
    change->made = reservation.id;
    return status;
}

static NTSTATUS change_locked(struct transaction *transaction, struct registry_change *change)
{
    struct registry_log *log = &transaction->log;
    const uint32_t claims = log->claims_n;
    NTSTATUS status = claim(log, change);
    if (status) return status;
    struct logged_change *entry = log_entry(change);
    struct replay replay = {.log = log, .fresh = entry};
    status = entry ? do_over(&replay) : STATUS_NO_MEMORY;
    if (!status) {
        change->made = entry->change.made;
        log_append(log, entry);
        return STATUS_SUCCESS;
    }
    free(entry);
    unclaim(log, claims);
    return replay.conflict ? lose(transaction) : status;
}

NTSTATUS registry_transaction_change(struct transaction *transaction, struct registry_change *change)
{
    NTSTATUS status = change->kind == CHANGE_CREATE ? reserve_id(change) : STATUS_SUCCESS;
    if (!status) status = transaction_enter(transaction);
    if (status) return status;
    status = change_locked(transaction, change);
    transaction_leave(transaction);
    return status;
}

// ---- the end ----

NTSTATUS registry_log_commit(struct registry_log *log)
{
    struct replay replay = {.log = log, .commit = true};
    NTSTATUS status = log->first ? do_over(&replay) : STATUS_SUCCESS;
    if (!status) unclaim(log, 0);
    return status;
}

void registry_log_tell(const struct registry_log *log)
{
    for (const struct logged_change *entry = log->first; entry; entry = entry->next)
        registry_change_tell(&entry->change);
}
