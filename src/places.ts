/** Where machines come from: this PC, or a simulated one (through PowerShell where an engine is there, else called directly). */
import path from 'node:path';
import { sleep, realClock } from '../simulator/clock.js';
import { simulatedHost } from '../simulator/host.js';
import { createScenario, isScenario } from '../simulator/scenarios/scenarios.js';
import type { ElevatedAct, Settings } from './ipc/schema.js';
import { OpenFailed } from './shell/connection.js';
import type { Place } from './shell/world.js';

export interface PlaceOptions {
  readonly settings: Settings;
  /** Of the command line, for tests and tours: a world that settings do not change. */
  readonly scenario: string | undefined;
  readonly speed: number;
  readonly userData: string;
}

export async function openPlace(options: PlaceOptions): Promise<Place> {
  return await Promise.resolve(simulatedPlace(options));
}

function simulatedPlace({ settings, scenario, speed, userData }: PlaceOptions): Place {
  const wanted = scenario ?? settings.scenario;
  const name = isScenario(wanted) ? wanted : 'workstation';
  const clock = realClock({ speed });
  const simulator = createScenario(name, { clock });
  return {
    source: { kind: 'simulated', scenario: name, through: 'direct' },
    journal: path.join(userData, 'runs', `simulated-${name}`),
    open: ({ elevated, lost }) => {
      if (elevated) {
        const answer = simulator.act('allow-session');
        if (answer.kind === 'refused') return Promise.reject(new OpenFailed({ kind: 'cancelled' }));
      }
      return Promise.resolve(simulatedHost(simulator, { elevated, onLost: () => lost({ kind: 'session-lost' }) }));
    },
    script: (act: ElevatedAct) => `# ${act}`,
    act: (act) => Promise.resolve(simulator.act(act)),
    connect: () => Promise.resolve(false),
    signOut: () => {
      simulator.signOut();
      return Promise.resolve(true);
    },
    clock: { elapsed: () => clock.now() / 1000, wait: (seconds) => sleep(clock, seconds) },
    close: () => Promise.resolve(),
  };
}
