// What the initial registry says of this machine and user.
#ifndef LOWLAND_REGISTRY_MACHINE_H
#define LOWLAND_REGISTRY_MACHINE_H

#include "registry_store.h"

// The initial registry's text (UTF-8) with ${NAME} replaced by what it stands for, malloc'd: USER, COMPUTER,
// SID, PROCESSOR, IDENTIFIER, VENDOR, MHZ (8 hexadecimal digits), PROCESSORS, CODEPAGE, OEMCODEPAGE,
// INSTALLED.
char *registry_machine_expand(const char *text, size_t size, size_t *expanded);

// The links of the initial registry, which .reg files cannot say.
NTSTATUS registry_put_links(struct registry_view *view);

#endif
