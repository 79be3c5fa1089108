/** What a user loses when this fails: the way back of a run, or a disk full of journals. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import { beginJournal, fileOf, markUndone, readJournals } from '../../../src/shell/journal.js';
import { brokenRecord } from '../../../src/shell/journal-lines.js';
import { outdated, prune } from '../../../src/shell/journal-pruning.js';
import { eventOf, headOf } from './a-record.js';

const now = new Date('2026-11-24T12:00:00Z');
const daysAgo = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();
const recordOf = (id: string, days: number, change: Partial<RunRecord> = {}): RunRecord => ({
  ...headOf(id, 1, 5000 - days * 10),
  events: [{ ...eventOf(0), time: daysAgo(days) }],
  outcome: 'done',
  ...change,
});
const newest = Array.from({ length: 200 }, (_, n) => recordOf(`new-${String(n)}`, n / 10));
const outdatedOf = (...older: readonly RunRecord[]): readonly string[] =>
  outdated([...newest, ...older], now).map(({ id }) => id);

let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-pruning-'));
});
afterEach(() => fs.rm(folder, { recursive: true, maxRetries: 9 }));

test('the newest 200 stay, however old and whatever became of them', () => {
  const old = Array.from({ length: 200 }, (_, n) => recordOf(String(n), 400 + n, { undoneBy: 'x' }));
  expect(outdated(old, now)).toEqual([]);
});

test('beyond them a run goes once it was undone, and the thousandth whatever became of it', () => {
  const many = Array.from({ length: 797 }, (_, n) => recordOf(`can be undone ${String(n)}`, 400));
  expect(
    outdatedOf(
      recordOf('can be undone', 9000),
      recordOf('was undone', 30, { undoneBy: 'other' }),
      ...many,
      recordOf('the last', 30),
      recordOf('one too many', 30),
      recordOf('failed', 30, { outcome: 'partly' }),
    ),
  ).toEqual(['was undone', 'one too many', 'failed']);
});

test('a clock that was set forward takes nothing away', () => {
  expect(outdated([...newest, recordOf('can be undone', 30)], new Date('2199-01-01T00:00:00Z'))).toEqual([]);
});

test('what cannot be read goes after ninety days, or beyond the newest 200', () => {
  const unread = (id: string, days: number) => brokenRecord(id, daysAgo(days));
  expect(outdated([unread('young', 89), unread('old', 91), ...newest], now).map(({ id }) => id)).toEqual(['old']);
  expect(outdatedOf(recordOf('broken', 1, { trouble: 'broken' }))).toEqual(['broken']);
});

test('a run that waits for a decision, or was written by a newer app, never goes', () => {
  const { outcome, ...cut } = recordOf('cut short', 400);
  const many = Array.from({ length: 800 }, (_, n) => recordOf(`many ${String(n)}`, 400));
  expect(outcome).toBe('done');
  expect(outdatedOf(...many, cut, recordOf('newer', 400, { trouble: 'newer-schema' }))).toEqual([]);
  expect(outdatedOf(...many, { ...cut, settled: 'left' })).toEqual(['cut short']);
});

test('what goes is deleted, what stays is read again as it was', async () => {
  for (const id of ['old', 'kept']) {
    const writer = await beginJournal(folder, headOf(id));
    await writer.record({ ...eventOf(0), time: daysAgo(30) });
    await writer.record({ ...eventOf(1), kind: 'ended', outcome: 'done' });
    await writer.close();
  }
  await markUndone(folder, 'old', 'other');
  const left = await prune(folder, [...newest, ...(await readJournals(folder, thisPc))], now);
  expect(left.map(({ id }) => id)).toEqual([...newest.map(({ id }) => id), 'kept']);
  expect((await readJournals(folder, thisPc)).map(({ id }) => id)).toEqual(['kept']);
});

test('a file that cannot be deleted is still shown', async () => {
  const stuck = recordOf('stuck', 400);
  // A folder in its place: rm refuses it.
  await fs.mkdir(fileOf(folder, 'stuck'));
  expect(await prune(folder, [...newest, stuck], now)).toContain(stuck);
});
