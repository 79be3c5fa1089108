import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { beginJournal, markUndone, markSettled, nextOrder, readJournals } from '../../../src/shell/journal.js';
import { parseJournal } from '../../../src/shell/journal-lines.js';
import { prune } from '../../../src/shell/journal-pruning.js';
import { lineOf } from './a-line.js';
import { eventOf, headOf } from './a-record.js';

let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-journal-'));
});
afterEach(() => fs.rm(folder, { recursive: true, maxRetries: 9 }));

const file = (run = 'run') => path.join(folder, `${run}.jsonl`);
async function write(run: string, count: number): Promise<string> {
  const writer = await beginJournal(folder, headOf(run));
  for (let seq = 0; seq < count; seq++) await writer.record(eventOf(seq));
  await writer.close();
  return await fs.readFile(file(run), 'utf8');
}
const only = async () => {
  const [record, ...more] = await readJournals(folder, thisPc);
  expect(more).toEqual([]);
  return record;
};

describe('what was acknowledged', () => {
  test('is read again as it was written', async () => {
    await write('run', 4);
    expect(await only()).toEqual({ ...headOf('run'), events: [0, 1, 2, 3].map(eventOf) });
  });

  test('is there wherever the file is cut, and nothing that was not', async () => {
    const whole = Buffer.from((await write('run', 4)).trimEnd() + '\n');
    const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at] : []));
    for (let end = 0; end <= whole.length; end++) {
      const record = parseJournal(whole.subarray(0, end).toString('utf8'), thisPc);
      // The head, then the events: a line without its end of line is whole all the same.
      const lines = ends.filter((at) => at <= end).length;
      if (lines === 0) expect(record).toBeNull();
      else {
        expect(record?.events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3].slice(0, lines - 1));
        const isWhole = ends.includes(end) || ends.includes(end - 1);
        expect(record?.trouble).toBe(isWhole ? undefined : 'damaged');
      }
    }
  });

  test('is there after the writer was killed', { timeout: 30_000 }, async () => {
    const built = path.join(folder, 'built');
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: { ssr: path.join(import.meta.dirname, 'journal-child.ts'), outDir: built },
    });
    const child = spawn(process.execPath, [path.join(built, 'journal-child.js'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    let acknowledged = -1;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === 60) child.kill('SIGKILL');
    }
    await ended;
    const record = await only();
    expect(acknowledged).toBeGreaterThanOrEqual(60);
    const read = record?.events.map(({ seq }) => seq) ?? [];
    expect(read.length).toBeGreaterThan(acknowledged);
    expect(read).toEqual(read.map((_, index) => index));
  });

  test('is marked after a line that was cut, and neither swallows the other', async () => {
    const text = (await write('run', 2)).trimEnd();
    await fs.writeFile(file(), text.slice(0, -20));
    await markSettled(folder, 'run', 'left');
    await markUndone(folder, 'run', 'another');
    expect(await only()).toMatchObject({ settled: 'left', undoneBy: 'another', trouble: 'damaged' });
    expect((await only())?.events).toHaveLength(1);
  });
});

