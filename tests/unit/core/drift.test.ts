import { vmIn, thisPc, type VmRef } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Vm } from '../../../src/core/machine/machine.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import type { Connection } from '../../../src/ipc/schema.js';
import { AppliedCheckpoints, driftsIn, driftsNow, type KeptChange } from '../../../src/core/run/drift.js';
import { KeptChanges } from '../../../src/shell/kept-changes.js';
import {
  adapterOf,
  chainOf,
  changeOf,
  eventsOf,
  ids,
  planOf,
  runOf,
  stepEvent,
  stepOf,
  vmOf,
} from '../renderer/fixtures.js';
import { readWorld } from '../shell/a-machine.js';
import { hearing } from '../shell/keeping.js';

const { machine, connection } = await readWorld('empty');
const [adapter] = vmOf().adapters ?? [];
if (!adapter) throw new Error('the fixture has an adapter');
const spoofing = `adapters/${adapterOf(ids.lab)}/macSpoofing`;

/** A run that has set the lab VM up: nesting, spoofing, 8 GB, shut down with the host. */
function setUp(minute = 0, change: Partial<RunRecord> = {}): RunRecord {
  const chain = chainOf([
    stepOf(ids.lab, 1, 'setting', [changeOf(ids.lab, 'nesting', false, true)]),
    stepOf(ids.lab, 2, 'setting', [changeOf(ids.lab, spoofing, 'Off', 'On')]),
    stepOf(ids.lab, 3, 'setting', [changeOf(ids.lab, 'memory.startup', 2 ** 32, 2 ** 33)]),
    stepOf(ids.lab, 4, 'setting', [changeOf(ids.lab, 'stopAction', 'Save', 'ShutDown')]),
  ]);
  const events = eventsOf({ kind: 'started' }, ...[0, 1, 2, 3].map((at) => stepEvent(chain, at, 'done')), {
    kind: 'ended',
    outcome: 'done',
  }).map((event) => ({ ...event, time: new Date(Date.parse(event.time) + minute * 60_000).toISOString() }));
  return runOf(planOf([chain]), events, { id: `r${String(minute)}`, outcome: 'done', ...change });
}
const asSetUp: Partial<Vm> = {
  nesting: true,
  adapters: [{ ...adapter, macSpoofing: 'On' }],
  memory: { ...vmOf().memory, startup: 2 ** 33 },
  stopAction: 'ShutDown',
};

interface World {
  readonly records?: readonly RunRecord[];
  readonly busy?: readonly string[];
  readonly kept?: readonly KeptChange[];
}
const drifts = (vm: Partial<Vm>, { records = [setUp()], busy = [], kept = [] }: World = {}) =>
  driftsIn({
    machine: { ...machine(), vms: [vmOf({ ...asSetUp, ...vm })] },
    records,
    busy: new Set(busy.map((vm) => vmIn(thisPc, vm))),
    kept,
  });
const pathsOf = (found: ReturnType<typeof drifts>) =>
  found.flatMap(({ changes }) => changes.map(({ path: of }) => of.slice(37)));

test('a VM that is as it was set up has not drifted', () => {
  expect(drifts({})).toEqual([]);
  expect(drifts({ state: 'Off', uptime: 0, name: 'Renamed' })).toEqual([]);
});

test('nesting, spoofing, memory and stop action that something else changed are each found', () => {
  const found = drifts({
    nesting: false,
    adapters: [adapter],
    memory: { ...vmOf().memory, startup: 2 ** 31 },
    stopAction: 'Save',
  });
  expect(pathsOf(found)).toEqual(['nesting', spoofing, 'memory.startup', 'stopAction']);
  expect(found).toMatchObject([{ vm: vmIn(thisPc, ids.lab), changes: [{ wrote: true, now: false }, {}, {}, {}] }]);
});

test('nothing is looked for while the VMs are as old as the end of what was allowed', () => {
  if (connection.kind !== 'ready') throw new Error('no session');
  const ended: Connection = { ...connection, ended: { why: 'lost', asOf: '2026-11-24T14:02:00.000Z' } };
  // A run has turned nesting on, and the session went away before that was read again.
  const known = {
    machine: { ...machine(), vms: [vmOf({ ...asSetUp, nesting: false })] },
    records: [setUp()],
    busy: new Set<VmRef>(),
    kept: [],
  };
  const found = driftsNow(known, connection, []);
  expect(found).toHaveLength(1);
  expect(driftsNow(known, ended, [])).toEqual([]);
  expect(driftsNow(known, ended, found), 'what was found before stands').toBe(found);
});

test('dynamic memory that was turned on or off again has drifted', () => {
  const chain = chainOf([stepOf(ids.lab, 1, 'setting', [changeOf(ids.lab, 'memory.dynamic', false, true)])]);
  const events = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done'), { kind: 'ended', outcome: 'done' });
  const records = [runOf(planOf([chain]), events, { outcome: 'done' })];
  expect(drifts({ memory: { ...vmOf().memory, dynamic: true } }, { records })).toEqual([]);
  const found = drifts({ memory: { ...vmOf().memory, dynamic: false } }, { records });
  expect(found).toMatchObject([{ changes: [{ path: `${ids.lab}/memory.dynamic`, wrote: true, now: false }] }]);
});

