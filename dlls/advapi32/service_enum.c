// Lists of services. The structures stand at the beginning of the caller's buffer, their texts at its end.
#include "service.h"

// What is asked for, and what has been found.
struct listing {
    DWORD types, states;
    const WCHAR *group;      // NULL: any; empty: none
    const WCHAR *dependency; // NULL, or what they must depend on
    bool process, ansi;      // which structure
    BYTE *at, *end;          // what is free of the buffer
    DWORD index, from;       // of the current match, and of the first one wanted
    DWORD count, missing;    // entries written; bytes of those that did not fit
    bool full, group_known;
};

static bool in_list(HKEY key, const WCHAR *value, const WCHAR *wanted)
{
    WCHAR *list AUTO_FREE = service_text(key, value, NULL);
    for (const WCHAR *at = list; at && *at; at += lstrlenW(at) + 1)
        if (!lstrcmpiW(at, wanted)) return true;
    return false;
}

static bool group_matches(struct listing *listing, HKEY key)
{
    if (!listing->group) return true;
    WCHAR *group AUTO_FREE = service_text(key, L"Group", NULL);
    bool same = !lstrcmpiW(group ? group : L"", listing->group);
    listing->group_known |= same;
    return same;
}

static bool matches(struct listing *listing, HKEY key, const struct service_state *state)
{
    bool active = state->status.dwCurrentState != SERVICE_STOPPED;
    return state->status.dwServiceType & listing->types &&
           listing->states & (active ? SERVICE_ACTIVE : SERVICE_INACTIVE) &&
           (!listing->dependency || in_list(key, L"DependOnService", listing->dependency));
}

// Text to the end of the buffer, where there is room for it.
static void *put_text(struct listing *listing, const WCHAR *text)
{
    DWORD bytes = ((DWORD)lstrlenW(text) + 1) * sizeof(WCHAR); // for both forms
    listing->end -= bytes;
    if (listing->ansi)
        WideCharToMultiByte(CP_ACP, 0, text, -1, (char *)listing->end, (int)bytes, NULL, NULL);
    else
        memcpy(listing->end, text, bytes);
    return listing->end;
}

static void add(struct listing *listing, const WCHAR *name, const WCHAR *display,
                const struct service_state *state)
{
    DWORD fixed = listing->process ? sizeof(ENUM_SERVICE_STATUS_PROCESSW) : sizeof(ENUM_SERVICE_STATUSW);
    DWORD size = fixed + ((DWORD)lstrlenW(name) + (DWORD)lstrlenW(display) + 2) * sizeof(WCHAR);
    if (listing->index++ < listing->from) return;
    if (listing->full || (SIZE_T)(listing->end - listing->at) < size) {
        listing->full = true;
        listing->missing += size;
        return;
    }
    ENUM_SERVICE_STATUS_PROCESSW *out = (ENUM_SERVICE_STATUS_PROCESSW *)listing->at; // it begins alike
    listing->at += fixed;
    memset(out, 0, fixed);
    out->lpServiceName = put_text(listing, name);
    out->lpDisplayName = put_text(listing, display);
    memcpy(&out->ServiceStatusProcess, &state->status, sizeof(state->status));
    if (listing->process) out->ServiceStatusProcess.dwProcessId = state->process;
    listing->count++;
}

static void list_services(struct listing *listing)
{
    WCHAR name[SERVICE_NAME_MAX + 1];
    struct service_state state;
    HKEY key;
    for (DWORD i = 0; !service_at(i, name); i++) {
        if (service_open_key(name, KEY_READ, &key)) continue;
        service_state_get(name, key, &state);
        WCHAR *display AUTO_FREE = service_display_name(key, name);
        if (display && group_matches(listing, key) && matches(listing, key, &state))
            add(listing, name, display, &state);
        RegCloseKey(key);
    }
}

static BOOL finish(struct listing *listing, DWORD *needed, DWORD *count, DWORD *resume)
{
    *count = listing->count;
    *needed = listing->missing;
    if (resume) *resume = listing->full ? listing->from + listing->count : 0;
    return listing->full ? fail_with(ERROR_MORE_DATA) : TRUE;
}

