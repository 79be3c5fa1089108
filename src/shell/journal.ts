/**
 * One file a run (journal-lines.ts). Its room is had before the run begins, and each line is flushed to the disk before it counts:
 * a disk that fills up in the middle takes nothing away. A damaged or foreign file never hides the other runs.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { HostId } from '../core/cmdlets/ref.js';
import { newestFirst, type RunEvent, type RunRecord } from '../core/run/record.js';
import {
  brokenRecord,
  firstLine,
  hasOrder,
  lineFor,
  parseJournal,
  roomFor,
  type Head,
  type Line,
  type Settled,
} from './journal-lines.js';
import { whenFree } from './patient.js';
import { replaceFile } from './replace-file.js';

export interface Writer {
  /** Resolves when the event is on the disk. In the order of the calls: what could not be written goes with the next. */
  record(event: RunEvent): Promise<void>;
  close(): Promise<void>;
  /** Nothing of it was begun: it was never there. */
  discard(): Promise<void>;
}

const extension = '.jsonl';
export const fileOf = (folder: string, run: string): string => path.join(folder, `${run}${extension}`);
/** A journal gets its name when its first line is whole: it is written beside. */
const unfinished = /\.jsonl\.\w+\.new$/;
/** bytes that stay for what is marked later. */
const FOR_MARKS = 1024;

async function writeAt(file: fs.FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
  await file.sync();
}

/** A new file is only there after a crash when its folder was flushed too (not possible, and not needed, on Windows). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The file with its first line, and empty lines after it: the room of its events. */
async function make(folder: string, head: Head, first: string): Promise<fs.FileHandle> {
  const name = fileOf(folder, head.id);
  const isThere = await fs.access(name).then(
    () => true,
    () => false,
  );
  if (isThere) throw Object.assign(new Error(`${name} is there already`), { code: 'EEXIST' });
  const bytes = Buffer.alloc(Buffer.byteLength(first) + roomFor(head.plan), '\n');
  bytes.write(first);
  try {
    await replaceFile(name, bytes);
    await syncFolder(folder);
    return await whenFree(() => fs.open(name, 'r+'));
  } catch (error) {
    await fs.rm(name, { force: true }).catch(() => undefined);
    throw error;
  }
}

export async function beginJournal(folder: string, head: Head): Promise<Writer> {
  await whenFree(() => fs.mkdir(folder, { recursive: true }));
  const first = firstLine(head);
  const file = await make(folder, head, first);
  let end = Buffer.byteLength(first);
  let waiting = '';
  let last: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const text = waiting;
    if (text === '') return;
    const bytes = Buffer.from(text);
    await writeAt(file, bytes, end);
    end += bytes.length;
    waiting = waiting.slice(text.length);
  };
  return {
    record(event) {
      waiting += lineFor({ event });
      last = last.catch(() => undefined).then(flush);
      return last;
    },
    async close() {
      await last.catch(() => flush().catch(() => undefined));
      try {
        const { size } = await file.stat();
        if (size > end + FOR_MARKS) await file.truncate(end + FOR_MARKS);
      } finally {
        await file.close();
      }
    },
    async discard() {
      await file.close();
      await whenFree(() => fs.rm(fileOf(folder, head.id), { force: true }));
    },
  };
}

/** Adds a line to a run that has ended or was cut short. A last line that was cut short does not swallow it. */
async function append(folder: string, run: string, line: Line): Promise<void> {
  const file = await whenFree(() => fs.open(fileOf(folder, run), 'r+'));
  try {
    const bytes = await file.readFile();
    const newline = 0x0a;
    await writeAt(file, Buffer.from(`\n${lineFor(line)}`), bytes.findLastIndex((byte) => byte !== newline) + 1);
  } finally {
    await file.close();
  }
}

export const markSettled = (folder: string, run: string, settled: Settled): Promise<void> =>
  append(folder, run, { settled });
export const markUndone = (folder: string, run: string, by: string): Promise<void> =>
  append(folder, run, { undoneBy: by });

/** The number of the next run: above all that are on the disk, whatever the clock says. */
export const nextOrder = (records: readonly RunRecord[]): number =>
  records.filter(hasOrder).reduce((most, { order }) => Math.max(most, order), 0) + 1;

/** Of a run, by its name: what is in it may be anything. */
const ours = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

async function readJournal(folder: string, name: string, at: HostId): Promise<RunRecord | null> {
  const file = path.join(folder, name);
  const record = parseJournal(await whenFree(() => fs.readFile(file, 'utf8')).catch(() => ''), at);
  // A copy of another run's file: what is added later would go into another file.
  if (record && `${record.id}${extension}` === name) return record;
  const [, id] = ours.exec(name) ?? [];
  if (id === undefined) return null;
  return brokenRecord(
    id,
    await fs.stat(file).then(
      ({ mtime }) => mtime.toISOString(),
      () => '',
    ),
  );
}

/** Runs of that PC, newest first. What is not ours is left alone and left out; what is and cannot be read is shown as broken. */
export async function readJournals(folder: string, at: HostId): Promise<readonly RunRecord[]> {
  const names = await whenFree(() => fs.readdir(folder)).catch((error: unknown) => {
    // A list that cannot be read is no proof that there was nothing.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const records = await Promise.all(
    names.filter((name) => name.endsWith(extension)).map((name) => readJournal(folder, name, at)),
  );
  return records.filter((record): record is RunRecord => record !== null).toSorted(newestFirst);
}

/** What an app that was killed had not finished to make. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await fs.readdir(folder).catch((): string[] => []);
  for (const name of names.filter((one) => unfinished.test(one)))
    await fs.rm(path.join(folder, name), { force: true }).catch(() => undefined);
}
