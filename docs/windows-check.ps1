<#
.SYNOPSIS
Checks on a real Windows 11 with Hyper-V what no other machine can show. Prints one line a check: PASS, FAIL or SKIP.
.DESCRIPTION
Reads only, unless -Vm names a VM that may be changed: then it asks once, and puts back what it changed.
Needs Windows PowerShell 5.1 and no elevation; run it from the repository: powershell -ExecutionPolicy Bypass -File docs\windows-check.ps1
.PARAMETER Vm
Name of a VM that is off and may be changed (nesting is turned on and off again, and it is started and shut down).
.PARAMETER LockedVm
Name of a running VM whose guest is locked or signed out; it is asked to shut down, and is expected to refuse or to go down.
.PARAMETER Minutes
How long to watch the growth of vmms.exe under ticks every two seconds. 30 is the figure of the issue.
#>
[CmdletBinding()]
param([string] $Vm, [string] $LockedVm, [ValidateRange(1, 600)] [int] $Minutes = 30)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$results = @{ PASS = 0; FAIL = 0; SKIP = 0 }

function Write-Check([string] $Verdict, [string] $Name, [string] $Detail) {
    $results[$Verdict]++
    Write-Output ('{0}  {1}  {2}' -f $Verdict, $Name, $Detail)
}
function Test-Check([string] $Name, [scriptblock] $Body) {
    try {
        $detail = & $Body
        if ($null -ne $detail -and "$detail".StartsWith('SKIP ')) { Write-Check 'SKIP' $Name "$detail".Substring(5) } else { Write-Check 'PASS' $Name "$detail" }
    }
    catch { Write-Check 'FAIL' $Name $_.Exception.Message }
}
function Measure-Milliseconds([scriptblock] $Body, [int] $Times = 5) {
    $all = for ($i = 0; $i -lt $Times; $i++) { (Measure-Command { & $Body | Microsoft.PowerShell.Core\Out-Null }).TotalMilliseconds }
    [int] (@($all | Sort-Object)[[int] [Math]::Floor($Times / 2)])
}
$tick = { Get-CimInstance -Namespace root/virtualization/v2 -ClassName Msvm_ComputerSystem -Property Name, EnabledState, HealthState, TimeOfLastStateChange, TimeOfLastConfigurationChange }

# Shell and policy
Test-Check 'shell is Windows PowerShell 5.1' { if ($PSVersionTable.PSVersion.Major -ne 5) { throw "this is $($PSVersionTable.PSVersion)" }; "$($PSVersionTable.PSVersion)" }
Test-Check 'language mode is FullLanguage' { $mode = $ExecutionContext.SessionState.LanguageMode; if ("$mode" -ne 'FullLanguage') { throw "$mode" }; "$mode" }
Test-Check 'execution policy lets the process scope win' {
    $group = @('MachinePolicy', 'UserPolicy' | ForEach-Object { Get-ExecutionPolicy -Scope $_ } | Where-Object { "$_" -ne 'Undefined' })
    if ($group.Count) { throw "set by Group Policy: $group. Hypernest must show 'module blocked by policy' where a module is refused" }
    'no Group Policy'
}
Test-Check 'module Hyper-V 2.0 loads' { Import-Module Hyper-V -MinimumVersion 2.0; "$((Get-Module Hyper-V).Version)" }
foreach ($name in 'NetNat', 'NetTCPIP', 'NetAdapter') { Test-Check "CDXML module $name loads" { Import-Module $name; "$((Get-Module $name).Version)" } }

