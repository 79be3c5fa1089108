/**
 * Every file that the app keeps, under every fault of a disk, in the middle of its life and at its start: nothing is thrown, what
 * was changed counts until the app ends, what is wrong is told, and what was there before is never lost.
 */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { fail, heal } from './failing-fs.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FileFault } from '../../../src/ipc/notices.js';
import { KeptAccounts } from '../../../src/shell/kept-accounts.js';
import { KeptChanges } from '../../../src/shell/kept-changes.js';
import { SettingsFile } from '../../../src/shell/settings.js';
import { hearing, type HeardKeeping } from './keeping.js';

vi.mock('electron', () => ({ default: {} }));

const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const vault = {
  isEncryptionAvailable: () => true,
  encryptString: (text: string) => Buffer.from(text).reverse(),
  decryptString: (bytes: Buffer) => Buffer.from(bytes).reverse().toString(),
};

interface Kept {
  /** The nth of some changes. */
  readonly change: (nth: number) => void;
  readonly holds: (nth: number) => boolean;
  readonly close: () => void;
}

interface Case {
  readonly name: string;
  readonly file: string;
  readonly open: (folder: string, keeping: HeardKeeping) => Kept;
}

const cases: readonly Case[] = [
  {
    name: 'settings',
    file: 'settings.json',
    open: (folder, keeping) => {
      const file = new SettingsFile(folder, keeping);
      return {
        change: (nth) => void file.change({ scenario: `s${nth}` }),
        holds: (nth) => file.settings.scenario === `s${nth}`,
        close: () => file.close(),
      };
    },
  },
  {
    name: 'the bounds of the window',
    file: 'settings.json',
    open: (folder, keeping) => {
      const file = new SettingsFile(folder, keeping);
      return {
        change: (x) => file.rememberWindow({ x, y: 0, width: 900, height: 600, maximized: false }),
        holds: (x) => file.window?.x === x,
        close: () => file.close(),
      };
    },
  },
  {
    name: 'kept accounts',
    file: path.join('accounts', 'this-pc.json'),
    open: (folder, keeping) => {
      const accounts = new KeptAccounts(path.join(folder, 'accounts', 'this-pc.json'), vault, keeping);
      return {
        change: (nth) => accounts.keep(vmIn(thisPc, guid(nth)), 'LAB', { userName: 'dev', password: `p${nth}` }),
        holds: (nth) => accounts.find(vmIn(thisPc, guid(nth)))?.password === `p${nth}`,
        close: () => accounts.close(),
      };
    },
  },
  {
    name: 'kept changes',
    file: path.join('runs', 'this-pc', 'kept-changes.json'),
    open: (folder, keeping) => {
      const changes = new KeptChanges(path.join(folder, 'runs', 'this-pc'), keeping);
      const pathOf = (nth: number) => `${guid(nth)}/nesting` as const;
      return {
        change: (nth) =>
          changes.keep({
            vm: vmIn(thisPc, guid(nth)),
            name: 'a',
            changes: [{ path: pathOf(nth), wrote: true, wroteAt: '2026-01-01T00:00:00Z', now: false }],
          }),
        holds: (nth) => changes.list.some((one) => one.path === pathOf(nth)),
        close: () => changes.close(),
      };
    },
  },
];

let root: string;
let folder: string;
let keeping: HeardKeeping;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-faulty-'));
  folder = path.join(root, 'data');
  fs.mkdirSync(folder);
  keeping = hearing();
});
afterEach(() => {
  heal();
  fs.rmSync(root, { recursive: true, force: true, maxRetries: 9 });
});

interface Fault {
  readonly name: string;
  readonly why: FileFault['why'];
  readonly begin: (file: string) => void;
  readonly end: (file: string) => void;
  /** What a person is shown: the file, or what stands in its way. */
  readonly path?: (file: string) => string;
}

/** Told by the disk, of the file and of what is written beside it. */
const code = (act: 'write' | 'open' | 'rename', name: string, why: FileFault['why']): Fault => ({
  name: `${name} at ${act}`,
  why,
  begin: (file) => fail((of, at) => (of === act && at.startsWith(file) ? name : undefined)),
  end: heal,
});

