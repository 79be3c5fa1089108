/**
 * What runs elevated, word for word, and how it is started. Constant texts; the one variable is a SID, checked by its shape.
 * The Windows side is knowledge, not checked on Windows: see docs/windows-check.md.
 */
import { createHash, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bridgeText, openSession, setupOf, type Session, type SessionOptions } from './session.js';
import { pipeTransport } from './transport.js';
import type { FoundShell } from './find.js';

export type OneShot = 'join-group' | 'enable-hyper-v' | 'hypervisor-auto' | 'start-service';

const isSid = (text: string): boolean => /^S-1-\d+(-\d+){1,14}$/.test(text);

/**
 * The first line of everything that runs elevated: Windows gives an elevated process the environment of the account, whose own
 * module folder comes first on PSModulePath. Nothing from there may run with these rights.
 */
const SYSTEM_MODULES = '$env:PSModulePath = "$PSHOME\\Modules"';

/** The text of an elevated one-shot, as it is shown before the prompt and as it runs. It ends with 0, or with the HRESULT. */
export function oneShotText(act: OneShot, sid: string): string {
  const guarded = (...lines: readonly string[]): string =>
    [SYSTEM_MODULES, "$ErrorActionPreference = 'Stop'", 'trap { exit $_.Exception.HResult }', ...lines].join('\n');
  switch (act) {
    case 'join-group':
      // By SIDs: the group in every language of Windows, and the account that asked, whoever answers the prompt.
      return guarded(
        `try { Add-LocalGroupMember -SID 'S-1-5-32-578' -Member '${isSid(sid) ? sid : ''}' }`,
        "catch { if ($_.FullyQualifiedErrorId -notlike 'MemberExists,*') { throw } }",
      );
    case 'enable-hyper-v':
      return guarded(
        'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V, Microsoft-Hyper-V-Management-PowerShell -All -NoRestart',
      );
    case 'hypervisor-auto':
      return guarded(
        '& "$([Environment]::SystemDirectory)\\bcdedit.exe" /set hypervisorlaunchtype auto',
        'exit $LASTEXITCODE',
      );
    case 'start-service':
      return guarded('Start-Service -Name vmms');
  }
}

const encoded = (script: string): string => Buffer.from(script, 'utf16le').toString('base64');

/** Milliseconds without use, then it ends itself: a net below the app's own ten minutes, which come first and are said. */
const IDLE = 660_000;

interface Served {
  readonly name: string;
  /** What Node connects to. */
  readonly address: string;
}

function newPipe(): Served {
  const name = `Hypernest-${randomUUID()}`;
  // Under this prefix only an elevated process can serve: nobody can be there before it.
  if (process.platform === 'win32') {
    const full = `ProtectedPrefix\\Administrators\\${name}`;
    return { name: full, address: `\\\\.\\pipe\\${full}` };
  }
  // A rooted name is the path of a Unix socket to .NET.
  const file = path.join(tmpdir(), `${name.slice(0, 30)}.sock`);
  return { name: file, address: file };
}

const payloadOf = (identity: string, idleMs: number): string => `${bridgeText}\0${setupOf({ identity, idleMs })}`;

/**
 * Serves one connection, takes the bridge and its list over it, and runs them only if they are those whose hash it was started
 * with. The bridge is too long for a command line.
 */
export function loaderText(pipe: string, callerSid: string, payload: string): string {
  const hash = createHash('sha256').update(payload).digest('hex').toUpperCase();
  return [
    "$ErrorActionPreference = 'Stop'",
    `$name = '${pipe}'`,
    "if ($env:OS -eq 'Windows_NT') {",
    `  ${SYSTEM_MODULES}; $env:PSExecutionPolicyPreference = 'Bypass'`,
    '  $security = [IO.Pipes.PipeSecurity]::new()',
    "  $security.AddAccessRule([IO.Pipes.PipeAccessRule]::new([Security.Principal.SecurityIdentifier] 'S-1-5-2', 'FullControl', 'Deny'))",
    `  $security.AddAccessRule([IO.Pipes.PipeAccessRule]::new([Security.Principal.SecurityIdentifier] '${isSid(callerSid) ? callerSid : ''}', 'ReadWrite', 'Allow'))`,
    "  $security.AddAccessRule([IO.Pipes.PipeAccessRule]::new([Security.Principal.WindowsIdentity]::GetCurrent().User, 'FullControl', 'Allow'))",
    "  $pipe = [IO.Pipes.NamedPipeServerStream]::new($name, 'InOut', 1, 'Byte', 'Asynchronous', 65536, 65536, $security)",
    '} else {',
    "  $pipe = [IO.Pipes.NamedPipeServerStream]::new($name, 'InOut', 1, 'Byte', 'Asynchronous')",
    '}',
    'if (-not $pipe.WaitForConnectionAsync().Wait(60000)) { [Environment]::Exit(3) }',
    '$bytes = [Collections.Generic.List[byte]]::new(); $one = [byte[]]::new(1)',
    'while ($pipe.Read($one, 0, 1) -eq 1 -and $one[0] -ne 10) { $bytes.Add($one[0]) }',
    '$payload = [Convert]::FromBase64String([Text.Encoding]::ASCII.GetString($bytes.ToArray()))',
    "$hash = [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($payload)).Replace('-', '')",
    `if ($hash -ne '${hash}') { [Environment]::Exit(4) }`,
    '$parts = [Text.Encoding]::UTF8.GetString($payload).Split([char] 0)',
    '& ([scriptblock]::Create($parts[0])) $parts[1] $pipe',
  ].join('\n');
}

export type Answer =
  | {
      readonly kind: 'started';
      /** 0 or an HRESULT, of a one-shot that was waited for */ readonly exitCode: number | null;
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly detail: string };

