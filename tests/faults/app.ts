/** The app without its windows: the whole World with its journal on disk, as composed in src/compose.ts. */
import path from 'node:path';
import type { Consent } from '../../src/core/machine/goal.js';
import type { RunEvent } from '../../src/core/run/record.js';
import type { Connection } from '../../src/ipc/schema.js';
import { KeptAccounts } from '../../src/shell/kept-accounts.js';
import type { Reading } from '../../src/shell/readings.js';
import type { Keeping } from '../../src/shell/saving.js';
import { TriedActs } from '../../src/shell/tried-acts.js';
import { realWatchClock } from '../../src/shell/watcher.js';
import type { Place } from '../../src/shell/place.js';
import { World } from '../../src/shell/world.js';

/** All that a person may be asked: this one agrees. */
export const consents: readonly Consent[] = [
  'shut-down',
  'turn-off',
  'drop-saved-state',
  'upgrade-version',
  'interrupt-guest-network',
];

interface Ears {
  readonly heard: (reading: Reading) => void;
  readonly ran: (event: RunEvent) => void;
  readonly connected?: (connection: Connection) => void;
  /** What no part of the app may say. */
  readonly trouble: (what: string) => void;
}

/** Resolves when the session is there and all has been read. */
export async function openApp(
  place: Place,
  { heard, ran, connected = () => undefined, trouble }: Ears,
): Promise<World> {
  const keeping = (what: string): Keeping => ({
    tell: (fault) => {
      if (fault) trouble(`${what}: ${JSON.stringify(fault)}`);
    },
    after: realWatchClock.after.bind(realWatchClock),
  });
  const vault = { isEncryptionAvailable: () => false, encryptString: () => Buffer.alloc(0), decryptString: () => '' };
  const world = await World.open(place, {
    appVersion: '0.0.0',
    installation: 'from-source',
    nameCheckpoint: () => 'Before',
    unusedLimit: 600_000,
    connected,
    heard,
    ran,
    recorded: () => undefined,
    unwritable: ({ path: where }) => trouble(`not writable: ${where}`),
    guestsChanged: () => undefined,
    proved: () => undefined,
    kept: new KeptAccounts(path.join(place.journal, 'accounts.json'), vault, keeping('accounts')),
    tried: new TriedActs(place, keeping('tried')),
    failed: (error) => trouble(String(error)),
    troubled: () => undefined,
    idleSeconds: () => 0,
  });
  for (let { state } = world.connection; state.kind !== 'ready'; { state } = world.connection) {
    // It is no longer tried by itself: a person tries again.
    if (state.kind === 'lost' && state.retryAt === null) await world.connection.open();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await world.watcher.refresh();
  return world;
}
