# Starts a shell as another account (none given: as this one), gives it its first statement, and passes on what is said to it and what it
# says. Its first statement begins the bridge, so nothing comes from outside before that has answered.
param([string] $Executable, [string] $FirstBase64, [string] $User, [string] $Password)
$ErrorActionPreference = 'Stop'
# Or a byte order mark could come before the first statement.
try { [Console]::InputEncoding = [Text.UTF8Encoding]::new($false) } catch { }
$start = [Diagnostics.ProcessStartInfo]::new()
$start.FileName = $Executable; $start.Arguments = '-NoProfile -NonInteractive -Command -'; $start.WorkingDirectory = [Environment]::SystemDirectory
$start.UseShellExecute = $false; $start.RedirectStandardInput = $true; $start.RedirectStandardOutput = $true
if ($User) {
    $secret = [securestring]::new(); foreach ($one in $Password.ToCharArray()) { $secret.AppendChar($one) }
    $start.UserName = $User; $start.Domain = '.'; $start.Password = $secret; $start.LoadUserProfile = $true
}
$process = [Diagnostics.Process]::Start($start)
$to = $process.StandardInput.BaseStream; $from = [Console]::OpenStandardInput(); $block = [byte[]]::new(65536)
$said = $process.StandardOutput.BaseStream.CopyToAsync([Console]::OpenStandardOutput())
$first = [Convert]::FromBase64String($FirstBase64)
$to.Write($first, 0, $first.Length); $to.Flush()
while (($count = $from.Read($block, 0, $block.Length)) -gt 0) { $to.Write($block, 0, $count); $to.Flush() }
$to.Close()
[void] $process.WaitForExit(); [void] $said.Wait()
[Environment]::Exit($process.ExitCode)
