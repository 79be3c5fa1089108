/** A process that holds a session through the app's own code, and is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import type { FoundShell } from '../../src/powershell/find.js';

/** Whether its shell was alive before that, and two seconds after. */
export async function killedParent(shell: FoundShell): Promise<{ readonly before: boolean; readonly after: boolean }> {
  const folder = fs.mkdtempSync(path.resolve('.cache', 'parent-'));
  try {
    await build({
      logLevel: 'silent',
      build: { ssr: path.resolve('tests/powershell/parent.ts'), outDir: folder, emptyOutDir: false },
    });
    const parent = spawn(process.execPath, [path.join(folder, 'parent.js')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PARENT_SHELL: JSON.stringify(shell) },
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(line.toString());
    const before = isAlive(child);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    return { before, after: !(await isGone(child, 2000)) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 });
  }
}

/** A process that has ended but was not waited for is no longer alive; Windows has no such. */
export function isAlive(pid: number): boolean {
  try {
    if (process.platform === 'win32') return process.kill(pid, 0);
    return !/\) [ZX] /.test(fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Another process's end tells nobody but its parent: looked at until the time is over. */
export async function isGone(pid: number, within: number): Promise<boolean> {
  const end = performance.now() + within;
  while (isAlive(pid) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return !isAlive(pid);
}
