/**
 * Looks at files of this PC: what is there, by its first bytes, and how much room. A share that hangs holds a thread of Node until
 * Windows gives up: of each drive or share one look at a time, and of two that hang no third is begun, so that the app's own files
 * are never waited for.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { FileFact, Files, FoundFile, FoundFiles } from '../core/machine/files.js';
import { problemOfPath } from '../core/machine/paths.js';

export interface FilesOptions {
  /** A whole path, and none of a device. Not given: of Windows. */
  readonly isPath?: (path: string) => boolean;
  /** The drive or share that it is on. */
  readonly rootOf?: (path: string) => string;
  /** Milliseconds for each path. */
  readonly within?: number;
  readonly look?: typeof factAt;
}

const unknown: FileFact = { kind: 'unknown' };
/** That hang, at most. */
const mostStuck = 2;
/** Of one folder. */
const mostFiles = 200;

export function filesOfPc({
  isPath = (one) => problemOfPath(one) === undefined,
  rootOf = (one) => path.win32.parse(one).root.toLowerCase(),
  within = 3000,
  look = factAt,
}: FilesOptions = {}): Files {
  const stuck = new Set<string>();
  /** What an act comes to; `instead` after the time, and at once where one hangs already. */
  async function inTime<Value>(at: string, act: () => Promise<Value>, instead: Value): Promise<Value> {
    const root = rootOf(at);
    if (!isPath(at) || stuck.has(root) || stuck.size >= mostStuck) return instead;
    const done = act().catch(() => instead);
    const late = Symbol('late');
    let timer: ReturnType<typeof setTimeout> | undefined;
    const first = await Promise.race([
      done,
      new Promise<typeof late>((resolve) => (timer = setTimeout(() => resolve(late), within))),
    ]);
    clearTimeout(timer);
    if (first !== late) return first;
    stuck.add(root);
    void done.finally(() => stuck.delete(root));
    return instead;
  }
  return {
    async look(paths, { tries = false } = {}) {
      const facts = new Map<string, FileFact>();
      for (const one of paths) facts.set(one, await inTime(one, () => look(one, tries), unknown));
      return facts;
    },
    async find(folders): Promise<FoundFiles> {
      const found: (FoundFile & { readonly changed: number })[] = [];
      for (const folder of new Set(folders)) found.push(...(await inTime(folder, () => listed(folder), [])));
      const newest = found.toSorted((one, other) => other.changed - one.changed);
      const named = (ending: string): readonly FoundFile[] =>
        newest
          .filter((one) => one.path.toLowerCase().endsWith(ending))
          .map(({ path: at, size }) => ({ path: at, size }));
      return { isos: named('.iso'), disks: named('.vhdx') };
    },
  };
}

const isNone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** What is at a path; rejects where nobody can look. */
async function factAt(at: string, tries: boolean): Promise<FileFact> {
  try {
    const { size, isDirectory, isFile } = await kindOf(at);
    if (isFile) return { kind: 'file', size, holds: await holdsAt(at, size).catch(() => undefined) };
    if (!isDirectory) return unknown;
    const free = await fs.statfs(at).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    );
    return { kind: 'folder', mayWrite: tries ? await mayWriteIn(at) : undefined, free };
  } catch (error) {
    if (isNone(error)) return { kind: 'none' };
    throw error;
  }
}

async function kindOf(at: string) {
  const stat = await fs.stat(at);
  return { size: stat.size, isDirectory: stat.isDirectory(), isFile: stat.isFile() };
}

/** Where the first descriptor of a volume stands: ISO 9660 and UDF alike, after 16 sectors of 2048 bytes and its type. */
const descriptor = 0x8001;

/** Rejects for a file that cannot be opened, as the disk of a VM that runs. */
async function holdsAt(at: string, size: number): Promise<'iso' | 'vhdx' | 'other'> {
  const file = await fs.open(at, 'r');
  try {
    const textAt = async (position: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    if ((await textAt(0, 8)) === 'vhdxfile') return 'vhdx';
    const first = size > descriptor ? await textAt(descriptor, 5) : '';
    return ['CD001', 'BEA01', 'NSR02', 'NSR03'].includes(first) ? 'iso' : 'other';
  } finally {
    await file.close();
  }
}

/** Made anew and gone again; never over what is there. */
async function mayWriteIn(folder: string): Promise<boolean | undefined> {
  const file = path.join(folder, `hypernest-${randomUUID()}.tmp`);
  try {
    const made = await fs.open(file, 'wx');
    await made.close();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? false : undefined;
  }
  // Left behind only where it may be made and not be taken away.
  await fs.rm(file, { force: true }).catch(() => undefined);
  return true;
}

/** Images and disks in a folder itself, with the time of their last change. */
async function listed(folder: string): Promise<(FoundFile & { readonly changed: number })[]> {
  const names = (await fs.readdir(folder)).filter((name) => /\.(iso|vhdx)$/i.test(name));
  const all = names.slice(0, mostFiles).map(async (name) => {
    const at = path.join(folder, name);
    const stat = await fs.stat(at).catch(() => undefined);
    return stat?.isFile() ? [{ path: at, size: stat.size, changed: stat.mtimeMs }] : [];
  });
  return (await Promise.all(all)).flat();
}
