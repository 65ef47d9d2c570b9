@echo off
rem What is always known, and the forms.
systeminfo >list.txt
findstr /b /c:"OS Manufacturer" /c:"OS Version" /c:"Windows Directory" list.txt
systeminfo /fo csv /nh | find "x64-based PC" >nul && echo csv
systeminfo /nh 2>nul || echo refused
