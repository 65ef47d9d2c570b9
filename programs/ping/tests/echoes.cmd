@echo off
rem ping: what can be said whether or not the host lets anybody send echoes.
ping -n 1 -l 8 127.0.0.1 | findstr "Pinging Packets" | findstr /c:"with 8 bytes" /c:"Sent = 1"  >nul && echo asked
ping -z 127.0.0.1 | find "option"
ping -n x 127.0.0.1
ping -n 1
exit /b 0