describe('a folder of journals', () => {
  test('that is not there yet has none', async () => {
    expect(await readJournals(path.join(folder, 'none'), thisPc)).toEqual([]);
  });

  test('leaves what is not ours alone', async () => {
    await write('run', 1);
    const foreign = { 'notes.txt': 'mine', 'x.jsonl': '{"schema":"one"}\n', 'empty.jsonl': '', 'bin.jsonl': '\0\xff' };
    for (const [name, text] of Object.entries(foreign)) await fs.writeFile(path.join(folder, name), text);
    await fs.mkdir(path.join(folder, 'folder.jsonl'));
    // A copy would be marked in the place of the one that it was copied from.
    await fs.copyFile(file(), file('copy of run'));
    expect((await readJournals(folder, thisPc)).map(({ id }) => id)).toEqual(['run']);
    for (const [name, text] of Object.entries(foreign))
      expect(await fs.readFile(path.join(folder, name), 'utf8')).toBe(text);
  });

  test('shows a run of a newer app, also one that it cannot read', async () => {
    await fs.writeFile(file('a'), lineOf(headOf('a', 2)) + lineOf({ event: { kind: 'teleported' } }));
    await fs.writeFile(file('b'), lineOf({ schema: 9, appVersion: '9.0', id: 'b', goal: { kind: 'host' } }));
    const records = await readJournals(folder, thisPc);
    expect(records.map(({ id, trouble }) => [id, trouble])).toEqual([
      ['a', 'newer-schema'],
      ['b', 'newer-schema'],
    ]);
    expect(records[1]).toMatchObject({ appVersion: '9.0', events: [] });
  });

  test('takes no address, call or number that somebody has written in: scripts are made of them', () => {
    const vm = vmIn(thisPc, '951f50b1-20a2-4fc7-a8da-5cff93980b26');
    const call = {
      cmdlet: 'Set-VMProcessor',
      params: { ExposeVirtualizationExtensions: true },
      at: thisPc,
      on: { vm: 'x' },
    };
    const step = {
      id: 's',
      number: 1,
      vm,
      title: { key: 'plan.nestingOn' },
      do: { call },
      kind: 'setting',
      changes: [],
    };
    const chain = { vm, name: 'one', steps: [step], power: null, basis: [], nested: [] };
    const head = (chains: unknown[], more: object = {}) => {
      const whole = headOf('run');
      return parseJournal(lineOf({ ...whole, plan: { ...whole.plan, chains, ...more } }), thisPc);
    };
    expect(head([chain])?.plan.chains).toHaveLength(1);
    const strange = [
      '951f50b1-20a2-4fc7-a8da-5cff93980b26',
      'x/951f50b1-20a2-4fc7-a8da-5cff93980b26',
      'this-pc/$(calc)',
      'this-pc',
      `a${'/'.repeat(12_000)}`,
    ];
    for (const one of strange) {
      expect(head([{ ...chain, vm: one }]), one.slice(0, 40)).toBeNull();
      expect(head([{ ...chain, steps: [{ ...step, vm: one }] }]), one.slice(0, 40)).toBeNull();
      expect(head([chain], { wants: [{ vm: one, want: {} }] }), one.slice(0, 40)).toBeNull();
    }
    const doing = (act: object) => head([{ ...chain, steps: [{ ...step, do: act }] }]);
    expect(doing({ call: { ...call, at: 'this-pc/951f50b1-20a2-4fc7-a8da-5cff93980b26/$(calc)' } })).toBeNull();
    expect(doing({ call: { ...call, cmdlet: 'Invoke-Expression' } })).toBeNull();
    expect(doing({ call: { ...call, cmdlet: 'toString' } })).toBeNull();
    expect(doing({ call: { ...call, params: { 'A; calc; #': 1 } } })).toBeNull();
    expect(doing({ wait: { vm, answers: true }, atMost: '1); calc; (1' })).toBeNull();
    expect(head([{ ...chain, steps: [{ ...step, number: '1\r\ncalc' }] }])).toBeNull();
  });

  test('takes no event that a reader would stumble over', () => {
    const head = lineOf(headOf('run'));
    const strange = [
      { kind: 'replanned', run: 'run', seq: 1, time: '' },
      { kind: 'step', run: 'run', seq: 1, time: '' },
      { kind: 'ended', run: 'run', seq: 1, time: '', outcome: 'maybe' },
      null,
    ];
    for (const event of strange)
      expect(parseJournal(`${head}${lineOf({ event })}`, thisPc)).toMatchObject({ events: [], trouble: 'damaged' });
  });
});

