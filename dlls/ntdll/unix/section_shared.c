// Sections that processes share. Each process that has one notes in the region which of its descriptors is
// the section's file or memory; another one opens that through /proc and sees by device and inode that it is
// the one.
#include "section.h"
#include "region_owned.h"
#include "shared_object.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CANDIDATES = 16 };

struct candidates {
    uint32_t n;
    struct {
        uint32_t pid;
        int fd;
    } at[CANDIDATES];
};

// Says which descriptor is ours; with the region's lock.
static void offer(struct section *section, uint32_t index, uint32_t serial)
{
    struct region_owned *owned = region_owned_add(REGION_OWNED_SECTION, (uint64_t[2]){index, serial},
                                                  (uint64_t[10]){(uint64_t)section->fd});
    section->offered = owned ? region_index(REGION_OWNED, owned) : 0;
}

void section_publish(struct object *object, struct shared_record *record)
{
    struct section *section = (struct section *)object;
    struct stat st = {0};
    fstat(section->fd, &st);
    atomic_store(&record->data[SECTION_SIZE], atomic_load(&section->size));
    atomic_store(&record->data[SECTION_ATTRIBUTES], section->attributes);
    atomic_store(&record->data[SECTION_PROTECT], section->protect);
    atomic_store(&record->data[SECTION_DEVICE], st.st_dev);
    atomic_store(&record->data[SECTION_INODE], st.st_ino);
    offer(section, region_index(REGION_OBJECTS, record), atomic_load(&record->serial));
}

void section_withdraw(struct section *section)
{
    if (!section->offered) return;
    region_lock();
    struct region_owned *owned = region_record(REGION_OWNED, section->offered);
    if (owned && atomic_load(&owned->record.kind) == REGION_OWNED_SECTION &&
        atomic_load(&owned->slot) == region_self())
        region_owned_remove(owned);
    region_unlock();
}

static bool add_candidate(struct region_owned *owned, void *context)
{
    struct candidates *found = context;
    const struct region_slot *slot = region_slot(atomic_load(&owned->slot));
    if (!slot) return true;
    found->at[found->n].pid = atomic_load(&slot->pid);
    found->at[found->n++].fd = (int)atomic_load(&owned->data[0]);
    return found->n < CANDIDATES;
}

static int open_candidate(const struct shared_record *copy, uint32_t pid, int fd, int flags)
{
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%u/fd/%d", pid, fd);
    int opened = open(path, flags | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0 || (fstat(opened, &st) == 0 && st.st_dev == atomic_load(&copy->data[SECTION_DEVICE]) &&
                       st.st_ino == atomic_load(&copy->data[SECTION_INODE])))
        return opened;
    close(opened);
    return -1;
}

// A descriptor of the section of our own, from whoever has one. -1: nobody has, or lets us.
static int open_section(const struct shared_record *copy, uint32_t index, int flags)
{
    struct candidates found = {.n = 0};
    int fd = -1;
    region_lock();
    region_owned_for_each(REGION_OWNED_SECTION, (uint64_t[2]){index, atomic_load(&copy->serial)},
                          add_candidate, &found);
    region_unlock();
    for (uint32_t i = 0; i < found.n && fd < 0; i++)
        fd = open_candidate(copy, found.at[i].pid, found.at[i].fd, flags);
    return fd;
}

NTSTATUS section_adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    uint32_t attributes = (uint32_t)atomic_load(&copy->data[SECTION_ATTRIBUTES]);
    uint32_t protect = (uint32_t)atomic_load(&copy->data[SECTION_PROTECT]);
    bool writable =
        !(attributes & SEC_FILE) || protect == PAGE_READWRITE || protect == PAGE_EXECUTE_READWRITE;
    int fd = open_section(copy, index, writable ? O_RDWR : O_RDONLY);
    if (fd < 0) return STATUS_OBJECT_NAME_NOT_FOUND;
    struct section *section;
    NTSTATUS status =
        section_from_fd(fd, attributes, protect, atomic_load(&copy->data[SECTION_SIZE]), &section);
    if (status) return status;
    region_lock();
    offer(section, index, atomic_load(&copy->serial));
    region_unlock();
    *object = &section->object;
    return STATUS_SUCCESS;
}
