// For tests of the address space: the signal handler that the loader has, reduced to what host code needs.
#ifndef LOWLAND_TESTS_GUEST_FAULTS_H
#define LOWLAND_TESTS_GUEST_FAULTS_H

#include "loader/address_space.h"

// Installs the handler. At the start of each test: cmocka puts its own before it. state is what cmocka
// passes.
void guest_faults_install(void **state);

// The stack that faults of this thread belong to; may be NULL.
extern struct vm_stack *guest_faults_stack;
// What vm_fault last said to this thread.
extern _Thread_local enum vm_fault_result guest_faults_last;

#endif
