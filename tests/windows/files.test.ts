/** What the app keeps, on a real file system of Windows: while another program holds a file, and below names that are long or not ASCII. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import { childTransport } from '../../src/powershell/transport.js';
import { beginJournal, fileOf, markSettled, readJournals } from '../../src/shell/journal.js';
import { KeptChanges } from '../../src/shell/kept-changes.js';
import { faultOf, isHeld, replaceFile, replaceFileSync } from '../../src/shell/replace-file.js';
import { eventOf, headOf } from '../unit/shell/a-record.js';
import { hearing } from '../unit/shell/keeping.js';
import { atTheEnd, foundShell } from './this-windows.js';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest files-'));
  const made = folder;
  atTheEnd(() => fs.rmSync(made, { recursive: true, force: true, maxRetries: 9 }));
});

/** PowerShell opens the file and shares it with nobody. Answers what lets it go. */
async function held(file: string): Promise<() => Promise<void>> {
  const name = `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(file).toString('base64')}'))`;
  const transport = childTransport({
    ...(await foundShell()),
    bootstrap: `$held = [IO.File]::Open(${name}, 'Open', 'Read', 'None'); [Console]::Out.WriteLine('held')\n`,
  });
  atTheEnd(async () => {
    transport.kill();
    await transport.ended;
  });
  const hears = (word: string): Promise<void> =>
    new Promise((resolve) => transport.onLine((line) => line.trim() === word && resolve()));
  await hears('held');
  return async () => {
    const freed = hears('free');
    transport.write("$held.Dispose(); [Console]::Out.WriteLine('free')");
    await freed;
  };
}

function errorOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
async function journal(at: string, run: string): Promise<void> {
  const writer = await beginJournal(at, headOf(run));
  for (const seq of [0, 1]) await writer.record(eventOf(seq));
  await writer.close();
}

describe('a file that another program holds', () => {
  it('stays as it was, and is replaced when it is let go', async () => {
    const file = path.join(folder, 'kept.json');
    fs.writeFileSync(file, 'old');
    const free = await held(file);
    const error = errorOf(() => replaceFileSync(file, 'new'));
    expect(isHeld(error)).toBe(true);
    expect(faultOf(error, file)).toEqual({ why: 'refused', path: file });
    await expect(replaceFile(file, 'new')).rejects.toSatisfy(isHeld);
    expect(fs.readdirSync(folder)).toEqual(['kept.json']);
    await free();
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    await replaceFile(file, 'newer');
    expect(fs.readFileSync(file, 'utf8')).toBe('newer');
    replaceFileSync(file, 'newest');
    expect(fs.readFileSync(file, 'utf8')).toBe('newest');
  });

  it('is told, and what was changed meanwhile is written later', async () => {
    const keeping = hearing();
    const changes = new KeptChanges(folder, keeping);
    const keep = (nth: number): void =>
      changes.keep({
        vm: vmIn(thisPc, guid(nth)),
        name: '构建机',
        changes: [{ path: `${guid(nth)}/nesting` as const, wrote: true, wroteAt: '2026-01-01T00:00:00Z', now: false }],
      });
    keep(1);
    const [name = ''] = fs.readdirSync(folder);
    const file = path.join(folder, name);
    const free = await held(file);
    keep(2);
    for (let tries = 0; tries < 5 && keeping.told.length === 0; tries++) keeping.pass();
    expect(keeping.told).toEqual([{ why: 'refused', path: file }]);
    await free();
    keeping.pass();
    expect(keeping.told.at(-1)).toBeNull();
    expect(new KeptChanges(folder, hearing()).list.map(({ path: at }) => at)).toEqual(
      [1, 2].map((nth) => `${guid(nth)}/nesting`),
    );
  });

  it('hides no other run, and is whole and marked afterwards', async () => {
    for (const nth of [1, 2]) await journal(folder, guid(nth));
    const free = await held(fileOf(folder, guid(1)));
    const shown = await readJournals(folder, thisPc);
    expect(shown.find(({ id }) => id === guid(1))).toMatchObject({ trouble: 'broken' });
    expect(shown.find(({ id }) => id === guid(2))?.events).toHaveLength(2);
    await expect(markSettled(folder, guid(1), 'left')).rejects.toSatisfy(isHeld);
    await free();
    await markSettled(folder, guid(1), 'left');
    expect((await readJournals(folder, thisPc)).find(({ id }) => id === guid(1))).toMatchObject({
      settled: 'left',
      events: [{}, {}],
    });
  });
});

describe.each([
  ['with blanks and of every script', ['Zoë & 构建机', "Ω ж 🖥️ it's"]],
  ['longer than 260 characters', Array.from({ length: 8 }, (_, nth) => `${nth}-${'long'.repeat(10)}`)],
])('below a folder whose name is %s', (_, names) => {
  it('runs and small files are kept', async () => {
    const at = path.join(folder, ...names);
    await journal(at, guid(1));
    await markSettled(at, guid(1), 'left');
    expect(await readJournals(at, thisPc)).toMatchObject([{ id: guid(1), settled: 'left', events: [{}, {}] }]);
    const file = path.join(at, 'deeper', '设置.json');
    replaceFileSync(file, '{}');
    await replaceFile(file, '[]');
    expect(fs.readFileSync(file, 'utf8')).toBe('[]');
    expect(fs.readdirSync(path.dirname(file))).toEqual(['设置.json']);
    if (names.length > 2) expect(file.length).toBeGreaterThan(260);
  });
});
