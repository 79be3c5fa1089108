; A program in the place of Electron for Windows, which cannot be had here: something that runs, ends when `--end` asks it to, and can be made to
; stay, or to do what a program of the user could meanwhile. NSIS makes it, so that no compiler is needed. electron-builder gives it Hypernest's name, icon, version and fuses.
Unicode true
Name "Electron"
OutFile "${OUT}"
SilentInstall silent
RequestExecutionLevel user
CRCCheck off ; its resources are changed afterwards
VIProductVersion 45.4.1.0
VIAddVersionKey FileDescription "Electron"
VIAddVersionKey ProductName "Electron"
VIAddVersionKey FileVersion "45.4.1"
VIAddVersionKey ProductVersion "45.4.1"
VIAddVersionKey OriginalFilename "electron.exe"
VIAddVersionKey InternalName "electron.exe"
VIAddVersionKey LegalCopyright "x"
VIAddVersionKey CompanyName "x"
!include LogicLib.nsh
!include FileFunc.nsh

!define SEEN "$TEMP\hypernest-stand-in"
!macro note TEXT
  FileOpen $9 "${SEEN}.log" a
  FileSeek $9 0 END
  FileWrite $9 "${TEXT}$\r$\n"
  FileClose $9
!macroend

Section
  ${GetParameters} $0
  ; With an administrator's rights, where neither its starter has none nor the plug-ins of the tests gave them up.
  ReadEnvStr $8 HYPERNEST_AS_USER
  ${If} $8 == ""
  ${AndIfNot} ${FileExists} "${SEEN}.user"
    StrCpy $8 ", elevated"
  ${Else}
    StrCpy $8 ""
  ${EndIf}
  ${If} $0 == "--end"
    ${If} ${FileExists} "${SEEN}.stays"
      !insertmacro note "asked to end, stays$8"
      SetErrorLevel 1
      Quit
    ${EndIf}
    !insertmacro note "asked to end$8"
    ${If} ${FileExists} "${SEEN}.key"
      FileOpen $9 "${SEEN}.key" r
      FileRead $9 $1
      FileClose $9
      WriteRegStr HKCU "$1" UninstallString '"$EXEPATH"'
    ${EndIf}
    System::Call 'kernel32::OpenEventW(i 0x100002, i 0, w "hypernest-end") p .r1'
    ${If} $1 P<> 0
      System::Call 'kernel32::SetEvent(p r1)'
      System::Call 'kernel32::CloseHandle(p r1)'
      System::Call 'kernel32::OpenEventW(i 0x100000, i 0, w "hypernest-ended") p .r1'
      System::Call 'kernel32::WaitForSingleObject(p r1, i 20000)'
    ${EndIf}
    SetErrorLevel 0
    Quit
  ${EndIf}
  System::Call 'kernel32::CreateEventW(p 0, i 1, i 0, w "hypernest-end") p .r1'
  System::Call 'kernel32::CreateEventW(p 0, i 1, i 0, w "hypernest-ended") p .r2'
  !insertmacro note "runs"
  System::Call 'kernel32::WaitForSingleObject(p r1, i 120000) i .r3'
  ${If} $3 = 0
    !insertmacro note "ends in order"
  ${EndIf}
  System::Call 'kernel32::SetEvent(p r2)'
SectionEnd
