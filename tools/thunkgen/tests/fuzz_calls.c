// A Windows program that makes the calls of every interface with arguments drawn from numbers, handles and
// good, bad and straddling pointers. The last word of its command line is the seed. It may crash itself,
// since it hands its own memory to everything; the 64-bit side must not (exit status 125), and must not hang.
#include "ntdll.h"

enum { CALLS_MAX = 1024, SLOTS = 16, ROUNDS = 20000, ARENA = 0x8000, KEPT = 8 };

// Calls that end, stop or redirect this thread or process as they should, that change the host's clock, or
// that wait or compute for as long as their arguments say. A name with @ is a whole one.
static const char *const left_out[] = {
    "NtTerminateProcess",
    "NtTerminateThread",
    "NtTerminateJobObject",
    "NtContinue",
    "NtRaiseException",
    "NtCallbackReturn",
    "NtSetContextThread",
    "NtSuspendThread",
    "NtQueueApcThread",
    "NtDelayExecution",
    "NtWaitFor",
    "NtSignalAndWait",
    "NtRemoveIoCompletion",
    "NtLockFile",
    "NtSetSystemTime",
    "NtCreateThread",
    "NtSuspendProcess",
    "NtReleaseKeyedEvent",
    "NtCreateUserProcess",
    "NtSetInformationThread",
    "NtRaiseHardError",
    "NtListenPort",
    "NtConnectPort",
    "NtSecureConnectPort",
    "NtRequestWaitReplyPort",
    "NtReplyWaitReceivePort",
    "NtReplyWaitReplyPort",
    "LowlandFatal",
    "ConsoleSendEvent",
    "ConsoleFeedPseudo",
    "ConsoleShowPseudo",
    "UserCloseConsole",
    "ConsoleRead@",
    "ConsoleReadInput@",
    "SocketAccept@",
    "SocketConnect@",
    "SocketReceive@",
    "SocketReceiveMessage@",
    "SocketPoll@",
    "SocketAddressChange@",
    "HostLookup",
    "HostNameOf",
    "NetworkEcho",
    "NetworkResolveNeighbour",
    "DnsHostQuery",
    "CryptoPbkdf2",
    "CryptoRsaGenerate",
    "CryptoDlGenerate",
};

// Arguments that a call answered with a status of its own.
struct kept {
    NTSTATUS status;
    ULONG slots[SLOTS];
};

static struct call {
    ULONG index;
    unsigned slots, kept_n;
    struct kept kept[KEPT];
} calls[CALLS_MAX];
static unsigned calls_n;
static ULONG *arena, *edge; // edge: what follows it is not there
static ULONGLONG state;

static ULONG draw(ULONG n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (ULONG)(state >> 33) % n;
}

static int starts_with(const char *text, const char *start)
{
    while (*start && *text == *start) text++, start++;
    return !*start;
}

