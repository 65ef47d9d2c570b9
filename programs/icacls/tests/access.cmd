@echo off
rem Access control lists shown and changed, and owners.
md d & echo x>d\f.txt& echo y>d\g.txt
icacls d\f.txt /inheritance:r /grant:r Everyone:F
icacls d\f.txt /grant *S-1-5-32-545:(R,W) /deny Guests:W /q
icacls d\f.txt | findstr /v Successfully
icacls d\f.txt /remove:d Guests /remove Users >nul
icacls d\f.txt
icacls d /grant Everyone:(OI)(CI)RX /t
icacls d | findstr /c:"Everyone:(OI)(CI)(RX)" >nul && echo inherits
icacls nothing.txt 2>nul
echo %errorlevel%
icacls d\f.txt /grant Nobody.Known:F 2>nul
echo %errorlevel%
icacls d\f.txt /grant Everyone:Z 2>nul
echo %errorlevel%
takeown /f d\f.txt >nul && echo taken
