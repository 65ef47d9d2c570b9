// The program that `./quickstart run` runs: shows what a 32-bit Windows program finds under Lowland.
#include <stdio.h>
#include <windows.h>

static void show_system(void)
{
    OSVERSIONINFOA version = {.dwOSVersionInfoSize = sizeof version};
    SYSTEM_INFO system;
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    GetVersionExA(&version);
    GetNativeSystemInfo(&system);
    GlobalMemoryStatusEx(&memory);
    printf("Windows     %lu.%lu, build %lu\n", version.dwMajorVersion, version.dwMinorVersion,
           version.dwBuildNumber);
    printf("processors  %lu\n", system.dwNumberOfProcessors);
    printf("memory      %lu MiB, of which this program can have %lu MiB\n",
           (unsigned long)(memory.ullTotalPhys >> 20), (unsigned long)(memory.ullTotalVirtual >> 20));
    printf("code pages  ANSI %u, OEM %u\n", GetACP(), GetOEMCP());
}

static void show_places(void)
{
    char path[MAX_PATH];
    GetModuleFileNameA(NULL, path, sizeof path);
    printf("program     %s at %p\n", path, (void *)GetModuleHandleA(NULL));
    GetCurrentDirectoryA(sizeof path, path);
    printf("directory   %s\n", path);
    GetTempPathA(sizeof path, path);
    printf("temporary   %s\n", path);
    DWORD drives = GetLogicalDrives();
    printf("drives     ");
    for (int i = 0; i < 26; i++)
        if (drives >> i & 1) printf(" %c:", 'A' + i);
    printf("\n");
}

static double nanoseconds_per_call(void (*call)(void))
{
    enum { CALLS = 1000000 };
    LARGE_INTEGER frequency, before, after;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&before);
    for (int i = 0; i < CALLS; i++) call();
    QueryPerformanceCounter(&after);
    return (double)(after.QuadPart - before.QuadPart) * 1e9 / (double)frequency.QuadPart / CALLS;
}

static HANDLE event;

static void stay(void)
{
    GetLastError();
}

static void cross(void)
{
    SetEvent(event);
}

int main(void)
{
    printf("This is a 32-bit Windows program; every byte of its address space lies below 4 GB.\n");
    show_system();
    show_places();
    event = CreateEventA(NULL, TRUE, FALSE, NULL);
    printf("speed       GetLastError %.1f ns, SetEvent %.0f ns\n", nanoseconds_per_call(stay),
           nanoseconds_per_call(cross));
    return 0;
}
