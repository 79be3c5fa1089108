import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { toBeMadeIn } from '../../../src/core/change/new-vm.js';
import { renderPlan, toScript } from '../../../src/core/change/script.js';
import { fileNameFor, inFolder } from '../../../src/core/machine/paths.js';
import type { Goal, NewVm, Thing } from '../../../src/core/machine/goal.js';
import { vm as simulatedVm } from '../../../simulator/scenarios/build.js';
import { readyOf, scenarioWorld, type RunWorld } from './run-world.js';
import { story } from '../../pc.js';

const GiB = 2 ** 30;
const wanted: NewVm = {
  name: 'Lab 1',
  disk: { kind: 'empty', path: 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks\\Lab 1.vhdx', size: 127 * GiB },
  iso: 'C:\\Users\\dev\\Downloads\\Win11_24H2_EnglishInternational_x64.iso',
  processors: 4,
  memory: 8 * GiB,
  secureBoot: 'windows',
  tpm: true,
  switchName: 'Default Switch',
  nesting: true,
  start: true,
};
const goalFor = (vm: NewVm): Goal => ({ kind: 'create', vm, consents: [] });

const made = async (pc: RunWorld, vm: NewVm) => {
  const plan = readyOf(await pc.planGoal(goalFor(vm)));
  return { plan, record: await pc.run(plan) };
};

describe('a VM that is made', () => {
  test('is there with all that was asked for, and runs', async () => {
    const pc = scenarioWorld('empty');
    const { record } = await made(pc, wanted);
    expect(story(record)).toEqual([
      'done New-VHD',
      'done New-VM',
      'replanned',
      'done Set-VMProcessor',
      'done Set-VMMemory',
      'done Set-VM',
      'done Set-VMFirmware',
      'done Set-VMKeyProtector',
      'done Enable-VMTPM',
      'done Add-VMDvdDrive',
      'done Set-VMFirmware/BootDvd',
      'done Start-VM',
    ]);
    const vm = await pc.vm('Lab 1');
    expect(vm).toMatchObject({
      state: 'Running',
      processors: 4,
      nesting: true,
      stopAction: 'ShutDown',
      automaticCheckpoints: false,
      memory: { startup: 8 * GiB, dynamic: false },
    });
  });

  test('is taken away with its disk, asked for once more when it has run', async () => {
    const pc = scenarioWorld('empty');
    const { record } = await made(pc, wanted);
    const back = readyOf(await pc.undoPlan({ record }));
    expect(back.consents.map(({ consent }) => consent)).toEqual(['remove-vm']);
    // What is gone is not read again: the script would end with an error.
    expect(toScript(renderPlan(back))).not.toContain('Select-Object');
    expect(story(await pc.run(back))).toEqual(['done Stop-VM/TurnOff', 'done Remove-VM', 'done Remove-Item/Disk']);
    expect((await pc.read()).vms).toEqual([]);
    expect(Object.values(await pc.verdicts({ record }))).toEqual(['already-so', 'already-so']);
  });

  test('is taken away without a question when it has not run', async () => {
    const pc = scenarioWorld('empty');
    const { record } = await made(pc, { ...wanted, start: false });
    const back = readyOf(await pc.undoPlan({ record }));
    expect(back.consents).toEqual([]);
    expect(story(await pc.run(back))).toEqual(['done Remove-VM', 'done Remove-Item/Disk']);
  });

  test('as a script keeps the VM in a variable, since its id is not known before', async () => {
    const pc = scenarioWorld('empty');
    const plan = readyOf(await pc.planGoal(goalFor(wanted)));
    const text = toScript(renderPlan(plan));
    expect(text).toMatch(/^\$vm = New-VM -Generation 2 -Name 'Lab 1' .*(?<!Out-Null)$/m);
    expect(text).toContain('$vm | Set-VMProcessor -Count 4 -ExposeVirtualizationExtensions $true');
    expect(text).not.toContain('00000000-0000');
  });
});

describe('what is in its way is said before', () => {
  test.each<[string, Partial<NewVm>, string]>([
    ['no name', { name: ' ' }, 'create.nameEmpty'],
    ['a path that is none', { disk: { kind: 'empty', path: 'lab.vhdx', size: GiB } }, 'create.pathWhole'],
    ['a device', { disk: { kind: 'empty', path: '\\\\.\\C:\\lab.vhdx', size: GiB } }, 'create.pathWhole'],
    ['another ending', { disk: { kind: 'empty', path: 'C:\\lab.txt', size: GiB } }, 'create.pathEnding'],
    ['a name of a device', { disk: { kind: 'empty', path: 'C:\\vms\\con.vhdx', size: GiB } }, 'create.pathCharacters'],
    ['no size', { disk: { kind: 'empty', path: 'C:\\vms\\a.vhdx', size: 0 } }, 'create.diskSize'],
    ['more memory than there is', { memory: 2 ** 41 }, 'create.memoryBeyond'],
    ['odd memory', { memory: 8 * GiB + 1 }, 'checks.memorySize'],
    ['no processor', { processors: 0 }, 'create.processorsBeyond'],
    ['a switch that is gone', { switchName: 'gone' }, 'create.switchNone'],
  ])('%s', async (_, change, key) => {
    const pc = scenarioWorld('empty');
    const result = await pc.planGoal(goalFor({ ...wanted, ...change }));
    expect(result.kind).toBe('blocked');
    if (result.kind !== 'blocked') return;
    expect(result.by[0]?.vm).toBe(toBeMadeIn(thisPc));
    expect(result.by[0]?.checks.map(({ title }) => title.key)).toEqual([key]);
  });

  test('a name that exists', async () => {
    const pc = scenarioWorld('workstation');
    const [first] = (await pc.read()).vms ?? [];
    const result = await pc.planGoal(goalFor({ ...wanted, name: (first?.name ?? '').toUpperCase() }));
    expect(result).toMatchObject({ kind: 'blocked', by: [{ checks: [{ title: { key: 'create.nameTaken' } }] }] });
  });
});

test('what fails half-way is undone: the disk goes, which alone was made', async () => {
  const pc = scenarioWorld('empty');
  const plan = readyOf(await pc.planGoal(goalFor(wanted)));
  const stop = new AbortController();
  const record = await pc.run(plan, {
    signal: stop.signal,
    heard: (event) => {
      if (event.kind === 'step' && event.state === 'done') stop.abort();
    },
  });
  expect(story(record).slice(0, 2)).toEqual(['done New-VHD', 'cancelled New-VM']);
  const back = readyOf(await pc.undoPlan({ record }));
  expect(story(await pc.run(back))).toEqual(['done Remove-Item/Disk']);
});

test('a disk that somebody has put in its place is never deleted', async () => {
  const pc = scenarioWorld('empty');
  const { record } = await made(pc, { ...wanted, start: false });
  const { files } = pc.simulator.world.host;
  for (const [key, file] of files.files)
    if (file.path === wanted.disk.path && file.disk)
      files.files.set(key, { ...file, disk: { ...file.disk, id: '11111111-1111-1111-1111-111111111111' } });
  const back = readyOf(await pc.undoPlan({ record }));
  expect(story(await pc.run(back))).toEqual(['done Remove-VM']);
  expect([...files.files.values()].some(({ path }) => path === wanted.disk.path)).toBe(true);
});

test('what Windows took and does not show afterwards is said', async () => {
  const pc = scenarioWorld('empty');
  const plan = readyOf(await pc.planGoal(goalFor({ ...wanted, start: false })));
  // Somebody else turns it off again before all is done.
  const record = await pc.run(plan, {
    heard: (event) => {
      const [vm] = pc.simulator.world.host.vms.values();
      if (vm && event.kind === 'step' && event.state === 'done' && event.readBack?.length === 0)
        vm.settings = { ...vm.settings, tpm: false };
    },
  });
  expect(record.outcome).toBe('partly');
  expect(record.events.find(({ kind }) => kind === 'stopped')).toMatchObject({ why: { key: 'create.otherwise' } });
});

test('of two VMs of one name that appear at once, it is the one that Windows says it has made', async () => {
  const pc = scenarioWorld('empty');
  const plan = readyOf(await pc.planGoal(goalFor({ ...wanted, start: false })));
  const stop = pc.simulator.on((event) => {
    if (event.kind !== 'call' || event.request.cmdlet !== 'New-VM') return;
    // Somebody else, in the same moment.
    const theirs = simulatedVm(pc.simulator.world.newId, { name: wanted.name });
    pc.simulator.outside.add(theirs);
  });
  const record = await pc.run(plan);
  stop();
  const named = [...pc.simulator.world.host.vms.values()].filter(({ name }) => name === wanted.name);
  expect(named).toHaveLength(2);
  expect(record.outcome).toBe('done');
  const { made } = record.events.find((event) => event.kind === 'step' && event.made?.what === 'vm') as { made: Thing };
  expect(named.find(({ id }) => id === made.id)?.settings.disks).toEqual([wanted.disk.path]);
});

const downloads = 'C:\\Users\\dev\\Downloads';
const anyVm: fc.Arbitrary<NewVm> = fc
  .record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((name) => name.trim() !== ''),
    disk: fc.oneof(
      fc.record({ kind: fc.constant('empty' as const), size: fc.integer({ min: 1, max: 500 }).map((n) => n * GiB) }),
      fc.record({
        kind: fc.constantFrom('differencing' as const, 'copy' as const),
        from: fc.constant('C:\\Users\\dev\\VMs\\win11-base.vhdx'),
      }),
    ),
    iso: fc.constantFrom(`${downloads}\\ubuntu-24.04.1-live-server-amd64.iso`, undefined),
    processors: fc.integer({ min: 1, max: 8 }),
    memory: fc.integer({ min: 1, max: 8 }).map((n) => n * GiB),
    secureBoot: fc.constantFrom('windows' as const, 'linux' as const, 'off' as const),
    tpm: fc.boolean(),
    switchName: fc.constantFrom('Default Switch', null),
    nesting: fc.boolean(),
    start: fc.boolean(),
  })
  .map(({ iso, disk, ...rest }) => ({
    ...rest,
    disk: { ...disk, path: inFolder(`${downloads}\\new`, `${fileNameFor(rest.name)}.vhdx`) },
    ...(iso === undefined ? {} : { iso }),
  }));

