; For the 64-bit installer of the tests: what electron-builder's plug-ins do, which there are for 32-bit installers only. Included before its
; own headers, whose guards these are.
!include LogicLib.nsh
!include FileFunc.nsh

; -- StdUtils
!define ___STDUTILS__NSH___
!define StdUtils.TestParameter "!insertmacro TestParameter"
!macro TestParameter RESULT NAME
  ; No ${If}: it stands within one.
  !define TESTED tested_${__COUNTER__}
  ${GetParameters} $R9
  ClearErrors
  ${GetOptions} $R9 "--${NAME}" $R9
  IfErrors 0 ${TESTED}
  ${GetParameters} $R9
  ClearErrors
  ${GetOptions} $R9 "/${NAME}" $R9
  ${TESTED}:
  StrCpy ${RESULT} "true"
  IfErrors 0 +2
  StrCpy ${RESULT} "false"
  ClearErrors
  !undef TESTED
!macroend
!define StdUtils.GetAllParameters "!insertmacro GetAllParameters"
!macro GetAllParameters RESULT TRUNCATE
  ${GetParameters} ${RESULT}
!macroend
!define StdUtils.GetParentPath "!insertmacro GetParentPath"
!macro GetParentPath RESULT FILE
  ${GetParent} `${FILE}` ${RESULT}
!macroend
!define StdUtils.ExecShellAsUser "!insertmacro ExecShellAsUser"
!macro ExecShellAsUser RESULT FILE VERB ARGUMENTS
  !insertmacro startsAsUser 1
  ExecShell `${VERB}` `${FILE}` `${ARGUMENTS}`
  !insertmacro startsAsUser ""
  StrCpy ${RESULT} "ok"
!macroend
; What is started now has the user's rights: the stand-in of the app tells them apart by this.
!macro startsAsUser IS
  System::Call 'kernel32::SetEnvironmentVariableW(w "HYPERNEST_AS_USER", w "${IS}")'
!macroend

; -- UAC: under Wine everybody is an administrator. A file makes somebody of them who is none until the prompt, which starts it once more.
!define UAC_HDR__INC 0
!define UAC_IsInnerInstance `"" IsInnerInstance ""`
!macro _IsInnerInstance _a _b _t _f
  !insertmacro TestParameter $R9 "elevated"
  StrCmp $R9 "true" `${_t}` `${_f}`
!macroend
!define UAC_IsAdmin `"" IsAdmin ""`
!macro _IsAdmin _a _b _t _f
  IfFileExists "$TEMP\hypernest-stand-in.user" `${_f}` `${_t}`
!macroend
; $0: 0, the prompt was answered; $1: 1, by the half that now ends; $2: how the other one ended. What that one starts is elevated as well.
!macro UAC_RunElevated
  ${GetParameters} $0
  Rename "$TEMP\hypernest-stand-in.user" "$TEMP\hypernest-stand-in.elevated"
  !ifdef __UNINSTALL__
    SetOutPath $TEMP ; as un.forgetAccount has this half do, which here runs in the other
    ExecWait '"$EXEPATH" $0 /elevated _?=$INSTDIR' $2
  !else
    ExecWait '"$EXEPATH" $0 /elevated' $2
  !endif
  Rename "$TEMP\hypernest-stand-in.elevated" "$TEMP\hypernest-stand-in.user"
  StrCpy $0 0
  StrCpy $1 1
!macroend
; In the half that waits for this one.
!macro UAC_AsUser_Call TYPE NAME FLAGS
  !insertmacro startsAsUser 1
  Call ${NAME}
  !insertmacro startsAsUser ""
!macroend
