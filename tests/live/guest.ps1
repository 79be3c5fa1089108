<#
.SYNOPSIS
Makes a Windows guest with Hyper-V in it and a VM in that, on a machine that is thrown away; and removes it.
.DESCRIPTION
The image is a person's choice (docs/live.md): HYPERNEST_GUEST_ISO is its address, HYPERNEST_GUEST_SHA256 its hash. Writes .cache\live-guest.json
with the account of the guest, which is not kept anywhere else. Not run by us yet.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [ValidateSet('make', 'clean')] [string] $Act,
    [Parameter(Mandatory = $true)] [ValidatePattern('^hn-live-[0-9a-z]{1,12}$')] [string] $Prefix
)
$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
$cache = [IO.Path]::Combine($root, '.cache'); $name = $Prefix.Replace('hn-live-', 'hn-live-guest-')
$iso = [IO.Path]::Combine($cache, 'guest.iso'); $disk = [IO.Path]::Combine($cache, 'guest.vhdx'); $told = [IO.Path]::Combine($cache, 'live-guest.json')

function Clear-Guest {
    foreach ($vm in @(Get-VM -Name $name -ErrorAction SilentlyContinue)) {
        if ("$($vm.State)" -ne 'Off') { Stop-VM -VM $vm -TurnOff -Force -Confirm:$false }
        Remove-VM -VM $vm -Force
    }
    foreach ($image in $disk, $iso) {
        if (-not [IO.File]::Exists($image)) { continue }
        if ((Get-DiskImage -ImagePath $image).Attached) { [void] (Dismount-DiskImage -ImagePath $image) }
        [IO.File]::Delete($image)
    }
    if ([IO.File]::Exists($told)) { [IO.File]::Delete($told) }
}

# Signs in once by itself: PowerShell Direct wants a profile. No comment may hold two dashes: Setup then drops the file without a word.
function Get-Unattend([string] $User, [string] $Password) {
    @"
<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
  <settings pass="oobeSystem">
    <component name="Microsoft-Windows-International-Core" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
      <InputLocale>en-US</InputLocale><SystemLocale>en-US</SystemLocale><UILanguage>en-US</UILanguage><UserLocale>en-US</UserLocale>
    </component>
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
      <OOBE><HideEULAPage>true</HideEULAPage><HideOnlineAccountScreens>true</HideOnlineAccountScreens><HideWirelessSetupInOOBE>true</HideWirelessSetupInOOBE><ProtectYourPC>3</ProtectYourPC></OOBE>
      <UserAccounts><LocalAccounts><LocalAccount wcm:action="add">
        <Name>$User</Name><Group>Administrators</Group><Password><Value>$Password</Value><PlainText>true</PlainText></Password>
      </LocalAccount></LocalAccounts></UserAccounts>
      <AutoLogon><Enabled>true</Enabled><LogonCount>1</LogonCount><Username>$User</Username><Password><Value>$Password</Value><PlainText>true</PlainText></Password></AutoLogon>
    </component>
  </settings>
</unattend>
"@
}