test('any VM becomes what was asked for, and its undo leaves the PC as it was', async () => {
  await fc.assert(
    fc.asyncProperty(anyVm, async (asked) => {
      const pc = scenarioWorld('empty');
      const { host } = pc.simulator.world;
      const before = [...host.files.files.keys()];
      const { record } = await made(pc, asked);
      expect(record.outcome).toBe('done');
      const [vm] = host.vms.values();
      expect(vm).toMatchObject({ name: asked.name, state: asked.start ? 'Running' : 'Off', generation: 2 });
      expect(vm?.settings).toMatchObject({
        processors: asked.processors,
        startup: asked.memory,
        nesting: asked.nesting,
        stopAction: 'ShutDown',
        automaticCheckpoints: false,
        secureBoot: asked.secureBoot === 'off' ? 'Off' : 'On',
        tpm: asked.tpm,
        disks: [asked.disk.path],
      });
      expect(vm?.settings.dvds.map(({ path }) => path)).toEqual(asked.iso === undefined ? [] : [asked.iso]);
      const back = await pc.run(readyOf(await pc.undoPlan({ record })));
      expect(back.outcome).toBe('done');
      expect(host.vms.size).toBe(0);
      expect([...host.files.files.keys()]).toEqual(before);
    }),
    { numRuns: 40 },
  );
});
