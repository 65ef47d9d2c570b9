// Views: mapped files, page-file sections and images in the guest's space. Views are whole: they are unmapped
// only as they were mapped.
#ifndef LOWLAND_VIEWS_H
#define LOWLAND_VIEWS_H

#include "vm_internal.h"

struct object;
struct image_info;

// Which pages of a SEC_RESERVE section are committed, the same for all its views. Belongs to the section.
struct view_commit {
    uint32_t pages;
    uint64_t bits[]; // under the address space's lock
};

// What a mapped or image allocation knows beyond its pages.
struct view {
    struct object *section; // retained; NULL for views made without one
    char *path;             // of a view without a section: host path of the file; may be NULL
    bool file;              // of a file, not of page-file memory
    int fd;                 // for mapping pages anew; the section's, or owned; -1 for images
    bool owns_fd;
    bool shared;                // writes reach the file (unless a page is PAGE_WRITECOPY)
    uint64_t offset;            // of the first byte in fd
    struct view_commit *commit; // SEC_RESERVE; NULL: all committed
    uint32_t entry, checksum;   // images
};

struct view_request {
    gptr base; // 0: anywhere in [low, high]
    gptr low, high;
    uint32_t size;    // bytes
    uint32_t protect; // PAGE_*
    bool top_down;
    int fd;                 // borrowed for as long as the section lives; without a section it is duplicated
    uint64_t offset;        // a multiple of the page size
    struct object *section; // gains a reference
    bool file;              // fd is a file, not page-file memory
    struct view_commit *commit;
    bool replace; // base and size are a placeholder's, which the view stands for
};

// Maps a data view. *base is where. STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY, STATUS_ACCESS_DENIED.
NTSTATUS view_map(const struct view_request *request, gptr *base);

// Unmaps a view; preserve: a placeholder stays. Any address in it. STATUS_NOT_MAPPED_VIEW,
// STATUS_CONFLICTING_ADDRESSES (it replaced no placeholder), STATUS_NO_MEMORY.
NTSTATUS view_unmap(gptr base, bool preserve);

// Takes [*base, *base + size) for an image (*base 0: anywhere in [low, high]) and keeps everybody else off it
// until view_image_finish or view_image_abort. The caller maps the pages itself and enters their states with
// page_fill.
NTSTATUS view_image_begin(gptr *base, gptr low, gptr high, uint32_t size, bool top_down);
// Gives the finished image to the guest; the allocation owns view from here on.
void view_image_finish(gptr base, struct view *view);
void view_image_abort(gptr base);

// The changes of page state that views treat differently from private memory. With the lock held.
NTSTATUS view_protect(struct allocation *allocation, gptr base, uint32_t size, page_state state);
NTSTATUS view_commit(struct allocation *allocation, gptr base, uint32_t size, page_state state);

// Fills copied[i] for n pages from page on: whether the guest has its own copy of a copy-on-write page. Asks
// the host, as the kernel copies without telling. All false where the host won't say. n <= PAGES_COPIED_MAX.
#define PAGES_COPIED_MAX 256
void pages_copied(uint32_t page, uint32_t n, bool *copied);

#endif
