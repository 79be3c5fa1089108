/** Updates of this copy. Where they are looked for is a matter of the build: neither a setting nor the environment leads elsewhere. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import type { AppState } from '../ipc/schema.js';
import { addressOf } from './about.js';
import type { Parts } from './following.js';
import type { Log } from './log.js';
import { repository } from './repository.js';
import { updaterOf } from './updater.js';
import { Updates, updatingOf } from './updates.js';
import { realWatchClock } from './watcher.js';

const isReleased = (): boolean => app.isPackaged && existsSync(path.join(process.resourcesPath, 'app-update.yml'));

export const published = (installation: AppState['installation']): Pick<AppState, 'repository' | 'updates'> => ({
  repository: repository && addressOf(repository),
  updates: updatingOf({ repository, isReleased: isReleased(), platform: process.platform, installation }),
});

interface Options extends Parts {
  readonly log: Log;
  readonly newer: (version: string) => void;
}

export function updatesOf({ file, hosts, store, window, log, newer }: Options): Updates | undefined {
  const from = repository;
  const { updates: known } = store.state;
  if (!from || !known) return undefined;
  const updates = new Updates({
    make: () => updaterOf(from, log),
    clock: realWatchClock,
    now: () => new Date(),
    wish: () => file.settings.updates,
    installs: known.installs,
    isBusy: () => hosts.runs?.isBusy ?? false,
    isSeen: () => window.current !== undefined && window.current.isVisible() && !window.current.isMinimized(),
    changed: (found) => {
      log.info('update:', found.kind);
      store.change({ updates: { ...known, found } });
    },
    newer,
    quit: () => app.quit(),
  });
  app.on('quit', () => updates.left());
  updates.start();
  return updates;
}
