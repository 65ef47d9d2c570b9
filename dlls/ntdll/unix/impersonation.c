// Impersonation: the token that a thread has beside the process's, and the calls that give it one.
#include "impersonation.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "thread_object.h"
#include "token.h"

static struct token *token_of(struct thread_object *thread)
{
    pthread_mutex_lock(&thread->lock);
    struct token *token = thread->token;
    if (token) object_retain(&token->object);
    pthread_mutex_unlock(&thread->lock);
    return token;
}

// Takes over the reference to token (NULL: ends impersonation).
static void set_token(struct thread_object *thread, struct token *token)
{
    pthread_mutex_lock(&thread->lock);
    struct token *old = thread->token;
    thread->token = token;
    pthread_mutex_unlock(&thread->lock);
    if (old) object_release(&old->object);
}

bool token_thread_impersonates(void)
{
    // An unlocked look: only other threads' calls can race with it.
    const struct thread *self = thread_self();
    return self && self->object && __atomic_load_n(&self->object->token, __ATOMIC_ACQUIRE);
}

struct token *token_of_thread(void)
{
    return token_thread_impersonates() ? token_of(thread_self()->object) : NULL;
}

NTSTATUS NtOpenThreadTokenEx(HANDLE32 handle, ACCESS_MASK32 access, uint8_t as_self, uint32_t attributes,
                             HANDLE32 *result)
{
    struct thread_object *thread;
    (void)as_self; // the process's own token may open all that the thread's may
    NTSTATUS status = thread_resolve(handle, THREAD_QUERY_LIMITED_INFORMATION, &thread);
    if (!NT_SUCCESS(status)) return status;
    struct token *token = token_of(thread);
    object_release(&thread->object);
    if (!token) return STATUS_NO_TOKEN;
    if (token->state.level == SecurityAnonymous)
        status = STATUS_CANT_OPEN_ANONYMOUS;
    else
        status = handle_create(&token->object, object_map_access(&token_type, access),
                               attributes & OBJ_INHERIT, result);
    object_release(&token->object);
    return status;
}

NTSTATUS NtOpenThreadToken(HANDLE32 thread, ACCESS_MASK32 access, uint8_t as_self, HANDLE32 *token)
{
    return NtOpenThreadTokenEx(thread, access, as_self, 0, token);
}

NTSTATUS impersonation_set(struct thread_object *thread, HANDLE32 handle)
{
    struct token *token = NULL;
    if (handle) {
        NTSTATUS status = token_resolve(handle, TOKEN_IMPERSONATE, &token);
        if (!NT_SUCCESS(status)) return status;
        if (token->state.type != TokenImpersonation) {
            object_release(&token->object);
            return STATUS_BAD_TOKEN_TYPE;
        }
    }
    set_token(thread, token);
    return STATUS_SUCCESS;
}

void impersonation_end(struct thread_object *thread)
{
    set_token(thread, NULL);
}

NTSTATUS impersonation_of_self(uint32_t level)
{
    return impersonation_of_token(token_of_process(), level, false);
}

NTSTATUS impersonation_of_token(struct token *from, uint32_t level, bool effective_only)
{
    struct token *token = from ? token_copy(from) : NULL;
    if (!token) return STATUS_NO_MEMORY;
    if (effective_only) token_keep_effective(&token->state);
    token->state.type = TokenImpersonation;
    token->state.level = level;
    set_token(thread_self()->object, token);
    return STATUS_SUCCESS;
}

NTSTATUS NtImpersonateThread(HANDLE32 server, HANDLE32 client, const SECURITY_QUALITY_OF_SERVICE32 *quality)
{
    struct thread_object *to, *from;
    if (quality->ImpersonationLevel > SecurityDelegation) return STATUS_BAD_IMPERSONATION_LEVEL;
    NTSTATUS status = thread_resolve(server, THREAD_IMPERSONATE, &to);
    if (!NT_SUCCESS(status)) return status;
    status = thread_resolve(client, THREAD_DIRECT_IMPERSONATION, &from);
    if (NT_SUCCESS(status)) {
        struct token *token = token_of(from);
        struct token *copy = token_copy(token ? token : token_of_process());
        if (token && token->state.level < quality->ImpersonationLevel)
            status = STATUS_BAD_IMPERSONATION_LEVEL;
        if (!copy) status = STATUS_NO_MEMORY;
        if (NT_SUCCESS(status)) {
            copy->state.type = TokenImpersonation;
            copy->state.level = quality->ImpersonationLevel;
            set_token(to, copy);
        } else if (copy) {
            object_release(&copy->object);
        }
        if (token) object_release(&token->object);
        object_release(&from->object);
    }
    object_release(&to->object);
    return status;
}

NTSTATUS NtImpersonateAnonymousToken(HANDLE32 handle)
{
    enum { NT = 5, ANONYMOUS = 7 };
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_IMPERSONATE, &thread);
    if (!NT_SUCCESS(status)) return status;
    struct token *token = token_copy(token_of_process());
    if (token) {
        struct token_state *state = &token->state;
        state->type = TokenImpersonation;
        state->level = SecurityImpersonation;
        state->user.sid = state->owner = sid_make(NT, 1, (uint32_t)ANONYMOUS);
        state->groups[0] = (struct token_group){
            sid_world(), SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED};
        state->group_count = 1;
        state->privilege_count = 0;
        set_token(thread, token);
    }
    object_release(&thread->object);
    return token ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
