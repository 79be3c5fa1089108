/** electron-updater as the app uses it: by itself it decides nothing, and it says nothing of whom. */
import type { NsisUpdater } from 'electron-updater';
import type { Log } from './log.js';
import type { Repository } from './repository.js';

export type Updater = Pick<NsisUpdater, 'checkForUpdates' | 'downloadUpdate' | 'quitAndInstall' | 'on'>;

export function tamed(updater: NsisUpdater, log: Pick<Log, 'info' | 'warn' | 'error'>): Updater {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.disableWebInstaller = true;
  // The whole file, whose hash is in the feed: no parts put together from an older one.
  updater.disableDifferentialDownload = true;
  // It would tell this copy from all others.
  updater.requestHeaders = { 'x-user-staging-id': '' };
  updater.logger = log;
  return updater;
}

export async function updaterOf({ owner, name }: Repository, log: Log): Promise<Updater> {
  const { NsisUpdater } = await import('electron-updater');
  return tamed(new NsisUpdater({ provider: 'github', owner, repo: name }), log);
}
