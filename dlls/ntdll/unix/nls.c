// Language tables for the guest: .nls files beside our DLLs, mapped read-only, each once per process.
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/address_space.h"
#include "loader/data_dir.h"
#include "ntdll_host.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// Section types of NtGetNlsSectionPtr.
enum {
    NLS_SORT_KEYS = 9,
    NLS_CASE_TABLE = 10,
    NLS_CODE_PAGE = 11,
    NLS_NORMALIZATION = 12,
    NLS_CHARACTER_TYPES = 0x4C4C0001, // our own: CT_CTYPE1 to 3 of every UTF-16 unit
    NLS_DECOMPOSITIONS = 0x4C4C0002,  // our own: canonical decompositions
    NLS_LOCALES = 0x4C4C0003,         // our own: what kernelbase says of locales
};

#define MAPPED_MAX 80

static struct mapped {
    uint32_t type, id;
    gptr base;
    uint32_t size;
} mapped[MAPPED_MAX];
static unsigned mapped_n;
static pthread_mutex_t mapped_lock = PTHREAD_MUTEX_INITIALIZER;

static NTSTATUS file_name(uint32_t type, uint32_t id, char *name, size_t size)
{
    switch (type) {
    case NLS_CASE_TABLE: snprintf(name, size, "%s/l_intl.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_CODE_PAGE: snprintf(name, size, "%s/c_%03u.nls", data_dir(), id); return STATUS_SUCCESS;
    case NLS_CHARACTER_TYPES: snprintf(name, size, "%s/ctype.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_DECOMPOSITIONS: snprintf(name, size, "%s/decompose.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_LOCALES: snprintf(name, size, "%s/locale.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_SORT_KEYS:
    case NLS_NORMALIZATION: return STATUS_OBJECT_NAME_NOT_FOUND;
    default: return STATUS_INVALID_PARAMETER_1;
    }
}

static NTSTATUS map(const char *name, struct mapped *out)
{
    struct stat st;
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    if (fd < 0) return status;
    if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < INT_MAX) {
        out->size = st.st_size;
        out->base = 0;
        status = vm_map_file(&out->base, out->size, fd, 0, 0, 0, PAGE_READONLY, false, NULL);
    }
    close(fd);
    return status;
}

NTSTATUS NtGetNlsSectionPtr(uint32_t type, uint32_t id, gptr context, gptr *section, uint32_t *size)
{
    char name[PATH_MAX + 32];
    struct mapped *entry = NULL;
    NTSTATUS status = file_name(type, id, name, sizeof name);

    (void)context;
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&mapped_lock);
    for (unsigned i = 0; i < mapped_n && !entry; i++) {
        if (mapped[i].type == type && mapped[i].id == id) entry = &mapped[i];
    }
    if (!entry && mapped_n == MAPPED_MAX) {
        status = STATUS_NO_MEMORY;
    } else if (!entry) {
        entry = &mapped[mapped_n];
        entry->type = type;
        entry->id = id;
        status = map(name, entry);
        if (NT_SUCCESS(status)) mapped_n++;
    }
    if (NT_SUCCESS(status)) {
        *section = entry->base;
        if (size) *size = entry->size;
    }
    pthread_mutex_unlock(&mapped_lock);
    return status;
}
