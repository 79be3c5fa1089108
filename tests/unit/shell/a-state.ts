/** What the window is told of a world that was read, where nothing else goes on. */
import type { AppState } from '../../../src/ipc/schema.js';
import { stateOf as stateWith } from '../../renderer/bridge.js';
import type { readWorld } from './a-machine.js';

export const stateOf = (read: Awaited<ReturnType<typeof readWorld>>, but: Partial<AppState> = {}): AppState =>
  stateWith([], {
    version: '1.2.3',
    source: { kind: 'this-pc' },
    connection: read.connection,
    machine: read.machine(),
    ...but,
  });
