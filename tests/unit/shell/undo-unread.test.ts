/** What was inside a VM that is off cannot be read: nothing may call it undone until somebody has looked. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Goal, VmGoal } from '../../../src/core/machine/goal.js';
import { Runs } from '../../../src/shell/runs.js';
import { sleep } from '../../../simulator/clock.js';
import { local, windowsGuest } from '../../../simulator/scenarios/guests.js';
import type { VmWish } from '../../../simulator/scenarios/build.js';
import { pcWith, readyOf, type RunWorld } from '../core/run-world.js';

const account = { userName: 'dev', password: 'a' };

function open(pc: RunWorld, folder: string): Promise<Runs> {
  const { clock } = pc.simulator;
  return Runs.open({
    host: () => pc.host,
    machine: () => pc.reader.machine,
    readVms: (ids, where) => pc.reader.readVms(ids, where),
    readNetwork: () => pc.reader.readNetwork(),
    at: thisPc,
    folder,
    appVersion: '0.1.0',
    onEvent: () => undefined,
    onRecord: () => undefined,
    onUnwritable: (fault) => {
      throw new Error(fault.path);
    },
    failed: (error) => {
      throw error;
    },
    now: () => new Date(clock.now()),
    wait: (seconds) => sleep(clock, seconds),
    elapsed: () => clock.now() / 1000,
  });
}

function runOf(started: { readonly kind: string; readonly run?: string }): string {
  if (started.kind !== 'started' || started.run === undefined) throw new Error(started.kind);
  return started.run;
}

/** Planned, agreed to and carried out: its id. */
async function whole(runs: Runs, goal: Goal): Promise<string> {
  const shown = await runs.plan(goal);
  if ('kind' in shown) throw new Error(shown.kind);
  const run = runOf(await runs.start(readyOf(shown.result).id, ['shut-down']));
  await runs.idle();
  return run;
}

/** The app had ended after these lines of its journal. */
async function cut(folder: string, run: string, lines: number): Promise<void> {
  const file = path.join(folder, `${run}.jsonl`);
  const all = (await fs.readFile(file, 'utf8')).split('\n');
  await fs.writeFile(file, `${all.slice(0, lines).join('\n')}\n`);
}

async function off(pc: RunWorld, vm: string): Promise<void> {
  pc.simulator.outside.put(vm, 'Off');
  await pc.reader.forgetGuest(vmIn(thisPc, vm));
  await pc.read();
}

async function world(more: readonly VmWish[] = []) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-unread-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, maxRetries: 9 }));
  const guest = { machine: windowsGuest({ name: 'A', users: [local('dev', 'a')] }) };
  const pc = pcWith([{ name: 'a', state: 'Running', settings: { nesting: true }, guest }, ...more]);
  const vm = pc.id('a');
  await pc.enter(vmIn(thisPc, vm), account);
  const role: VmGoal = { vm: vmIn(thisPc, vm), want: { roles: { 'virtual-machine-platform': true } } };
  return { folder, guest, pc, vm, role };
}

/** It boots, and one signs in to it. */
async function signIn(pc: RunWorld, vm: string): Promise<void> {
  await sleep(pc.simulator.clock, 60);
  await pc.enter(vmIn(thisPc, vm), account);
}

test('a run whose role inside could not be read is asked about until it is off again', async () => {
  const { folder, guest, pc, vm, role } = await world();
  const run = await whole(await open(pc, folder), { kind: 'vms', wants: [role], consents: ['shut-down'] });
  // The app ended as it started the VM again: head, started, two steps, and the third one begun.
  await cut(folder, run, 7);
  await off(pc, vm);

  const runs = await open(pc, folder);
  const recordNow = () => runs.records.find(({ id }) => id === run);
  runOf(await runs.settle(run, 'undo'));
  await runs.idle();
  expect((await pc.vm('a')).state).toBe('Running');
  expect(recordNow()).not.toHaveProperty('undoneBy');
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);

  await signIn(pc, vm);
  await whole(runs, { kind: 'undo', run, consents: ['shut-down'] });
  expect(guest.machine.features['VirtualMachinePlatform']).toBe('Disabled');
  expect(recordNow()?.settled).toBe('undone');
  expect(runs.cutShort).toEqual([]);
});

test('a undo inside that was cut short while its VM was off starts it first, and is finished when somebody has looked', async () => {
  const { folder, guest, pc, vm, role } = await world();
  const before = await open(pc, folder);
  const first = await whole(before, { kind: 'vms', wants: [role], consents: ['shut-down'] });
  const run = await whole(before, { kind: 'undo', run: first, consents: ['shut-down'] });
  // Its role is turned off, and the VM is shut down.
  await cut(folder, run, 6);
  await off(pc, vm);

  const runs = await open(pc, folder);
  expect(await runs.settle(run, 'finish')).toMatchObject({ kind: 'starts-first' });
  await runs.idle();
  expect((await pc.vm('a')).state).toBe('Running');
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);
  expect((await open(pc, folder)).cutShort.map(({ id }) => id)).toEqual([run]);

  await signIn(pc, vm);
  await runs.settle(run, 'finish');
  await runs.idle();
  expect(guest.machine.features['VirtualMachinePlatform']).toBe('Disabled');
  expect(runs.records.find(({ id }) => id === run)?.settled).toBe('finished');
});

