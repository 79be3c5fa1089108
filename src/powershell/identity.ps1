# Who runs this shell, and what that allows. Reads only, what the token and the registry know at once. No name of a group is localised here: SIDs only.
# Not checked on Windows by us.
$current = [Security.Principal.WindowsIdentity]::GetCurrent()
$administrators = 'S-1-5-32-544'
$hyperV = 'S-1-5-32-578'
$inToken = $false
foreach ($group in $current.Groups) { if ($group.Value -eq $hyperV) { $inToken = $true } }
$isElevated = ([Security.Principal.WindowsPrincipal] $current).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
# An unelevated administrator has the group for denial only; it is in the claims then, not in Groups.
$isAdministrator = $isElevated
if (-not $isElevated) { foreach ($claim in $current.Claims) { if ($claim.Value -eq $administrators) { $isAdministrator = $true } } }
# How Windows elevates: 1 as always, 2 Administrator Protection, 0 UAC is off. Read by .NET: whoever may not read it gets no error record.
$approvalMode = $null
try {
    $policy = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System')
    if ($policy) {
        $approvalMode = if ([int] $policy.GetValue('EnableLUA', 1) -eq 0) { 0 } else { [int] $policy.GetValue('TypeOfAdminApprovalMode', 1) }
        $policy.Dispose()
    }
}
catch { $approvalMode = $null }
[pscustomobject] @{
    account = $current.Name; sid = $current.User.Value; inToken = $inToken; isMember = $null
    isElevated = $isElevated; isAdministrator = $isAdministrator; approvalMode = $approvalMode
}
