/**
 * What runs elevated, word for word. Constant texts; what is filled in is a SID and the like, checked by its shape. The Windows side
 * is knowledge, not checked on Windows: see docs/windows-check.md.
 */
import { createHash } from 'node:crypto';
import type { OneShot } from '../core/machine/machine.js';

export const isSid = (text: string): boolean => /^S-1-\d+(-\d+){1,14}$/.test(text);

/** Of the account's environment only names go on: nothing is looked for where they say. */
const keptOnWindows = [
  'USERNAME',
  'USERDOMAIN',
  'COMPUTERNAME',
  'USERPROFILE',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
];

/**
 * The first lines of everything that runs elevated. Windows gives an elevated process the environment of the account: the folders of
 * its own programs and modules, policies and switches of PowerShell, all of them the account's to set. None of it stays; what takes its
 * place is asked of Windows itself. `kept`: what a simulated Windows needs besides.
 */
function prelude(platform: NodeJS.Platform, kept: readonly string[] = []): readonly string[] {
  const isWindows = platform === 'win32';
  const names = [...(isWindows ? keptOnWindows : []), ...kept].map((name) => `'${name}'`).join(',');
  return [
    "$ErrorActionPreference = 'Stop'; $PSModuleAutoLoadingPreference = 'None'",
    "$modules = [IO.Path]::Combine($PSHOME, 'Modules'); $system = [Environment]::SystemDirectory; $root = [IO.Path]::GetDirectoryName($system)",
    "# Of the account's environment nothing stays but names, and modules are PowerShell's own, by their full path.",
    // A variable may be named like a property of the table: a method is none.
    `foreach ($name in @([Environment]::GetEnvironmentVariables().get_Keys())) { if (@(${names}) -notcontains $name) { [Environment]::SetEnvironmentVariable($name, [NullString]::Value) } }`,
    `$own = @{ PSModulePath = $modules; PSModuleAnalysisCachePath = '${isWindows ? 'NUL' : '/dev/null'}' }`,
    ...(isWindows
      ? [
          // Where Windows has it, only administrators can write into SystemTemp; into Temp everybody can put files.
          "foreach ($name in 'SystemRoot', 'windir') { $own[$name] = $root }; foreach ($name in 'TEMP', 'TMP') { $own[$name] = \"$root\\$(if ([IO.Directory]::Exists(\"$root\\SystemTemp\")) { 'System' })Temp\" }",
          '$own.PATH = $system; $own.SystemDrive = $root.Substring(0, 2); [Environment]::CurrentDirectory = $system',
        ]
      : []),
    'foreach ($name in $own.get_Keys()) { [Environment]::SetEnvironmentVariable($name, $own[$name]) }',
    // Windows finds these by the drive: only now.
    ...(isWindows
      ? [
          "foreach ($one in ('ProgramFiles', 'ProgramFiles'), ('ProgramData', 'CommonApplicationData')) { [Environment]::SetEnvironmentVariable($one[0], [Environment]::GetFolderPath($one[1])) }",
        ]
      : []),
  ];
}

/** The text of an elevated one-shot, as it is shown before the prompt and as it runs. It ends with 0, or with the HRESULT. */
export function oneShotText(act: OneShot, sid: string): string {
  const guarded = (module: string, ...lines: readonly string[]): string =>
    [
      ...prelude('win32'),
      'trap { exit $_.Exception.HResult }',
      `foreach ($name in 'Microsoft.PowerShell.Utility', '${module}') { Import-Module "$modules\\$name" }`,
      ...lines,
    ].join('\n');
  const management = 'Microsoft.PowerShell.Management';
  switch (act) {
    case 'join-group':
      // By SIDs: the group in every language of Windows, and the account that asked, whoever answers the prompt.
      return guarded(
        'Microsoft.PowerShell.LocalAccounts',
        `try { Add-LocalGroupMember -SID 'S-1-5-32-578' -Member '${isSid(sid) ? sid : ''}' }`,
        "catch { if ($_.FullyQualifiedErrorId -notlike 'MemberExists,*') { throw } }",
      );
    case 'enable-hyper-v':
      return guarded(
        'Dism',
        'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V, Microsoft-Hyper-V-Management-PowerShell -All -NoRestart',
      );
    case 'hypervisor-auto':
      return guarded(management, '& "$system\\bcdedit.exe" /set hypervisorlaunchtype auto', 'exit $LASTEXITCODE');
    case 'start-service':
      return guarded(
        management,
        // One that is disabled cannot be started.
        "if ((Get-Service -Name vmms).StartType -eq 'Disabled') { Set-Service -Name vmms -StartupType Automatic }",
        'Start-Service -Name vmms',
      );
  }
}