const faults: readonly Fault[] = [
  code('write', 'ENOSPC', 'full'),
  code('open', 'EROFS', 'read-only'),
  code('open', 'EACCES', 'refused'),
  code('open', 'EBUSY', 'refused'),
  code('rename', 'EPERM', 'refused'),
  code('write', 'EIO', 'other'),
  {
    name: 'a folder in its place',
    why: 'in-the-way',
    begin: (file) => {
      fs.rmSync(file, { force: true });
      fs.mkdirSync(path.join(file, 'of somebody'), { recursive: true });
    },
    end: (file) => fs.rmSync(file, { recursive: true, maxRetries: 9 }),
    path: (file) => file,
  },
  {
    name: 'a file in the place of its folder',
    why: 'in-the-way',
    begin: (file) => {
      fs.rmSync(path.dirname(file), { recursive: true, force: true, maxRetries: 9 });
      fs.mkdirSync(path.dirname(path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.dirname(file), '');
    },
    end: (file) => fs.rmSync(path.dirname(file)),
    path: (file) => path.dirname(file),
  },
];

/** Until it is said: what is held for a moment only is worth no word. */
function untilTold(): FileFault | null | undefined {
  for (let tries = 0; tries < 5 && keeping.told.length === 0; tries++) keeping.pass();
  return keeping.told.at(-1);
}

describe.each(cases)('$name', ({ file: name, open }) => {
  describe.each(faults)('$name', ({ why, begin, end, path: shown }) => {
    test('while the app runs: kept until it ends, told once, and written as soon as it can be', () => {
      const file = path.join(folder, name);
      const kept = open(folder, keeping);
      kept.change(1);
      expect(open(folder, hearing()).holds(1), 'it was written').toBe(true);
      expect(keeping.told).toEqual([]);

      begin(file);
      kept.change(2);
      expect(kept.holds(2)).toBe(true);
      const expected = why === 'other' ? { why, path: file, detail: 'EIO' } : { why, path: shown?.(file) ?? file };
      expect(untilTold()).toEqual(expected);
      keeping.pass();
      keeping.pass();
      expect(keeping.told, 'not told again at each try').toHaveLength(1);
      kept.change(3);
      expect(keeping.told, 'told of the next change').toEqual([expected, expected]);
      expect(fs.readdirSync(path.dirname(path.dirname(file)), { recursive: true }).join()).not.toMatch(/\.new/);

      end(file);
      keeping.pass();
      expect(keeping.told.at(-1)).toBeNull();
      expect(keeping.pauses(), 'nothing is waited for any more').toEqual([]);
      expect(open(folder, hearing()).holds(3)).toBe(true);
    });

    test('as the app ends: tried once more, and nothing is waited for', () => {
      const file = path.join(folder, name);
      const kept = open(folder, keeping);
      begin(file);
      kept.change(1);
      kept.close();
      expect(keeping.pauses()).toEqual([]);
      kept.change(2);
      end(file);
      kept.close();
      expect(open(folder, hearing()).holds(2)).toBe(true);
    });
  });

  test.each(['EBUSY', 'EACCES', 'EPERM', 'EIO'])(
    'what cannot be read at the start (%s) is not written over',
    (error) => {
      const file = path.join(folder, name);
      open(folder, hearing()).change(1);
      const before = fs.readFileSync(file, 'utf8');
      fail((act, at) => (act === 'read' && at === file ? error : undefined));
      const kept = open(folder, keeping);
      kept.change(2);
      for (let tries = 0; tries < 5; tries++) keeping.pass();
      expect(kept.holds(2)).toBe(true);
      heal();
      expect(fs.readFileSync(file, 'utf8')).toBe(before);
      kept.close();
      expect(open(folder, hearing()).holds(1) || open(folder, hearing()).holds(2)).toBe(true);
    },
  );

  test.each(faults)('at the start $name throws nothing', ({ begin, end }) => {
    const file = path.join(folder, name);
    begin(file);
    const kept = open(folder, keeping);
    kept.change(1);
    expect(kept.holds(1)).toBe(true);
    end(file);
  });
});

test('a list that could not be read at the start has what was there as well, as soon as it can be', () => {
  const at = path.join(folder, 'accounts', 'this-pc.json');
  const first = new KeptAccounts(at, vault, hearing());
  first.keep(vmIn(thisPc, guid(1)), 'ONE', { userName: 'dev', password: 'one' });
  first.keep(vmIn(thisPc, guid(2)), 'TWO', { userName: 'dev', password: 'old' });
  fail((act, of) => (act === 'read' && of === at ? 'EBUSY' : undefined));
  const second = new KeptAccounts(at, vault, keeping);
  second.keep(vmIn(thisPc, guid(2)), 'TWO', { userName: 'dev', password: 'new' });
  expect(untilTold()).toEqual({ why: 'refused', path: at });
  heal();
  keeping.pass();
  expect(second.find(vmIn(thisPc, guid(1)))?.password).toBe('one');
  expect(second.find(vmIn(thisPc, guid(2)))?.password).toBe('new');
  const third = new KeptAccounts(at, vault, hearing());
  expect(third.list.map(({ machine }) => machine)).toEqual(['ONE', 'TWO']);
});

test('a password that the system does not encrypt is not kept anywhere, and that is told', () => {
  const broken = {
    ...vault,
    encryptString: () => {
      throw new Error('no key');
    },
  };
  const file = path.join(folder, 'accounts.json');
  const accounts = new KeptAccounts(file, broken, keeping);
  accounts.keep(vmIn(thisPc, guid(1)), 'LAB', { userName: 'dev', password: 'secret' });
  expect(keeping.told).toEqual([{ why: 'not-encrypted', path: file }]);
  expect(accounts.list).toEqual([]);
  expect(fs.existsSync(file)).toBe(false);
});
