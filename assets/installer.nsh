; What Hypernest's installer does besides electron-builder's own (its templates/nsis insert these macros by name). Ids as in src/shell/app-id.ts.

!define TOAST_ACTIVATOR_ID "{21F22550-06BD-4EE8-8610-BB4D564D78A0}"
; Ends of the installer and the uninstaller besides 0 (done), 1 (somebody canceled) and 2 (went wrong), each with nothing changed.
!define EXIT_APP_STAYS 3
!define EXIT_OTHER_COPY 4

!macro customHeader
  LangString welcomeText ${LANG_ENGLISH} "Next, choose for whom to install.$\r$\n$\r$\nAll users (recommended): an administrator agrees once. Only administrators can change the app afterwards.$\r$\n$\r$\nOnly for you: no administrator is needed. Every program you run can change the app, so Hypernest never elevates PowerShell for a session. To see your VMs, you need to be a member of Hyper-V Administrators."
  LangString welcomeText ${LANG_SIMPCHINESE} "接下来请选择为谁安装。$\r$\n$\r$\n所有用户（推荐）：管理员同意一次。之后只有管理员可以更改此应用。$\r$\n$\r$\n仅为自己：无需管理员。你运行的任何程序都可以更改此应用，因此 Hypernest 不会为会话提升 PowerShell 的权限。你需要属于 Hyper-V Administrators，才能看到虚拟机。"
  LangString appEnding ${LANG_ENGLISH} "Waiting for Hypernest to quit…"
  LangString appEnding ${LANG_SIMPCHINESE} "正在等待 Hypernest 退出…"
  LangString appStays ${LANG_ENGLISH} "Hypernest is still running: it’s changing a VM, or another account uses it. Nothing was changed.$\r$\n$\r$\nQuit Hypernest from its tray icon, then choose Retry."
  LangString appStays ${LANG_SIMPCHINESE} "Hypernest 仍在运行：它正在更改虚拟机，或者另一个帐户正在使用它。未更改任何内容。$\r$\n$\r$\n请通过托盘图标退出 Hypernest，然后选择“重试”。"
  LangString otherCopy ${LANG_ENGLISH} "Hypernest is already installed only for you. Uninstall that copy first, and keep its settings. Then install for all users. Nothing was changed."
  LangString otherCopy ${LANG_SIMPCHINESE} "已安装仅供你使用的 Hypernest。请先卸载该副本并保留其设置，然后为所有用户安装。未更改任何内容。"
  LangString removeSettings ${LANG_ENGLISH} "Also delete Hypernest’s settings, history, and remembered accounts of your Windows account?$\r$\n$\r$\nWithout its history, no change can be undone anymore. If you choose No, a later installation finds everything again."
  LangString removeSettings ${LANG_SIMPCHINESE} "是否同时删除你的 Windows 帐户的 Hypernest 设置、历史记录和记住的帐户？$\r$\n$\r$\n删除历史记录后，任何更改都无法再撤消。如果选择“否”，以后重新安装时一切都会恢复。"
  !insertmacro functionsOfTheUser
!macroend

