/** What a run makes in the machine that its VM is in: made, recognized, undone as exactly that. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { expect, test } from 'vitest';
import type { Plan, Step } from '../../../src/core/change/step.js';
import { inverseOf } from '../../../src/core/change/inverse.js';
import type { ThingToMake } from '../../../src/core/machine/goal.js';
import { actOfMaking } from '../../../src/core/network/things.js';
import { pcWith, readyOf, story, type RunWorld } from './run-world.js';

const things: readonly ThingToMake[] = [
  { what: 'switch', at: thisPc, name: 'VmNAT' },
  { what: 'address', at: thisPc, address: '192.168.100.1', prefixLength: 24, switchName: 'VmNAT' },
];

/** A plan of one VM whose only steps make these things on this PC. */
async function planFor(pc: RunWorld): Promise<Plan> {
  const plan = await pc.ready('vm', { stopAction: 'ShutDown' });
  const chains = plan.chains.map((chain) => ({
    ...chain,
    steps: things.map((thing, index): Step => {
      const { title, call } = actOfMaking(thing);
      const [id, number] = [`made-${String(index)}`, index + 1];
      return { id, number, vm: chain.vm, title, do: { call }, kind: 'setting', changes: [], makes: thing };
    }),
  }));
  return { ...plan, chains };
}

const switchesOf = async (pc: RunWorld) => (await pc.read()).host.switches?.map(({ name }) => name);

test('a switch and an address are made on this PC, and undone in the other order', async () => {
  const pc = pcWith([{ name: 'vm', state: 'Off' }], {}, { elevated: true });
  const before = await switchesOf(pc);
  const plan = await planFor(pc);
  const run = await pc.carryOut(plan);
  expect(story(run)).toEqual(['done New-VMSwitch/Internal', 'done New-NetIPAddress/Alias']);
  expect(Object.values(await pc.verdicts(run))).toEqual(['undo', 'undo']);
  const undo = readyOf(await pc.undoPlan(run));
  const paths = undo.chains.flatMap(({ steps }) => steps.flatMap(({ changes }) => changes.map(({ path }) => path)));
  expect(paths.map((path) => path.split('/').slice(1, 3))).toEqual([
    ['around', 'address'],
    ['around', 'switch'],
  ]);
  expect((await pc.carryOut(undo)).outcome).toBe('done');
  expect(await switchesOf(pc)).toEqual(before);
  expect(Object.values(await pc.verdicts(run))).toEqual(['already-so', 'already-so']);
});

test('the review of it shows what undoing it will run', async () => {
  const pc = pcWith([{ name: 'vm', state: 'Off' }], {}, { elevated: true });
  const plan = await planFor(pc);
  await pc.reader.readNetwork();
  const back = inverseOf(await pc.read(), plan);
  const cmdlets = back.chains.flatMap(({ steps }) => steps.map(({ do: act }) => 'call' in act && act.call.cmdlet));
  expect(cmdlets).toEqual(['Remove-NetIPAddress', 'Remove-VMSwitch']);
});

test('a switch of that name that somebody else has made meanwhile stops it, and stays', async () => {
  const pc = pcWith([{ name: 'vm', state: 'Off' }], {}, { elevated: true });
  const plan = await planFor(pc);
  await pc.simulator.invoke({
    machine: '',
    elevated: true,
    cmdlet: 'New-VMSwitch',
    parameters: { Name: 'VmNAT', SwitchType: 'Internal' },
  });
  const run = await pc.carryOut(plan);
  expect(run.events.find(({ kind }) => kind === 'stopped')).toMatchObject({ why: { key: 'advice.nameTaken' } });
  expect(await pc.undoPlan(run)).toMatchObject({ kind: 'already-so' });
  expect(await switchesOf(pc)).toContain('VmNAT');
});

test('what has another name by now is not removed', async () => {
  const pc = pcWith([{ name: 'vm', state: 'Off' }], {}, { elevated: true });
  const run = await pc.carryOut(await planFor(pc));
  const { host } = pc.simulator.world;
  host.switches = host.switches.map((one) => (one.name === 'VmNAT' ? { ...one, name: 'Mine' } : one));
  expect(Object.values(await pc.verdicts(run))).toContain('one-way');
});
