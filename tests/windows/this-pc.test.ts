/** The shell that is found, as the app opens it: its environment, its first words, its end. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { killedParent } from '../powershell/killed-parent.js';
import { foundShell, opened, saying } from './this-windows.js';

const system = { cmdlet: 'Get-CimInstance/Win32_OperatingSystem', params: {}, at: thisPc } as const;
const said = async (text: string, environment?: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const { handshake } = await opened(await foundShell(environment), saying(text));
  return handshake.identity?.account;
};

describe('the shell of this PC', () => {
  it('is where Windows has it, and its bridge says who runs it and answers', async () => {
    const shell = await foundShell();
    expect(fs.existsSync(shell.executable)).toBe(true);
    const host = await opened(shell);
    const { languageMode, shellVersion, pid, modules, policyLifted, identity } = host.handshake;
    expect(languageMode).toBe('FullLanguage');
    expect(shellVersion).toMatch(/^\d+\.\d+/);
    expect(pid).toBeGreaterThan(0);
    expect(policyLifted).toBe(true);
    expect(modules.find(({ name }) => name === 'CimCmdlets')?.state).toBe('loaded');
    expect(identity?.sid).toMatch(/^S-1-5-/);
    expect(identity?.account.toLowerCase()).toContain((process.env['USERNAME'] ?? '?').toLowerCase());
    const [result] = await host.call([system]);
    expect(result).toMatchObject({ rows: [{ Caption: expect.stringContaining('Windows') as string }], errors: [] });
  });

  it('starts in an environment that somebody has turned against it, and has nothing of it', async () => {
    const evil = 'C:\\Evil';
    const names =
      'PATH PATHEXT ComSpec SystemRoot SystemDrive windir PSModulePath ProgramFiles COR_PROFILER_PATH NODE_OPTIONS';
    const hostile = Object.fromEntries(names.split(' ').map((name) => [name, evil]));
    const told =
      'foreach ($one in [Environment]::GetEnvironmentVariables().GetEnumerator()) { "$($one.Key)=$($one.Value)" }';
    const all = await said(told, { ...process.env, ...hostile, PSModuleAutoLoadingPreference: 'All' });
    expect(all).toContain(`PSModulePath=`);
    expect(all).not.toContain(evil);
    expect(all).not.toContain('PSModuleAutoLoadingPreference=');
  });

  it('keeps every character, whatever the code page', async () => {
    const text = "dev-box – grüße Ω ж 构建机 🖥️ \u202e'’";
    expect(await said(`'${text.replaceAll(/['’]/g, '$&$&')}'`)).toBe(text);
    const folder = 'C:\\Users\\Zoë 构建机 Ω\\Temp';
    expect(
      await said('[Environment]::GetEnvironmentVariable("USERPROFILE")', { ...process.env, USERPROFILE: folder }),
    ).toBe(folder);
  });

  it('is gone within two seconds when the app is killed', async () => {
    fs.mkdirSync(path.resolve('.cache'), { recursive: true });
    expect(await killedParent(await foundShell())).toEqual({ before: true, after: false });
  });
});
