@echo off
rem Hypernest for a console: Windows does not wait for a program with windows, and loses its exit code. docs/command-line.md
start "" /b /wait "%~dp0..\Hypernest.exe" %*
exit /b %ERRORLEVEL%
