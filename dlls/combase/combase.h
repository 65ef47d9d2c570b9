// What combase's files share: the state of threads.
#ifndef COMBASE_COMBASE_H
#define COMBASE_COMBASE_H

#include "nt/nt.h"
#include <objbase.h>
#include <oleauto.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct thread_state {
    DWORD apartment; // COINIT_..., meaningful while `count` is not 0
    LONG count;
    DWORD id; // of a single-threaded apartment: no other one of the process ever has it
    IErrorInfo *error;
};

// The calling thread's state, made on the first call with `create`; NULL: there is none, or no memory.
struct thread_state *thread_state(bool create);

// Names the calling thread's apartment: a single-threaded one's number, MULTITHREADED, or 0 outside of all.
#define MULTITHREADED 0xFFFFFFFF
DWORD current_apartment(void);

// Gives up the class objects that were registered in an apartment, which ends.
void forget_classes(DWORD apartment);

// The table of interfaces by number, for StdGlobalInterfaceTable's class.
HRESULT get_interface_table(REFIID id, void **result);
// Keeps an interface; *cookie names it. take_interface: as an interface of the calling apartment.
HRESULT keep_interface(IUnknown *object, REFIID id, DWORD *cookie);
HRESULT take_interface(DWORD cookie, REFIID id, bool forget, void **result);

// Whether two interface identifiers are the same.
static inline bool same_id(REFIID left, REFIID right)
{
    return !memcmp(left, right, sizeof(GUID));
}

#endif
