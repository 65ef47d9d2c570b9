setx_LIBS = -luser32 -ladvapi32
