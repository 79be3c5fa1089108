# Whether who runs this is in Hyper-V Administrators by the accounts database: true before the next sign-in, when the token does not have it
# yet. By SIDs, not by names. Slow where a domain cannot be reached: nobody waits for it long. Not checked on Windows by us.
$ErrorActionPreference = 'Stop'
$current = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
$name = ([Security.Principal.SecurityIdentifier] 'S-1-5-32-578').Translate([Security.Principal.NTAccount]).Value.Split('\')[-1]
$isMember = $false
foreach ($member in ([adsi] "WinNT://./$name,group").Invoke('Members')) {
    $bytes = $member.GetType().InvokeMember('objectSid', 'GetProperty', $null, $member, $null)
    if ([Security.Principal.SecurityIdentifier]::new($bytes, 0).Value -eq $current) { $isMember = $true }
}
$isMember
