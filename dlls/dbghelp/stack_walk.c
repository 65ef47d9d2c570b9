// Walking the stack of a 32-bit thread: the chain of frame pointers, and functions that are about to link
// themselves into it.
#include "session.h"

enum { POINTER = 4, WALKING = 0x6B6C6177 }; // Reserved[0] of a frame that was walked already

// One walk's ways to read memory: 64-bit callbacks, 32-bit ones, or none.
struct reader {
    HANDLE process;
    PREAD_PROCESS_MEMORY_ROUTINE64 read64;
    BOOL(WINAPI *read32)(HANDLE, DWORD, PVOID, DWORD, LPDWORD);
};

struct frame {
    DWORD pc, frame, stack, back, parameters[4];
};

// A walk between two calls: what the caller's frame keeps.
struct walk {
    struct frame at;
    DWORD mark; // WALKING once it has begun
    bool first_done;
};

static bool read_bytes(const struct reader *reader, DWORD address, void *buffer, DWORD size)
{
    DWORD got = 0;
    SIZE_T moved = 0;
    if (reader->read64) return reader->read64(reader->process, address, buffer, size, &got) && got == size;
    if (reader->read32) return reader->read32(reader->process, address, buffer, size, &got) && got == size;
    return ReadProcessMemory(reader->process, (void *)(ULONG_PTR)address, buffer, size, &moved) &&
           moved == size;
}

static DWORD read_pointer(const struct reader *reader, DWORD address)
{
    DWORD value;
    return read_bytes(reader, address, &value, sizeof(value)) ? value : 0;
}

// How far above the top of the stack a function's return address is when it stands in its first instructions:
// push ebp; mov ebp, esp. -1: it has its frame.
static int unlinked_depth(const struct reader *reader, DWORD pc)
{
    enum { PUSH_EBP = 0x55, MOV_EDI_EDI = 0xFF8B, MOV_EBP_ESP = 0xEC8B, MOV_EBP_ESP_TOO = 0xE589 };
    BYTE code[5] = {0};
    WORD pair;
    if (!read_bytes(reader, pc, code, sizeof(code))) return -1;
    memcpy(&pair, code, sizeof(pair));
    if (pair == MOV_EBP_ESP || pair == MOV_EBP_ESP_TOO) return POINTER;
    unsigned push = pair == MOV_EDI_EDI ? 2 : 0;
    memcpy(&pair, code + push + 1, sizeof(pair));
    return code[push] == PUSH_EBP && (pair == MOV_EBP_ESP || pair == MOV_EBP_ESP_TOO) ? 0 : -1;
}

// Where the frame of a function begins that has none yet, as it will be.
static void look_at_first(const struct reader *reader, struct frame *frame)
{
    int depth = unlinked_depth(reader, frame->pc);
    if (depth < 0) return;
    frame->back = read_pointer(reader, frame->stack + (DWORD)depth);
}

static void read_frame(const struct reader *reader, struct frame *frame)
{
    if (!frame->back) frame->back = read_pointer(reader, frame->frame + POINTER);
    memset(frame->parameters, 0, sizeof(frame->parameters));
    read_bytes(reader, frame->frame + 2 * POINTER, frame->parameters, sizeof(frame->parameters));
}

// To the caller. False at the end: no return address, or a chain that doesn't lead upwards.
static bool step(const struct reader *reader, struct frame *frame, bool first_done)
{
    int depth = first_done ? -1 : unlinked_depth(reader, frame->pc);
    DWORD next = depth < 0 ? read_pointer(reader, frame->frame) : frame->frame;
    DWORD stack = depth < 0 ? frame->frame + 2 * POINTER : frame->stack + (DWORD)depth + POINTER;
    if (!frame->back || (depth < 0 && next && next <= frame->frame)) return false;
    *frame = (struct frame){.pc = frame->back, .frame = next, .stack = stack};
    return true;
}

// The context goes along, as Windows' does.
static void follow(CONTEXT *context, const struct frame *at)
{
    if (!context) return;
    context->Eip = at->pc, context->Ebp = at->frame, context->Esp = at->stack;
}

