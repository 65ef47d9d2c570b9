// Where the members of a CONTEXT lie, for assembly. unwind.c checks them.
#define CONTEXT_FLAGS         0x00
#define CONTEXT_SEGGS         0x8C
#define CONTEXT_SEGFS         0x90
#define CONTEXT_SEGES         0x94
#define CONTEXT_SEGDS         0x98
#define CONTEXT_EDI           0x9C
#define CONTEXT_ESI           0xA0
#define CONTEXT_EBX           0xA4
#define CONTEXT_EDX           0xA8
#define CONTEXT_ECX           0xAC
#define CONTEXT_EAX           0xB0
#define CONTEXT_EBP           0xB4
#define CONTEXT_EIP           0xB8
#define CONTEXT_SEGCS         0xBC
#define CONTEXT_EFLAGS        0xC0
#define CONTEXT_ESP           0xC4
#define CONTEXT_SEGSS         0xC8
#define CONTEXT_SIZE          0x2CC
#define CONTEXT_FULL_SEGMENTS 0x10007 // CONTEXT_FULL: control, integer, segments