static BOOL enumerate(SC_HANDLE manager, struct listing *listing, void *buffer, DWORD size, DWORD *needed,
                      DWORD *count, DWORD *resume)
{
    struct sc_object *any AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, 0);
    if (!any) return FALSE;
    if (!needed || !count) return fail_with(ERROR_INVALID_ADDRESS);
    *needed = *count = 0;
    if (!listing->types || listing->types & ~(DWORD)SERVICE_TYPE_ALL || !listing->states ||
        listing->states & ~(DWORD)SERVICE_STATE_ALL)
        return fail_with(ERROR_INVALID_PARAMETER);
    struct sc_object *object AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, SC_MANAGER_ENUMERATE_SERVICE);
    if (!object) return FALSE;
    listing->at = buffer;
    listing->end = listing->at + (buffer ? size & ~(DWORD)1 : 0);
    listing->from = resume ? *resume : 0;
    list_services(listing);
    if (listing->group && *listing->group && !listing->group_known)
        return fail_with(ERROR_SERVICE_DOES_NOT_EXIST);
    return finish(listing, needed, count, resume);
}

HOTPATCH BOOL WINAPI EnumServicesStatusW(SC_HANDLE manager, DWORD types, DWORD states,
                                         ENUM_SERVICE_STATUSW *buffer, DWORD size, DWORD *needed,
                                         DWORD *count, DWORD *resume)
{
    struct listing listing = {.types = types, .states = states};
    return enumerate(manager, &listing, buffer, size, needed, count, resume);
}

HOTPATCH BOOL WINAPI EnumServicesStatusA(SC_HANDLE manager, DWORD types, DWORD states,
                                         ENUM_SERVICE_STATUSA *buffer, DWORD size, DWORD *needed,
                                         DWORD *count, DWORD *resume)
{
    struct listing listing = {.types = types, .states = states, .ansi = true};
    return enumerate(manager, &listing, buffer, size, needed, count, resume);
}

HOTPATCH BOOL WINAPI EnumServicesStatusExW(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD types, DWORD states,
                                           BYTE *buffer, DWORD size, DWORD *needed, DWORD *count,
                                           DWORD *resume, LPCWSTR group)
{
    struct listing listing = {.types = types, .states = states, .group = group, .process = true};
    if (level != SC_ENUM_PROCESS_INFO) return fail_with(ERROR_INVALID_LEVEL);
    return enumerate(manager, &listing, buffer, size, needed, count, resume);
}

HOTPATCH BOOL WINAPI EnumServicesStatusExA(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD types, DWORD states,
                                           BYTE *buffer, DWORD size, DWORD *needed, DWORD *count,
                                           DWORD *resume, LPCSTR group)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(group);
    if (conversion_failed(group, wide)) return FALSE;
    struct listing listing = {.types = types, .states = states, .group = wide, .process = true, .ansi = true};
    if (level != SC_ENUM_PROCESS_INFO) return fail_with(ERROR_INVALID_LEVEL);
    return enumerate(manager, &listing, buffer, size, needed, count, resume);
}

// ---- what depends on a service ----

static BOOL enumerate_dependent(SC_HANDLE service, DWORD states, void *buffer, DWORD size, DWORD *needed,
                                DWORD *count, bool ansi)
{
    struct sc_object *object AUTO_SC = sc_resolve(service, SC_KIND_SERVICE, SERVICE_ENUMERATE_DEPENDENTS);
    if (!object) return FALSE;
    if (!needed || !count) return fail_with(ERROR_INVALID_ADDRESS);
    if (!states || states & ~(DWORD)SERVICE_STATE_ALL) return fail_with(ERROR_INVALID_PARAMETER);
    struct listing listing = {
        .types = SERVICE_TYPE_ALL, .states = states, .dependency = object->name, .ansi = ansi, .at = buffer};
    listing.end = listing.at + (buffer ? size & ~(DWORD)1 : 0);
    list_services(&listing);
    return finish(&listing, needed, count, NULL);
}

HOTPATCH BOOL WINAPI EnumDependentServicesW(SC_HANDLE service, DWORD states, ENUM_SERVICE_STATUSW *buffer,
                                            DWORD size, DWORD *needed, DWORD *count)
{
    return enumerate_dependent(service, states, buffer, size, needed, count, false);
}

HOTPATCH BOOL WINAPI EnumDependentServicesA(SC_HANDLE service, DWORD states, ENUM_SERVICE_STATUSA *buffer,
                                            DWORD size, DWORD *needed, DWORD *count)
{
    return enumerate_dependent(service, states, buffer, size, needed, count, true);
}
