// Language tables for the guest: .nls files beside our DLLs, mapped read-only, anew for each caller.
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/address_space.h"
#include "loader/data_dir.h"
#include "ntdll_host.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// Section types of NtGetNlsSectionPtr.
enum {
    NLS_CASE_TABLE = 10,
    NLS_CODE_PAGE = 11,
    NLS_NORMALIZATION = 12,
    NLS_CHARACTER_TYPES = 0x4C4C0001, // our own: CT_CTYPE1 to 3 of every UTF-16 unit
    NLS_DECOMPOSITIONS = 0x4C4C0002,  // our own: canonical decompositions
    NLS_LOCALES = 0x4C4C0003,         // our own: what kernelbase says of locales
    NLS_DIGITS = 0x4C4C0004,          // our own: digits of all scripts
    NLS_SORT_WEIGHTS = 0x4C4C0005,    // our own: weights of characters for sorting
    NLS_PLACES = 0x4C4C0006,          // our own: nations and regions
    NLS_SCRIPTS = 0x4C4C0007,         // our own: scripts of characters
};

// The files of normalization forms, by NORM_FORM; 13 is that of domain names.
static const char *normalization_file(uint32_t form)
{
    switch (form) {
    case 1: return "normnfc.nls";
    case 2: return "normnfd.nls";
    case 5: return "normnfkc.nls";
    case 6: return "normnfkd.nls";
    case 13: return "normidna.nls";
    default: return NULL;
    }
}

static NTSTATUS file_name(uint32_t type, uint32_t id, char *name, size_t size)
{
    switch (type) {
    case NLS_CASE_TABLE:
        if (id) return STATUS_UNSUCCESSFUL;
        snprintf(name, size, "%s/l_intl.nls", data_dir());
        return STATUS_SUCCESS;
    case NLS_CODE_PAGE: snprintf(name, size, "%s/c_%03u.nls", data_dir(), id); return STATUS_SUCCESS;
    case NLS_CHARACTER_TYPES: snprintf(name, size, "%s/ctype.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_DECOMPOSITIONS: snprintf(name, size, "%s/decompose.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_DIGITS: snprintf(name, size, "%s/digits.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_SORT_WEIGHTS: snprintf(name, size, "%s/sort.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_PLACES: snprintf(name, size, "%s/geo.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_SCRIPTS: snprintf(name, size, "%s/script.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_LOCALES: snprintf(name, size, "%s/locale.nls", data_dir()); return STATUS_SUCCESS;
    case NLS_NORMALIZATION:
        if (!normalization_file(id)) return STATUS_OBJECT_NAME_NOT_FOUND;
        snprintf(name, size, "%s/%s", data_dir(), normalization_file(id));
        return STATUS_SUCCESS;
    default: return STATUS_INVALID_PARAMETER_1;
    }
}

static NTSTATUS map(const char *name, gptr *base, uint32_t *size)
{
    struct stat st;
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    if (fd < 0) return status;
    if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < INT_MAX) {
        *size = st.st_size;
        *base = 0;
        status = vm_map_file(base, *size, fd, 0, 0, 0, PAGE_READONLY, false, NULL);
    }
    close(fd);
    return status;
}

// Each call makes a view of its own: as on Windows, its caller may unmap it.
NTSTATUS NtGetNlsSectionPtr(uint32_t type, uint32_t id, gptr context, gptr *section, uint32_t *size)
{
    char name[PATH_MAX + 32];
    NTSTATUS status = file_name(type, id, name, sizeof name);
    uint32_t mapped_size = 0;

    (void)context;
    if (NT_SUCCESS(status)) status = map(name, section, &mapped_size);
    if (NT_SUCCESS(status) && size) *size = mapped_size;
    return status;
}
