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
import { hearing } from './keeping.js';

let journal: string;
beforeEach(() => (journal = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-tried-'))));
afterEach(() => fs.rmSync(journal, { recursive: true, force: true }));

const opened = (source: Source = { kind: 'this-pc' }, startedAt = new Date(0)): TriedActs =>
  new TriedActs({ source, journal, startedAt: () => startedAt }, hearing());
const may = new Date('2026-05-03T08:00:00.000Z');

test('it outlives the app, and a file that is not ours is as good as none', () => {
  opened().put('hypervisor-auto', may);
  expect(opened().facts.tried).toEqual([{ act: 'hypervisor-auto', time: may.toISOString() }]);
  fs.writeFileSync(path.join(journal, 'tried.json'), '{"tried":[{"act":"format","time":"now"}]}');
  expect(opened().facts).toEqual({ startedAt: new Date(0).toISOString() });
});

test('a simulated PC begins anew', () => {
  opened().put('hypervisor-auto', may);
  expect(opened({ kind: 'simulated', scenario: 'hypervisor-off', through: 'direct' }).facts.tried).toBeUndefined();
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
