/**
 * A small file, replaced whole: written beside, flushed, renamed. Whoever reads sees the old one or the new one, also after the
 * power has failed. And what is wrong with a file that cannot be written, as a person needs to know it.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FileFault } from '../ipc/notices.js';

/** Milliseconds between two tries while another program holds a file: a scanner or an indexer of Windows, for a moment. */
const pauses = [20, 50, 100, 200, 400, 800] as const;

/** Tries once, and never waits. */
export function replaceFileSync(file: string, content: string, mode = 0o666): void {
  const beside = besideOf(file);
  try {
    makeFolder(path.dirname(file));
    const handle = fs.openSync(beside, 'wx', mode);
    try {
      fs.writeFileSync(handle, content);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(beside, file);
  } catch (error) {
    // Half of it would only take room, where there may be none.
    attempt(() => fs.rmSync(beside, { force: true }));
    throw error;
  }
}

/** One after the other: made all at once Node says only that there is none, on a disk that can only be read. */
export function makeFolder(folder: string): void {
  if (kindOf(folder) === 'folder') return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  fs.mkdirSync(folder);
}

/** Replaces it without blocking, and again for a second and a half while somebody else holds the file. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const beside = besideOf(file);
  try {
    await fs.promises.writeFile(beside, content, { flag: 'wx', flush: true });
    await renamed(beside, file);
  } catch (error) {
    await fs.promises.rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Windows answers like this too where writing is never allowed: so it is tried for a bounded time only. */
export const isHeld = (error: unknown): boolean => ['EPERM', 'EBUSY', 'EACCES'].includes(codeOf(error));

async function renamed(from: string, to: string): Promise<void> {
  for (const pause of pauses)
    try {
      return await fs.promises.rename(from, to);
    } catch (error) {
      if (!isHeld(error)) throw error;
      await wait(pause);
    }
  await fs.promises.rename(from, to);
}

/** For the start, before there is a window: blocks, a sixth of a second at most. */
export function patiently<Value>(act: () => Value): Value {
  for (const pause of pauses.slice(0, 3))
    try {
      return act();
    } catch (error) {
      if (!isHeld(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  return act();
}

/** Of a name of its own: nothing that is there already can be in its way. */
const besideOf = (file: string): string => `${file}.${randomUUID().slice(0, 8)}.new`;

/** Why `file` could not be read or written. What stands in its way is looked up: Windows says "not permitted" for that as well. */
export function faultOf(error: unknown, file: string): FileFault {
  const inTheWay = whatIsInTheWay(file);
  if (inTheWay !== undefined) return { why: 'in-the-way', path: inTheWay };
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return { why: 'full', path: file };
  if (code === 'EROFS') return { why: 'read-only', path: file };
  if (isHeld(error)) return { why: 'refused', path: file };
  return { why: 'other', path: file, detail: code || String(error) };
}

/** A folder where the file belongs, or a file where one of its folders belongs. */
function whatIsInTheWay(file: string): string | undefined {
  if (kindOf(file) === 'folder') return file;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const kind = kindOf(folder);
    if (kind === 'file') return folder;
    if (kind === 'folder' || folder === path.dirname(folder)) return undefined;
  }
}

function kindOf(at: string): 'file' | 'folder' | undefined {
  return attempt(() => (fs.statSync(at).isDirectory() ? 'folder' : 'file'));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
