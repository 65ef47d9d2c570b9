// Mapping, protecting and unmapping views; which copy-on-write pages were copied.
#include "views.h"
#include "guest_constants.h"
#include "placeholder.h"
#include "object.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_EXECUTE = 4 };

// What a protection needs from the section; copy-on-write needs reading only.
static unsigned access_of(page_state state)
{
    static const uint8_t table[8] = {
        [PP_NOACCESS] = 0,
        [PP_READONLY] = ACCESS_READ,
        [PP_READWRITE] = ACCESS_READ | ACCESS_WRITE,
        [PP_WRITECOPY] = ACCESS_READ,
        [PP_EXECUTE] = ACCESS_READ | ACCESS_EXECUTE,
        [PP_EXECUTE_READ] = ACCESS_READ | ACCESS_EXECUTE,
        [PP_EXECUTE_READWRITE] = ACCESS_READ | ACCESS_WRITE | ACCESS_EXECUTE,
        [PP_EXECUTE_WRITECOPY] = ACCESS_READ | ACCESS_EXECUTE,
    };
    return table[state & PS_PROTECT];
}

static bool compatible(const struct allocation *allocation, page_state state)
{
    page_state mapped;
    if (!page_from_protect(allocation->protect, &mapped)) return false;
    return !(access_of(state) & ~access_of(mapped));
}

// ---- pages that the kernel copied ----

#define PAGEMAP_PRESENT   (1ull << 63)
#define PAGEMAP_SWAPPED   (1ull << 62)
#define PAGEMAP_FILE      (1ull << 61)
#define PAGEMAP_EXCLUSIVE (1ull << 56) // sets a copy apart from the shared page of zeroes

void pages_copied(uint32_t page, uint32_t n, bool *copied)
{
    static int pagemap = -1; // under the lock
    uint64_t entries[PAGES_COPIED_MAX];
    memset(copied, 0, n * sizeof *copied);
    if (pagemap == -1) {
        pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        if (pagemap == -1) pagemap = -2;
    }
    if (pagemap < 0) return;
    ssize_t got = pread(pagemap, entries, n * sizeof entries[0], (off_t)page * (off_t)sizeof entries[0]);
    for (uint32_t i = 0; got > 0 && i < (size_t)got / sizeof entries[0]; i++) {
        uint64_t entry = entries[i];
        copied[i] = !(entry & PAGEMAP_FILE) &&
                    ((entry & PAGEMAP_SWAPPED) || (entry & (PAGEMAP_PRESENT | PAGEMAP_EXCLUSIVE)) ==
                                                      (PAGEMAP_PRESENT | PAGEMAP_EXCLUSIVE));
    }
}

// ---- mapping ----

static bool map_pages(gptr base, uint32_t size, page_state state, const struct view *view, uint64_t offset,
                      bool shared)
{
    int flags = MAP_FIXED | MAP_NORESERVE | (shared ? MAP_SHARED : MAP_PRIVATE);
    int protection = page_host_protection(state);
    if (mmap(guest_ptr(base), size, protection, flags, view->fd, (off_t)offset) != MAP_FAILED) return true;
    // A noexec mount refuses PROT_EXEC; where only the lack of DEP asks for it, the view does without.
    return errno == EPERM && (protection & PROT_EXEC) && !(state & 4) &&
           mmap(guest_ptr(base), size, protection & ~PROT_EXEC, flags, view->fd, (off_t)offset) != MAP_FAILED;
}

// Releases what a removed view holds. Without the lock: objects may be destroyed.
static void view_free(struct view *view)
{
    if (!view) return;
    if (view->owns_fd) close(view->fd);
    if (view->section) object_release(view->section);
    free(view->path);
    free(view);
}

static struct view *view_new(const struct view_request *request)
{
    struct view *view = calloc(1, sizeof *view);
    if (!view) return NULL;
    view->fd = request->fd;
    view->offset = request->offset;
    view->commit = request->commit;
    view->file = request->file;
    if (request->section) {
        object_retain(request->section);
        view->section = request->section;
    } else {
        view->fd = fcntl(request->fd, F_DUPFD_CLOEXEC, 0);
        if (view->fd < 0) {
            free(view);
            return NULL;
        }
        view->owns_fd = true;
    }
    return view;
}