test('every line is on the disk before it counts', async () => {
  const handle = await fs.open(path.join(folder, 'any'), 'w');
  const sync = vi.spyOn(Object.getPrototypeOf(handle) as { sync(): Promise<void> }, 'sync');
  await handle.close();
  try {
    const writer = await beginJournal(folder, headOf('run'));
    for (const seq of [0, 1]) {
      const before = sync.mock.settledResults.length;
      await writer.record(eventOf(seq));
      expect(sync.mock.settledResults.slice(before)).toMatchObject([{ type: 'fulfilled' }]);
    }
    await writer.close();
  } finally {
    sync.mockRestore();
  }
});

test('a second run never writes into the file of the first', async () => {
  await write('run', 1);
  await expect(beginJournal(folder, headOf('run'))).rejects.toMatchObject({ code: 'EEXIST' });
});

let seed = 7;
/** The same in each run. */
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};

describe('a broken journal', () => {
  const id = '0c0ffee0-0000-4000-8000-000000000001';

  test('is noticed: any one, two or three bytes that are not as they were written', async () => {
    const whole = Buffer.from(await write('run', 4));
    const writer = await beginJournal(folder, headOf('open'));
    for (const seq of [0, 1]) await writer.record(eventOf(seq));
    // As a killed app leaves it, with the room that it had kept free.
    const open = await fs.readFile(file('open'));
    await writer.close();
    for (const bytes of [whole, open]) {
      const sound = parseJournal(bytes.toString('utf8'), thisPc);
      expect(sound?.trouble).toBeUndefined();
      const body = bytes.findLastIndex((byte) => byte !== 0x0a) + 1;
      for (let n = 0; n < 3000; n++) {
        const flipped = Buffer.from(bytes);
        for (let count = 1 + (n % 3); count > 0; count--) {
          const at = Math.floor(random() * (n % 10 === 0 ? bytes.length : body));
          flipped[at] = (flipped[at] ?? 0) ^ (1 + Math.floor(random() * 255));
        }
        if (flipped.equals(bytes)) continue;
        const record = parseJournal(flipped.toString('utf8'), thisPc);
        if (record !== null && record.trouble === undefined)
          throw new Error(`not noticed, ${String(n)}: ${JSON.stringify(record)}`);
        // What is left of it is as it was written.
        for (const event of record?.events ?? []) expect(sound?.events).toContainEqual(event);
      }
    }
  });

  test('with an event missing in the middle is broken; with its last one cut short it is only damaged', async () => {
    const lines = (await write('run', 4)).trimEnd().split('\n');
    const without = (at: number, by: string[] = []) =>
      parseJournal(lines.toSpliced(at, 1, ...by).join('\n'), thisPc)?.trouble;
    for (const at of [1, 2, 3]) {
      expect(without(at)).toBe('broken');
      expect(without(at, ['?'])).toBe('broken');
    }
    expect(without(4, ['?'])).toBe('damaged');
    expect(without(4)).toBeUndefined();
    const [head = '', first = '', second = '', ...rest] = lines;
    expect(parseJournal([head, second, first, ...rest].join('\n'), thisPc)?.trouble).toBe('broken');
  });

  test('is shown, also where nothing of it can be read: empty, torn, of another run, or no file at all', async () => {
    const text = await write('run', 1);
    for (const content of ['', '\n\n\n', text.slice(0, 40), '\0'.repeat(500), text]) {
      await fs.writeFile(file(id), content);
      expect((await readJournals(folder, thisPc)).map((one) => [one.id, one.trouble])).toEqual([
        [id, 'broken'],
        ['run', undefined],
      ]);
    }
    await fs.rm(file(id));
    await fs.mkdir(file(id));
    expect((await readJournals(folder, thisPc))[0]).toMatchObject({ id, trouble: 'broken', events: [] });
    // What nobody can read counts for nothing.
    expect(nextOrder(await readJournals(folder, thisPc))).toBe(2);
  });

  test('never comes of an app that was killed as it began: until its first line is whole it has another name', async () => {
    await fs.writeFile(path.join(folder, `${id}.jsonl.1a2b3c4d.new`), '{"schema":1');
    expect(await readJournals(folder, thisPc)).toEqual([]);
    expect(await prune(folder, [], new Date())).toEqual([]);
    expect(await fs.readdir(folder)).toEqual([]);
  });
});

