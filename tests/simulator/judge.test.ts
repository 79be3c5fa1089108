/** The judge of npm run faults finds what it is there for: each case is a PC that a wrong undo or finish would leave. */
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../simulator/simulator.js';
import { pointsOf } from '../faults/attempt.js';
import { notAsBefore, notAsWanted } from '../faults/judge.js';
import { there, type Kind } from '../faults/kinds.js';
import { stateOf } from '../faults/state.js';
import { growing } from '../soak/soak.js';

const judged = { names: ['lab'], oneWay: [], goal: {} };

/** What is wrong after this has happened, where only `lab` may have been touched, and is to be as before. */
function after(happens: (simulator: Simulator) => void): readonly string[] {
  const simulator = createScenario('server-l1', { clock: manualClock() });
  const before = stateOf(simulator.world);
  happens(simulator);
  return notAsBefore(before, stateOf(simulator.world), judged);
}
const insideOf = ({ outside }: Simulator) => {
  const { machine } = outside.vm('lab').guest;
  if (!machine) throw new Error('lab is no machine');
  return machine;
};

describe('put back', () => {
  it('is right when nothing is left', () => {
    expect(after(() => undefined)).toEqual([]);
  });

  it.each<[string, (simulator: Simulator) => void, unknown]>([
    ['a VM stays off that ran', ({ outside }) => outside.put(outside.vm('lab').id, 'Off'), 'vms/lab/state: "Running" -> "Off"'],
    ['a value stays', ({ outside }) => outside.set(outside.vm('lab').id, { stopAction: 'Save' }), 'vms/lab/settings/stopAction: "ShutDown" -> "Save"'],
    ['a role stays', (pc) => (insideOf(pc).features['VirtualMachinePlatform'] = 'EnablePending'), 'vms/lab/guest/machine/features/VirtualMachinePlatform: "Disabled" -> "EnablePending"'],
    ['a NAT network stays', (pc) => insideOf(pc).network.nats.push({ id: 'a;0', name: 'a', prefix: '10.1.0.0/24' }), 'vms/lab/guest/machine/network/nats/a/prefix: nothing -> "10.1.0.0/24"'],
    ['an address stays', (pc) => insideOf(pc).network.addresses.push({ address: '10.1.0.1', prefixLength: 24, index: insideOf(pc).network.cards[0]?.index ?? 0 }), 'vms/lab/guest/machine/network/addresses/Ethernet 10.1.0.1/24/name: nothing -> "Ethernet 10.1.0.1/24"'],
    ['another VM was touched and is as it was', ({ outside }) => { outside.put(outside.vm('dev-box').id, 'Running'); outside.put(outside.vm('dev-box').id, 'Off'); }, expect.stringMatching(/^vms\/dev-box\/lastStateChange: /)],
    ['something of others is gone', ({ world }) => world.host.switches.pop(), 'switches/LAN/name: "LAN" -> nothing'],
  ])('is wrong when %s', (_, happens, wrong) => {
    expect(after(happens)).toContainEqual(wrong);
  }); // prettier-ignore
});

describe('finish', () => {
  const simulator = createScenario('server-l1', { clock: manualClock() });
  const before = stateOf(simulator.world);
  const goal: Kind['goal'] = { 'vms/lab/settings/nesting': false, 'vms/lab/guest/machine/switches/VmNAT': there };

  it('is wrong as long as the goal is not so', () => {
    expect(notAsWanted(before, before, { ...judged, goal })).toEqual([
      'vms/lab/settings/nesting: wanted false, is true',
      'vms/lab/guest/machine/switches/VmNAT: wanted there, is nothing',
    ]);
  });

  it('is right when it is, and wrong when more is', () => {
    const { outside } = simulator;
    outside.set(outside.vm('lab').id, { nesting: false });
    const made = { id: 'x', name: 'VmNAT', type: 'Internal', allowManagementOs: true, adapterDescription: '' } as const;
    insideOf(simulator).switches.push(made);
    expect(notAsWanted(before, stateOf(simulator.world), { ...judged, goal })).toEqual([]);
    insideOf(simulator).switches.push({ ...made, id: 'y' });
    expect(notAsWanted(before, stateOf(simulator.world), { ...judged, goal })).toContain(
      'vms/lab/guest/machine/switches/VmNAT#2/id: nothing -> "y"',
    );
  });
});

it('ends the app at every boundary of every step, each once', () => {
  const points = pointsOf({ steps: 3, calls: 2 }, 1).map((point) => JSON.stringify(point));
  expect(new Set(points).size).toBe(7 + 6);
  for (let number = 0; number <= 6; number++) expect(points).toContain(JSON.stringify({ after: 'event', number }));
});

describe('a soak', () => {
  const sample = { heap: 50e6, memory: 200e6, handles: 40, processes: 2, threads: 30 };
  const samples = (grown: (index: number) => Partial<typeof sample>) =>
    Array.from({ length: 40 }, (_, index) => ({ ...sample, ...grown(index) }));

  it('is flat where nothing grows but at the start', () => {
    expect(growing(samples((index) => ({ memory: index < 8 ? 100e6 : 200e6 })))).toEqual([]);
  });

  it.each<keyof typeof sample>(['heap', 'memory', 'handles', 'processes', 'threads'])('says that %s grow', (what) => {
    const words = growing(samples((index) => ({ [what]: sample[what] * (1 + index / 20) })));
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(new RegExp(`^${what} `));
  });
});
