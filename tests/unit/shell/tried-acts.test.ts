/** What was tried here is kept for this PC, beside its journal, until it has helped. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checksOfHost } from '../../../src/core/checks/all.js';
import type { HostFacts } from '../../../src/core/machine/machine.js';
import type { Source } from '../../../src/ipc/schema.js';
import { MachineReader } from '../../../src/shell/reader.js';
import { TriedActs } from '../../../src/shell/tried-acts.js';
import { manualClock } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { createScenario } from '../../../simulator/scenarios/scenarios.js';
import { inVain, waitsForStart } from '../../../src/core/machine/tried.js';
import { hostOf, mei, stranger } from '../core/worlds.js';
import { hearing } from './keeping.js';

let journal: string;
beforeEach(() => (journal = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-tried-'))));
afterEach(() => fs.rmSync(journal, { recursive: true, force: true, maxRetries: 9 }));

const opened = (source: Source = { kind: 'this-pc' }, startedAt = new Date(0)): TriedActs =>
  new TriedActs({ source, journal, startedAt: () => startedAt }, hearing());
const pc = { manufacturer: 'Contoso', model: 'Workstation 7', memory: 2 ** 36 };
const may = new Date('2026-05-03T08:00:00.000Z');

test('it outlives the app, and a file that is not ours is as good as none', () => {
  opened().put('hypervisor-auto', may);
  const startedAt = new Date(0).toISOString();
  expect(opened().facts.tried).toEqual([{ act: 'hypervisor-auto', time: may.toISOString(), startedAt }]);
  fs.writeFileSync(path.join(journal, 'tried.json'), '{"tried":[{"act":"format","time":"now"}]}');
  expect(opened().facts).toEqual({ startedAt });
});

test('a simulated PC begins anew', () => {
  opened().put('hypervisor-auto', may);
  expect(opened({ kind: 'simulated', scenario: 'hypervisor-off', through: 'direct' }).facts.tried).toBeUndefined();
});

test('one start of Windows is known again by the app that opens later in it, and another is told from it', () => {
  const at = (seconds: number): Date => new Date(may.getTime() + seconds * 1000);
  const isWaiting = (startedAt: Date): boolean => {
    const { tried, ...facts } = opened(undefined, startedAt).facts;
    if (tried === undefined) throw new Error('forgotten');
    return waitsForStart(hostOf({ computer: { ...pc, hypervisorPresent: false }, hypervisorProcessors: 0, tried, ...facts }), 'hypervisor-auto'); // prettier-ignore
  };
  // A clock that was hours ahead when the app opened, and set right before the act.
  opened(undefined, at(7200)).put('hypervisor-auto', at(60));
  expect(isWaiting(at(7200))).toBe(true);
  // It is worked out anew each time: the clock was adjusted a little meanwhile.
  expect(isWaiting(at(7200 + 40))).toBe(true);
  expect(isWaiting(at(7200 - 40))).toBe(true);
  expect(isWaiting(at(7200 + 300))).toBe(false);
  expect(isWaiting(at(60))).toBe(false);
});

test('what helped at once is kept for the hours in which it is undone', () => {
  const tried = opened();
  tried.put('join-group', may);
  tried.heard(hostOf({ identity: mei, readAt: new Date(may.getTime() + 1000).toISOString() }));
  const removed = hostOf({ identity: stranger, readAt: new Date(may.getTime() + 5400_000).toISOString() });
  expect(inVain({ ...removed, ...opened().facts }, 'join-group')?.time).toBe(may.toISOString());
});

test('a reading that was under way when it was done says nothing of it', async () => {
  const clock = manualClock({ auto: true });
  const host = simulatedHost(createScenario('service-stopped', { clock }));
  const tried = opened(undefined, new Date(clock.now()));
  const call: typeof host.call = async (calls) => {
    const answers = await host.call(calls);
    tried.put('start-service', new Date(clock.now()));
    await clock.advance(60);
    return answers;
  };
  const time = { now: () => clock.now(), date: () => new Date(clock.now()) };
  const besides = () => tried.facts;
  const reader = new MachineReader({ ...host, call }, thisPc, time, () => undefined, undefined, undefined, besides);
  const offered = async () => {
    await reader.read({ all: true, vms: [] });
    if (!reader.machine) throw new Error('not read');
    return checksOfHost(reader.machine).find(({ id }) => id === 'management-service')?.fix;
  };
  expect(await offered()).toMatchObject({ act: 'start-service' });
  expect(await offered()).toBeUndefined();
});

test('no hypervisor starts: the button, a restart, then what comes next; once one runs, all of it is forgotten', async () => {
  const clock = manualClock({ auto: true });
  const simulator = createScenario('hypervisor-off', { clock });
  let tried = opened(undefined, new Date(clock.now()));
  const reading = async () => {
    await clock.advance(60);
    const time = { now: () => clock.now(), date: () => new Date(clock.now()) };
    const besides = (): Pick<HostFacts, 'tried' | 'startedAt'> => tried.facts;
    const reader = new MachineReader(
      simulatedHost(simulator),
      thisPc,
      time,
      () => undefined,
      undefined,
      undefined,
      besides,
    );
    await reader.read({ all: true, vms: [] });
    if (!reader.machine) throw new Error('not read');
    tried.heard(reader.machine.host);
    return checksOfHost(reader.machine).find(({ id }) => id === 'hypervisor');
  };
  /** The app is closed with the PC. */
  const restart = async (): Promise<void> => {
    await clock.advance(60);
    simulator.restart();
    tried.close();
    tried = opened(undefined, new Date(clock.now()));
  };

  expect(await reading()).toMatchObject({ fix: { act: 'hypervisor-auto' } });
  simulator.act('hypervisor-auto');
  tried.put('hypervisor-auto', new Date(clock.now()));
  expect(await reading()).toMatchObject({ fix: { act: 'restart' } });
  await restart();
  expect(await reading()).toMatchObject({ verdict: 'blocker', why: { key: 'checks.hypervisorTriedWhy' } });
  // Its firmware is set anew.
  simulator.world.folklore.hypervisorStarts = true;
  await restart();
  expect(await reading()).toMatchObject({ verdict: 'ok' });
  expect(opened().facts.tried).toBeUndefined();
});
