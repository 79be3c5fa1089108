<#
.SYNOPSIS
Saves the event logs of Hyper-V as files. Of a throw-away machine only: names of VMs and of the machine stand in them.
#>
[CmdletBinding()]
param([Parameter(Mandatory = $true)] [string] $Folder)
$ErrorActionPreference = 'Stop'
$Folder = [IO.Path]::GetFullPath([IO.Path]::Combine($PWD.ProviderPath, $Folder))
$null = [IO.Directory]::CreateDirectory($Folder)
foreach ($log in 'VMMS-Admin', 'Worker-Admin', 'Compute-Admin', 'Hypervisor-Operational') {
    & "$env:SystemRoot\System32\wevtutil.exe" export-log "Microsoft-Windows-Hyper-V-$log" ([IO.Path]::Combine($Folder, "$log.evtx")) /overwrite:true
    # What is lost of them fails nothing.
    if ($LASTEXITCODE -ne 0) { [Console]::Out.WriteLine("::warning title=Event log::$log could not be saved") }
}
exit 0