/** Starts a PowerShell script elevated. The real one asks Windows, the simulated one its scenario. */
export type Elevate = (script: string, wait: boolean) => Promise<Answer>;

/** ERROR_CANCELLED: the person answered the prompt with No. Known by its number; its text is localised. */
const CANCELLED = 1223;

/** What the unelevated shell runs: asks Windows for the elevated one, and says in one word and a number what came of it. */
export function askText(executable: string, script: string, wait: boolean): string {
  return [
    '$start = [Diagnostics.ProcessStartInfo]::new()',
    `$start.FileName = '${executable.replaceAll("'", "''")}'`,
    `$start.Arguments = '-NoProfile -NonInteractive -WindowStyle Hidden -EncodedCommand ${encoded(script)}'`,
    "$start.Verb = 'runas'; $start.UseShellExecute = $true; $start.WindowStyle = 'Hidden'",
    'try { $process = [Diagnostics.Process]::Start($start) }',
    'catch {',
    '  $inner = $_.Exception; while ($inner.InnerException) { $inner = $inner.InnerException }',
    '  $code = if ($inner -is [ComponentModel.Win32Exception]) { $inner.NativeErrorCode } else { $inner.HResult }',
    '  [Console]::Out.WriteLine("failed $code"); exit',
    '}',
    wait
      ? '$process.WaitForExit(); [Console]::Out.WriteLine("ended $($process.ExitCode)")'
      : '[Console]::Out.WriteLine("started 0")',
  ].join('\n');
}

/** What askText's shell said; null: nothing of the kind. */
export function answerOf(output: string): Answer | null {
  const [, word, number] = /^(failed|ended|started) (-?\d+)\s*$/m.exec(output) ?? [];
  const code = Number(number);
  if (word === 'failed') return code === CANCELLED ? { kind: 'refused' } : { kind: 'failed', detail: `Win32 ${code}` };
  if (word === 'ended') return { kind: 'started', exitCode: code };
  return word === 'started' ? { kind: 'started', exitCode: null } : null;
}

/** Windows: the unelevated shell asks for the elevated one. Not checked on Windows. */
export function windowsElevate({ executable, env }: FoundShell): Elevate {
  return (script, wait) =>
    new Promise((resolve) => {
      const ask = encoded(askText(executable, script, wait));
      const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-EncodedCommand', ask], {
        env,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('error', (error) => resolve({ kind: 'failed', detail: error.message }));
      child.once('close', (code) =>
        resolve(answerOf(output) ?? { kind: 'failed', detail: `the shell that asks ended with ${String(code)}` }),
      );
    });
}

/** Starts the shell of this machine as if it were elevated: for the simulated world, after its scenario has agreed. */
export function childElevate({ executable, env }: FoundShell, agreed: () => boolean): Elevate {
  return (script) => {
    if (!agreed()) return Promise.resolve({ kind: 'refused' });
    const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded(script)], {
      env,
      stdio: 'ignore',
      // Like a shell of another account: it does not end with us, but by the end of its pipe.
      detached: true,
    });
    child.unref();
    return new Promise((resolve) => {
      child.once('error', (error) => resolve({ kind: 'failed', detail: error.message }));
      child.once('spawn', () => resolve({ kind: 'started', exitCode: null }));
    });
  };
}

/** Everything that an attempt at an elevated session runs, chosen before it is shown: its pipe, and the hash of what goes over it. */
export interface Attempt {
  /** Who asks: the SID of the unelevated handshake. */
  readonly callerSid: string;
  readonly text: string;
  readonly address: string;
  readonly payload: string;
}

export function newAttempt(callerSid: string, identity: string, idleMs = IDLE): Attempt {
  const { name, address } = newPipe();
  const payload = payloadOf(identity, idleMs);
  return { callerSid, text: loaderText(name, callerSid, payload), address, payload };
}

/** What was shown last is what runs, and runs once. Nothing runs that was not shown. */
export class Attempts {
  #shown: Attempt | undefined;

  constructor(private readonly identity: string) {}

  /** The text of the next attempt: the same one until it is taken. */
  show(callerSid: string): string {
    if (this.#shown?.callerSid !== callerSid) this.#shown = newAttempt(callerSid, this.identity);
    return this.#shown.text;
  }

  take(): Attempt {
    const shown = this.#shown;
    if (!shown) throw new Error('not shown before it is asked for');
    this.#shown = undefined;
    return shown;
  }
}

export class Refused extends Error {}

/** The prompt was answered, and the shell has no more rights than before. */
export class NotElevated extends Error {}

/**
 * The same bridge in an elevated shell, over a protected pipe. Rejects with Refused, NotElevated, or with what went wrong.
 * It may run as another account: an administrator's whose password was typed, or with Administrator Protection the one that
 * Windows keeps for this person. VMs belong to the PC, not to an account; the pipe lets in who asked, and the hash decides
 * what runs. So whoever answered the prompt has allowed just what was shown.
 */
export async function openElevatedSession(
  elevate: Elevate,
  { callerSid, text, address, payload }: Attempt,
  options: Omit<SessionOptions, 'transport'> = {},
): Promise<Session> {
  if (!isSid(callerSid)) throw new Error('not known who asks');
  const answer = await elevate(text, false);
  if (answer.kind === 'refused') throw new Refused('the prompt was refused');
  if (answer.kind === 'failed') throw new Error(answer.detail);
  const transport = await pipeTransport(address, 30_000);
  transport.write(Buffer.from(payload).toString('base64'));
  const session = await openSession({ ...options, transport });
  if (session.handshake.identity?.isElevated !== false) return session;
  await session.close();
  throw new NotElevated('the shell is not elevated');
}
