/** The log under every fault of a disk: nothing is thrown, no line is lost while the app runs, and it is told once. */
import { fail, heal } from './failing-fs.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FileFault } from '../../../src/ipc/notices.js';
import { startLog, turnOver, type Log } from '../../../src/shell/log.js';

// The same log without Electron's windows.
vi.mock('electron-log/main.js', async () => {
  const { default: log } = await import('electron-log/node.js');
  return { default: Object.assign(log, { transports: Object.assign(log.transports, { ipc: {} }) }) };
});

let root: string;
let folder: string;
let file: string;
let told: (FileFault | null)[];
let log: Log;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-log-'));
  folder = path.join(root, 'data', 'logs');
  file = path.join(folder, 'hypernest.log');
  told = [];
  log = startLog(folder, { toConsole: false, tell: (fault) => void told.push(fault) });
});
afterEach(() => {
  heal();
  fs.rmSync(root, { recursive: true, force: true, maxRetries: 9 });
});

/** What was logged, in order, wherever it is. */
const lines = (): readonly string[] =>
  [...(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '').split('\n'), ...log.unwritten().split('\n')].flatMap(
    (line) => /line \d+/.exec(line)?.[0] ?? [],
  );
const inTheFile = (): boolean => log.unwritten() === '';

const faults = [
  ['full', 'write', 'ENOSPC'],
  ['read-only', 'write', 'EROFS'],
  ['refused', 'write', 'EBUSY'],
  ['refused', 'write', 'EPERM'],
  ['refused', 'write', 'EACCES'],
  ['read-only', 'make', 'EROFS'],
  ['refused', 'make', 'EPERM'],
] as const;

describe.each(faults)('%s (at %s, %s)', (why, act, code) => {
  const begin = (): void => fail((of, at) => (of === act && at.startsWith(folder) ? code : undefined));
  test('from the start', () => {
    begin();
    log.info('line 1');
    log.error('line 2', new Error('x'));
    expect(lines()).toEqual(['line 1', 'line 2']);
    expect(told).toEqual([{ why, path: file }]);
    heal();
    log.warn('line 3');
    expect(told).toEqual([{ why, path: file }, null]);
    expect(inTheFile()).toBe(true);
    expect(lines()).toEqual(['line 1', 'line 2', 'line 3']);
  });

  test('in the middle', () => {
    log.info('line 1');
    expect(inTheFile()).toBe(true);
    begin();
    log.info('line 2');
    log.info('line 3');
    heal();
    log.info('line 4');
    expect(inTheFile()).toBe(true);
    expect(lines()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    // What is open already is neither made nor opened again.
    expect(told).toEqual(act === 'write' ? [{ why, path: file }, null] : []);
  });
});

describe('something else is in its place', () => {
  test.each([
    ['a file where its folder belongs', () => path.dirname(folder)],
    ['a file where the folder of logs belongs', () => folder],
  ])('%s', (_name, where) => {
    fs.mkdirSync(path.dirname(where()), { recursive: true });
    fs.writeFileSync(where(), 'of somebody');
    log.info('line 1');
    expect(told).toEqual([{ why: 'in-the-way', path: where() }]);
    expect(lines()).toEqual(['line 1']);
    fs.rmSync(where());
    log.info('line 2');
    expect(inTheFile()).toBe(true);
    expect(lines()).toEqual(['line 1', 'line 2']);
  });

  test('a folder where the log belongs', () => {
    fs.mkdirSync(file, { recursive: true });
    log.info('line 1');
    expect(told).toEqual([{ why: 'in-the-way', path: file }]);
    expect(log.unwritten()).toContain('line 1');
  });

  test('and in memory not more than some hundred lines are kept, the newest', () => {
    fs.mkdirSync(file, { recursive: true });
    for (let nth = 1; nth <= 2000; nth++) log.info(`line ${nth}`);
    const kept = log.unwritten().trim().split('\n');
    expect(kept).toHaveLength(500);
    expect(kept.at(-1)).toContain('line 2000');
    expect(told).toHaveLength(1);
  });
});

describe('turning over', () => {
  const megabyte = 2 ** 20;
  test.each(['hypernest.1.log', 'hypernest.3.log'])('a folder at %s throws nothing', (name) => {
    fs.mkdirSync(path.join(folder, name, 'of somebody'), { recursive: true });
    fs.writeFileSync(file, 'x'.repeat(1.5 * megabyte));
    turnOver(file);
    log.info('line 1');
    expect(told).toEqual([]);
    expect(lines()).toEqual(['line 1']);
  });

  test('what cannot be turned over does not grow for ever: its end stays', () => {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, `${'x'.repeat(2.5 * megabyte)}\nline 1\n`);
    fail((act) => (act === 'rename' ? 'EBUSY' : undefined));
    log.info('line 2');
    heal();
    expect(fs.statSync(file).size).toBeLessThan(megabyte);
    expect(lines()).toEqual(['line 1', 'line 2']);
  });
});
