/** What the window is told of a world that was read, where nothing else goes on. Needs electron to be stood in for. */
import type { AppState } from '../../../src/ipc/schema.js';
import { defaultSettings } from '../../../src/shell/settings.js';
import type { readWorld } from './a-machine.js';

export const stateOf = (read: Awaited<ReturnType<typeof readWorld>>, but: Partial<AppState> = {}): AppState => ({
  version: '1.2.3',
  language: 'en',
  theme: 'light',
  settings: defaultSettings,
  source: { kind: 'this-pc' },
  scenarios: [],
  connection: read.connection,
  machine: read.machine(),
  runs: [],
  running: [],
  notices: [],
  guests: {},
  accounts: [],
  canRemember: false,
  drifts: [],
  proof: null,
  ...but,
});
