// The start of a session, as booting is Windows': when a program first opens the manager, the services that
// start by themselves are started, in the order of their groups, those with a delayed start last.
#include "service.h"

struct due {
    struct due *next;
    DWORD rank;
    WCHAR name[SERVICE_NAME_MAX + 1];
};

enum { RANK_NO_GROUP = 0x10000, RANK_DELAYED = 0x20000 };

// A volatile key that a session has once it has begun. True for the one who makes it.
static bool begin_session(void)
{
    HKEY states, session;
    DWORD disposition = REG_OPENED_EXISTING_KEY;
    if (service_state_key(&states)) return false;
    if (!RegCreateKeyExW(states, L"Session", 0, NULL, REG_OPTION_VOLATILE, KEY_READ, NULL, &session,
                         &disposition))
        RegCloseKey(session);
    RegCloseKey(states);
    return disposition == REG_CREATED_NEW_KEY;
}

// The place of a service's group in the list of groups; those of others come behind it.
static DWORD rank_of(HKEY key, const WCHAR *order)
{
    WCHAR *group AUTO_FREE = service_text(key, L"Group", NULL);
    DWORD rank = 0;
    if (service_number(key, L"DelayedAutostart", 0)) return RANK_DELAYED;
    if (!group || !*group) return RANK_NO_GROUP;
    for (const WCHAR *at = order; at && *at && rank < RANK_NO_GROUP; at += lstrlenW(at) + 1, rank++)
        if (!lstrcmpiW(at, group)) return rank;
    return RANK_NO_GROUP;
}

static WCHAR *group_order(void)
{
    HKEY key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Control\\ServiceGroupOrder", 0,
                      KEY_READ, &key))
        return NULL;
    WCHAR *order = service_text(key, L"List", NULL);
    RegCloseKey(key);
    return order;
}

static void insert(struct due **list, const WCHAR *name, DWORD rank)
{
    struct due *due = heap_alloc(sizeof(*due));
    if (!due) return;
    while (*list && (*list)->rank <= rank) list = &(*list)->next;
    due->rank = rank;
    copy_wide(due->name, name);
    due->next = *list;
    *list = due;
}

static struct due *list_due(void)
{
    WCHAR name[SERVICE_NAME_MAX + 1], *order AUTO_FREE = group_order();
    struct due *list = NULL;
    HKEY key;
    for (DWORD i = 0; !service_at(i, name); i++) {
        if (service_open_key(name, KEY_READ, &key)) continue;
        if (service_is_due(name, key)) insert(&list, name, rank_of(key, order));
        RegCloseKey(key);
    }
    return list;
}

void service_boot(void)
{
    static LONG looked; // this process need not look again
    if (InterlockedExchange(&looked, 1) || !begin_session()) return;
    for (struct due *due = list_due(), *next; due; due = next) {
        next = due->next;
        service_start_due(due->name);
        heap_free(due);
    }
}
