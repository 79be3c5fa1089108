<#
.SYNOPSIS
Says what of Hyper-V is on this machine, loudly, before anything rests on it. Writes probe.json, a picture of the desktop beside it where there
is one, and for a workflow hyperv, expose, reason and sshd.
.DESCRIPTION
hyperv: ok | absent | broken. expose: ok | refused | unknown (a VM with virtualization extensions exposed starts, or not). Makes one VM and
removes it. Names of this machine and its account are not written down.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [Parameter(Mandatory = $true)] [ValidatePattern('^hn-live-[0-9a-z]{1,12}$')] [string] $Prefix
)
$ErrorActionPreference = 'Stop'
$Path = [IO.Path]::GetFullPath([IO.Path]::Combine($PWD.ProviderPath, $Path))
$probe = [ordered] @{ hyperv = 'absent'; expose = 'unknown'; reason = '' }

# What cannot be asked is written down as its error, and stops nothing.
function Add-Fact([string] $FactName, [scriptblock] $FactBody) {
    try { $probe[$FactName] = & $FactBody }
    catch { $probe[$FactName] = "error: $($_.FullyQualifiedErrorId)" }
}
function Get-First([string] $Class, [string] $Namespace = 'root/cimv2', [string] $Filter) {
    $more = @{}; if ($Filter) { $more.Filter = $Filter }
    @(Get-CimInstance -ClassName $Class -Namespace $Namespace @more)[0]
}
function Get-ServiceState([string] $ServiceName) { "$((Get-First 'Win32_Service' 'root/cimv2' "Name='$ServiceName'").State)" }

Add-Fact 'image' { "$env:ImageOS $env:ImageVersion" }
Add-Fact 'windows' { $system = Get-First 'Win32_OperatingSystem'; "$($system.Caption) $($system.BuildNumber)" }
Add-Fact 'powershell' { "$($PSVersionTable.PSVersion)" }
Add-Fact 'processor' { $cpu = Get-First 'Win32_Processor'; "$($cpu.Name), $($cpu.NumberOfLogicalProcessors) logical" }
Add-Fact 'memory' { [long] (Get-First 'Win32_ComputerSystem').TotalPhysicalMemory }
Add-Fact 'hypervisorPresent' { [bool] (Get-First 'Win32_ComputerSystem').HypervisorPresent }
Add-Fact 'free on C:' { [long] (Get-First 'Win32_LogicalDisk' 'root/cimv2' "DeviceID='C:'").FreeSpace }
Add-Fact 'free on D:' { [long] (Get-First 'Win32_LogicalDisk' 'root/cimv2' "DeviceID='D:'").FreeSpace }
Add-Fact 'vmms' { Get-ServiceState 'vmms' }
Add-Fact 'vmcompute' { Get-ServiceState 'vmcompute' }
Add-Fact 'hypervisor counters' { @(Get-CimInstance -ClassName Win32_PerfRawData_HvStats_HyperVHypervisor).Length }
Add-Fact 'NAT networks' { @(Get-CimInstance -ClassName MSFT_NetNat -Namespace root/StandardCimv2).Length }
Add-Fact 'elevated' { ([Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator) }
Add-Fact 'the built-in administrator' { [Security.Principal.WindowsIdentity]::GetCurrent().User.Value -match '-500$' }
Add-Fact 'integrity' { @([Security.Principal.WindowsIdentity]::GetCurrent().Groups | Where-Object { $_.Value -like 'S-1-16-*' } | ForEach-Object { $_.Value }) -join ' ' }
Add-Fact 'EnableLUA' { [Microsoft.Win32.Registry]::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System', 'EnableLUA', 'not set') }
Add-Fact 'ConsentPromptBehaviorAdmin' { [Microsoft.Win32.Registry]::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System', 'ConsentPromptBehaviorAdmin', 'not set') }
Add-Fact 'session' { [Diagnostics.Process]::GetCurrentProcess().SessionId }
Add-Fact 'sshd' { if ([IO.File]::Exists("$env:SystemRoot\System32\OpenSSH\sshd.exe")) { 'there' } else { 'absent' } }
Add-Fact 'desktop' { @([Diagnostics.Process]::GetProcessesByName('explorer')).Length -gt 0 }
Add-Fact 'picture' {
    Add-Type -AssemblyName System.Windows.Forms, System.Drawing
    $screen = [Windows.Forms.SystemInformation]::VirtualScreen
    $picture = [Drawing.Bitmap]::new($screen.Width, $screen.Height)
    [Drawing.Graphics]::FromImage($picture).CopyFromScreen($screen.Location, [Drawing.Point]::Empty, $screen.Size)
    $picture.Save([IO.Path]::ChangeExtension($Path, 'png')); "$($screen.Width) x $($screen.Height)"
}

# A VM in its firmware: it starts, and then once more with the extensions exposed.
function Start-Once([object] $Vm) {
    Start-VM -VM $Vm
    $state = "$((Get-VM -Id $Vm.Id).State)"
    Stop-VM -VM $Vm -TurnOff -Force -Confirm:$false
    if ($state -ne 'Running') { throw "started, and then it was $state" }
}
function Test-HyperV {
    try { $found = Get-Command New-VM -ErrorAction Stop; if (-not $found) { throw 'no New-VM' } }
    catch { $probe.reason = 'the module Hyper-V is not there'; return }
    if ($probe.vmms -ne 'Running') { $probe.reason = "vmms: $($probe.vmms)"; return }
    $probe.hyperv = 'broken'; $name = "$Prefix-probe"; $step = 'making a VM'
    try {
        $vm = New-VM -Name $name -MemoryStartupBytes 512MB -Generation 2 -NoVHD
        $step = 'starting a VM'; Start-Once $vm
        $probe.hyperv = 'ok'; $step = 'starting a VM with extensions exposed'
        Set-VMProcessor -VM $vm -ExposeVirtualizationExtensions $true
        try { Start-Once $vm; $probe.expose = 'ok' }
        catch { $probe.expose = 'refused'; $probe.reason = "${step}: $($_.FullyQualifiedErrorId)" }
    }
    catch { $probe.reason = "${step}: $($_.FullyQualifiedErrorId)" }
    finally {
        foreach ($left in @(Get-VM -Name $name -ErrorAction SilentlyContinue)) {
            if ("$($left.State)" -ne 'Off') { Stop-VM -VM $left -TurnOff -Force -Confirm:$false -ErrorAction SilentlyContinue }
            Remove-VM -VM $left -Force -ErrorAction SilentlyContinue
        }
    }
}
try { Test-HyperV } catch { $probe.hyperv = 'broken'; $probe.reason = "probing: $($_.FullyQualifiedErrorId)" }

[IO.File]::WriteAllText($Path, (ConvertTo-Json $probe))
foreach ($fact in $probe.Keys) { [Console]::Out.WriteLine("${fact}: $($probe[$fact])") }
if ($env:GITHUB_OUTPUT) {
    $lines = foreach ($output in 'hyperv', 'expose', 'reason', 'sshd') { "$output=$("$($probe[$output])" -replace '[\r\n]', ' ')" }
    [IO.File]::AppendAllText($env:GITHUB_OUTPUT, ($lines -join "`n") + "`n")
}
if ($probe.hyperv -ne 'ok') { [Console]::Out.WriteLine("::warning title=Hyper-V::$($probe.hyperv): $($probe.reason)") }
