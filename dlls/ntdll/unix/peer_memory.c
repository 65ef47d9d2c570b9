// Memory of another process: what is asked of its service thread, and how it answers.
#include "loader/page_table.h"
#include "memory_request.h"
#include "peer.h"
#include "peer_messages.h"
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

// ---- changes ----

NTSTATUS peer_memory_perform(struct process_object *process, struct memory_request *request)
{
    struct peer_exchange exchange = {
        .in = request, .in_size = sizeof *request, .out = request, .out_size = sizeof *request};
    return peer_call(process, PEER_MEMORY, &exchange);
}

NTSTATUS peer_serve_memory(struct peer_call *call)
{
    struct memory_request request;
    memcpy(&request, call->body, sizeof request);
    NTSTATUS status = memory_perform(&request);
    memcpy(call->answer, &request, call->answer_size = sizeof request);
    return status;
}

// ---- queries ----

NTSTATUS peer_memory_query(struct process_object *process, uint32_t class, gptr address, void *answer,
                           uint32_t length, uint32_t *size)
{
    const struct peer_memory_query query = {.class = class, .address = address, .length = length};
    // Only the working set's answer depends on what the buffer holds.
    const bool in_place = class == MemoryWorkingSetExInformation;
    struct peer_exchange exchange = {.in = &query,
                                     .in_size = sizeof query,
                                     .more = answer,
                                     .more_size = in_place ? length : 0,
                                     .out = size,
                                     .out_size = sizeof *size,
                                     .rest = answer,
                                     .rest_size = length};
    *size = 0;
    NTSTATUS status = peer_call(process, PEER_MEMORY_QUERY, &exchange);
    if (!status && exchange.rest_got != *size) return STATUS_INTERNAL_ERROR;
    return status;
}

NTSTATUS peer_serve_memory_query(struct peer_call *call)
{
    struct peer_memory_query query;
    uint32_t size, room = PEER_BODY_MAX - sizeof size;
    memcpy(&query, call->body, sizeof query);
    uint8_t *answer = call->answer + sizeof size;
    uint32_t given = call->size - (uint32_t)sizeof query;
    if (query.length > room || given > query.length) return STATUS_INVALID_PARAMETER;
    memset(answer, 0, query.length);
    memcpy(answer, (const uint8_t *)call->body + sizeof query, given);
    NTSTATUS status = memory_query(query.class, query.address, answer, query.length, &size);
    memcpy(call->answer, &size, sizeof size);
    call->answer_size = (uint32_t)sizeof size + (status ? 0 : size);
    return status;
}

// ---- reading and writing ----

// The host does it alone where no page needs more than that: it refuses guard, watched and (to write)
// read-only pages. The ids of a process that has ended may be another's by now, so one known to have ended is
// left alone.
static bool copy_by_host(struct process_object *process, gptr address, gptr buffer, uint32_t length,
                         bool write)
{
    if (atomic_load(&process->exit_status) != (uint32_t)STATUS_PENDING) return false;
    if (!(write ? guest_probe_read(buffer, length) : guest_probe_write(buffer, length))) return false;
    struct iovec here = {guest_ptr(buffer), length}, there = {guest_ptr(address), length};
    ssize_t n = write ? process_vm_writev(process->host_pid, &here, 1, &there, 1, 0)
                      : process_vm_readv(process->host_pid, &here, 1, &there, 1, 0);
    return n == (ssize_t)length;
}

// What Windows copies at once: of a piece whose source is not all readable, nothing is.
enum { PIECE = 14 * GUEST_PAGE_SIZE };
_Static_assert(PIECE + sizeof(uint32_t) <= PEER_BODY_MAX, "a piece fits a message");

// Page by page: what comes before a page that can't be written counts. *done grows by it.
static NTSTATUS write_pages(gptr address, const uint8_t *bytes, uint32_t length, uint32_t *done)
{
    for (uint32_t at = 0, n; at < length; at += n) {
        n = GUEST_PAGE_SIZE - ((address + at) & GUEST_PAGE_MASK);
        if (n > length - at) n = length - at;
        if (!guest_write(address + at, bytes + at, n)) return STATUS_PARTIAL_COPY;
        *done += n;
    }
    return STATUS_SUCCESS;
}

