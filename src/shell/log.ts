/** The log: a file in userData/logs, turned over at one megabyte. Names, addresses and secrets are never written; ids are. */
import fs from 'node:fs';
import path from 'node:path';
import log from 'electron-log/main.js';

const megabyte = 2 ** 20;
/** Old files that are kept beside the one in use. */
const kept = 3;

export function startLog(folder: string, options: { readonly toConsole: boolean }): typeof log {
  fs.mkdirSync(folder, { recursive: true });
  log.transports.file.resolvePathFn = () => path.join(folder, 'hypernest.log');
  log.transports.file.maxSize = megabyte;
  log.transports.file.level = 'info';
  log.transports.file.archiveLogFn = (file) => turnOver(file.path);
  log.transports.console.level = options.toConsole ? 'info' : false;
  log.transports.ipc.level = false; // the window gets nothing from here
  return log;
}

/** hypernest.log → hypernest.1.log → hypernest.2.log …; the oldest goes. */
export function turnOver(file: string): void {
  const numbered = (number: number): string => (number === 0 ? file : file.replace(/\.log$/, `.${number}.log`));
  fs.rmSync(numbered(kept), { force: true });
  for (let number = kept - 1; number >= 0; number--)
    if (fs.existsSync(numbered(number))) fs.renameSync(numbered(number), numbered(number + 1));
}
