// The calls for global atoms, and what a guest's pointer to a name means.
#include "guest_constants.h"
#include "ntdll_host.h"
#include "shared_atom.h"
#include <stdlib.h>

NTSTATUS atom_name_capture(gptr address, uint32_t bytes, struct atom_name *name, uint16_t *atom)
{
    uint32_t value = 0;
    enum atom_name_kind kind;
    if (address >> 16) {
        if (bytes > ATOM_NAME_MAX * 2 + 1) return STATUS_INVALID_PARAMETER;
        if (!guest_read(name->units, address, bytes & ~1u)) return STATUS_ACCESS_VIOLATION;
        for (name->length = 0; name->length < bytes / 2 && name->units[name->length];) name->length++;
        kind = atom_name_kind(name->units, name->length, &value);
    } else {
        kind = atom_integer_kind(value = address);
    }
    if (kind == ATOM_NAME_INVALID) return STATUS_INVALID_PARAMETER;
    *atom = (uint16_t)value;
    return value || name->length ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}

NTSTATUS NtAddAtom(gptr address, uint32_t length, RTL_ATOM32 *atom)
{
    struct atom_name name;
    uint16_t number;
    NTSTATUS status = atom_name_capture(address, length, &name, &number);
    if (status == STATUS_SUCCESS && !number) status = shared_atom_add(SHARED_ATOM_GLOBAL, &name, &number);
    if (status == STATUS_SUCCESS && atom) *atom = number;
    return status;
}

NTSTATUS NtFindAtom(gptr address, uint32_t length, RTL_ATOM32 *atom)
{
    struct atom_name name;
    uint16_t number;
    NTSTATUS status = atom_name_capture(address, length, &name, &number);
    if (status == STATUS_SUCCESS && !number) status = shared_atom_find(SHARED_ATOM_GLOBAL, &name, &number);
    if (status == STATUS_SUCCESS && atom) *atom = number;
    return status;
}

NTSTATUS NtDeleteAtom(RTL_ATOM32 atom)
{
    return shared_atom_delete(SHARED_ATOM_GLOBAL, atom);
}

// The name is cut to what fits before its NUL.
static NTSTATUS query_basic(uint16_t atom, gptr buffer, uint32_t length, uint32_t *used)
{
    enum { NAME_OFFSET = offsetof(ATOM_BASIC_INFORMATION32, Name) };
    struct atom_name name;
    if (length < sizeof(ATOM_BASIC_INFORMATION32)) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = shared_atom_name(SHARED_ATOM_GLOBAL, atom, &name);
    if (status != STATUS_SUCCESS) return status;
    uint32_t room = (length - NAME_OFFSET) / 2 - 1;
    uint16_t whole = (uint16_t)(name.length * 2), bytes = (uint16_t)(name.length < room ? whole : room * 2);
    bool stays = atom < ATOM_FIRST || name.references >= ATOM_REFERENCES_MAX;
    uint16_t nul = 0,
             head[] = {(uint16_t)name.references, stays ? RTL_ATOM_PINNED : 0, bytes ? bytes : whole};
    if (!guest_write(buffer, head, sizeof head) || !guest_write(buffer + NAME_OFFSET, name.units, bytes) ||
        !guest_write(buffer + NAME_OFFSET + bytes, &nul, sizeof nul))
        return STATUS_ACCESS_VIOLATION;
    *used = NAME_OFFSET + (bytes ? bytes : whole) + 2;
    return bytes ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

static NTSTATUS query_table(gptr buffer, uint32_t length, uint32_t *used)
{
    enum { MAX = 0x4000 };
    if (length < 4) return STATUS_INFO_LENGTH_MISMATCH;
    uint16_t *atoms = malloc(MAX * sizeof *atoms);
    if (!atoms) return STATUS_NO_MEMORY;
    uint32_t n = shared_atoms_list(SHARED_ATOM_GLOBAL, atoms, MAX), bytes = n * (uint32_t)sizeof *atoms;
    NTSTATUS status = STATUS_SUCCESS;
    *used = 4 + bytes;
    if (length < *used)
        status = STATUS_INFO_LENGTH_MISMATCH;
    else if (!guest_write32(buffer, n) || !guest_write(buffer + 4, atoms, bytes))
        status = STATUS_ACCESS_VIOLATION;
    free(atoms);
    return status;
}

NTSTATUS NtQueryInformationAtom(RTL_ATOM32 atom, uint32_t class, gptr buffer, uint32_t length,
                                uint32_t *result_length)
{
    uint32_t used = 0;
    NTSTATUS status = STATUS_INVALID_INFO_CLASS;
    if (class == AtomBasicInformation) status = query_basic(atom, buffer, length, &used);
    if (class == AtomTableInformation) status = query_table(buffer, length, &used);
    if (result_length) *result_length = used;
    return status;
}
