/** A disk that a VM was created on goes only while it is nobody else's, and never without being asked about once it may hold something. */
import { describe, expect, test } from 'vitest';
import type { Goal, NewVm } from '../../../src/core/machine/goal.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import { idOf, thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import { isUsedByOthers } from '../../../src/core/network/in-use.js';
import { story } from '../../pc.js';
import { machineOf, vmOf } from './worlds.js';
import { readyOf, scenarioWorld, type RunWorld } from './run-world.js';

const GiB = 2 ** 30;
const folder = 'C:\\Users\\dev\\VMs';
const base = `${folder}\\win11-base.vhdx`;
const wanted = (name: string, disk: NewVm['disk'], start = false): NewVm => ({
  name,
  disk,
  processors: 2,
  memory: 4 * GiB,
  secureBoot: 'windows',
  tpm: false,
  switchName: 'Default Switch',
  nesting: true,
  start,
});
const empty = (name: string): NewVm['disk'] => ({ kind: 'empty', path: `${folder}\\${name}.vhdx`, size: 64 * GiB });
const goalFor = (vm: NewVm): Goal => ({ kind: 'create', vm, consents: [] });
const make = async (pc: RunWorld, vm: NewVm): Promise<RunRecord> => pc.run(readyOf(await pc.planGoal(goalFor(vm))));
const isThere = (pc: RunWorld, path: string): boolean =>
  [...pc.simulator.world.host.files.files.values()].some((file) => file.path === path);
const disksIn = async (pc: RunWorld, record: RunRecord): Promise<readonly string[]> =>
  Object.entries(await pc.verdicts({ record })).flatMap(([path, verdict]) =>
    path.includes('/disk/') ? [verdict] : [],
  );

describe('a disk that others use', () => {
  test('stays when another VM is based on it', async () => {
    const pc = scenarioWorld('empty');
    const record = await make(pc, wanted('first', empty('first')));
    const [first] = pc.simulator.world.host.vms.values();
    // Somebody takes it for a VM of their own, which is off.
    await make(pc, wanted('second', { kind: 'copy', path: `${folder}\\second.vhdx`, from: base }));
    const second = [...pc.simulator.world.host.vms.values()].find(({ name }) => name === 'second');
    if (!first || !second) throw new Error('not made');
    second.settings = { ...second.settings, disks: [...second.settings.disks, `${folder}\\first.vhdx`] };
    expect(await disksIn(pc, record)).toEqual(['somebody-else']);
    expect(story(await pc.run(readyOf(await pc.undoPlan({ record }))))).toEqual(['done Remove-VM']);
    expect(isThere(pc, `${folder}\\first.vhdx`)).toBe(true);
  });

  test('is no ground for a VM to be made; a copy of it is one, unless it is in use or has checkpoints', async () => {
    const pc = scenarioWorld('empty');
    await make(pc, wanted('first', { kind: 'copy', path: `${folder}\\first.vhdx`, from: base }));
    const from = `${folder}\\first.vhdx`;
    const based = wanted('second', { kind: 'differencing', path: `${folder}\\second.vhdx`, from });
    const copied = wanted('second', { kind: 'copy', path: `${folder}\\second.vhdx`, from });
    expect(await pc.planGoal(goalFor(based))).toMatchObject({
      by: [{ checks: [{ title: { key: 'create.fromUsed' } }] }],
    });
    expect((await pc.planGoal(goalFor(copied))).kind).toBe('ready');
    await pc.run(await pc.ready('first', { power: 'running' }));
    expect(await pc.planGoal(goalFor(copied))).toMatchObject({
      by: [{ checks: [{ title: { key: 'create.copyUsed' } }] }],
    });
  });

  test('is not deleted for somebody who has taken it since the plan was shown', async () => {
    const pc = scenarioWorld('empty');
    const record = await make(pc, wanted('first', empty('first')));
    const other = await make(pc, wanted('other', empty('other')));
    expect(other.outcome).toBe('done');
    const back = readyOf(await pc.undoPlan({ record }));
    const run = await pc.run(back, {
      heard: (event) => {
        const vm = [...pc.simulator.world.host.vms.values()].find(({ name }) => name === 'other');
        if (vm && event.kind === 'step' && event.state === 'done')
          vm.settings = { ...vm.settings, disks: [...vm.settings.disks, `${folder}\\first.vhdx`] };
      },
    });
    expect(story(run)).toEqual(['done Remove-VM', 'failed Remove-Item/Disk']);
    expect(isThere(pc, `${folder}\\first.vhdx`)).toBe(true);
  });
});

