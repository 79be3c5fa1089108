/** One world, whichever PC it is of: what it reads, plans, carries out, writes down and undoes names that PC alone. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootOf, textOf, thisPc, vmIn, type HostId } from '../../../src/core/cmdlets/ref.js';
import type { Goal, NewVm } from '../../../src/core/machine/goal.js';
import { allVms } from '../../../src/core/machine/tree.js';
import { readJournals } from '../../../src/shell/journal.js';
import { Runs } from '../../../src/shell/runs.js';
import { sleep } from '../../../simulator/clock.js';
import { hostNamed, otherPc } from '../core/other-pc.js';
import { readyOf, scenarioWorld, type RunWorld } from '../core/run-world.js';

let folder: string;
beforeEach(async () => (folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-root-'))));
afterEach(() => fs.rm(folder, { recursive: true, force: true, maxRetries: 9 }));

async function runsOf(pc: RunWorld, at: HostId): Promise<Runs> {
  const { clock } = pc.simulator;
  await pc.read();
  return await Runs.open({
    host: () => pc.host,
    machine: () => pc.reader.machine,
    readVms: (ids, where) => pc.reader.readVms(ids, where),
    readNetwork: () => pc.reader.readNetwork(),
    at,
    folder: path.join(folder, textOf(at)),
    appVersion: '0.1.0',
    onEvent: () => undefined,
    onRecord: () => undefined,
    onUnwritable: ({ path: where }) => expect.unreachable(where),
    failed: (error) => {
      throw error;
    },
    now: () => new Date(clock.now()),
    wait: (seconds) => sleep(clock, seconds),
    elapsed: () => clock.now() / 1000,
  });
}

async function carryOut(runs: Runs, goal: Goal): Promise<string> {
  const shown = await runs.plan(goal);
  if ('kind' in shown) throw new Error(shown.kind);
  const { id, consents } = readyOf(shown.result);
  const started = await runs.start(
    id,
    consents.map(({ consent }) => consent),
  );
  if (started.kind !== 'started') throw new Error(started.kind);
  await runs.idle();
  expect(runs.records.find((record) => record.id === started.run)?.outcome).toBe('done');
  return started.run;
}

/** Everything that a text names by an address. */
const rootsIn = (text: string): readonly string[] => [
  ...new Set(text.match(/(?:this-pc|host-[0-9a-f]{12})(?=["/])/g) ?? []),
];

test('a setting is changed and undone, and every address in its journal is of that PC', async () => {
  const pc = scenarioWorld('workstation', {}, otherPc);
  const runs = await runsOf(pc, otherPc);
  const machine = pc.reader.machine;
  expect(machine && allVms(machine).every(({ ref }) => rootOf(ref) === otherPc)).toBe(true);
  const vm = pc.ref('dev-box');
  const run = await carryOut(runs, { kind: 'vms', wants: [{ vm, want: { nesting: true } }], consents: [] });
  expect(await pc.vm('dev-box')).toMatchObject({ nesting: true });
  await carryOut(runs, { kind: 'undo', run, consents: [] });
  expect(await pc.vm('dev-box')).toMatchObject({ nesting: false });
  for (const name of await fs.readdir(path.join(folder, textOf(otherPc))))
    expect(rootsIn(await fs.readFile(path.join(folder, textOf(otherPc), name), 'utf8'))).toEqual([textOf(otherPc)]);
});

const wanted: NewVm = {
  name: 'Lab 1',
  disk: { kind: 'empty', path: 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks\\Lab 1.vhdx', size: 2 ** 36 },
  processors: 2,
  memory: 2 ** 31,
  secureBoot: 'windows',
  tpm: false,
  switchName: null,
  nesting: true,
  start: false,
};

test('a VM is created there and removed again, and its journal is read back', async () => {
  const pc = scenarioWorld('empty', {}, otherPc);
  const runs = await runsOf(pc, otherPc);
  const run = await carryOut(runs, { kind: 'create', vm: wanted, consents: [] });
  expect(await pc.vm('Lab 1')).toMatchObject({ nesting: true });
  const [again] = await readJournals(path.join(folder, textOf(otherPc)), otherPc);
  expect(again).toMatchObject({ id: run, outcome: 'done', goal: { kind: 'create' } });
  expect(again?.trouble).toBeUndefined();
  await carryOut(runs, { kind: 'undo', run, consents: [] });
  expect((await pc.read()).vms).toEqual([]);
});

test('two PCs with VMs of one id: a change of one is none of the other, and neither takes the run of the other', async () => {
  const here = scenarioWorld('workstation');
  const there = scenarioWorld('workstation', {}, otherPc);
  expect(here.id('dev-box')).toBe(there.id('dev-box'));
  const runs = await runsOf(there, otherPc);
  const own = await runsOf(here, thisPc);
  const goal: Goal = { kind: 'vms', wants: [{ vm: there.ref('dev-box'), want: { nesting: true } }], consents: [] };
  expect(await own.plan(goal)).toMatchObject({ kind: 'not-found' });
  const run = await carryOut(runs, goal);
  expect(await here.vm('dev-box')).toMatchObject({ nesting: false });
  expect(await own.plan({ kind: 'undo', run, consents: [] })).toMatchObject({ kind: 'not-found' });
  // The folder of one is put in the place of the other's: what is in it was not done here.
  const [stolen] = await readJournals(path.join(folder, textOf(otherPc)), thisPc);
  expect(stolen).toMatchObject({ id: run, trouble: 'broken' });
  const third = hostNamed('host-ba9876543210');
  expect(vmIn(third, here.id('dev-box'))).not.toBe(there.ref('dev-box'));
});
