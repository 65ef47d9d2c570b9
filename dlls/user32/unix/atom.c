// The names that USER gives numbers to: registered messages, clipboard formats, window classes.
#include "dlls/ntdll/unix/shared_atom.h"
#include "guest_constants.h"
#include "user32_host.h"

NTSTATUS UserAddAtom(gptr address, uint32_t length, uint16_t *atom)
{
    struct atom_name name;
    NTSTATUS status = atom_name_capture(address, length, &name, atom);
    if (status != STATUS_SUCCESS || *atom) return status;
    // These names stay: their numbers are in the hands of programs that never give them back.
    status = shared_atom_find(SHARED_ATOM_USER, &name, atom);
    return status == STATUS_SUCCESS ? status : shared_atom_add(SHARED_ATOM_USER, &name, atom);
}

NTSTATUS UserFindAtom(gptr address, uint32_t length, uint16_t *atom)
{
    struct atom_name name;
    NTSTATUS status = atom_name_capture(address, length, &name, atom);
    if (status != STATUS_SUCCESS || *atom) return status;
    return shared_atom_find(SHARED_ATOM_USER, &name, atom);
}

NTSTATUS UserAtomName(uint16_t atom, gptr buffer, uint32_t length, uint32_t *units)
{
    struct atom_name name;
    NTSTATUS status = shared_atom_name(SHARED_ATOM_USER, atom, &name);
    if (status != STATUS_SUCCESS) return status;
    if (length < name.length * 2) return STATUS_BUFFER_TOO_SMALL;
    *units = name.length;
    return guest_write(buffer, name.units, name.length * 2) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}