test('a VM that was never set up here, was undone, or is being changed now has not drifted', () => {
  const back = setUp(5, { goal: { kind: 'undo', run: 'r0', consents: [] } });
  expect(drifts({ nesting: false }, { records: [] })).toEqual([]);
  expect(drifts({ nesting: false }, { records: [back, setUp()] })).toEqual([]);
  expect(drifts({ nesting: false }, { busy: [ids.lab] })).toEqual([]);
});

test('set up again after it was undone, it is watched again', () => {
  const back = setUp(5, { goal: { kind: 'undo', run: 'r0', consents: [] } });
  expect(pathsOf(drifts({ nesting: false }, { records: [setUp(9), back, setUp()] }))).toEqual(['nesting']);
});

test('a step that did not succeed promises nothing', () => {
  const run = setUp();
  const events = run.events.map((event) => (event.kind === 'step' ? { ...event, state: 'failed' as const } : event));
  expect(drifts({ nesting: false }, { records: [{ ...run, events }] })).toEqual([]);
});

test('what could not be read has not changed', () => {
  expect(drifts({ nesting: undefined, adapters: undefined })).toEqual([]);
  expect(driftsIn({ machine: null, records: [setUp()], busy: new Set(), kept: [] })).toEqual([]);
});

test('what was kept is not asked about again after a restart, and is when it changes again', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-kept-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, maxRetries: 9 }));
  const [drift] = drifts({ stopAction: 'Save' });
  if (!drift) throw new Error('a drift');
  new KeptChanges(folder, hearing()).keep(drift);
  const kept = new KeptChanges(folder, hearing()).list;
  expect(drifts({ stopAction: 'Save' }, { kept })).toEqual([]);
  expect(pathsOf(drifts({ stopAction: 'TurnOff' }, { kept }))).toEqual(['stopAction']);
  expect(pathsOf(drifts({ stopAction: 'Save' }, { kept, records: [setUp(9), setUp()] }))).toEqual(['stopAction']);
});

describe('a checkpoint that may be behind it', () => {
  const clean = { id: '11111111-0000-4000-8000-000000000001', name: 'clean', automatic: false, created: '2026-11-01T08:00:00.000Z', parent: null }; // prettier-ignore
  const later = { ...clean, id: '11111111-0000-4000-8000-000000000002', name: 'later', created: '2026-11-30T08:00:00.000Z', parent: clean.id }; // prettier-ignore
  const tree = { nesting: false, checkpoints: [clean, later] } as const;
  const behind = (vm: Partial<Vm>, applied?: AppliedCheckpoints) =>
    driftsIn({
      machine: { ...machine(), vms: [vmOf({ ...asSetUp, ...vm })] },
      records: [setUp()],
      busy: new Set(),
      kept: [],
      ...(applied && { applied }),
    })[0]?.checkpoint;
  /** What was seen, from one reading to the next. */
  const seen = (was: Partial<Vm>, is: Partial<Vm>): AppliedCheckpoints => {
    const applied = new AppliedCheckpoints();
    const at = (vm: Partial<Vm>) => ({
      ...machine(),
      host: { ...machine().host, readAt: '2026-12-01T08:00:00.000Z' },
      vms: [vmOf(vm)],
    });
    applied.notice({ before: at(was), machine: at(is) });
    return applied;
  };

  test('is named as applied where the app looked on', () => {
    const [was, is] = [
      { ...tree, parentCheckpoint: later.id },
      { ...tree, parentCheckpoint: clean.id },
    ];
    expect(behind(is, seen(was, is))).toEqual({ name: 'clean', isApplied: true });
  });

  test('is not said to be applied when the one before was only deleted', () => {
    const was = { ...tree, parentCheckpoint: later.id };
    const is = { nesting: false, checkpoints: [clean], parentCheckpoint: clean.id };
    expect(behind(is, seen(was, is))).toEqual({ name: 'clean', isApplied: false });
  });

  test('is not said to be applied when it was just taken', () => {
    const was = { nesting: false, checkpoints: [clean], parentCheckpoint: clean.id };
    const is = { ...tree, parentCheckpoint: later.id };
    expect(behind(is, seen(was, is))).toBeUndefined();
  });

  test('may explain it only if it is older than what the app has set', () => {
    expect(behind({ ...tree, parentCheckpoint: clean.id })).toEqual({ name: 'clean', isApplied: false });
    expect(behind({ ...tree, parentCheckpoint: later.id })).toBeUndefined();
    expect(behind({ ...tree, parentCheckpoint: null })).toBeUndefined();
    expect(behind({ nesting: false, checkpoints: undefined, parentCheckpoint: clean.id })).toBeUndefined();
  });
});

test('a damaged file of what was kept stops nothing', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-kept-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, maxRetries: 9 }));
  fs.writeFileSync(path.join(folder, 'kept-changes.json'), '{"kept": [{"path": 1}');
  expect(new KeptChanges(folder, hearing()).list).toEqual([]);
});
