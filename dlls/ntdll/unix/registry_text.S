// The text of the initial registry, and its checksum, which tells stores that were filled from another.
    .section .rodata
    .globl registry_text, registry_text_end, registry_text_sum
    .hidden registry_text, registry_text_end, registry_text_sum
registry_text:
    .incbin REGISTRY_TEXT
registry_text_end:
    .balign 4
registry_text_sum:
    .long REGISTRY_TEXT_SUM
    .section .note.GNU-stack, "", @progbits
