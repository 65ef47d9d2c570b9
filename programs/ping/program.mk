ping_LIBS = -liphlpapi -lws2_32
