/* What fits nowhere else: variables of old compilers, ports, stack recovery. */
#include "msvcrt.h"

int _adjust_fdiv; /* no processor here has the first Pentium's fault */
int _fileinfo = -1;
static unsigned amblksiz = 16;

unsigned *EXPORT __p__amblksiz(void)
{
    return &amblksiz;
}
int *EXPORT __p__fileinfo(void)
{
    return &_fileinfo;
}
void EXPORT _CRT_RTC_INIT(void) {}

/* Input and output instructions are privileged: as on Windows they end in an exception. */
int EXPORT _inp(unsigned short port)
{
    unsigned char value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

unsigned short EXPORT _inpw(unsigned short port)
{
    unsigned short value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

unsigned long EXPORT _inpd(unsigned short port)
{
    unsigned long value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

int EXPORT _outp(unsigned short port, int value)
{
    __asm__ volatile("outb %b0, %1" : : "a"(value), "Nd"(port));
    return value;
}

unsigned short EXPORT _outpw(unsigned short port, unsigned short value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
    return value;
}

unsigned long EXPORT _outpd(unsigned short port, unsigned long value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
    return value;
}

/* Makes the page under the stack a guard page again after a handled stack overflow; 0 if that failed. */
int EXPORT _resetstkoflw(void)
{
    enum { PAGE = 4096, LEFT = 2 * PAGE }; // below the guard page: room to handle the next overflow
    MEMORY_BASIC_INFORMATION info;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), guard;
    DWORD old;

    if (!VirtualQuery((void *)here, &info, sizeof(info))) return 0;
    guard = (uintptr_t)info.AllocationBase;
    if (!VirtualQuery((void *)guard, &info, sizeof(info))) return 0;
    if (info.State != MEM_COMMIT) guard += info.RegionSize;
    guard += LEFT;
    if (guard + PAGE >= (here & -(uintptr_t)PAGE)) return 0;
    return VirtualProtect((void *)guard, PAGE, PAGE_READWRITE | PAGE_GUARD, &old);
}

char *EXPORT _cgets(char *text);
wchar_t *EXPORT _cgetws(wchar_t *text);

errno_t EXPORT _cgets_s(char *out, size_t size, size_t *length)
{
    char line[258];

    REQUIRE(out && size && length, EINVAL, EINVAL);
    line[0] = size > 255 ? (char)255 : (char)size;
    _cgets(line);
    *length = (unsigned char)line[1];
    memcpy(out, line + 2, *length);
    out[*length] = 0;
    return 0;
}

errno_t EXPORT _cgetws_s(wchar_t *out, size_t size, size_t *length)
{
    wchar_t line[258];

    REQUIRE(out && size && length, EINVAL, EINVAL);
    line[0] = size > 255 ? 255 : size;
    _cgetws(line);
    *length = line[1];
    memcpy(out, line + 2, *length * sizeof(*out));
    out[*length] = 0;
    return 0;
}
