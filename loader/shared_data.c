// KUSER_SHARED_DATA: what is constant is filled at start or when it is first looked at; from then on the
// clocks tick.
#include "loader/shared_data.h"
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/clock.h"
#include "loader/host_clock.h"
#include "loader/host_cpu.h"
#include "loader/service.h"
#include "loader/xstate.h"
#include <cpuid.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <unistd.h>

enum {
    PAGE = 4096,
    TICK = 156250, // 100 ns: 64 Hz, the unit of TickCount
    BUILD = 19045,
};

static KUSER_SHARED_DATA32 *data; // the 64-bit side's writable view of both pages
static _Atomic bool touched;
static _Atomic bool paused;     // touched, and no timer armed
static _Atomic int32_t running; // guest threads that are not blocked
static _Atomic uint32_t interval = TICK;
static struct service_timer tick_timer;
static _Atomic bool updating;

// Readers take the value as whole when both high parts agree: write the second, the low, the first.
static void write_time(KSYSTEM_TIME32 *time, int64_t value)
{
    volatile KSYSTEM_TIME32 *out = time;
    out->High2Time = (int32_t)(value >> 32);
    atomic_signal_fence(memory_order_seq_cst);
    out->LowPart = (uint32_t)value;
    atomic_signal_fence(memory_order_seq_cst);
    out->High1Time = (int32_t)(value >> 32);
}

static void update(void)
{
    if (atomic_exchange(&updating, true)) return; // another thread is at it
    int64_t now = clock_counter();
    write_time(&data->SystemTime, host_system_time());
    write_time(&data->InterruptTime, now);
    write_time(&data->TickCount, now / TICK);
    data->TickCountLowDeprecated = (uint32_t)(now / TICK);
    atomic_store(&updating, false);
}

static void ticked(struct service_timer *timer)
{
    update();
    if (atomic_load(&running) <= 0) {
        atomic_store(&paused, true);
        // A thread that came between looks at paused after counting itself.
        if (atomic_load(&running) <= 0 || !atomic_exchange(&paused, false)) return;
    }
    service_timer_set(timer, host_monotonic_ns() + (int64_t)atomic_load(&interval) * 100, ticked);
}

void shared_data_thread_runs(void)
{
    atomic_fetch_add(&running, 1);
    if (!atomic_load(&paused) || !atomic_exchange(&paused, false)) return;
    update();
    service_timer_set(&tick_timer, host_monotonic_ns() + (int64_t)atomic_load(&interval) * 100, ticked);
}

void shared_data_thread_stops(void)
{
    atomic_fetch_sub(&running, 1);
}

void shared_data_set_interval(uint32_t wanted)
{
    atomic_store(&interval, wanted < 10000 ? 10000 : wanted > TICK ? TICK : wanted);
}

// On the service thread, which may take locks and memory: the touching thread only asks for it.
static void start_ticking(void)
{
    ticked(&tick_timer);
}

static struct service_call tick_call = {.run = start_ticking};

// --- constants ---------------------------------------------------------------------------------------------

// XSTATE_CONFIGURATION: enabled and volatile features, size of the area, place and size of each part.
static void fill_xstate(void)
{
    enum { ENABLED = 0, VOLATILE = 8, SIZE = 16, PARTS = 24, LEGACY_AREA = 512 };
    const struct xstate_layout *layout = xstate_layout();
    const uint32_t size = layout->size + LEGACY_AREA;
    if (!layout->features) return;
    memcpy(data->XState + ENABLED, &layout->features, sizeof layout->features);
    memcpy(data->XState + VOLATILE, &layout->features, sizeof layout->features);
    memcpy(data->XState + SIZE, &size, sizeof size);
    memcpy(data->XState + PARTS, layout->part, sizeof layout->part); // offset, size, as there
}

