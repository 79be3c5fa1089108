/**
 * Modules of Windows' own names in the folders where PowerShell looks for those of the account, below its Documents: none of them may
 * run, elevated or not. They are put where a person has theirs, so only on machines that are nobody's.
 */
import fs from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { homes } from '../../src/core/cmdlets/allow-list.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { openElevatedSession } from '../../src/powershell/elevation.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { atTheEnd, attemptFor, elevateOf, elevatesUnasked, foundShell, opened, saying } from './this-windows.js';

const names = [...new Set(Object.values(homes)), 'Microsoft.PowerShell.Utility', 'Microsoft.PowerShell.LocalAccounts'];
const calls = [
  { cmdlet: 'Get-CimInstance/Win32_OperatingSystem', params: {}, at: thisPc },
  { cmdlet: 'Get-VM', params: {}, at: thisPc },
] as const;

/** What has run of them, so far. */
async function planted(shell: FoundShell): Promise<() => string> {
  const { handshake } = await opened(shell, saying("[Environment]::GetFolderPath('MyDocuments')"));
  const documents = handshake.identity?.account ?? '';
  expect(path.win32.isAbsolute(documents)).toBe(true);
  const ran = path.join(documents, 'hypernest-ran.txt');
  atTheEnd(() => fs.rmSync(ran, { force: true }));
  for (const folder of ['PowerShell', 'WindowsPowerShell'])
    for (const name of names) {
      const at = path.join(documents, folder, 'Modules', name);
      if (fs.existsSync(at)) throw new Error(`${at} is somebody's`);
      atTheEnd(() => fs.rmSync(at, { recursive: true, force: true, maxRetries: 9 }));
      fs.mkdirSync(at, { recursive: true });
      fs.writeFileSync(
        path.join(at, `${name}.psd1`),
        `@{ RootModule = '${name}.psm1'; ModuleVersion = '99.0'; FunctionsToExport = '*' }`,
      );
      fs.writeFileSync(
        path.join(at, `${name}.psm1`),
        `[IO.File]::AppendAllText('${ran}', '${name} '); function Get-VM { }; function Get-CimInstance { }`,
      );
    }
  return () => (fs.existsSync(ran) ? fs.readFileSync(ran, 'utf8') : '');
}

const isUnasked = await elevatesUnasked();

describe.runIf(process.env['CI'] === 'true')('a module of the account', () => {
  it('runs where PowerShell is left to itself: the trap is armed', async () => {
    const shell = await foundShell();
    const ran = await planted(shell);
    const { PSModulePath, ...env } = shell.env;
    await promisify(execFile)(
      shell.executable,
      ['-NoProfile', '-NonInteractive', '-Command', 'Import-Module Hyper-V'],
      { env },
    );
    expect(ran()).toBe('Hyper-V ');
  });

  it('is not taken into the session of this PC', async () => {
    const shell = await foundShell();
    const ran = await planted(shell);
    const host = await opened(shell);
    await host.call(calls);
    expect(ran()).toBe('');
  });

  it.runIf(isUnasked)('is not taken into an elevated one, whatever its environment says', async () => {
    const shell = await foundShell();
    const { handshake } = await opened(shell);
    const ran = await planted(shell);
    const hostile = {
      PSModulePath: '',
      PSModuleAutoLoadingPreference: 'All',
      OS: 'no',
      PSExecutionPolicyPreference: 'Unrestricted',
    };
    const elevate = elevateOf({ ...shell, env: { ...shell.env, ...hostile } }, handshake);
    const session = await openElevatedSession(elevate, attemptFor(shell, handshake));
    atTheEnd(() => session.close());
    await session.call(calls);
    expect(session.handshake.identity?.isElevated).toBe(true);
    expect(ran()).toBe('');
  });
});