# Rights
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$inToken = @($identity.Groups | Where-Object { $_.Value -eq 'S-1-5-32-578' }).Count -gt 0
$elevated = ([Security.Principal.WindowsPrincipal] $identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
Test-Check 'rights are told apart' {
    $seen = @(Get-VM -ErrorAction SilentlyContinue).Count
    if (-not $inToken -and -not $elevated -and $seen -gt 0) { throw "$seen VMs without a right: the rule 'no right, no VMs' is wrong here" }
    "in the token: $inToken, elevated: $elevated, VMs seen: $seen"
}

# Speed of tick and snapshot
$vms = @(Get-VM -ErrorAction SilentlyContinue)
foreach ($count in 1, 10, 30) {
    Test-Check "tick and snapshot with $count VMs" {
        if ($vms.Count -lt $count) { return "SKIP only $($vms.Count) VMs here" }
        $chosen = @($vms | Select-Object -First $count)
        $snapshot = { $some = @(foreach ($one in $chosen) { Get-VM -Id $one.Id }); Get-VMProcessor -VM $some; Get-VMNetworkAdapter -VM $some; Get-VMSnapshot -VM $some }
        $t = Measure-Milliseconds $tick; $s = Measure-Milliseconds $snapshot 3
        if ($t -ge $s) { throw "a tick ($t ms) is not cheaper than a snapshot ($s ms)" }
        "tick $t ms, snapshot $s ms"
    }
}
Test-Check "vmms.exe does not grow under a tick every 2 s for $Minutes minutes" {
    $vmms = Get-Process vmms
    & $tick | Microsoft.PowerShell.Core\Out-Null
    $before = $vmms.PrivateMemorySize64; $end = [DateTime]::UtcNow.AddMinutes($Minutes)
    while ([DateTime]::UtcNow -lt $end) { & $tick | Microsoft.PowerShell.Core\Out-Null; Start-Sleep -Seconds 2 }
    $vmms.Refresh(); $grown = [Math]::Round(($vmms.PrivateMemorySize64 - $before) / 1MB, 1)
    if ($grown -gt 20) { throw "grew by $grown MB" }
    "grew by $grown MB"
}

# Changes, only with a VM named for it
Test-Check 'nesting can be turned on and off, and reads back' {
    if (-not $Vm) { return 'SKIP no -Vm given' }
    $one = Get-VM -Name $Vm
    if ("$($one.State)" -ne 'Off') { throw "$($one.State): needs a VM that is off" }
    if ((Read-Host "Turn nesting on and off again for '$Vm' (y/n)") -ne 'y') { return 'SKIP not agreed' }
    $was = (Get-VMProcessor -VM $one).ExposeVirtualizationExtensions
    try {
        Get-VM -Id $one.Id | Set-VMProcessor -ExposeVirtualizationExtensions $true
        if (-not (Get-VM -Id $one.Id | Get-VMProcessor).ExposeVirtualizationExtensions) { throw 'read back as off' }
    }
    finally { Get-VM -Id $one.Id | Set-VMProcessor -ExposeVirtualizationExtensions $was }
    if ((Get-VM -Id $one.Id | Get-VMProcessor).ExposeVirtualizationExtensions -ne $was) { throw 'not put back' }
    "put back to $was"
}
Test-Check 'a shell killed in the middle of Start-VM leaves a VM that can be read' {
    if (-not $Vm) { return 'SKIP no -Vm given' }
    $one = Get-VM -Name $Vm
    if ((Read-Host "Start '$Vm' from a shell that is killed at once, then turn it off (y/n)") -ne 'y') { return 'SKIP not agreed' }
    $exe = Join-Path $env:SystemRoot 'System32\WindowsPowerShell\v1.0\powershell.exe'
    $child = Start-Process $exe -ArgumentList '-NoProfile', '-Command', "Get-VM -Id '$($one.Id)' | Start-VM" -PassThru -WindowStyle Hidden
    $end = [DateTime]::UtcNow.AddSeconds(60)
    while ("$((Get-VM -Id $one.Id).State)" -eq 'Off' -and [DateTime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 100 }
    if (-not $child.HasExited) { $child.Kill() }
    $end = [DateTime]::UtcNow.AddMinutes(2)
    do { $state = "$((Get-VM -Id $one.Id).State)" } while ($state -in 'Starting', 'Stopping' -and [DateTime]::UtcNow -lt $end)
    Get-VM -Id $one.Id | Stop-VM -TurnOff -Confirm:$false
    if ($state -notin 'Running', 'Off') { throw "settled as $state" }
    "settled as $state"
}
Test-Check 'Stop-VM without -Force does not turn a locked guest off' {
    if (-not $LockedVm) { return 'SKIP no -LockedVm given' }
    if ((Read-Host "Ask '$LockedVm' to shut down (y/n)") -ne 'y') { return 'SKIP not agreed' }
    $one = Get-VM -Name $LockedVm
    try { Get-VM -Id $one.Id | Stop-VM -Confirm:$false -ErrorAction Stop; return "it went down: $((Get-VM -Id $one.Id).State)" }
    catch {
        if ("$((Get-VM -Id $one.Id).State)" -ne 'Running') { throw "refused, and yet it is $((Get-VM -Id $one.Id).State)" }
        "refused with $($_.FullyQualifiedErrorId), still running"
    }
}
Write-Output ('{0} passed, {1} failed, {2} skipped' -f $results.PASS, $results.FAIL, $results.SKIP)
exit [int] ($results.FAIL -gt 0)
