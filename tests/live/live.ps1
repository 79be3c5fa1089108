<#
.SYNOPSIS
Makes, saves, pauses and removes the throw-away VMs of tests/live, and nothing else: what it touches begins with -Prefix. Never a call of the app.
.DESCRIPTION
`clean` may be called at any time and as often as one likes. Accounts begin with hnl-: a local account has 20 characters at most.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [ValidateSet('new', 'save', 'suspend', 'checkpoint', 'turn-nesting-off', 'account', 'clean')] [string] $Act,
    [Parameter(Mandatory = $true)] [ValidatePattern('^hn-live-[0-9a-z]{1,12}$')] [string] $Prefix,
    [ValidatePattern('^[a-z]{1,12}$')] [string] $Name,
    [ValidatePattern('^$|^S-1-5-32-\d+$')] [string] $Group,
    # Of a new VM; not given: the newest.
    [ValidatePattern('^$|^\d+\.\d+$')] [string] $Version
)
$ErrorActionPreference = 'Stop'
$accounts = $Prefix.Replace('hn-live-', 'hnl-')
$full = "$Prefix-$Name"
if ($Act -ne 'clean' -and -not $Name) { throw 'no name given' }

function Get-Own {
    $found = @(Get-VM -Name $full)
    if ($found.Length -ne 1) { throw "$($found.Length) VMs are named $full" }
    $found[0]
}
function Clear-Own {
    $vmms = Get-CimInstance -ClassName Win32_Service -Filter "Name='vmms'"
    if ("$($vmms.State)" -eq 'Stopped') { Start-Service -Name vmms }
    foreach ($vm in @(Get-VM -Name "$Prefix-*")) {
        if ('Off', 'Saved' -notcontains "$($vm.State)") { Stop-VM -VM $vm -TurnOff -Force -Confirm:$false }
        Remove-VM -VM $vm -Force
    }
    # Disks of ours; where Hyper-V is simulated there is no such folder.
    $disks = (Get-VMHost).VirtualHardDiskPath
    if ([IO.Directory]::Exists($disks)) { foreach ($file in [IO.Directory]::GetFiles($disks, "$Prefix-*")) { [IO.File]::Delete($file) } }
    foreach ($nat in @(Get-NetNat)) { if ($nat.Name -like "$Prefix-*") { Remove-NetNat -InputObject $nat -Confirm:$false } }
    foreach ($switch in @(Get-VMSwitch)) { if ($switch.Name -like "$Prefix-*") { Remove-VMSwitch -VMSwitch $switch -Force } }
    if (Get-Command Get-LocalUser -ErrorAction SilentlyContinue) {
        foreach ($user in @(Get-LocalUser -Name "$accounts-*")) {
            # A profile that is still in use stays.
            foreach ($kept in @(Get-CimInstance -ClassName Win32_UserProfile)) { if ($kept.SID -eq $user.SID.Value) { Remove-CimInstance -InputObject $kept -ErrorAction SilentlyContinue } }
            Remove-LocalUser -Name $user.Name
        }
    }
}

switch ($Act) {
    # In its firmware it runs: enough for state, memory, settings and checkpoints.
    'new' { $more = @{}; if ($Version) { $more.Version = [version] $Version }; [void] (New-VM -Name $full -MemoryStartupBytes 512MB -Generation 2 -NoVHD @more) }
    'save' { Save-VM -VM (Get-Own) }
    'suspend' { Suspend-VM -VM (Get-Own) }
    'checkpoint' { Checkpoint-VM -VM (Get-Own) -SnapshotName "$full-checkpoint" }
    # As another tool would.
    'turn-nesting-off' { Set-VMProcessor -VM (Get-Own) -ExposeVirtualizationExtensions $false }
    'account' {
        $secret = [securestring]::new(); foreach ($one in $env:HYPERNEST_LIVE_PASSWORD.ToCharArray()) { $secret.AppendChar($one) }
        [void] (New-LocalUser -Name "$accounts-$Name" -Password $secret -AccountNeverExpires)
        # Whoever is in no group may not sign in.
        foreach ($sid in @('S-1-5-32-545') + @($Group | Where-Object { $_ })) { Add-LocalGroupMember -SID $sid -Member "$accounts-$Name" }
    }
    'clean' { Clear-Own }
}
