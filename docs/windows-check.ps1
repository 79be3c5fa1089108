<#
.SYNOPSIS
Checks on a real Windows 11 with Hyper-V what no other machine can show. Prints one line a check: PASS, FAIL or SKIP.
.DESCRIPTION
Reads only, unless -Vm names a VM that may be changed: then it asks once, and undoes what it changed.
Needs Windows PowerShell 5.1 and no elevation; run it from the repository: powershell -ExecutionPolicy Bypass -File docs\windows-check.ps1
.PARAMETER Vm
Name of a VM that is off and may be started, from a shell that is killed meanwhile, and turned off.
.PARAMETER LockedVm
Name of a running VM whose guest is locked or signed out; it is asked to shut down, and is expected to refuse or to go down.
.PARAMETER GuestVm
Name of a running Windows VM that may be entered with an account that is asked for. Read only, unless -GuestChanges is given too.
.PARAMETER GuestChanges
Makes an internal switch, a NAT network and a gateway address in -GuestVm (which needs Hyper-V inside), and removes them again by their ids.
.PARAMETER Minutes
How long to watch the growth of vmms.exe under ticks every two seconds; 0: for one tick. 30 is the figure of the issue.
#>
[CmdletBinding()]
param([string] $Vm, [string] $LockedVm, [string] $GuestVm, [switch] $GuestChanges, [ValidateRange(0, 600)] [int] $Minutes = 30)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$results = @{ PASS = 0; FAIL = 0; SKIP = 0 }

function Write-Check([string] $Verdict, [string] $Name, [string] $Detail) {
    $results[$Verdict]++
    Write-Output ('{0}  {1}  {2}' -f $Verdict, $Name, $Detail)
}
# Its own names hide those of whoever calls it from the block: none of them is used anywhere else.
function Test-Check([string] $CheckName, [scriptblock] $CheckBody) {
    try {
        $checkDetail = & $CheckBody
        if ($null -ne $checkDetail -and "$checkDetail".StartsWith('SKIP ')) { Write-Check 'SKIP' $CheckName "$checkDetail".Substring(5) } else { Write-Check 'PASS' $CheckName "$checkDetail" }
    }
    catch { Write-Check 'FAIL' $CheckName $_.Exception.Message }
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
# What the app relies on: the folder of Windows' modules, found without the environment; and no other
$folder = [IO.Path]::Combine([Environment]::SystemDirectory, 'WindowsPowerShell', 'v1.0', 'Modules')
$exe = [IO.Path]::Combine([Environment]::SystemDirectory, 'WindowsPowerShell', 'v1.0', 'powershell.exe')
# Runs a text in a PowerShell of its own, and gives the lines that it says.
function Invoke-Apart([string] $Text, [string] $Policy) {
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($Text))
    @(& $exe -NoProfile -NonInteractive -ExecutionPolicy $Policy -EncodedCommand $encoded)
}
Test-Check "modules are below PowerShell's own folder" { if ("$PSHOME\Modules" -ne $folder) { throw "$PSHOME\Modules" }; $folder }
foreach ($policy in 'Bypass', 'Restricted', 'AllSigned') {
    Test-Check "modules load by their full path with autoloading off, policy $policy" {
        $said = Invoke-Apart @"
`$PSModuleAutoLoadingPreference = 'None'
foreach (`$name in 'Microsoft.PowerShell.Utility', 'Microsoft.PowerShell.Management', 'Hyper-V', 'CimCmdlets', 'NetNat', 'NetTCPIP', 'DnsClient', 'Dism', 'Microsoft.PowerShell.LocalAccounts') {
    try { Import-Module "$folder\`$name" -ErrorAction Stop } catch { [Console]::Out.WriteLine("`$name is refused: `$(`$_.FullyQualifiedErrorId)") }
}
try { [void] (ConvertTo-Json @(Get-CimInstance Win32_OperatingSystem -Property BuildNumber).BuildNumber) } catch { [Console]::Out.WriteLine("not to be used: `$(`$_.FullyQualifiedErrorId)") }
"@ $policy
        if ($said.Count) { throw ($said -join '; ') }
        'all of them'
    }
}
Test-Check 'opening a runspace writes PSModulePath anew' {
    $said = Invoke-Apart @'
$env:PSModulePath = 'C:\nowhere'
foreach ($time in 1, 2) { $runspace = [runspacefactory]::CreateRunspace(); $runspace.Open(); [Console]::Out.WriteLine("after $time`: $env:PSModulePath") }
'@ 'Bypass'
    "$($said -join ', ') (either way the app sets it again)"
}