# Without Setup: the image is laid onto a disk that boots, with Hyper-V turned on in it before it starts for the first time.
function New-Disk([string] $User, [string] $Password) {
    [void] (New-VHD -Path $disk -SizeBytes 64GB -Dynamic)
    $number = (Mount-VHD -Path $disk -Passthru | Get-Disk).Number
    Initialize-Disk -Number $number -PartitionStyle GPT
    $boot = New-Partition -DiskNumber $number -Size 260MB -AssignDriveLetter
    $system = New-Partition -DiskNumber $number -UseMaximumSize -AssignDriveLetter
    [void] (Format-Volume -Partition $boot -FileSystem FAT32); [void] (Format-Volume -Partition $system -FileSystem NTFS)
    $letter = (Mount-DiskImage -ImagePath $iso -PassThru | Get-Volume).DriveLetter
    [void] (Expand-WindowsImage -ImagePath "${letter}:\sources\install.wim" -Index 1 -ApplyPath "$($system.DriveLetter):\")
    [void] (Dismount-DiskImage -ImagePath $iso)
    [void] (Enable-WindowsOptionalFeature -Path "$($system.DriveLetter):\" -FeatureName Microsoft-Hyper-V, Microsoft-Hyper-V-Management-PowerShell -All)
    $panther = "$($system.DriveLetter):\Windows\Panther"
    [void] [IO.Directory]::CreateDirectory($panther)
    [IO.File]::WriteAllText("$panther\unattend.xml", (Get-Unattend $User $Password))
    & "$env:SystemRoot\System32\bcdboot.exe" "$($system.DriveLetter):\Windows" /s "$($boot.DriveLetter):" /f UEFI
    if ($LASTEXITCODE -ne 0) { throw "bcdboot ended with $LASTEXITCODE" }
    # Only now: a partition of this type gets no letter.
    Set-Partition -DiskNumber $number -PartitionNumber $boot.PartitionNumber -GptType '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}'
    Dismount-VHD -Path $disk
}

function New-Guest {
    if (-not $env:HYPERNEST_GUEST_ISO -or $env:HYPERNEST_GUEST_SHA256 -notmatch '^[0-9a-fA-F]{64}$') { throw 'HYPERNEST_GUEST_ISO and HYPERNEST_GUEST_SHA256 say which image: see docs/live.md' }
    [void] [IO.Directory]::CreateDirectory($cache)
    # Invoke-WebRequest of 5.1 holds all of it in memory.
    & "$env:SystemRoot\System32\curl.exe" --fail --location --silent --show-error --output $iso $env:HYPERNEST_GUEST_ISO
    if ($LASTEXITCODE -ne 0) { throw "curl ended with $LASTEXITCODE" }
    $hash = (Get-FileHash -Path $iso -Algorithm SHA256).Hash
    if ($hash -ne $env:HYPERNEST_GUEST_SHA256) { throw "another image than was meant: $hash" }
    $user = 'live'; $password = [guid]::NewGuid().ToString('N').Substring(0, 20) + 'aA1!'
    New-Disk $user $password
    [IO.File]::Delete($iso)
    $vm = New-VM -Name $name -MemoryStartupBytes 6GB -Generation 2 -VHDPath $disk
    Set-VMProcessor -VM $vm -Count 2 -ExposeVirtualizationExtensions $true
    Start-VM -VM $vm
    $secret = [securestring]::new(); foreach ($one in $password.ToCharArray()) { $secret.AppendChar($one) }
    $account = [pscredential]::new($user, $secret)
    $end = [DateTime]::UtcNow.AddMinutes(20)
    # Nobody says when a guest has booted. It holds a VM of its own, which runs in its firmware: three levels.
    while ($true) {
        try { $vmms = Invoke-Command -VMId $vm.Id -Credential $account -ScriptBlock { "$((Get-Service vmms).Status)" }; if ($vmms -eq 'Running') { break } }
        catch { [Console]::Out.WriteLine("not yet: $($_.FullyQualifiedErrorId)") }
        if ([DateTime]::UtcNow -gt $end) { throw 'the guest did not answer within 20 minutes' }
        Start-Sleep -Seconds 15
    }
    Invoke-Command -VMId $vm.Id -Credential $account -ArgumentList "$Prefix-inner" -ScriptBlock {
        param($Inner)
        $made = New-VM -Name $Inner -MemoryStartupBytes 512MB -Generation 2 -NoVHD
        try { Start-VM -VM $made } catch { [Console]::Out.WriteLine("the third level does not start: $($_.FullyQualifiedErrorId)") }
    }
    [IO.File]::WriteAllText($told, (ConvertTo-Json @{ vm = $name; userName = $user; password = $password }))
}

Clear-Guest
if ($Act -eq 'make') { New-Guest }
