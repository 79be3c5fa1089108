/** What was inside a VM that is off cannot be read: nothing may call it put back until somebody has looked. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Runs, type Started } from '../../../src/shell/runs.js';
import { sleep } from '../../../simulator/clock.js';
import { local, windowsGuest } from '../../../simulator/scenarios/guests.js';
import { pcWith, readyOf, type RunWorld } from '../core/run-world.js';

const account = { userName: 'dev', password: 'a' };

function open(pc: RunWorld, folder: string): Promise<Runs> {
  const { clock } = pc.simulator;
  return Runs.open({
    host: () => pc.host,
    machine: () => pc.reader.machine,
    readVms: (ids, where) => pc.reader.readVms(ids, where),
    readNetwork: () => pc.reader.readNetwork(),
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

function runOf(started: Started | { readonly kind: 'left' }): string {
  if (started.kind !== 'started') throw new Error(started.kind);
  return started.run;
}

test('a run whose role inside could not be read is asked about until it is off again', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-unread-'));
  const guest = { machine: windowsGuest({ name: 'A', users: [local('dev', 'a')] }) };
  const pc = pcWith([{ name: 'a', state: 'Running', settings: { nesting: true }, guest }]);
  const vm = pc.id('a');
  await pc.enter([vm], account);
  const before = await open(pc, folder);
  const wants = [{ at: [], vm, want: { roles: { 'virtual-machine-platform': true } } }];
  const shown = await before.plan({ kind: 'vms', wants, consents: ['shut-down'] });
  if ('kind' in shown) throw new Error(shown.kind);
  const run = runOf(await before.start(readyOf(shown.result).id, ['shut-down']));
  await before.idle();
  // The app ended as it started the VM again: head, started, two steps, and the third one begun.
  const file = path.join(folder, `${run}.jsonl`);
  const lines = (await fs.readFile(file, 'utf8')).split('\n');
  await fs.writeFile(file, `${lines.slice(0, 7).join('\n')}\n`);
  pc.simulator.outside.put(vm, 'Off');
  await pc.reader.forgetGuest([vm]);
  await pc.read();

  const runs = await open(pc, folder);
  const recordNow = () => runs.records.find(({ id }) => id === run);
  runOf(await runs.settle(run, 'put-back'));
  await runs.idle();
  expect((await pc.vm('a')).state).toBe('Running');
  expect(recordNow()).not.toHaveProperty('putBackBy');
  expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);

  await sleep(pc.simulator.clock, 60);
  await pc.enter([vm], account);
  const again = await runs.plan({ kind: 'put-back', run, consents: ['shut-down'] });
  if ('kind' in again) throw new Error(again.kind);
  runOf(await runs.start(readyOf(again.result).id, ['shut-down']));
  await runs.idle();
  expect(guest.machine.features['VirtualMachinePlatform']).toBe('Disabled');
  expect(recordNow()?.settled).toBe('put-back');
  expect(runs.cutShort).toEqual([]);
  await fs.rm(folder, { recursive: true });
});
