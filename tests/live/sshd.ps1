<#
.SYNOPSIS
start: lets this account, an administrator's, sign in to this machine over SSH with a key that is made for it, and starts Windows' own server.
clean: takes the key away and leaves the service as it was.
.DESCRIPTION
For a machine that may be disturbed: the server listens as its own config says. Where it is not there, start fails and changes nothing.
In Folder: the key (me), the fingerprint of the machine (fingerprint), an ssh config that uses the key (config).
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [ValidateSet('start', 'clean')] [string] $Act,
    [Parameter(Mandatory = $true)] [string] $Folder
)
$ErrorActionPreference = 'Stop'
$Folder = [IO.Path]::GetFullPath([IO.Path]::Combine($PWD.ProviderPath, $Folder))
$openssh = "$env:SystemRoot\System32\OpenSSH"; $data = "$env:ProgramData\ssh"
$allowed = "$data\administrators_authorized_keys"; $was = "$Folder\was"
function Get-Keys { if ([IO.File]::Exists($allowed)) { @([IO.File]::ReadAllLines($allowed) | Where-Object { $_ -notmatch ' hn-live$' }) } else { @() } }

if ($Act -eq 'start') {
    $service = Get-Service -Name sshd
    [void] [IO.Directory]::CreateDirectory($Folder)
    [IO.File]::WriteAllText($was, "$($service.Status) $($service.StartType)")
    # An empty argument: Windows PowerShell 5.1 drops it, cmd does not.
    cmd /c "`"$openssh\ssh-keygen.exe`" -q -t ed25519 -N `"`" -C hn-live -f `"$Folder\me`""
    if ($LASTEXITCODE -ne 0) { throw 'no key' }
    if ($service.StartType -eq 'Disabled') { Set-Service -Name sshd -StartupType Manual }
    # The first start makes the folder and the keys of the machine.
    Start-Service -Name sshd
    [IO.File]::WriteAllLines($allowed, [string[]] @(@(Get-Keys) + [IO.File]::ReadAllText("$Folder\me.pub").Trim()))
    icacls $allowed /inheritance:r /grant '*S-1-5-32-544:F' /grant '*S-1-5-18:F' | Out-Null
    if ($LASTEXITCODE -ne 0) { throw 'no rights of the keys' }
    [IO.File]::WriteAllText("$Folder\fingerprint", (& "$openssh\ssh-keygen.exe" -l -f "$data\ssh_host_ed25519_key.pub"))
    [IO.File]::WriteAllText("$Folder\config", "IdentityFile `"$($Folder.Replace('\', '/'))/me`"`nIdentitiesOnly yes`n")
}
elseif ([IO.File]::Exists($was)) {
    $status, $type = [IO.File]::ReadAllText($was).Split(' ')
    if ([IO.File]::Exists($allowed)) { [IO.File]::WriteAllLines($allowed, [string[]] @(Get-Keys)) }
    if ($status -ne 'Running') { Stop-Service -Name sshd -Force }
    Set-Service -Name sshd -StartupType $type
    [IO.Directory]::Delete($Folder, $true)
}
