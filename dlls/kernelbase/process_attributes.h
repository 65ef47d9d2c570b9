// Attribute lists of CreateProcess, and NT's form of them.
#ifndef LOWLAND_KERNELBASE_PROCESS_ATTRIBUTES_H
#define LOWLAND_KERNELBASE_PROCESS_ATTRIBUTES_H

#include "base.h"

#define PS_LIST_MAX 12

// An NT attribute list under construction.
struct ps_list {
    SIZE_T length;
    PS_ATTRIBUTE attributes[PS_LIST_MAX];
    unsigned count;
};

void ps_list_init(struct ps_list *list);
void ps_list_add(struct ps_list *list, ULONG_PTR attribute, SIZE_T size, ULONG_PTR value);

// Adds what a program's attribute list has a counterpart for: parent, handle list, job list.
void ps_list_add_attributes(struct ps_list *list, LPPROC_THREAD_ATTRIBUTE_LIST attributes);

// The finished list, in place.
PS_ATTRIBUTE_LIST *ps_list_get(struct ps_list *list);

#endif