// The next frame; the first call's is the one that the caller described. False at the end.
static bool advance(const struct reader *reader, struct walk *walk, CONTEXT *context)
{
    bool is_first = walk->mark != WALKING;
    if (is_first) {
        *walk = (struct walk){.at = {walk->at.pc, walk->at.frame, walk->at.stack}, .mark = WALKING};
        look_at_first(reader, &walk->at);
        if (!walk->at.pc) return false;
    } else {
        if (!step(reader, &walk->at, walk->first_done)) return false;
        walk->first_done = true;
        follow(context, &walk->at);
    }
    read_frame(reader, &walk->at);
    return true;
}

// STACKFRAME64 and STACKFRAME have the same members of other sizes.
#define WALK_OF(told)                                                                                        \
    {                                                                                                        \
        .at = {.pc = (DWORD)(told)->AddrPC.Offset,                                                           \
               .frame = (DWORD)(told)->AddrFrame.Offset,                                                     \
               .stack = (DWORD)(told)->AddrStack.Offset,                                                     \
               .back = (DWORD)(told)->AddrReturn.Offset},                                                    \
        .mark = (DWORD)(told)->Reserved[0], .first_done = (told)->Reserved[1] != 0                           \
    }
#define TELL(told, walk)                                                                                     \
    do {                                                                                                     \
        (told)->AddrPC.Offset = (walk).at.pc, (told)->AddrFrame.Offset = (walk).at.frame;                    \
        (told)->AddrStack.Offset = (walk).at.stack, (told)->AddrReturn.Offset = (walk).at.back;              \
        (told)->AddrPC.Mode = (told)->AddrFrame.Mode = AddrModeFlat;                                         \
        (told)->AddrStack.Mode = (told)->AddrReturn.Mode = AddrModeFlat;                                     \
        (told)->FuncTableEntry = NULL;                                                                       \
        (told)->Far = FALSE, (told)->Virtual = TRUE;                                                         \
        for (int i = 0; i < 4; i++) (told)->Params[i] = (walk).at.parameters[i];                             \
        (told)->Reserved[0] = (walk).mark, (told)->Reserved[1] = (walk).first_done;                          \
    } while (0)

HOTPATCH BOOL WINAPI StackWalk64(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME64 frame,
                                 PVOID context, PREAD_PROCESS_MEMORY_ROUTINE64 read,
                                 PFUNCTION_TABLE_ACCESS_ROUTINE64 table, PGET_MODULE_BASE_ROUTINE64 base,
                                 PTRANSLATE_ADDRESS_ROUTINE64 translate)
{
    (void)thread, (void)table, (void)base, (void)translate; // for FPO data, and 16-bit addresses
    if (machine != IMAGE_FILE_MACHINE_I386) return debug_fail(ERROR_INVALID_PARAMETER);
    const struct reader reader = {.process = process, .read64 = read};
    struct walk walk = WALK_OF(frame);
    if (!advance(&reader, &walk, context)) return FALSE;
    TELL(frame, walk);
    return TRUE;
}

HOTPATCH BOOL WINAPI StackWalk(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME frame,
                               PVOID context, PREAD_PROCESS_MEMORY_ROUTINE read,
                               PFUNCTION_TABLE_ACCESS_ROUTINE table, PGET_MODULE_BASE_ROUTINE base,
                               PTRANSLATE_ADDRESS_ROUTINE translate)
{
    (void)thread, (void)table, (void)base, (void)translate;
    if (machine != IMAGE_FILE_MACHINE_I386) return debug_fail(ERROR_INVALID_PARAMETER);
    const struct reader reader = {.process = process, .read32 = read};
    struct walk walk = WALK_OF(frame);
    if (!advance(&reader, &walk, context)) return FALSE;
    TELL(frame, walk);
    return TRUE;
}

// The function tables of i386 are FPO data, which images have had none of for decades.
HOTPATCH PVOID WINAPI SymFunctionTableAccess64(HANDLE process, DWORD64 address)
{
    struct session *session = session_find(process);
    if (session) module_at(session, address);
    return NULL;
}

HOTPATCH PVOID WINAPI SymFunctionTableAccess(HANDLE process, DWORD address)
{
    return SymFunctionTableAccess64(process, address);
}