// Reads up to a piece; *done only grows by what arrived in the buffer.
static NTSTATUS read_piece(struct process_object *process, gptr address, gptr buffer, uint32_t n,
                           uint8_t *piece, uint32_t *done)
{
    const struct peer_range range = {address, n};
    struct peer_exchange exchange = {
        .in = &range, .in_size = sizeof range, .rest = piece, .rest_size = PIECE};
    NTSTATUS status = peer_call(process, PEER_MEMORY_READ, &exchange);
    if (status) return status;
    if (exchange.rest_got != n) return STATUS_INTERNAL_ERROR;
    return write_pages(buffer, piece, n, done);
}

static NTSTATUS write_piece(struct process_object *process, gptr address, gptr buffer, uint32_t n,
                            uint8_t *piece, uint32_t *done)
{
    uint32_t written = 0;
    if (!guest_read(piece, buffer, n)) return STATUS_PARTIAL_COPY;
    const struct peer_range range = {address, n};
    struct peer_exchange exchange = {.in = &range,
                                     .in_size = sizeof range,
                                     .more = piece,
                                     .more_size = n,
                                     .out = &written,
                                     .out_size = sizeof written};
    NTSTATUS status = peer_call(process, PEER_MEMORY_WRITE, &exchange);
    *done += written <= n ? written : 0;
    return status;
}

typedef NTSTATUS copy_piece(struct process_object *process, gptr address, gptr buffer, uint32_t n,
                            uint8_t *piece, uint32_t *done);

static NTSTATUS copy_by_peer(struct process_object *process, gptr address, gptr buffer, uint32_t length,
                             copy_piece *copy, uint32_t *done)
{
    uint8_t *piece = malloc(PIECE); // the host's stack of a thread is small
    NTSTATUS status = piece ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    *done = 0;
    while (!status && *done < length) {
        uint32_t n = length - *done < PIECE ? length - *done : PIECE;
        status = copy(process, address + *done, buffer + *done, n, piece, done);
    }
    free(piece);
    return status;
}

NTSTATUS peer_memory_read(struct process_object *process, gptr address, gptr buffer, uint32_t length,
                          uint32_t *done)
{
    *done = length;
    if (!length || copy_by_host(process, address, buffer, length, false)) return STATUS_SUCCESS;
    return copy_by_peer(process, address, buffer, length, read_piece, done);
}

NTSTATUS peer_memory_write(struct process_object *process, gptr address, gptr buffer, uint32_t length,
                           uint32_t *done)
{
    *done = length;
    if (!length || copy_by_host(process, address, buffer, length, true)) return STATUS_SUCCESS;
    return copy_by_peer(process, address, buffer, length, write_piece, done);
}

bool peer_memory_peek(struct process_object *process, gptr address, void *bytes, uint32_t n)
{
    const struct peer_range range = {address, n};
    struct peer_exchange exchange = {.in = &range, .in_size = sizeof range, .rest = bytes, .rest_size = n};
    return n <= PIECE && NT_SUCCESS(peer_call(process, PEER_MEMORY_READ, &exchange)) && exchange.rest_got == n;
}

NTSTATUS peer_serve_memory_read(struct peer_call *call)
{
    struct peer_range range;
    memcpy(&range, call->body, sizeof range);
    if (range.size > PIECE) return STATUS_INVALID_PARAMETER;
    if (!guest_read(call->answer, range.address, range.size)) return STATUS_PARTIAL_COPY;
    call->answer_size = range.size;
    return STATUS_SUCCESS;
}

NTSTATUS peer_serve_memory_write(struct peer_call *call)
{
    struct peer_range range;
    memcpy(&range, call->body, sizeof range);
    const uint8_t *bytes = (const uint8_t *)call->body + sizeof range;
    if (range.size != call->size - sizeof range) return STATUS_INVALID_PARAMETER;
    uint32_t done = 0;
    NTSTATUS status = write_pages(range.address, bytes, range.size, &done);
    memcpy(call->answer, &done, call->answer_size = sizeof done);
    return status;
}
