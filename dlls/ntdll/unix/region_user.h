// The records of USER in the shared region: windows, queues, hooks, the clipboard. Laid out before they are
// used, so that a window's handle means the same in every process of the prefix. docs/shared-objects.md has
// the rules: `kind` commits a record, a slot owns it and takes it along, what leads to records is derived.
#ifndef LOWLAND_REGION_USER_H
#define LOWLAND_REGION_USER_H

#include "region.h"

// The slot of the process that has a record, and the thread in it.
struct region_owner {
    _Atomic uint32_t slot, generation;
    uint32_t thread; // the guest's id
};

// A window. Its handle is the index below the use (16 bits each): USER handles are prefix-wide. What only its
// own process reads (procedure, extra bytes, properties) stays in that process's memory.
struct region_window {
    struct region_record record; // kind: 1
    struct region_owner owner;
    uint32_t use;                                     // of the record, counted: the handle's high word
    uint32_t class_atom;                              // shared_atom.h, USER's table
    uint32_t queue;                                   // the record of its thread's queue
    _Atomic uint32_t parent;                          // records; commits a move in the tree
    uint32_t first_child, next_sibling, window_owner; // derived from parent and order
    uint32_t order;                                   // among siblings, front first
    _Atomic uint32_t style, extended_style;
    int32_t rectangle[4], client[4]; // left, top, right, bottom on the screen
    uint32_t title;                  // region_text.h
    uint32_t id;                     // or the menu
    uint8_t reserved[156];
};

// A thread's queue. Whoever sends or posts hangs a text on it, sets bits and signals the wake-up event, a
// shared object: so MsgWaitForMultipleObjects is a wait like any other.
struct region_queue {
    struct region_record record; // kind: 1
    struct region_owner owner;
    uint32_t event;                          // the record of its wake-up event
    _Atomic uint32_t bits, wanted, changed;  // QS_*: there, waited for, since the last look
    uint32_t posted_first, posted_last;      // texts: messages in their order
    uint32_t sent_first, sent_last;          // texts: with the sender's queue and a place for the answer
    uint32_t focus, active, capture, cursor; // windows
    _Atomic uint32_t quit_code, quit;
    uint64_t last_input; // 100 ns since boot
    uint8_t reserved[420];
};

// A hook, local to a thread or for the whole prefix; its procedure runs in the process that set it.
struct region_hook {
    struct region_record record; // kind: 1
    struct region_owner owner;
    uint32_t use;
    uint32_t type;      // WH_*
    uint32_t thread;    // whose messages; 0: everybody's
    uint32_t procedure; // in the owner's memory
    uint32_t module;    // a text: the DLL that others load for it
    uint32_t order;     // the latest comes first
    uint8_t reserved[20];
};

// A format on the clipboard. Record 1 is the clipboard itself: who has it open, and the sequence number.
struct region_clipboard {
    struct region_record record; // kind: 1 the clipboard, 2 a format
    struct region_owner owner;   // of the content, or who has it open
    uint32_t window;
    uint32_t format;
    uint32_t text; // the content; 0: rendered when asked for
    uint32_t size;
    _Atomic uint32_t sequence;
    uint8_t reserved[24];
};

_Static_assert(sizeof(struct region_window) == 256, "the layout");
_Static_assert(sizeof(struct region_queue) == 512, "the layout");
_Static_assert(sizeof(struct region_hook) == 64, "the layout");
_Static_assert(sizeof(struct region_clipboard) == 64, "the layout");

#endif