static void fill_processor(void)
{
    const struct host_cpu *cpu = host_cpu();
    uint32_t edx = cpu->features_edx, ecx = cpu->features_ecx;
    const struct {
        uint32_t feature;
        bool present;
    } features[] = {
        {PF_COMPARE_EXCHANGE_DOUBLE, edx & bit_CMPXCHG8B},
        {PF_MMX_INSTRUCTIONS_AVAILABLE, edx & bit_MMX},
        {PF_XMMI_INSTRUCTIONS_AVAILABLE, edx & bit_SSE},
        {PF_3DNOW_INSTRUCTIONS_AVAILABLE, cpu->extended_edx & bit_3DNOW},
        {PF_RDTSC_INSTRUCTION_AVAILABLE, edx & 1u << 4},
        {PF_PAE_ENABLED, true},
        {PF_XMMI64_INSTRUCTIONS_AVAILABLE, edx & bit_SSE2},
        {PF_NX_ENABLED, true},
        {PF_SSE3_INSTRUCTIONS_AVAILABLE, ecx & bit_SSE3},
        {PF_COMPARE_EXCHANGE128, ecx & bit_CMPXCHG16B},
        {PF_XSAVE_ENABLED, cpu->xstate != 0},
        {PF_FASTFAIL_AVAILABLE, true},
        {PF_RDRAND_INSTRUCTION_AVAILABLE, ecx & bit_RDRND},
        {PF_RDTSCP_INSTRUCTION_AVAILABLE, cpu->extended_edx & 1u << 27},
        {PF_RDWRFSGSBASE_AVAILABLE, cpu->features_7_ebx & bit_FSGSBASE},
        {PF_SSSE3_INSTRUCTIONS_AVAILABLE, ecx & bit_SSSE3},
        {PF_SSE4_1_INSTRUCTIONS_AVAILABLE, ecx & bit_SSE4_1},
        {PF_SSE4_2_INSTRUCTIONS_AVAILABLE, ecx & bit_SSE4_2},
        {PF_AVX_INSTRUCTIONS_AVAILABLE, ecx & bit_AVX},
        {PF_AVX2_INSTRUCTIONS_AVAILABLE, cpu->features_7_ebx & bit_AVX2},
    };
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        data->ProcessorFeatures[features[i].feature] = features[i].present;
    fill_xstate();
    data->ActiveProcessorCount = data->UnparkedProcessorCount = (uint16_t)host_cpu_count();
    data->ActiveGroupCount = 1;
}

static void fill_system(void)
{
    static const char root[] = "C:\\windows";
    struct sysinfo memory;
    for (size_t i = 0; i < sizeof root; i++) data->NtSystemRoot[i] = (uint8_t)root[i];
    data->TickCountMultiplier = 0x0FA00000; // 15.625 ms in 1/2^24 ms
    data->ImageNumberLow = data->ImageNumberHigh = IMAGE_FILE_MACHINE_AMD64; // the system's own
    data->LargePageMinimum = 0x200000;
    data->NtBuildNumber = BUILD;
    data->NtMajorVersion = 10;
    data->NtProductType = 1; // workstation
    data->ProductTypeIsValid = 1;
    data->NativeProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    data->SuiteMask = 0x110; // terminal server, single user
    data->ActiveConsoleId = 1;
    data->MitigationPolicies = 2; // of data execution prevention: programs opt in
    data->TestRetInstruction = 0xc3;
    data->QpcFrequency = CLOCK_COUNTER_FREQUENCY;
    data->CyclesPerYield = 140;
    if (sysinfo(&memory) == 0)
        data->NumberOfPhysicalPages = (uint32_t)((uint64_t)memory.totalram * memory.mem_unit / PAGE);
    if (getrandom(&data->Cookie, sizeof data->Cookie, GRND_NONBLOCK) < 0) data->Cookie = (uint32_t)getpid();
}

// --- the mapping -------------------------------------------------------------------------------------------

bool shared_data_touched(gptr address, enum vm_access access)
{
    if (address - SHARED_DATA_ADDRESS >= PAGE || access != VM_READ) return false;
    if (!atomic_load(&touched)) {
        fill_processor();
        update();
        if (mprotect((void *)(uintptr_t)SHARED_DATA_ADDRESS, PAGE, PROT_READ) != 0) return false;
        if (!atomic_exchange(&touched, true)) service_request(&tick_call);
    }
    return true;
}

// Reads the time zone's files: in the background, nothing waits for it.
static void fill_time_zone(void)
{
    struct tm local;
    time_t now = time(NULL);
    if (!localtime_r(&now, &local)) return;
    write_time(&data->TimeZoneBias, -(int64_t)local.tm_gmtoff * 10000000);
    data->TimeZoneId = local.tm_isdst > 0 ? 2 : 1;
}

static struct service_call time_zone_call = {.run = fill_time_zone};

bool shared_data_init(void)
{
    gptr base = SHARED_DATA_ADDRESS;
    uint32_t size = 2 * PAGE;
    if (!NT_SUCCESS(vm_allocate(&base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY))) return false;
    int fd = memfd_create("lowland-shared-data", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, 2 * PAGE) != 0) return false;
    data = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    void *guest =
        mmap((void *)(uintptr_t)SHARED_DATA_ADDRESS, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
    close(fd);
    if (data == MAP_FAILED || guest == MAP_FAILED) return false;
    if (mprotect(guest, PAGE, PROT_NONE) != 0) return false;
    clock_init((struct lowland_shared_data *)((char *)data + PAGE));
    fill_system();
    service_request(&time_zone_call);
    return true;
}