// Finds or checks the place for a view.
static NTSTATUS place(gptr *base, gptr low, gptr high, uint32_t size, bool top_down)
{
    if (*base) {
        gptr at = *base;
        uint32_t bytes = size;
        if (at < GUEST_LOWEST || vm_round_to_pages(&at, &bytes) || at != *base || bytes != size)
            return STATUS_INVALID_PARAMETER_3;
        if (!allocation_is_free(at, size)) return STATUS_CONFLICTING_ADDRESSES;
        return vm_host_claim(at, size) ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES;
    }
    while ((*base = allocation_search(low, high, size, GUEST_GRANULARITY, top_down))) {
        if (vm_host_claim(*base, size)) return STATUS_SUCCESS;
        // Something of the host's sits in a hole there: that place is lost.
        struct allocation *lost = allocation_add(*base, GUEST_GRANULARITY);
        if (!lost) break;
        lost->flags = ALLOCATION_BUILDING;
    }
    return STATUS_NO_MEMORY;
}

// Enters the states of a new SEC_RESERVE view: what the section has committed is committed here.
static void fill_committed(gptr base, uint32_t size, uint64_t offset, const struct view_commit *commit,
                           page_state state)
{
    uint32_t page = base >> GUEST_PAGE_SHIFT, first = (uint32_t)(offset >> GUEST_PAGE_SHIFT);
    for (uint32_t i = 0; i < size >> GUEST_PAGE_SHIFT; i++) {
        uint32_t bit = first + i;
        if (bit < commit->pages && (commit->bits[bit / 64] >> (bit % 64) & 1)) page_set(page + i, state);
    }
}

