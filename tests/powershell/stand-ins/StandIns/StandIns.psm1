# Stands in for what the small engine lacks of Windows PowerShell, and for the person: who is asked says yes, and has the accounts
# of HYPERNEST_ACCOUNTS (a line each: part of the question, user, password).
function Get-Credential($Message) {
    [Console]::Out.WriteLine("asked: $Message")
    foreach ($line in $env:HYPERNEST_ACCOUNTS -split "`n") {
        $part, $user, $password = $line -split "`t"
        if ($Message -like "*$part*") { return [pscredential]::new($user, (ConvertTo-SecureString $password)) }
    }
    throw "no account for: $Message"
}
function ConvertTo-SecureString([string] $String, [switch] $AsPlainText, [switch] $Force) {
    $secret = [securestring]::new()
    foreach ($one in $String.ToCharArray()) { $secret.AppendChar($one) }
    $secret
}
function Read-Host($Prompt) { 'y' }
function Get-ExecutionPolicy($Scope) { 'Undefined' }
function Measure-Command([scriptblock] $Expression) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    & $Expression | Out-Null
    $watch.Elapsed
}
function Sort-Object { $all = [double[]] @($input); [Array]::Sort($all); $all }
function Measure-Object($Property, [switch] $Sum) {
    $total = 0
    foreach ($one in $input) { $total += $one.$Property }
    [pscustomobject] @{ Sum = $total }
}
function Group-Object($Property) {
    $groups = @{}
    foreach ($one in $input) { $groups["$($one.$Property)"] += 1 }
    foreach ($key in $groups.Keys) { [pscustomobject] @{ Name = $key; Count = $groups[$key] } }
}
function Get-Process($Name) { [Diagnostics.Process]::GetCurrentProcess() }
function Get-Service([Parameter(Position = 0)] $Name) {
    $found = Get-CimInstance -ClassName Win32_Service -Filter "Name='$Name'"
    if ($found) { [pscustomobject] @{ Status = $found.State } }
}
function Start-Process($FilePath, [string[]] $ArgumentList, [switch] $PassThru, $WindowStyle) {
    $info = [Diagnostics.ProcessStartInfo]::new([Diagnostics.Process]::GetCurrentProcess().MainModule.FileName)
    foreach ($one in $ArgumentList) { $info.ArgumentList.Add($one) }
    [Diagnostics.Process]::Start($info)
}
