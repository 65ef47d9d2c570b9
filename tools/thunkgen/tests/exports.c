// What a test DLL exports; asm names give the two decorations that make a name ambiguous.
int __attribute__((stdcall)) DllMain(void *module, int reason, void *reserved);
int __attribute__((stdcall)) DllMain(void *module, int reason, void *reserved)
{
    return module && reason && reserved;
}

#define FUNCTION(name, result)                                                                               \
    int name(void);                                                                                          \
    int name(void)                                                                                           \
    {                                                                                                        \
        return result;                                                                                       \
    }

FUNCTION(Plain, 1)
FUNCTION(Eight, 8)
FUNCTION(Nine, 9)
FUNCTION(Seven, 7)
FUNCTION(Ten, 10)
FUNCTION(Twelve, 12)
FUNCTION(Thirteen, 13)
FUNCTION(_underscored, 14)

int __attribute__((stdcall)) Standard(int a, int b);
int __attribute__((stdcall)) Standard(int a, int b)
{
    return a + b;
}

int __attribute__((fastcall)) Fast(int a, int b);
int __attribute__((fastcall)) Fast(int a, int b)
{
    return a - b;
}

int number = 42;

#ifdef AMBIGUOUS
FUNCTION(Both, 15)
int both(int a) __asm__("_Both@4");
int both(int a)
{
    return a;
}
#endif

// The real one is ntdll's.
struct missing_export {
    const char *dll, *function;
};
_Noreturn void __lowland_missing_export(const struct missing_export *missing);
_Noreturn void __lowland_missing_export(const struct missing_export *missing)
{
    for (;;) __asm__ volatile("" : : "r"(missing));
}
