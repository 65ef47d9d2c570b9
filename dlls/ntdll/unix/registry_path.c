// Walking paths. Each key that differs between the views exists twice: the 32-bit one below a Wow6432Node,
// where a 32-bit program that does not ask for the other is led.
#include "registry_path.h"
#include "guest_constants.h"
#include "upcase.h"
#include <stdlib.h>
#include <string.h>

enum { LINKS_MAX = 16, DEPTH_MAX = 512 };

static const struct units wow_node = {u"Wow6432Node", 11};

bool units_are(struct units name, const char *upper)
{
    for (uint32_t i = 0; i < name.count; i++) {
        uint16_t unit;
        memcpy(&unit, (const uint8_t *)name.text + 2 * i, sizeof unit);
        if (!upper[i] || upcase(unit) != (uint8_t)upper[i]) return false;
    }
    return !upper[name.count];
}

// Takes the first component off a path; an empty one when there is none left.
static struct units take_component(struct units *path)
{
    const uint8_t *text = path->text;
    uint32_t start = 0, end;
    uint16_t unit = 0;
    for (; start < path->count; start++) {
        memcpy(&unit, text + 2 * start, sizeof unit);
        if (unit != '\\') break;
    }
    for (end = start; end < path->count; end++) {
        memcpy(&unit, text + 2 * end, sizeof unit);
        if (unit == '\\') break;
    }
    struct units component = {text + 2 * start, end - start};
    *path = (struct units){text + 2 * end, path->count - end};
    return component;
}

static struct units peek_component(struct units path)
{
    return take_component(&path);
}

// The subkeys of Classes that each view has of its own.
static bool is_split_class(struct units name)
{
    static const char *const split[] = {"CLSID", "DIRECTSHOW", "INTERFACE", "MEDIA TYPE", "MEDIAFOUNDATION"};
    for (unsigned i = 0; i < sizeof split / sizeof *split; i++)
        if (units_are(name, split[i])) return true;
    return false;
}

// ---- one step ----

enum key_zone registry_zone_below(enum key_zone zone, struct units name, bool view64)
{
    switch (zone) {
    case ZONE_ROOT:
        return units_are(name, "MACHINE") ? ZONE_MACHINE : units_are(name, "USER") ? ZONE_USERS : ZONE_PLAIN;
    case ZONE_MACHINE: return units_are(name, "SOFTWARE") ? ZONE_SOFTWARE : ZONE_PLAIN;
    case ZONE_SOFTWARE:
        if (units_are(name, "WOW6432NODE")) return ZONE_SOFTWARE32;
        return units_are(name, "CLASSES") ? ZONE_CLASSES : ZONE_VIEW64;
    case ZONE_USERS: return ZONE_USER;
    case ZONE_USER: return units_are(name, "SOFTWARE") ? ZONE_USER_SOFTWARE : ZONE_PLAIN;
    case ZONE_USER_SOFTWARE: return units_are(name, "CLASSES") ? ZONE_CLASSES : ZONE_PLAIN;
    case ZONE_CLASSES: return view64 && is_split_class(name) ? ZONE_VIEW64 : ZONE_PLAIN;
    case ZONE_VIEW64: return ZONE_VIEW64;
    default: return ZONE_PLAIN;
    }
}

static NTSTATUS walk_from(struct registry_view *view, struct registry_walk *walk, struct units path,
                          unsigned links);

// Goes on where a link leads. What its target names is meant as it stands there.
static NTSTATUS follow(struct registry_view *view, struct registry_walk *walk, unsigned links)
{
    struct value_info target;
    walk->missing.count = 0;
    if (links >= LINKS_MAX) return STATUS_NAME_TOO_LONG;
    NTSTATUS status = value_get(view, walk->place.id, (struct units){u"SymbolicLinkValue", 17}, &target);
    if (status) return status;
    if (target.type != REG_LINK) return STATUS_OBJECT_NAME_NOT_FOUND;
    struct registry_walk there = {.view64 = true, .absolute = true};
    status =
        walk_from(view, &there, (struct units){target.data.data, (uint32_t)target.data.size / 2}, links + 1);
    if (!status) walk->place = there.place;
    walk->missing.count = 0; // nothing that could be made here
    return status;
}

// Enters a subkey of the current key; link: it may be one that is followed.
static NTSTATUS descend(struct registry_view *view, struct registry_walk *walk, struct units name,
                        bool follow_link, unsigned links)
{
    key_id id;
    walk->missing = name;
    NTSTATUS status = child_find(view, walk->place.id, name, &id);
    if (status) return status;
    walk->place.zone = registry_zone_below(walk->place.zone, name, walk->view64);
    walk->place.id = id;
    return is_link(id) && follow_link ? follow(view, walk, links) : STATUS_SUCCESS;
}

// Where the 32-bit view is led before it enters `name`, with `rest` behind that. *skip: not into name at all.
static NTSTATUS redirect(struct registry_view *view, struct registry_walk *walk, struct units name,
                         struct units rest, unsigned links, bool *skip)
{
    struct key_info info;
    struct units next = peek_component(rest);
    *skip = false;
    switch (walk->place.zone) {
    case ZONE_SOFTWARE:
        if (units_are(name, "WOW6432NODE") || units_are(name, "CLASSES")) return STATUS_SUCCESS;
        return descend(view, walk, wow_node, true, links);
    case ZONE_SOFTWARE32: {
        if (!units_are(name, "CLASSES")) return STATUS_SUCCESS;
        NTSTATUS status = key_get(view, walk->place.id, &info);
        walk->place = (struct registry_place){info.parent, ZONE_SOFTWARE};
        return status;
    }
    case ZONE_CLASSES:
        if (is_split_class(name)) return descend(view, walk, wow_node, true, links);
        *skip = units_are(name, "WOW6432NODE") && next.count && !is_split_class(next);
        return STATUS_SUCCESS;
    default: return STATUS_SUCCESS;
    }
}

