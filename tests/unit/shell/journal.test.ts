import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { beginJournal, markPutBack, markSettled, parseJournal, readJournals } from '../../../src/shell/journal.js';
import { eventOf, headOf } from './a-record.js';

let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-journal-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

const file = (run = 'run') => path.join(folder, `${run}.jsonl`);
async function write(run: string, count: number): Promise<string> {
  const writer = await beginJournal(folder, headOf(run));
  for (let seq = 0; seq < count; seq++) await writer.record(eventOf(seq));
  await writer.close();
  return await fs.readFile(file(run), 'utf8');
}
const only = async () => {
  const [record, ...more] = await readJournals(folder);
  expect(more).toEqual([]);
  return record;
};

describe('what was acknowledged', () => {
  test('is read again as it was written', async () => {
    await write('run', 4);
    expect(await only()).toEqual({ ...headOf('run'), events: [0, 1, 2, 3].map(eventOf) });
  });

  test('is there wherever the last line is cut', async () => {
    const whole = Buffer.from(await write('run', 3));
    const last = whole.lastIndexOf('\n', -2) + 1;
    for (let end = last; end <= whole.length; end++) {
      await fs.writeFile(file(), whole.subarray(0, end));
      const record = await only();
      const isWhole = end >= whole.length - 1;
      expect(record?.events.map(({ seq }) => seq)).toEqual(isWhole ? [0, 1, 2] : [0, 1]);
      expect(record?.trouble).toBe(isWhole || end === last ? undefined : 'damaged');
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
    const text = await write('run', 2);
    await fs.writeFile(file(), text.slice(0, -20));
    await markSettled(folder, 'run', 'left');
    await markPutBack(folder, 'run', 'another');
    expect(await only()).toMatchObject({ settled: 'left', putBackBy: 'another', trouble: 'damaged' });
    expect((await only())?.events).toHaveLength(1);
  });
});

describe('a folder of journals', () => {
  test('that is not there yet has none', async () => {
    expect(await readJournals(path.join(folder, 'none'))).toEqual([]);
  });

  test('leaves what is not ours alone', async () => {
    await write('run', 1);
    const foreign = { 'notes.txt': 'mine', 'x.jsonl': '{"schema":"one"}\n', 'empty.jsonl': '', 'bin.jsonl': '\0\xff' };
    for (const [name, text] of Object.entries(foreign)) await fs.writeFile(path.join(folder, name), text);
    await fs.mkdir(path.join(folder, 'folder.jsonl'));
    // A copy would be marked in the place of the one that it was copied from.
    await fs.copyFile(file(), file('copy of run'));
    expect((await readJournals(folder)).map(({ id }) => id)).toEqual(['run']);
    for (const [name, text] of Object.entries(foreign))
      expect(await fs.readFile(path.join(folder, name), 'utf8')).toBe(text);
  });

  test('shows a run of a newer app, also one that it cannot read', async () => {
    const line = (head: object) => `${JSON.stringify(head)}\n`;
    await fs.writeFile(file('a'), line(headOf('a', 2)) + line({ event: { kind: 'teleported' } }));
    await fs.writeFile(file('b'), line({ schema: 9, appVersion: '9.0', id: 'b', goal: { kind: 'host' } }));
    const records = await readJournals(folder);
    expect(records.map(({ id, trouble }) => [id, trouble])).toEqual([
      ['a', 'newer-schema'],
      ['b', 'newer-schema'],
    ]);
    expect(records[1]).toMatchObject({ appVersion: '9.0', events: [] });
  });

  test('takes no event that a reader would stumble over', () => {
    const head = `${JSON.stringify(headOf('run'))}\n`;
    const strange = [
      { kind: 'replanned', run: 'run', seq: 1, time: '' },
      { kind: 'step', run: 'run', seq: 1, time: '' },
      { kind: 'ended', run: 'run', seq: 1, time: '', outcome: 'maybe' },
      null,
    ];
    for (const event of strange)
      expect(parseJournal(`${head}${JSON.stringify({ event })}\n`)).toMatchObject({ events: [], trouble: 'damaged' });
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

test('after a line that could not be written nothing more is', async () => {
  const writer = await beginJournal(folder, headOf('run'));
  await writer.close();
  await expect(writer.record(eventOf(0))).rejects.toThrow();
  await expect(writer.record(eventOf(1))).rejects.toThrow();
  expect((await only())?.events).toEqual([]);
});