describe('a VM that may hold something', () => {
  test('is asked about once it has checkpoints: what is written goes elsewhere then', async () => {
    const pc = scenarioWorld('empty');
    const record = await make(pc, wanted('first', empty('first')));
    expect(readyOf(await pc.undoPlan({ record })).consents).toEqual([]);
    await pc.simulator.invoke({ machine: '', elevated: true, cmdlet: 'Checkpoint-VM', parameters: { Name: 'first' } });
    expect(readyOf(await pc.undoPlan({ record })).consents.map(({ consent }) => consent)).toEqual(['remove-vm']);
  });

  test('that nobody saw being made is left to a person', async () => {
    const pc = scenarioWorld('empty');
    const plan = readyOf(await pc.planGoal(goalFor(wanted('first', empty('first')))));
    // The app ends just after it has written that the disk is begun.
    const record = await pc.run(plan);
    const at = record.events.findIndex((event) => event.kind === 'step' && event.state === 'running');
    const { outcome: _outcome, ...cut } = { ...record, id: 'cut-short', events: record.events.slice(0, at + 1) };
    expect(await disksIn(pc, cut)).toEqual(['somebody-else']);
    expect((await pc.undoPlan({ record: cut })).kind).toBe('already-so');
  });
});

test('a disk that Windows refuses to make, since there is one, is not ours', async () => {
  const pc = scenarioWorld('empty');
  const plan = readyOf(await pc.planGoal(goalFor(wanted('first', empty('first')))));
  const { files } = pc.simulator.world.host;
  const blank = [...files.files.values()].find(({ path }) => path.endsWith('blank.vhdx'));
  const run = await pc.run(plan, {
    heard: (event) => {
      // Somebody else is quicker by a moment.
      if (blank && event.kind === 'step' && event.state === 'running')
        files.files.set(`${folder}\\first.vhdx`.toLowerCase(), { ...blank, path: `${folder}\\first.vhdx` });
    },
  });
  expect(story(run)[0]).toBe('failed New-VHD');
  expect((await pc.undoPlan({ record: run })).kind).toBe('already-so');
  expect(isThere(pc, `${folder}\\first.vhdx`)).toBe(true);
});

test('a share is not looked at for a plan: Windows would sign in there', async () => {
  const pc = scenarioWorld('empty');
  const asked: string[] = [];
  pc.simulator.on((event) => {
    if (event.kind === 'call') asked.push(JSON.stringify(event.request.parameters));
  });
  const from = '\\\\other\\share\\base.vhdx';
  const result = await pc.planGoal(
    goalFor(wanted('first', { kind: 'differencing', path: '\\\\other\\share\\first.vhdx', from })),
  );
  expect(readyOf(result).remarks?.map(({ title }) => title.key)).toContain('create.usersUnread');
  expect(asked.join('\n')).not.toContain('share');
});

test('a VM that was created goes, whether or not the adapters of another can be read', () => {
  const home = machineOf({}, [vmOf(1, { adapters: undefined })]);
  const own = vmIn(thisPc, '11111111-1111-1111-1111-111111111111');
  expect(isUsedByOthers(home, { what: 'vm', at: thisPc, id: idOf(own), name: 'first' }, own)).toBe(false);
  const network = { what: 'switch', at: thisPc, id: '22222222-2222-2222-2222-222222222222', name: 'VmNAT' } as const;
  expect(isUsedByOthers(home, network, own)).toBe(true);
});