test('a run that had started its VM again, which is off by now, starts it first and is then undone', async () => {
  const { folder, guest, pc, vm, role } = await world();
  const run = await whole(await open(pc, folder), { kind: 'vms', wants: [role], consents: ['shut-down'] });
  await cut(folder, run, 8);
  await off(pc, vm);

  const runs = await open(pc, folder);
  const recordNow = () => runs.records.find(({ id }) => id === run);
  const first = await runs.settle(run, 'undo');
  expect(first).toMatchObject({ kind: 'starts-first' });
  // Not twice, however often it is asked for: it is said again what is under way.
  expect(await runs.settle(run, 'undo')).toEqual(first);
  await runs.idle();
  expect((await pc.vm('a')).state).toBe('Running');
  expect(recordNow()).not.toHaveProperty('undoneBy');
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);

  await signIn(pc, vm);
  runOf(await runs.settle(run, 'undo'));
  await runs.idle();
  expect(guest.machine.features['VirtualMachinePlatform']).toBe('Disabled');
  expect(recordNow()?.settled).toBe('undone');
});

test('one VM that can be finished does not make the other, that nobody can look into, count as finished', async () => {
  const { folder, pc, vm, role } = await world([{ name: 'b' }]);
  const wants = [role, { vm: vmIn(thisPc, pc.id('b')), want: { nesting: true } }];
  const run = await whole(await open(pc, folder), { kind: 'vms', wants, consents: ['shut-down'] });
  await cut(folder, run, 2);
  pc.simulator.outside.set(pc.id('b'), { nesting: false });
  await off(pc, vm);

  const runs = await open(pc, folder);
  expect(await runs.settle(run, 'finish')).toMatchObject({ kind: 'starts-first' });
  await runs.idle();
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);
  await signIn(pc, vm);
  runOf(await runs.settle(run, 'finish'));
  await runs.idle();
  expect((await pc.vm('b')).nesting).toBe(true);
  expect(runs.cutShort).toEqual([]);
});

test('what cannot be read elsewhere starts no VM that one need not look into', async () => {
  const other = { machine: windowsGuest({ name: 'B', users: [local('dev', 'a')] }) };
  const { folder, pc, vm, role } = await world([
    { name: 'b', state: 'Running', settings: { nesting: true }, guest: other },
    { name: 'c', state: 'Running' },
  ]);
  const [b, c] = [pc.id('b'), pc.id('c')];
  await pc.enter(vmIn(thisPc, b), account);
  const wants = [role, { ...role, vm: vmIn(thisPc, b) }, { vm: vmIn(thisPc, c), want: { nesting: true } }];
  const run = await whole(await open(pc, folder), { kind: 'vms', wants, consents: ['shut-down'] });
  await cut(folder, run, 2);
  pc.accounts.delete(vmIn(thisPc, b));
  await off(pc, vm);
  await off(pc, c);

  const runs = await open(pc, folder);
  expect(await runs.settle(run, 'finish')).toMatchObject({ kind: 'starts-first' });
  await runs.idle();
  expect((await pc.vm('a')).state).toBe('Running');
  expect((await pc.vm('c')).state).toBe('Off');
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);
  // Nobody is signed in: nothing is called finished.
  expect(await runs.settle(run, 'finish')).toMatchObject({ kind: 'unreadable' });
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);
});

test('a VM that was to be off is not started to look into it', async () => {
  const { folder, pc, vm, role } = await world();
  const andOff = { ...role, want: { ...role.want, power: 'off' as const } };
  const run = await whole(await open(pc, folder), { kind: 'vms', wants: [andOff], consents: ['shut-down'] });
  await cut(folder, run, 6);
  await off(pc, vm);
  const runs = await open(pc, folder);
  expect(await runs.settle(run, 'finish')).toMatchObject({ kind: 'changed' });
  await runs.idle();
  expect((await pc.vm('a')).state).toBe('Off');
});

test('what was seen inside before is no answer where nobody can look now', async () => {
  const { folder, guest, pc, vm, role } = await world();
  const runs = await open(pc, folder);
  const run = await whole(runs, { kind: 'vms', wants: [role], consents: ['shut-down'] });
  const verdicts = async () => {
    const ways = await runs.threeWay(run);
    return 'kind' in ways
      ? ways.kind
      : ways.filter(({ path: at }) => at.includes('/roles/')).map(({ verdict }) => verdict);
  };
  expect(await verdicts()).toEqual(['undo']);
  // Turned off by somebody else, and the account does not get in any more.
  guest.machine.features['VirtualMachinePlatform'] = 'Disabled';
  pc.accounts.set(vmIn(thisPc, vm), { ...account, password: 'another' });
  expect(await verdicts()).toEqual(['unknown']);
});