// The allocation that a view goes into: a new one, or the placeholder that it replaces.
static NTSTATUS take_place(const struct view_request *request, uint32_t size, gptr *at,
                           struct allocation **allocation)
{
    if (request->replace) {
        *allocation = placeholder_find(request->base, size);
        return *allocation ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES;
    }
    NTSTATUS status = place(at, request->low, request->high, size, request->top_down);
    if (status) return status;
    *allocation = allocation_add(*at, size);
    return *allocation ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS view_map(const struct view_request *request, gptr *base)
{
    page_state state;
    if (!request->size || request->size > vm_highest) return STATUS_INVALID_VIEW_SIZE;
    if (!page_from_protect(request->protect, &state)) return STATUS_INVALID_PAGE_PROTECTION;
    struct view *view = view_new(request);
    if (!view) return STATUS_NO_MEMORY;
    view->shared = !page_is_copy_on_write(state);
    state |= PS_COMMITTED | (view->shared ? PS_SHARED : 0);

    uint32_t size = (request->size + GUEST_PAGE_MASK) & ~GUEST_PAGE_MASK;
    gptr at = request->base;
    struct allocation *allocation = NULL;
    vm_lock();
    NTSTATUS status = take_place(request, size, &at, &allocation);
    if (!status && !map_pages(at, size, view->commit ? 0 : state, view, request->offset, view->shared)) {
        status = errno == EACCES || errno == EPERM ? STATUS_ACCESS_DENIED : STATUS_NO_MEMORY;
        if (!request->replace) allocation_remove(allocation);
    }
    if (!status) {
        if (request->replace) allocation->flags = ALLOCATION_REPLACED;
        allocation->kind = ALLOCATION_MAPPED;
        allocation->protect = request->protect & ~(uint32_t)PAGE_TARGETS_INVALID; // queries don't show it
        allocation->view = view;
        if (view->commit) {
            fill_committed(at, size, request->offset, view->commit, state);
            page_apply(at >> GUEST_PAGE_SHIFT, size >> GUEST_PAGE_SHIFT);
        } else {
            page_fill(at >> GUEST_PAGE_SHIFT, size >> GUEST_PAGE_SHIFT, state);
        }
        *base = at;
    }
    vm_unlock();
    if (status) view_free(view);
    return status;
}

NTSTATUS vm_map_file(gptr *base, uint32_t size, int fd, uint64_t offset, uint32_t zero_bits, uint32_t type,
                     uint32_t protect, bool copy_on_write, struct object *section)
{
    struct view_request request = {
        .base = *base,
        .low = GUEST_LOWEST,
        .size = size,
        .protect = protect,
        .fd = fd,
        .file = true,
        .offset = offset,
        .top_down = type & MEM_TOP_DOWN,
        .section = section,
    };
    if (copy_on_write && protect == PAGE_READWRITE) request.protect = PAGE_WRITECOPY;
    if (copy_on_write && protect == PAGE_EXECUTE_READWRITE) request.protect = PAGE_EXECUTE_WRITECOPY;
    NTSTATUS status = vm_zero_bits_limit(zero_bits, &request.high);
    return status ? status : view_map(&request, base);
}

NTSTATUS vm_unmap(gptr base)
{
    return view_unmap(base, false);
}

NTSTATUS view_unmap(gptr base, bool preserve)
{
    struct view *view = NULL;
    NTSTATUS status = STATUS_NOT_MAPPED_VIEW;
    vm_lock();
    struct allocation *allocation = allocation_find(base);
    if (allocation && allocation->kind != ALLOCATION_PRIVATE && !(allocation->flags & ALLOCATION_BUILDING)) {
        if (preserve) {
            struct view *held = allocation->view;
            status = placeholder_restore(allocation);
            if (!status) view = held;
        } else if (vm_host_reserve(allocation->base, allocation->size)) {
            page_fill(allocation->base >> GUEST_PAGE_SHIFT, allocation->size >> GUEST_PAGE_SHIFT, 0);
            view = allocation->view;
            allocation_remove(allocation);
            status = STATUS_SUCCESS;
        } else {
            status = STATUS_NO_MEMORY;
        }
    }
    vm_unlock();
    view_free(view);
    return status;
}

NTSTATUS vm_view(gptr address, struct vm_view_info *info)
{
    NTSTATUS status = STATUS_INVALID_ADDRESS;
    *info = (struct vm_view_info){0};
    vm_lock();
    const struct allocation *allocation = allocation_find(address);
    if (allocation && !allocation->view) {
        status = STATUS_CONFLICTING_ADDRESSES;
    } else if (allocation && !(allocation->flags & ALLOCATION_BUILDING)) {
        info->base = allocation->base;
        info->size = allocation->size;
        info->image = allocation->kind == ALLOCATION_IMAGE;
        info->section = allocation->view->section;
        if (info->section) object_retain(info->section);
        if (allocation->view->path) info->path = strdup(allocation->view->path);
        status = STATUS_SUCCESS;
    }
    vm_unlock();
    return status;
}

// ---- images ----

NTSTATUS view_image_begin(gptr *base, gptr low, gptr high, uint32_t size, bool top_down)
{
    gptr at = *base;
    vm_lock();
    NTSTATUS status = place(&at, low, high, size, top_down);
    if (!status) {
        struct allocation *allocation = allocation_add(at, size);
        if (allocation) {
            allocation->kind = ALLOCATION_IMAGE;
            allocation->flags = ALLOCATION_BUILDING;
            allocation->protect = PAGE_EXECUTE_WRITECOPY;
            *base = at;
        } else {
            status = STATUS_NO_MEMORY;
        }
    }
    vm_unlock();
    return status;
}

void view_image_finish(gptr base, struct view *view)
{
    vm_lock();
    struct allocation *allocation = allocation_find(base);
    allocation->view = view;
    allocation->flags &= (uint8_t)~ALLOCATION_BUILDING;
    vm_unlock();
}

void view_image_abort(gptr base)
{
    vm_lock();
    struct allocation *allocation = allocation_find(base);
    vm_host_reserve(base, allocation->size);
    page_fill(base >> GUEST_PAGE_SHIFT, allocation->size >> GUEST_PAGE_SHIFT, 0);
    allocation_remove(allocation);
    vm_unlock();
}

// ---- changing pages of views ----

// Maps pages of a data view shared or private, as the new protection wants it; pages that were copied stay
// private.
static bool remap(const struct allocation *allocation, uint32_t page, uint32_t n, page_state state,
                  bool shared)
{
    const struct view *view = allocation->view;
    bool copied[PAGES_COPIED_MAX];
    uint32_t end = page + n;
    while (page < end) {
        uint32_t chunk = end - page < PAGES_COPIED_MAX ? end - page : PAGES_COPIED_MAX;
        if (shared)
            pages_copied(page, chunk, copied);
        else
            memset(copied, 0, sizeof copied); // a shared page has no copy yet
        for (uint32_t i = 0; i < chunk;) {
            uint32_t run = 1;
            while (i + run < chunk && copied[i + run] == copied[i]) run++;
            if (!copied[i]) {
                gptr base = (page + i) << GUEST_PAGE_SHIFT;
                if (!map_pages(base, run << GUEST_PAGE_SHIFT, state, view,
                               view->offset + (base - allocation->base), shared))
                    return false;
            }
            page_fill(page + i, run, (state & ~PS_SHARED) | (shared && !copied[i] ? PS_SHARED : 0));
            i += run;
        }
        page += chunk;
    }
    return true;
}

static NTSTATUS protect_run(const struct allocation *allocation, uint32_t page, uint32_t n, page_state state)
{
    page_state old = page_get(page);
    bool image = allocation->kind == ALLOCATION_IMAGE;
    bool writes_through = page_writable(state | PS_COMMITTED) && !page_is_copy_on_write(state);
    state |= PS_COMMITTED;
    if (image) {
        page_fill(page, n, state | (old & PS_SHARED));
    } else if ((old & PS_SHARED) && page_is_copy_on_write(state)) {
        if (!remap(allocation, page, n, state, false)) return STATUS_NO_MEMORY;
    } else if (!(old & PS_SHARED) && writes_through && allocation->view->shared) {
        if (!remap(allocation, page, n, state, true)) return STATUS_NO_MEMORY;
    } else {
        page_fill(page, n, state | (old & PS_SHARED));
    }
    return STATUS_SUCCESS;
}

NTSTATUS view_protect(struct allocation *allocation, gptr base, uint32_t size, page_state state)
{
    uint32_t page = base >> GUEST_PAGE_SHIFT, n = size >> GUEST_PAGE_SHIFT, end = page + n;
    for (uint32_t i = page; i < end;) {
        uint32_t run = page_run(i, end - i);
        page_state wanted = state;
        if (allocation->kind == ALLOCATION_IMAGE && !(page_get(i) & PS_SHARED)) {
            // Nobody writes to the file of an image: writing means copying.
            if ((wanted & PS_PROTECT) == PP_READWRITE) wanted += PP_WRITECOPY - PP_READWRITE;
            if ((wanted & PS_PROTECT) == PP_EXECUTE_READWRITE)
                wanted += PP_EXECUTE_WRITECOPY - PP_EXECUTE_READWRITE;
        }
        bool shared_image_page = allocation->kind == ALLOCATION_IMAGE && (page_get(i) & PS_SHARED);
        if (!shared_image_page && !compatible(allocation, wanted)) return STATUS_SECTION_PROTECTION;
        NTSTATUS status = protect_run(allocation, i, run, wanted);
        if (status) return status;
        i += run;
    }
    return page_apply(page, n) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// Makes pages that a SEC_RESERVE section has just committed visible in all its views.
static void commit_in_views(const struct view_commit *commit, uint64_t offset, uint32_t size)
{
    for (struct allocation *at = allocation_at_or_above(0); at; at = allocation_next(at)) {
        if (at->kind != ALLOCATION_MAPPED || !at->view || at->view->commit != commit) continue;
        uint64_t begin = at->view->offset > offset ? at->view->offset : offset;
        uint64_t end = at->view->offset + at->size;
        if (end > offset + size) end = offset + size;
        page_state state;
        page_from_protect(at->protect, &state);
        state |= PS_COMMITTED | (at->view->shared ? PS_SHARED : 0);
        for (; begin < end; begin += GUEST_PAGE_SIZE) {
            uint32_t page = (at->base + (uint32_t)(begin - at->view->offset)) >> GUEST_PAGE_SHIFT;
            if (page_get(page) & PS_COMMITTED) continue;
            page_set(page, state);
            page_apply(page, 1);
        }
    }
}

NTSTATUS view_commit(struct allocation *allocation, gptr base, uint32_t size, page_state state)
{
    struct view *view = allocation->view;
    if (allocation->kind == ALLOCATION_IMAGE || view->file) return STATUS_ALREADY_COMMITTED;
    if (!compatible(allocation, state)) return STATUS_SECTION_PROTECTION;
    if (view->commit) {
        uint64_t offset = view->offset + (base - allocation->base);
        for (uint32_t i = 0; i < size >> GUEST_PAGE_SHIFT; i++) {
            uint64_t bit = (offset >> GUEST_PAGE_SHIFT) + i;
            if (bit < view->commit->pages) view->commit->bits[bit / 64] |= 1ull << (bit % 64);
        }
        commit_in_views(view->commit, offset, size);
    }
    return view_protect(allocation, base, size, state);
}