; What an elevated half has done by the half that waits for it, with the rights and in the account of whoever started that. Nothing is handed over
; and nothing comes back: a program of that user could have changed it.
!macro functionsOfTheUser
  !ifdef BUILD_UNINSTALLER
    !define OF_USER "un."
  !else
    !define OF_USER ""
  !endif

  Function ${OF_USER}userAsksToEnd
    ReadRegStr $R5 HKLM "${INSTALL_REGISTRY_KEY}" InstallLocation
    ExecWait '"$R5\${APP_EXECUTABLE_FILENAME}" --end'
  FunctionEnd

  !ifdef BUILD_UNINSTALLER
    ; What the app and Electron wrote for this account.
    Function un.forgetAccount
      SetOutPath $TEMP ; where a half stands, the other cannot remove the folder
      SetShellVarContext current
      DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${APP_ID}"
      DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "${APP_ID}"
      DeleteRegKey HKCU "Software\Classes\CLSID\${TOAST_ACTIVATOR_ID}"
      Delete "$SMPROGRAMS\${SHORTCUT_NAME}.lnk"
      RMDir "$APPDATA\${PRODUCT_FILENAME}" ; Electron may make it, and leaves it empty
      Push "$LOCALAPPDATA\${APP_PACKAGE_NAME}-updater"
      Call un.removeFolder
    FunctionEnd

    Function un.forgetSettings
      SetShellVarContext current
      Push "$LOCALAPPDATA\${PRODUCT_FILENAME}"
      Call un.removeFolder
    FunctionEnd

    ; Not what links lead to: with an administrator's rights that could be anything.
    Function un.removeFolder
      Exch $0
      Push $1
      Push $2
      Push $3
      System::Call 'kernel32::GetFileAttributesW(w r0) i .r3'
      IntOp $3 $3 & 0x400 ; FILE_ATTRIBUTE_REPARSE_POINT, which the answer for "not there" has too
      ${If} $3 = 0
        FindFirst $1 $2 "$0\*"
        ${DoUntil} $2 == ""
          ${If} $2 != "."
          ${AndIf} $2 != ".."
            ${If} ${FileExists} "$0\$2\*.*"
              Push "$0\$2"
              Call un.removeFolder
            ${Else}
              Delete "$0\$2"
            ${EndIf}
          ${EndIf}
          FindNext $1 $2
        ${Loop}
        FindClose $1
        RMDir "$0"
      ${EndIf}
      Pop $3
      Pop $2
      Pop $1
      Pop $0
    FunctionEnd
  !endif
!macroend

!macro asUser NAME
  ${If} ${UAC_IsInnerInstance}
    !insertmacro UAC_AsUser_Call Function ${NAME} 0
  ${Else}
    Call ${NAME}
  ${EndIf}
!macroend

!macro customWelcomePage
  ; The elevated half of the installer goes on where the first one asked.
  Function skipWelcome
    ${If} ${UAC_IsInnerInstance}
    ${OrIf} ${isUpdated}
      Abort
    ${EndIf}
  FunctionEnd
  !define MUI_PAGE_CUSTOMFUNCTION_PRE skipWelcome
  !define MUI_WELCOMEPAGE_TEXT "$(welcomeText)"
  !insertmacro MUI_PAGE_WELCOME
!macroend

; 1: a program runs from that file, whoever started it. Windows lets nobody write into such a file.
!macro isRunning FILE RESULT
  System::Call 'kernel32::CreateFileW(w "${FILE}", i 0x40000000, i 7, p 0, i 3, i 0, p 0) p .R8 ?e'
  Pop $R9
  ${If} $R8 != "-1"
    System::Call 'kernel32::CloseHandle(p R8)'
  ${EndIf}
  StrCpy ${RESULT} 0
  ${If} $R9 = 32 ; ERROR_SHARING_VIOLATION
    StrCpy ${RESULT} 1
  ${EndIf}
!macroend

; Has the app of that folder asked to end. $R6: how often to look whether it has, four times a second; once in any case.
; Not with an administrator's rights, where there is an Explorer: its pipe refuses what is elevated, and it would run with the environment and the files of the user. Then only
; the copy for all users is asked, since a command line (/D=, _?=) can name any folder.
!macro askToEnd FOLDER
  ReadRegStr $R5 HKLM "${INSTALL_REGISTRY_KEY}" InstallLocation
  StrCpy $R6 40
  ${IfNot} ${UAC_IsAdmin}
    ExecWait '"${FOLDER}\${APP_EXECUTABLE_FILENAME}" --end' $R6
    ${If} $R6 = 0
      StrCpy $R6 60
    ${Else}
      StrCpy $R6 0
    ${EndIf}
  ${ElseIf} $R5 == "${FOLDER}"
    ${If} ${UAC_IsInnerInstance}
      !insertmacro UAC_AsUser_Call Function ${OF_USER}userAsksToEnd 0
    ${Else}
      ; Through Explorer, which waits for nothing.
      ${StdUtils.ExecShellAsUser} $R6 "${FOLDER}\${APP_EXECUTABLE_FILENAME}" "open" "--end"
      StrCpy $R6 240
    ${EndIf}
  ${EndIf}
