// Thread environment blocks. Slots come in blocks, whose LDT entries are filled at once: modify_ldt is dear
// beside running threads (mechanisms, 7).
#include "loader/teb.h"
#include "guest_constants.h"
#include "loader/fail.h"
#include "loader/gate.h"
#include "loader/host_segments.h"
#include "loader/process.h"
#include <string.h>

enum { SLOT_SIZE = 0x1000, BLOCK_SLOTS = 64, BLOCKS_MAX = 127, EXCEPTION_CHAIN_END = -1 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block {
    gptr base;
    uint64_t used, committed; // one bit per slot
} blocks[BLOCKS_MAX];

static NTSTATUS block_open(unsigned index)
{
    gptr base = 0;
    uint32_t size = SLOT_SIZE * BLOCK_SLOTS;
    NTSTATUS status = vm_allocate(&base, 0, &size, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) return status;
    if (!host_segments_fill(index * BLOCK_SLOTS, BLOCK_SLOTS, base, SLOT_SIZE)) {
        size = 0;
        vm_free(&base, &size, MEM_RELEASE);
        return STATUS_TOO_MANY_THREADS;
    }
    blocks[index].base = base;
    return STATUS_SUCCESS;
}

static NTSTATUS slot_commit(struct block *block, unsigned slot)
{
    gptr teb = block->base + slot * SLOT_SIZE;
    if (block->committed >> slot & 1)
        return guest_fill(teb, 0, SLOT_SIZE) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    uint32_t size = SLOT_SIZE;
    NTSTATUS status = vm_allocate(&teb, 0, &size, MEM_COMMIT, PAGE_READWRITE);
    if (NT_SUCCESS(status)) block->committed |= 1ull << slot;
    return status;
}

NTSTATUS teb_allocate(struct thread *thread)
{
    NTSTATUS status = STATUS_TOO_MANY_THREADS;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < BLOCKS_MAX; i++) {
        struct block *block = &blocks[i];
        if (!~block->used) continue;
        if (!block->base && !NT_SUCCESS(status = block_open(i))) break;
        unsigned slot = __builtin_ctzll(~block->used);
        status = slot_commit(block, slot);
        if (NT_SUCCESS(status)) {
            block->used |= 1ull << slot;
            thread->slot = i * BLOCK_SLOTS + slot;
            thread->teb = block->base + slot * SLOT_SIZE;
            thread->fs_selector = host_segment_selector(thread->slot);
        }
        break;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

NTSTATUS teb_init(struct thread *thread)
{
    TEB32 teb;
    memset(&teb, 0, sizeof teb);
    thread->peb = process_peb();
    teb.NtTib.ExceptionList = EXCEPTION_CHAIN_END;
    teb.NtTib.StackBase = thread->stack.base;
    teb.NtTib.StackLimit = thread->stack.limit;
    teb.NtTib.Self = thread->teb;
    teb.DeallocationStack = thread->stack.allocation_base;
    teb.ProcessEnvironmentBlock = thread->peb;
    teb.WOW32Reserved = gate_address();
    teb.StaticUnicodeString.MaximumLength = sizeof teb.StaticUnicodeBuffer;
    teb.StaticUnicodeString.Buffer = thread->teb + offsetof(TEB32, StaticUnicodeBuffer);
    return guest_write(thread->teb, &teb, sizeof teb) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

void teb_set_client_id(const struct thread *thread, uint32_t process_id)
{
    CLIENT_ID32 id = {.UniqueProcess = process_id, .UniqueThread = thread->tid};
    guest_write(thread->teb + offsetof(TEB32, ClientId), &id, sizeof id);
    guest_write(thread->teb + offsetof(TEB32, RealClientId), &id, sizeof id);
}

void teb_free(struct thread *thread)
{
    if (!thread->teb) return;
    pthread_mutex_lock(&lock);
    blocks[thread->slot / BLOCK_SLOTS].used &= ~(1ull << thread->slot % BLOCK_SLOTS);
    pthread_mutex_unlock(&lock);
    thread->teb = 0;
}
