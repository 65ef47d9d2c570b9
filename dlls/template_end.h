/* Closes what template.h opened. */
#undef CHAR
#undef UCHAR
#undef T
#undef TEXT_LITERAL
#undef WIDE
