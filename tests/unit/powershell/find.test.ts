import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { engineOf } from '../../../src/places.js';
import { windowsFolder, windowsShell } from '../../../src/powershell/find.js';

const hostile = {
  SystemRoot: 'D:\\Evil',
  windir: 'D:\\Evil',
  SystemDrive: 'D:',
  PATH: 'D:\\Evil',
  PSModulePath: 'D:\\Evil',
};

describe('the folder of Windows', () => {
  test('is the one that its kernel names, whatever the environment says', () => {
    const asked: string[] = [];
    const folder = windowsFolder(hostile, (file) => {
      asked.push(file);
      return 'C:\\WINDOWS';
    });
    expect(folder).toBe('C:\\WINDOWS');
    expect(asked).toEqual(['\\\\?\\GLOBALROOT\\SystemRoot']);
  });
  test.each([
    ['nothing of the kind', () => '\\\\?\\x'],
    [
      'an error',
      () => {
        throw new Error('ENOENT');
      },
    ],
  ])('is asked of the environment where the kernel answers with %s', (_, resolve) => {
    expect(windowsFolder({ SystemRoot: 'C:\\Windows' }, resolve)).toBe('C:\\Windows');
    expect(windowsFolder({}, resolve)).toBe('C:\\Windows');
  });
});

describe.runIf(process.platform === 'win32')('on Windows itself', () => {
  test('its kernel names the folder that the environment does, when nobody has changed that', () => {
    const folder = windowsFolder({ SystemRoot: 'X:\\nowhere' });
    expect(folder.toLowerCase()).toBe(process.env['SystemRoot']?.toLowerCase());
  });
});

describe('the shell of Windows', () => {
  test('has nothing of the environment that says where programs and modules are', () => {
    const { executable, env, cwd } = windowsShell(
      { ...hostile, USERNAME: 'mei', COR_PROFILER: '{x}', PSModuleAutoLoadingPreference: 'All' },
      'C:\\Windows',
    );
    expect(executable).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(cwd).toBe('C:\\Windows\\System32');
    expect(JSON.stringify(env)).not.toContain('Evil');
    expect(env).toMatchObject({ SystemRoot: 'C:\\Windows', windir: 'C:\\Windows', SystemDrive: 'C:', USERNAME: 'mei' });
    expect(env).not.toHaveProperty('COR_PROFILER');
    expect(env).not.toHaveProperty('PSModuleAutoLoadingPreference');
  });
});

test('the simulated world has the engine that was built for it, whatever PowerShell is on PATH', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-find-'));
  try {
    for (const name of ['pwsh', 'pwsh.exe']) fs.writeFileSync(path.join(folder, name), '', { mode: 0o755 });
    const built = { executable: '/cache/hypernest-engine', modules: '/cache/modules' };
    expect(engineOf({ PATH: folder, HYPERNEST_ENGINE: built.executable, HYPERNEST_MODULES: built.modules })).toEqual(
      built,
    );
  } finally {
    fs.rmSync(folder, { recursive: true, maxRetries: 9 });
  }
});
