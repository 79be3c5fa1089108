/** Where the app keeps what belongs to this PC: runs, kept accounts and changes, settings, logs, what Chromium stores. */
import fs from 'node:fs';
import path from 'node:path';

interface Where {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Electron's own: what --user-data-dir says, else below the folder for data that follows an account from PC to PC. */
  readonly userData: string;
  /** --user-data-dir was given. */
  readonly isGiven: boolean;
  /** From source it has a profile of its own: it can run beside an installed one, and never writes into its files. */
  readonly isPackaged: boolean;
}

/**
 * On Windows the local folder, never the roaming one: a run of one PC must not be undone on another. (A password that followed
 * could be decrypted by this user of Windows alone, where its keys followed too.) Elsewhere Electron's own stays on its PC. Pure.
 */
export function dataFolder({ platform, env, home, userData, isGiven, isPackaged }: Where): string {
  if (isGiven) return userData;
  const end = isPackaged ? '' : '-dev';
  if (platform !== 'win32') return userData + end;
  const local = env['LOCALAPPDATA'] ?? '';
  const base = path.win32.isAbsolute(local) ? local : path.win32.join(home, 'AppData', 'Local');
  return path.win32.join(base, path.win32.basename(userData) + end);
}

/** Whether files can be made there. Without such a place Chromium starts nothing, and two starts do not find each other. */
export function takesFiles(folder: string): boolean {
  const probe = path.join(folder, `${process.pid}.probe`);
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(probe, '');
    fs.rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** For what Chromium writes while a command of a console runs: of no use afterwards, and apart from an app that runs. */
export function passingFolder(temp: string): string {
  const folder = fs.mkdtempSync(path.join(temp, 'hypernest-command-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
