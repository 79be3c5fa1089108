/**
 * The log: a file in the app's folder, turned over at one megabyte. Names, addresses and secrets are never written; ids are.
 * What the disk does not take is kept in memory, and written as soon as it does.
 */
import fs from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import type { LogMessage } from 'electron-log';
import log from 'electron-log/main.js';
import type { FileFault } from '../ipc/notices.js';
import { faultOf, makeFolder } from './replace-file.js';

const megabyte = 2 ** 20;
/** Old files that are kept beside the one in use. */
const kept = 3;
/** Lines that wait in memory for a disk that takes none. */
const most = 500;

export interface Log {
  readonly info: (...data: readonly unknown[]) => void;
  readonly warn: (...data: readonly unknown[]) => void;
  readonly error: (...data: readonly unknown[]) => void;
  /** What no file holds. */
  unwritten(): string;
}

interface Options {
  readonly toConsole: boolean;
  /** null: it can be written again. Each is told once. */
  readonly tell: (fault: FileFault | null) => void;
}

export function startLog(folder: string, { toConsole, tell }: Options): Log {
  const file = path.join(folder, 'hypernest.log');
  const { transports } = log;
  transports.file.resolvePathFn = () => file;
  transports.file.maxSize = megabyte;
  transports.file.archiveLogFn = (full) => turnOver(full.path);
  transports.file.level = false; // asked by the transport below, one line after the other
  transports.console.level = toConsole ? 'info' : false;
  transports.ipc.level = false; // the window gets nothing from here

  const waiting: LogMessage[] = [];
  let fault: FileFault | null = null;
  let refused: Error | undefined;
  let isOpen = false;
  /** electron-log tries a file once, and for ever: it is asked only when that is going to succeed. */
  const open = (): void => {
    makeFolder(folder);
    fs.writeFileSync(file, '', { flag: 'a' });
    transports.file.getFile().on('error', (error) => (refused = error));
    isOpen = true;
  };
  const isWritten = (message: LogMessage): boolean => {
    refused = undefined;
    try {
      if (!isOpen) open();
      transports.file(message);
    } catch (error) {
      refused = error instanceof Error ? error : new Error(String(error));
    }
    const now = refused ? faultOf(withCode(refused), file) : null;
    if (JSON.stringify(now) !== JSON.stringify(fault)) tell(now);
    fault = now;
    return now === null;
  };
  const keep = (message: LogMessage): void => {
    waiting.push(message);
    if (waiting.length > most) waiting.shift();
    while (waiting[0] && isWritten(waiting[0])) waiting.shift();
  };
  transports['kept'] = Object.assign(keep, { level: 'info' as const, transforms: [] });

  return {
    info: (...data) => log.info(...data),
    warn: (...data) => log.warn(...data),
    error: (...data) => log.error(...data),
    unwritten: () =>
      waiting
        .map(({ date, level, data }) => `[${date.toISOString()}] [${level}] ${format(...(data as unknown[]))}\n`)
        .join(''),
  };
}

/** electron-log puts the words of the system, which begin with the code, after a sentence of its own. */
function withCode(error: Error): Error {
  const [, code] = /\. (E[A-Z]{3,}): /.exec(error.message) ?? [];
  return 'code' in error || code === undefined ? error : Object.assign(error, { code });
}

/** hypernest.log → hypernest.1.log → hypernest.2.log …; the oldest goes. Where that cannot be, only the end of it stays. */
export function turnOver(file: string): void {
  const numbered = (number: number): string => (number === 0 ? file : file.replace(/\.log$/, `.${number}.log`));
  try {
    fs.rmSync(numbered(kept), { force: true });
    for (let number = kept - 1; number >= 0; number--)
      if (fs.existsSync(numbered(number))) fs.renameSync(numbered(number), numbered(number + 1));
  } catch {
    if (fs.statSync(file).size > 2 * megabyte) fs.writeFileSync(file, fs.readFileSync(file).subarray(-megabyte / 2));
  }
}
