/** A simulated PC as a place, of which a command reads once. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { Place } from '../../../src/shell/place.js';
import { manualClock } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { createScenario, type ScenarioName } from '../../../simulator/scenarios/scenarios.js';

export function placeOf(scenario: ScenarioName, journal: string) {
  const simulator = createScenario(scenario, { clock: manualClock() });
  const seen = { opened: 0, closed: 0 };
  const never = (): never => {
    throw new Error('a command does nothing of that');
  };
  const place: Place = {
    source: { kind: 'simulated', scenario, through: 'direct' },
    at: thisPc,
    journal,
    open: () => {
      seen.opened++;
      const host = simulatedHost(simulator);
      return Promise.resolve({
        handshake: host.handshake,
        call: (calls, signal) => host.call(calls, signal),
        close: () => {
          seen.closed++;
          return host.close();
        },
      });
    },
    script: never,
    act: never,
    connect: never,
    files: { look: never, find: never },
    downloads: never,
    signOut: never,
    restart: never,
    sleeping: never,
    close: () => Promise.resolve(),
  };
  return { place, simulator, seen };
}