// After a path has led to Software itself, which each view has of its own.
static NTSTATUS enter_view(struct registry_view *view, struct registry_walk *walk, struct units rest,
                           unsigned links)
{
    struct units next = peek_component(rest);
    if (walk->view64 || walk->place.zone != ZONE_SOFTWARE || units_are(next, "WOW6432NODE") ||
        units_are(next, "CLASSES"))
        return STATUS_SUCCESS;
    return descend(view, walk, wow_node, true, links);
}

static NTSTATUS step(struct registry_view *view, struct registry_walk *walk, struct units name,
                     struct units rest, unsigned links)
{
    bool skip = false, last = !peek_component(rest).count;
    NTSTATUS status = STATUS_SUCCESS;
    enum key_zone from = walk->place.zone;
    if (!walk->view64) status = redirect(view, walk, name, rest, links, &skip);
    if (!status && !skip) status = descend(view, walk, name, !(last && walk->open_link), links);
    if (!status && from == ZONE_MACHINE) status = enter_view(view, walk, rest, links);
    walk->missing_is_last = last && walk->missing.text == name.text && walk->missing.count;
    return status;
}

static NTSTATUS walk_from(struct registry_view *view, struct registry_walk *walk, struct units path,
                          unsigned links)
{
    NTSTATUS status = STATUS_SUCCESS;
    uint16_t first = 0;
    if (path.count) memcpy(&first, path.text, sizeof first);
    if (walk->absolute != (first == '\\')) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (walk->absolute) {
        if (!units_are(take_component(&path), "REGISTRY")) return STATUS_OBJECT_NAME_NOT_FOUND;
        walk->place = (struct registry_place){KEY_ID_ROOT, ZONE_ROOT};
    }
    for (unsigned depth = 0; !status; depth++) {
        struct units name = take_component(&path);
        if (!name.count) {
            struct key_info info;
            return depth ? STATUS_SUCCESS : key_get(view, walk->place.id, &info);
        }
        if (name.count > KEY_NAME_MAX || depth >= DEPTH_MAX) return STATUS_INVALID_PARAMETER;
        status = step(view, walk, name, path, links);
    }
    return status;
}

NTSTATUS registry_walk(struct registry_view *view, struct registry_walk *walk, struct units path)
{
    if (!walk->restart || walk->absolute || walk->place.zone != ZONE_VIEW64)
        return walk_from(view, walk, path, 0);
    // The same path from the root on, as the other view has it.
    uint32_t count;
    struct key_info info;
    NTSTATUS status = key_get(view, walk->place.id, &info);
    if (status) return status;
    uint16_t *base = registry_full_path(view, walk->place.id, &count);
    uint16_t *whole = base ? realloc(base, 2 * ((size_t)count + path.count + 1)) : NULL;
    if (!whole) {
        free(base);
        return STATUS_NO_MEMORY;
    }
    whole[count] = '\\';
    memcpy(whole + count + 1, path.text, 2u * path.count);
    walk->absolute = true;
    walk->view64 = false;
    status = walk_from(view, walk, (struct units){whole, count + 1 + path.count}, 0);
    // What is missing is named in the caller's path.
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) {
        ptrdiff_t at = (const uint16_t *)walk->missing.text - (whole + count + 1);
        if (at >= 0)
            walk->missing.text = (const uint8_t *)path.text + 2 * at;
        else
            walk->missing_is_last = false;
    }
    free(whole);
    return status;
}

// ---- full paths ----

// Puts a component before what is there; the buffer is filled from its end.
static bool prepend(uint16_t **buffer, uint32_t *size, uint32_t *used, struct units name)
{
    uint32_t more = name.count + 1;
    if (*used + more > *size) {
        uint32_t larger = (*size + more) * 2;
        uint16_t *moved = malloc(2u * larger);
        if (!moved) return false;
        memcpy(moved + larger - *used, *buffer + *size - *used, 2u * *used);
        free(*buffer);
        *buffer = moved;
        *size = larger;
    }
    uint16_t *at = *buffer + *size - *used - more;
    at[0] = '\\';
    memcpy(at + 1, name.text, 2u * name.count);
    *used += more;
    return true;
}

uint16_t *registry_full_path(struct registry_view *view, key_id id, uint32_t *count)
{
    uint32_t size = 256, used = 0;
    uint16_t *buffer = malloc(2u * size);
    bool done = buffer != NULL;
    for (unsigned depth = 0; done && depth <= DEPTH_MAX; depth++) {
        struct key_info info;
        done = key_get(view, id, &info) == STATUS_SUCCESS && prepend(&buffer, &size, &used, info.name);
        if (id == KEY_ID_ROOT) break;
        id = info.parent;
    }
    if (!done) {
        free(buffer);
        return NULL;
    }
    memmove(buffer, buffer + size - used, 2u * used);
    *count = used;
    return buffer;
}