# Rights
function Get-Rights {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $inToken = @($identity.Groups | Where-Object { $_.Value -eq 'S-1-5-32-578' }).Count -gt 0
    $inToken, ([Security.Principal.WindowsPrincipal] $identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}
Test-Check 'rights are told apart' {
    $inToken, $elevated = Get-Rights
    $seen = @(Get-VM -ErrorAction SilentlyContinue).Count
    if (-not $inToken -and -not $elevated -and $seen -gt 0) { throw "$seen VMs without a right: the rule 'no right, no VMs' is wrong here" }
    "in the token: $inToken, elevated: $elevated, VMs seen: $seen"
}
Test-Check 'only administrators write into SystemTemp, where the elevated shell unpacks' {
    $folder = [IO.Path]::Combine([IO.Path]::GetDirectoryName([Environment]::SystemDirectory), 'SystemTemp')
    if (-not [IO.Directory]::Exists($folder)) { return 'SKIP this Windows has no such folder: the elevated shell uses Temp' }
    if ((Get-Rights)[1]) { return 'SKIP run this without elevation' }
    $file = [IO.Path]::Combine($folder, "hypernest-$PID.probe")
    try { [IO.File]::WriteAllText($file, '') } catch { return 'refused' }
    [IO.File]::Delete($file)
    throw 'this account can write there'
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

# What the watcher and the checks of this PC read besides
Test-Check 'counters tell in which VMs a hypervisor runs' {
    $counters = { Get-CimInstance -ClassName Win32_PerfRawData_HvStats_HyperVHypervisorVirtualProcessor -Property Name, NestedVMEntriesPersec }
    $first = @{}; foreach ($one in & $counters) { $first[$one.Name] = $one.NestedVMEntriesPersec }
    Start-Sleep -Seconds 2
    $growing = @(foreach ($one in & $counters) { if ($first.ContainsKey($one.Name) -and $one.NestedVMEntriesPersec -gt $first[$one.Name]) { ($one.Name -split ':Hv VP ')[0] } } ) | Select-Object -Unique
    $on = @($vms | Where-Object { "$($_.State)" -eq 'Running' } | Get-VMProcessor | Where-Object ExposeVirtualizationExtensions | ForEach-Object VMName)
    if (@($growing | Where-Object { $_ -notin $on }).Count) { throw "grows in $growing, nesting is on in $on" }
    "$($first.Count) instances; grows in: $growing; running with nesting on: $on"
}
Test-Check 'addresses, routes and NAT networks of this PC are cheap to read' {
    $network = { foreach ($class in 'MSFT_NetAdapter', 'MSFT_NetIPAddress', 'MSFT_NetRoute', 'MSFT_DNSClientServerAddress', 'MSFT_NetIPInterface', 'MSFT_NetNat') { Get-CimInstance -Namespace root/StandardCimv2 -ClassName $class } }
    "$(Measure-Milliseconds $network 3) ms"
}

# Changes, only with a VM named for it
Test-Check 'a shell killed in the middle of Start-VM leaves a VM that can be read' {
    if (-not $Vm) { return 'SKIP no -Vm given' }
    $one = Get-VM -Name $Vm
    if ((Read-Host "Start '$Vm' from a shell that is killed at once, then turn it off (y/n)") -ne 'y') { return 'SKIP not agreed' }
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

Test-Check 'memory is refused while a hypervisor runs inside' {
    if (-not $GuestVm) { return 'SKIP no -GuestVm given' }
    $one = Get-VM -Name $GuestVm
    if (-not (Get-VMProcessor -VM $one).ExposeVirtualizationExtensions) { return 'SKIP nesting is off there' }
    if ((Read-Host "Ask for 2 MB more startup memory for '$GuestVm', as it runs (y/n)") -ne 'y') { return 'SKIP not agreed' }
    $was = $one.MemoryStartup
    try { Get-VM -Id $one.Id | Set-VMMemory -StartupBytes ($was + 2MB) -ErrorAction Stop }
    catch { return "refused with $($_.FullyQualifiedErrorId), HResult $($_.Exception.HResult): $($_.Exception.Message)" }
    Get-VM -Id $one.Id | Set-VMMemory -StartupBytes $was
    'SKIP it was taken: no hypervisor runs inside'
}

# Inside a VM
$session = $null
if ($GuestVm) {
    $guest = Get-VM -Name $GuestVm
    $account = Get-Credential -Message "An administrator in $GuestVm"
    $session = New-PSSession -VMId $guest.Id -Credential $account -ErrorAction SilentlyContinue
}
function Test-Inside([string] $Name, [scriptblock] $Body) {
    Test-Check $Name { if (-not $GuestVm) { return 'SKIP no -GuestVm given' }; if (-not $session) { throw "$GuestVm could not be entered" }; Invoke-Command -Session $session -ScriptBlock $Body }
}
Test-Check 'a wrong password is refused by an exception of its own' {
    if (-not $GuestVm) { return 'SKIP no -GuestVm given' }
    $wrong = [pscredential]::new('nobody', (ConvertTo-SecureString 'not the password' -AsPlainText -Force))
    try { Remove-PSSession (New-PSSession -VMId $guest.Id -Credential $wrong -ErrorAction Stop); throw 'it was let in' }
    catch {
        $type = $_.Exception.GetType().FullName
        if ($type -notlike '*PSDirectException') { throw "$type, $($_.FullyQualifiedErrorId)" }
        "$type, $($_.FullyQualifiedErrorId)"
    }
}
Test-Inside 'PowerShell Direct gives Windows PowerShell 5.1, and the account is an administrator' {
    $admin = @([Security.Principal.WindowsIdentity]::GetCurrent().Groups | Where-Object { $_.Value -eq 'S-1-5-32-544' }).Count -gt 0
    if ($PSVersionTable.PSVersion.Major -ne 5 -or -not $admin) { throw "PowerShell $($PSVersionTable.PSVersion), administrator: $admin" }
    "$($PSVersionTable.PSVersion)"
}
Test-Inside 'modules of functions load there under the process scope' {
    $env:PSExecutionPolicyPreference = 'Bypass'
    Import-Module NetNat, NetTCPIP, DnsClient, Dism; "execution policy: $(Get-ExecutionPolicy)"
}
Test-Inside 'features say whether a restart is pending' {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $states = @('Microsoft-Hyper-V', 'VirtualMachinePlatform', 'HypervisorPlatform', 'Containers', 'Containers-DisposableClientVM' | ForEach-Object { "${_}: $((Get-WindowsOptionalFeature -Online -FeatureName $_ -ErrorAction SilentlyContinue).State)" }) -join ', '
    "$states, read in $([int]$watch.Elapsed.TotalSeconds) s"
}
Test-Inside 'a root partition has logical processors, others lack the class' {
    $rows = @(Get-CimInstance -ClassName Win32_PerfRawData_HvStats_HyperVHypervisor -ErrorAction SilentlyContinue)
    $vmms = Get-Service vmms -ErrorAction SilentlyContinue
    $sum = ($rows | Measure-Object -Property LogicalProcessors -Sum).Sum
    if ($vmms -and "$($vmms.Status)" -eq 'Running' -and -not $sum) { throw 'vmms runs, and no logical processors are counted' }
    "rows: $($rows.Count), logical processors: $sum"
}
Test-Inside 'cards are told by MAC address, wireless ones by their medium' {
    @(Get-CimInstance -Namespace root/StandardCimv2 -ClassName MSFT_NetAdapter | ForEach-Object { "$($_.Name) $($_.PermanentAddress) medium $($_.NdisPhysicalMedium)" }) -join '; '
}
Test-Inside 'what is in use now and what is kept are told apart by Store' {
    $stores = @(Get-CimInstance -Namespace root/StandardCimv2 -ClassName MSFT_NetIPAddress | Group-Object Store | ForEach-Object { "$($_.Name): $($_.Count)" }) -join ', '
    if (-not $stores) { throw 'no addresses' }
    $stores
}
Test-Check 'a network made inside is removed by what Windows gave it' {
    if (-not $GuestVm -or -not $GuestChanges) { return 'SKIP no -GuestVm with -GuestChanges given' }
    if (-not $session) { throw "$GuestVm could not be entered" }
    if ((Read-Host "Make and remove the switch HypernestCheck and a NAT network in '$GuestVm' (y/n)") -ne 'y') { return 'SKIP not agreed' }
    Invoke-Command -Session $session -ScriptBlock {
        $ErrorActionPreference = 'Stop'; $env:PSExecutionPolicyPreference = 'Bypass'
        if (@(Get-NetNat).Count) { return 'SKIP a NAT network is there already' }
        $made = New-VMSwitch -Name HypernestCheck -SwitchType Internal
        try {
            $end = [DateTime]::UtcNow.AddSeconds(15)
            while (-not (Get-NetAdapter -Name 'vEthernet (HypernestCheck)' -ErrorAction SilentlyContinue)) { if ([DateTime]::UtcNow -gt $end) { throw 'no adapter named vEthernet (HypernestCheck)' }; Start-Sleep -Milliseconds 250 }
            New-NetIPAddress -InterfaceAlias 'vEthernet (HypernestCheck)' -IPAddress 192.168.213.1 -PrefixLength 24 | Microsoft.PowerShell.Core\Out-Null
            $nat = New-NetNat -Name HypernestCheck -InternalIPInterfaceAddressPrefix 192.168.213.0/24
            $id = $nat.InstanceID
            Get-NetNat | Where-Object InstanceID -eq $id | Remove-NetNat -Confirm:$false
            if (@(Get-NetNat | Where-Object InstanceID -eq $id).Count) { throw "NAT network $id is still there" }
        }
        finally { Get-VMSwitch -Id $made.Id | Remove-VMSwitch -Force }
        if (Get-VMSwitch -Id $made.Id -ErrorAction SilentlyContinue) { throw 'the switch is still there' }
        "InstanceID $id, switch $($made.Id)"
    }
}
if ($session) { Remove-PSSession $session }
Write-Output ('{0} passed, {1} failed, {2} skipped' -f $results.PASS, $results.FAIL, $results.SKIP)
exit [int] ($results.FAIL -gt 0)