describe('room', () => {
  const sizeOf = async (run: string) => (await fs.stat(file(run))).size;

  test('for all its events is had before a run begins: none of them makes the file longer', async () => {
    const writer = await beginJournal(folder, headOf('run'));
    const size = await sizeOf('run');
    for (const seq of [0, 1, 2, 3]) await writer.record(eventOf(seq));
    expect(await sizeOf('run')).toBe(size);
    await writer.close();
    // A little stays for what is marked later; the rest is given back.
    const ended = await sizeOf('run');
    expect(ended).toBeLessThan(size);
    await markSettled(folder, 'run', 'finished');
    await markUndone(folder, 'run', 'another');
    expect(await sizeOf('run')).toBe(ended);
    expect(await only()).toMatchObject({ settled: 'finished', undoneBy: 'another' });
  });

  test('that is not enough is gone beyond, and nothing is lost', async () => {
    const writer = await beginJournal(folder, headOf('run'));
    for (let seq = 0; seq < 200; seq++) await writer.record(eventOf(seq));
    await writer.close();
    expect((await only())?.events).toHaveLength(200);
  });

  test('is where a killed run is marked too, and not in the way of reading it', async () => {
    const writer = await beginJournal(folder, headOf('run'));
    await writer.record(eventOf(0));
    const size = await sizeOf('run');
    await markSettled(folder, 'run', 'left');
    expect(await sizeOf('run')).toBe(size);
    expect(await only()).toMatchObject({ settled: 'left', events: [{ seq: 0 }] });
    expect((await only())?.trouble).toBeUndefined();
    await writer.close();
  });
});

test('a line that could not be written goes before the next one', async () => {
  const writer = await beginJournal(folder, headOf('run'));
  const handle = await fs.open(path.join(folder, 'any'), 'w');
  const write = vi.spyOn(Object.getPrototypeOf(handle) as { write: () => Promise<unknown> }, 'write');
  await handle.close();
  try {
    write.mockRejectedValueOnce(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    await expect(writer.record(eventOf(0))).rejects.toMatchObject({ code: 'ENOSPC' });
    await writer.record(eventOf(1));
    await writer.close();
  } finally {
    write.mockRestore();
  }
  expect((await only())?.events).toEqual([eventOf(0), eventOf(1)]);
});

test('a file that is held for a moment is waited for', async () => {
  await write('run', 1);
  const open = vi.spyOn(fs, 'open');
  try {
    for (const code of ['EBUSY', 'EPERM', 'EACCES'])
      open.mockRejectedValueOnce(Object.assign(new Error(code), { code }));
    await markSettled(folder, 'run', 'left');
  } finally {
    open.mockRestore();
  }
  expect((await only())?.settled).toBe('left');
});

test('the number of the next run is above all others, whatever the clock says', async () => {
  for (const [run, order] of [
    ['a', 7],
    ['b', 3],
    ['c', 12],
  ] as const) {
    const writer = await beginJournal(folder, headOf(run, 1, order));
    await writer.record({ ...eventOf(0), time: `20${String(40 - order)}-01-01T00:00:00.000Z` });
    await writer.close();
  }
  const records = await readJournals(folder, thisPc);
  expect(records.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  expect(nextOrder(records)).toBe(13);
});

test('a folder that cannot be read is not taken for an empty one', async () => {
  const blocked = path.join(folder, 'blocked');
  await fs.writeFile(blocked, '');
  await expect(readJournals(blocked, thisPc)).rejects.toMatchObject({ code: 'ENOTDIR' });
});
