// Atoms of all processes of a prefix: the global ones, and USER's (registered messages, clipboard formats,
// window classes). Two tables of names, one range of numbers. docs/shared-objects.md.
#ifndef LOWLAND_SHARED_ATOM_H
#define LOWLAND_SHARED_ATOM_H

#include "loader/guest.h"
#include "region.h"
#include "thunks/nt/atom_name.h"

// Which names: the record's kind.
enum shared_atom_table { SHARED_ATOM_GLOBAL = 1, SHARED_ATOM_USER = 2 };

// A name that was read. length in UTF-16 units.
struct atom_name {
    uint32_t length;
    uint32_t references;
    uint16_t units[ATOM_NAME_MAX];
};

// All return STATUS_SUCCESS or the status that Windows has for the case. Any thread.

// The name that a guest passed: a number in place of a pointer, or `bytes` bytes that end sooner at a NUL.
// *atom is 0 when the name is a text, which is then in *name, not empty and not too long.
NTSTATUS atom_name_capture(gptr address, uint32_t bytes, struct atom_name *name, uint16_t *atom);

// The atom of a name, made if need be; one reference more.
NTSTATUS shared_atom_add(enum shared_atom_table table, const struct atom_name *name, uint16_t *atom);
// The atom of a name. One that exists is found without a lock.
NTSTATUS shared_atom_find(enum shared_atom_table table, const struct atom_name *name, uint16_t *atom);
// One reference less; the atom goes with the last one. Integer atoms always stay.
NTSTATUS shared_atom_delete(enum shared_atom_table table, uint16_t atom);
// The name of an atom, without a lock.
NTSTATUS shared_atom_name(enum shared_atom_table table, uint16_t atom, struct atom_name *name);
// Writes the atoms of a table that have names, at most max; how many there are.
uint32_t shared_atoms_list(enum shared_atom_table table, uint16_t *atoms, uint32_t max);

// For region.c, with the lock: rebuilds the chains.
void shared_atoms_recover(void);
// For region.c, with the lock, at a process's start: names that dead processes left behind go when the table
// is half full of them and nobody else lives.
void shared_atoms_tidy(void);

#endif