interface Loader {
  readonly pipe: string;
  readonly callerSid: string;
  /** The bridge, its setup, and the proof of who sends them. */
  readonly payload: string;
  readonly platform: NodeJS.Platform;
  /** Variables of the environment that stay, for a simulated Windows. */
  readonly kept?: readonly string[];
}

/** Milliseconds that whoever has connected has to say the payload. */
const SAYS_WITHIN = 5000;

/** Exit codes of the loader: the one connection that it takes was somebody else's, who said something else, or nothing. */
export const TAKEN: readonly number[] = [4, 5];

/**
 * Serves one connection, takes the bridge and its list over it, and runs them only if they are those whose hash it was started
 * with. The bridge is too long for a command line. Who has not the proof in the payload is not the app: that is all he can say.
 */
export function loaderText({ pipe, callerSid, payload, platform, kept }: Loader): string {
  const hash = createHash('sha256').update(payload).digest('hex').toUpperCase();
  const open =
    platform === 'win32'
      ? [
          '$security = [IO.Pipes.PipeSecurity]::new()',
          "$security.AddAccessRule([IO.Pipes.PipeAccessRule]::new([Security.Principal.SecurityIdentifier] 'S-1-5-2', 'FullControl', 'Deny'))",
          `$security.AddAccessRule([IO.Pipes.PipeAccessRule]::new([Security.Principal.SecurityIdentifier] '${isSid(callerSid) ? callerSid : ''}', 'ReadWrite', 'Allow'))`,
          "$security.AddAccessRule([IO.Pipes.PipeAccessRule]::new([Security.Principal.WindowsIdentity]::GetCurrent().User, 'FullControl', 'Allow'))",
          `$pipe = [IO.Pipes.NamedPipeServerStream]::new('${pipe}', 'InOut', 1, 'Byte', 'Asynchronous', 65536, 65536, $security)`,
        ]
      : [`$pipe = [IO.Pipes.NamedPipeServerStream]::new('${pipe}', 'InOut', 1, 'Byte', 'Asynchronous')`];
  return [
    ...prelude(platform, kept),
    ...open,
    'if (-not $pipe.WaitForConnectionAsync().Wait(60000)) { [Environment]::Exit(3) }',
    `$block = [byte[]]::new(${String(Buffer.byteLength(payload))}); $got = 0; $clock = [Diagnostics.Stopwatch]::StartNew()`,
    'while ($got -lt $block.Length) {',
    '  $read = $pipe.ReadAsync($block, $got, $block.Length - $got)',
    `  try { $isRead = $read.Wait([int] [Math]::Max(0, ${String(SAYS_WITHIN)} - $clock.ElapsedMilliseconds)) } catch { [Environment]::Exit(4) }`,
    '  if (-not $isRead) { [Environment]::Exit(5) }',
    '  if ($read.Result -eq 0) { [Environment]::Exit(4) }',
    '  $got += $read.Result',
    '}',
    "$hash = [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($block)).Replace('-', '')",
    `if ($hash -ne '${hash}') { [Environment]::Exit(4) }`,
    '$parts = [Text.Encoding]::UTF8.GetString($block).Split([char] 0)',
    '& ([scriptblock]::Create($parts[0])) $parts[1] $pipe',
  ].join('\n');
}

export const encoded = (script: string): string => Buffer.from(script, 'utf16le').toString('base64');

/**
 * What the unelevated shell runs: asks Windows for the elevated one, and says in one word and a number what came of it, and when it
 * ended. `owner`: the number of our window: the prompt comes before it, where one that nobody owns may only blink in the task bar.
 */
export function askText(script: string, owner?: bigint): string {
  return [
    '$system = [Environment]::SystemDirectory; $start = [Diagnostics.ProcessStartInfo]::new()',
    '$start.FileName = "$system\\WindowsPowerShell\\v1.0\\powershell.exe"; $start.WorkingDirectory = $system',
    `$start.Arguments = '-NoProfile -NonInteractive -WindowStyle Hidden -EncodedCommand ${encoded(script)}'`,
    "$start.Verb = 'runas'; $start.UseShellExecute = $true; $start.WindowStyle = 'Hidden'",
    ...(owner === undefined
      ? []
      : [`$start.ErrorDialog = $true; $start.ErrorDialogParentHandle = [IntPtr] ${String(owner)}`]),
    'try { $process = [Diagnostics.Process]::Start($start) }',
    'catch {',
    '  $inner = $_.Exception; while ($inner.InnerException) { $inner = $inner.InnerException }',
    '  $code = if ($inner -is [ComponentModel.Win32Exception]) { $inner.NativeErrorCode } else { $inner.HResult }',
    '  [Console]::Out.WriteLine("failed $code"); exit',
    '}',
    '[Console]::Out.WriteLine("started 0"); [Console]::Out.Flush()',
    '$process.WaitForExit(); [Console]::Out.WriteLine("ended $($process.ExitCode)")',
  ].join('\n');
}
