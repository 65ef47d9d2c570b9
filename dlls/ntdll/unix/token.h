// Access tokens: who a process or an impersonating thread is. There is one user, an administrator, so all
// tokens are made of one and differ in what was taken away: privileges, groups, the impersonation level.
#ifndef LOWLAND_TOKEN_H
#define LOWLAND_TOKEN_H

#include "object.h"
#include "sid.h"
#include <pthread.h>

// LUIDs of privileges (MS-LSAD 3.1.1.2.1); no header has them for user mode.
enum {
    SE_LOCK_MEMORY_PRIVILEGE = 4,
    SE_INCREASE_QUOTA_PRIVILEGE = 5,
    SE_SECURITY_PRIVILEGE = 8,
    SE_TAKE_OWNERSHIP_PRIVILEGE = 9,
    SE_LOAD_DRIVER_PRIVILEGE = 10,
    SE_SYSTEM_TIME_PRIVILEGE = 12,
    SE_PROFILE_SINGLE_PROCESS_PRIVILEGE = 13,
    SE_CREATE_PERMANENT_PRIVILEGE = 16,
    SE_BACKUP_PRIVILEGE = 17,
    SE_RESTORE_PRIVILEGE = 18,
    SE_SHUTDOWN_PRIVILEGE = 19,
    SE_DEBUG_PRIVILEGE = 20,
    SE_CHANGE_NOTIFY_PRIVILEGE = 23,
    SE_MANAGE_VOLUME_PRIVILEGE = 28,
    SE_IMPERSONATE_PRIVILEGE = 29,
    SE_CREATE_GLOBAL_PRIVILEGE = 30,
};

enum { TOKEN_GROUP_COUNT_MAX = 24, TOKEN_PRIVILEGE_COUNT_MAX = 36 };

enum { TOKEN_FLAG_RESTRICTED = 1, TOKEN_FLAG_INERT = 2 };

struct token_group {
    struct sid sid;
    uint32_t attributes; // SE_GROUP_*
};

struct token_privilege {
    uint32_t luid, attributes; // the LUID's high part is 0; SE_PRIVILEGE_*
};

// What a token says. Plain data but for default_dacl: token_state_copy copies it.
struct token_state {
    uint32_t type;  // TokenPrimary, TokenImpersonation
    uint32_t level; // SECURITY_IMPERSONATION_LEVEL, of an impersonation token
    uint32_t elevation_type;
    uint32_t session;
    uint32_t integrity; // RID
    uint32_t flags;     // TOKEN_FLAG_*
    uint64_t modified;  // a LUID
    struct sid owner, primary_group;
    uint32_t group_count, restricted_count, privilege_count;
    struct token_group user;
    struct token_group groups[TOKEN_GROUP_COUNT_MAX];
    struct token_group restricted[TOKEN_GROUP_COUNT_MAX];
    struct token_privilege privileges[TOKEN_PRIVILEGE_COUNT_MAX];
    void *default_dacl; // malloc'd ACL; NULL: none
    uint32_t default_dacl_size;
};

struct token {
    struct object object;
    uint64_t id;          // a LUID, never changes
    pthread_mutex_t lock; // of all below
    struct token_state state;
};

extern const struct object_type token_type;

// The process's primary token, made when first asked for. Not retained; it lives as long as the process.
struct token *token_of_process(void);

// A token on its way into a new process.
enum { TOKEN_PARCEL_DACL_MAX = 4096 };
struct token_parcel {
    bool present;
    struct token_state state; // default_dacl: whether there is one
    uint8_t dacl[TOKEN_PARCEL_DACL_MAX];
};

// What a new process gets: the token behind a handle (TOKEN_QUERY and TOKEN_ASSIGN_PRIMARY are needed), or
// for handle 0 what this process has. token_resolve's errors, STATUS_INVALID_ACL (its default DACL is too
// long).
NTSTATUS token_pack(HANDLE32 handle, struct token_parcel *parcel);
// Makes that the process's own token, before anybody asks for it. False without memory.
bool token_unpack(const struct token_parcel *parcel);

// A token handle or pseudo-handle (-4, -5, -6: the process's, the thread's, the effective one) to a retained
// token. STATUS_NO_TOKEN, and what handle_resolve returns.
NTSTATUS token_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct token **token);

// What the calling thread impersonates, retained; NULL: nothing. (impersonation.c)
struct token *token_of_thread(void);
// Whether it impersonates at all; cheap.
bool token_thread_impersonates(void);

// The token that access checks of the calling thread go by, retained: what it impersonates, else the
// process's.
struct token *token_effective(void);

// A copy with a new id. NULL without memory.
struct token *token_copy(struct token *token);
// Takes away what is disabled (EffectiveOnly of a quality of service). Call with the lock held.
void token_keep_effective(struct token_state *state);
// The elevated or the limited token of the same user, whichever token is not: an impersonation token of level
// SecurityIdentification, whole whatever was changed in token. NULL without memory.
struct token *token_linked(struct token *token);

// Whether sid is the user or an enabled group; with for_deny also if it may only serve to deny. Takes no
// lock: call with the token's held.
bool token_has_sid(const struct token_state *state, const struct sid *sid, bool for_deny);
// The same among the restricting SIDs.
bool token_has_restricted_sid(const struct token_state *state, const struct sid *sid);
// The privilege's entry, NULL when the token does not hold it. Call with the lock held.
struct token_privilege *token_find_privilege(struct token_state *state, uint32_t luid);
// Whether the calling thread's effective token has the privilege enabled. Takes the token's lock.
bool token_has_privilege(uint32_t luid);
// Notes a change: gives the token a new "modified" LUID. Call with the lock held.
void token_touch(struct token *token);

// The next locally unique identifier of NtAllocateLocallyUniqueId's kind. Thread-safe.
uint64_t luid_next(void);

#endif