// The entries are linked in, and say their index themselves: mov eax, index; call fs:[0C0h]; ret n.
static void find_calls(void)
{
    BYTE *base = NtCurrentTeb()->ProcessEnvironmentBlock->ImageBaseAddress;
    IMAGE_NT_HEADERS *headers = (void *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_EXPORT_DIRECTORY *table = (void *)(base + headers->OptionalHeader.DataDirectory[0].VirtualAddress);
    ULONG *names = (void *)(base + table->AddressOfNames),
          *functions = (void *)(base + table->AddressOfFunctions);
    USHORT *ordinals = (void *)(base + table->AddressOfNameOrdinals);
    for (ULONG i = 0; i < table->NumberOfNames && calls_n < CALLS_MAX; i++) {
        const char *name = (const char *)base + names[i];
        const BYTE *code = base + functions[ordinals[i]];
        // Zw names are the same entries again.
        int skip = starts_with(name, "Zw") || code[0] != 0xB8 || code[5] != 0x64 || code[6] != 0xFF;
        for (unsigned j = 0; j < sizeof left_out / sizeof *left_out; j++)
            skip |= starts_with(name, left_out[j]);
        if (!skip) {
            unsigned slots = code[12] == 0xC2 ? *(const USHORT *)(code + 13) / 4 : 0;
            calls[calls_n++] = (struct call){.index = *(const ULONG *)(code + 1), .slots = slots};
        }
    }
}

// Arguments that make sense, so that some calls succeed and leave handles and memory behind.
static const WCHAR *const texts[] = {L"\\BaseNamedObjects\\fuzz1",
                                     L"\\BaseNamedObjects\\fuzz2",
                                     L"fuzz",
                                     L"\\??\\C:\\fuzz1",
                                     L"\\??\\C:\\fuzz2",
                                     L"\\??\\C:\\",
                                     L"\\??\\PIPE\\fuzz",
                                     L""};
enum { TEXTS = sizeof texts / sizeof *texts };
// They lie behind the arena, where what calls write past them hurts nobody.
static struct templates {
    UNICODE_STRING strings[TEXTS];
    OBJECT_ATTRIBUTES attributes[TEXTS];
    LARGE_INTEGER timeouts[4];
} * templates;

static void reset_templates(void)
{
    for (unsigned i = 0; i < TEXTS; i++) {
        USHORT length = 0;
        while (texts[i][length / 2]) length += 2;
        templates->strings[i] = (UNICODE_STRING){length, length + 2, (WCHAR *)texts[i]};
        templates->attributes[i] = (OBJECT_ATTRIBUTES){
            sizeof(OBJECT_ATTRIBUTES), NULL, &templates->strings[i], OBJ_CASE_INSENSITIVE, NULL, NULL};
    }
    for (unsigned i = 0; i < 4; i++) templates->timeouts[i].QuadPart = -(LONGLONG)i;
}

static ULONG draw_value(void)
{
    static const ULONG numbers[] = {
        0,    0,   0,      1,      2,       3,        4,         8,        16,       24,       64,
        0x80, 256, 0x1000, 0x3000, 0x10000, 0x100000, 0x2000000, 0x1F0003, 0x1F01FF, 0x12019F, 0x7FFFFFFF};
    static const ULONG wild[] = {8,          0xFFFF,     0x7FFE0000, 0x7FFE2000,
                                 0x7FFEFFFE, 0x80000000, 0xFFFF0000, 0xFFFFFFFC};
    switch (draw(20)) {
    case 0: return wild[draw(sizeof wild / sizeof *wild)];
    case 1: return (ULONG)edge - draw(40);
    case 2: return (ULONG)-1 - draw(6); // a pseudo-handle
    case 3:
    case 4:
    case 5: return 4 * draw(24); // a handle
    case 6:
    case 7: return (ULONG)&templates->attributes[draw(TEXTS)];
    case 8: return (ULONG)&templates->strings[draw(TEXTS)];
    case 9: return (ULONG)&templates->timeouts[draw(4)];
    case 10:
    case 11:
    case 12:
    case 13: return (ULONG)arena + 4 * draw(ARENA / 4);
    default: return numbers[draw(sizeof numbers / sizeof *numbers)];
    }
}

__attribute__((naked)) static NTSTATUS make_call(ULONG index __attribute__((unused)),
                                                 const ULONG *slots __attribute__((unused)))
{
    __asm__("pushl %ebp\n movl %esp, %ebp\n pushl %esi\n pushl %edi\n pushl %ebx\n"
            "movl 12(%ebp), %esi\n movl $16, %ecx\n"
            "1: pushl -4(%esi, %ecx, 4)\n loop 1b\n"
            "pushl $0\n movl 8(%ebp), %eax\n call *%fs:0xC0\n"
            "leal -12(%ebp), %esp\n popl %ebx\n popl %edi\n popl %esi\n popl %ebp\n ret");
}

// Whole new arguments, or a few changed in some that got far.
static void draw_arguments(const struct call *call, ULONG slots[SLOTS])
{
    if (call->kept_n == 0 || draw(4) == 0) {
        for (unsigned i = 0; i < SLOTS; i++) slots[i] = draw_value();
        return;
    }
    const struct kept *kept = &call->kept[draw(call->kept_n)];
    for (unsigned i = 0; i < SLOTS; i++) slots[i] = kept->slots[i];
    for (unsigned n = call->slots ? draw(4) : 0; n > 0; n--) slots[draw(call->slots)] = draw_value();
}

static void keep(struct call *call, NTSTATUS status, const ULONG slots[SLOTS])
{
    unsigned at = 0;
    while (at < call->kept_n && call->kept[at].status != status) at++;
    if (at == KEPT) at = draw(KEPT);
    if (at == call->kept_n) call->kept_n++;
    call->kept[at].status = status;
    for (unsigned i = 0; i < SLOTS; i++) call->kept[at].slots[i] = slots[i];
}

static void *allocate(SIZE_T size)
{
    void *base = NULL;
    NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    return base;
}

void start(void);
void start(void)
{
    UNICODE_STRING *line = &NtCurrentTeb()->ProcessEnvironmentBlock->ProcessParameters->CommandLine;
    for (ULONG i = 0; i < line->Length / 2; i++) state = state * 31 + line->Buffer[i];
    find_calls();
    arena = allocate(ARENA + 0x1000);
    templates = (struct templates *)((char *)arena + ARENA);
    edge = (ULONG *)((char *)allocate(0x2000) + 0x1000);
    void *base = edge;
    SIZE_T size = 0x1000;
    ULONG old;
    NtProtectVirtualMemory(NtCurrentProcess(), &base, &size, PAGE_NOACCESS, &old);
    for (unsigned round = 0; round < ROUNDS; round++) {
        ULONG slots[SLOTS];
        struct call *call = &calls[draw(calls_n)];
        for (unsigned i = 0; i < 64; i++) arena[draw(ARENA / 4)] = draw_value();
        reset_templates();
        draw_arguments(call, slots);
        keep(call, make_call(call->index, slots), slots);
    }
    NtTerminateProcess(NtCurrentProcess(), calls_n ? 0 : 1);
}
