/* Input and output instructions are privileged: as on Windows they end in an exception. */
#include "msvcrt.h"

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
