; Included where electron-builder's section of the installer begins: what it does in it that this installer must not. (A macro cannot hold others,
; but it can include them.)

; Before it installs for all users, it runs what HKEY_CURRENT_USER names as the uninstaller: with an administrator's rights, any program of the user.
; installer.nsh refuses where something is named there; this is for what is named after that.
!macroundef uninstallOldVersion
!macro uninstallOldVersion ROOT_KEY
  !if "${ROOT_KEY}" == "HKEY_CURRENT_USER"
    ClearErrors
    StrCpy $R0 0
  !else
    Push "${ROOT_KEY}"
    Call uninstallOldVersion
  !endif
!macroend

; It copies the installer into a folder of the user, with an administrator's rights and through links, for differential updates, which there are not.
!macroundef copyFile
!macro copyFile FROM TO
!macroend