!macroend

; Asks the app of that folder to end in order, and waits. Never ends it: a change may be under way, and a VM be off for it.
!macro endApp FOLDER
  ${Do}
    !insertmacro isRunning "${FOLDER}\${APP_EXECUTABLE_FILENAME}" $R7
    ${If} $R7 = 0
      ${Break}
    ${EndIf}
    DetailPrint "$(appEnding)"
    !insertmacro askToEnd "${FOLDER}"
    ; Its helpers end after it.
    ${Do}
      !insertmacro isRunning "${FOLDER}\${APP_EXECUTABLE_FILENAME}" $R7
      ${If} $R7 = 0
      ${OrIf} $R6 = 0
        ${Break}
      ${EndIf}
      IntOp $R6 $R6 - 1
      Sleep 250
    ${Loop}
    ${If} $R7 = 0
      ${Break}
    ${EndIf}
    SetErrorLevel ${EXIT_APP_STAYS}
    ${If} ${Silent}
      Quit
    ${ElseIf} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(appStays)" IDCANCEL`
      Quit
    ${EndIf}
    SetErrorLevel -1 ; as it was: not set
  ${Loop}
  ClearErrors
!macroend

; A copy for one user is never ended or uninstalled by an installer with an administrator's rights: that would run what every program of that user
; can write. Its uninstaller counts by itself: electron-builder would run what is registered as that.
!macro refuseOtherCopy
  ReadRegStr $R5 HKCU "${UNINSTALL_REGISTRY_KEY}" UninstallString
  ${If} $perUserInstallationFolder != ""
  ${OrIf} $R5 != ""
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(otherCopy)" /SD IDOK
    SetErrorLevel ${EXIT_OTHER_COPY}
    Quit
  ${EndIf}
!macroend

!macro customCheckAppRunning
  !ifndef BUILD_UNINSTALLER
    !include installer-section.nsh
    ${If} $installMode == "all"
      !insertmacro refuseOtherCopy
    ${EndIf}
  !endif
  !insertmacro endApp $INSTDIR
!macroend

!macro customInit
  ; Only a copy for one user updates itself. Beside one for all users electron-builder would take that.
  ${If} ${isUpdated}
  ${AndIf} ${Silent}
  ${AndIf} $hasPerUserInstallation == "1"
    StrCpy $hasPerMachineInstallation "0"
    !insertmacro setInstallModePerUser
  ${EndIf}

  ; electron-builder asks in the first half only; after the prompt of Windows it is the elevated half that writes.
  ${If} ${UAC_IsInnerInstance}
    !insertmacro refuseOtherCopy
    !insertmacro endApp $perMachineInstallationFolder
  ${ElseIf} ${Silent}
  ${AndIf} $installMode == "all"
  ${AndIfNot} ${UAC_IsAdmin}
    ; It would do so for an update only, and forget how the elevated half ended.
    !insertmacro UAC_RunElevated
    ${If} $0 = 0
    ${AndIf} $1 = 1
      SetErrorLevel $2
    ${Else}
      SetErrorLevel 1
    ${EndIf}
    Quit
  ${EndIf}
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\hypernest" "" "URL:${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\hypernest" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\hypernest\shell\open\command" "" '"$appExe" "%1"'
!macroend

!macro customUnInstall
  ${IfNot} ${isUpdated}
    DeleteRegKey SHELL_CONTEXT "Software\Classes\hypernest"

    !insertmacro asUser un.forgetAccount
    ClearErrors
    ${GetParameters} $R0
    ${GetOptions} $R0 "/REMOVESETTINGS" $R1
    ${If} ${Errors}
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(removeSettings)" /SD IDNO IDYES +2
      Goto keepSettings
    ${EndIf}
    !insertmacro asUser un.forgetSettings
    keepSettings:

    ${If} $installMode == "all"
      SetShellVarContext all
    ${EndIf}
  ${EndIf}
!macroend
