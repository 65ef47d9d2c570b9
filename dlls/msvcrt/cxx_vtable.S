/* The vtables of the runtime's C++ classes, each with its locator in front, which C can't place there. */
    .section .rdata,"dr"
    .macro vtable name, deleter, method
    .balign 4
    .long _\name\()_locator
    .globl _\name\()_vtable
_\name\()_vtable:
    .long \deleter
    .ifnb \method
    .long \method
    .endif
    .endm
    vtable exception, _exception_vector_delete, _exception_what
    vtable bad_cast, _exception_vector_delete, _exception_what
    vtable bad_typeid, _exception_vector_delete, _exception_what
    vtable non_rtti, _exception_vector_delete, _exception_what
    vtable type_info, _type_info_vector_delete
