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
  ExecShell `${VERB}` `${FILE}` `${ARGUMENTS}`
  StrCpy ${RESULT} "ok"
!macroend

; -- UAC: under Wine everybody is an administrator, so nothing is elevated.
!define UAC_HDR__INC 0
!define UAC_IsAdmin `"" == ""`
!define UAC_IsInnerInstance `"" != ""`
!macro UAC_RunElevated
  StrCpy $0 1223
!macroend
