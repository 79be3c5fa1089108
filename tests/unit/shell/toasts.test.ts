import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import type { RunOutcome } from '../../../src/core/run/record.js';
import {
  isLinked,
  isSaid,
  linkOfTarget,
  notConnected,
  toastOfRun,
  toastXml,
  trayHint,
} from '../../../src/shell/toasts.js';
import { linkOf } from '../../../src/core/machine/link.js';
import { translator } from '../../../src/text/index.js';
import { Runs } from '../../../src/shell/runs.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep } from '../../../simulator/clock.js';
import { readWorld } from './a-machine.js';
import type { Goal } from '../../../src/core/machine/goal.js';

const t = translator('en');

/** A run as it really is, on the simulated workstation. */
async function ran(name: string, want: (vm: { id: string; adapters: readonly { id: string }[] }) => Goal) {
  const world = await readWorld();
  const folder = mkdtempSync(path.join(tmpdir(), 'hypernest-toasts-'));
  const runs = await Runs.open({
    host: () => world.host,
    machine: () => world.reader.machine,
    readVms: (ids, where) => world.reader.readVms(ids, where),
    at: thisPc,
    folder,
    appVersion: '0.0.0',
    onEvent: () => {},
    onRecord: () => {},
    onUnwritable: () => {},
    failed: () => {},
    now: () => new Date(world.clock.now()),
    wait: (seconds) => sleep(world.clock, seconds),
    elapsed: () => world.clock.now() / 1000,
  });
  const vm = world.vm(name);
  const shown = await runs.plan(want({ id: vm.id, adapters: vm.adapters ?? [] }));
  if ('kind' in shown || shown.result.kind !== 'ready') throw new Error('no plan');
  const consents = shown.result.plan.consents.map(({ consent }) => consent);
  await runs.start(shown.result.plan.id, consents);
  let isIdle = false;
  void runs.idle().then(() => (isIdle = true));
  while (!isIdle) await world.clock.advance(5);
  rmSync(folder, { recursive: true, maxRetries: 9 });
  const [record] = runs.records;
  if (!record) throw new Error('no run');
  return record;
}

const nestingOn = (vm: { id: string }): Goal => ({
  kind: 'vms',
  wants: [{ vm: vmIn(thisPc, vm.id), want: { nesting: true } }],
  consents: [],
});

test('nesting that was turned on is said in its own words, with a way back', async () => {
  const toast = toastOfRun(await ran('dev-box', nestingOn), t);
  expect(toast).toMatchObject({
    title: 'dev-box can run VMs now',
    body: '1 setting changed and verified.',
    action: { label: t('activity.undoButton'), target: { kind: 'undo' } },
  });
});

test('a VM that was off on the way says for how long', async () => {
  const toast = toastOfRun(await ran('Lab DC 01', nestingOn), t);
  expect(toast?.title).toBe('Lab DC 01 can run VMs now');
  expect(toast?.body).toMatch(/^1 setting changed and verified\. Downtime: \d/);
});

test('spoofing has its own words too', async () => {
  const record = await ran('Lab DC 01', (vm) => ({
    kind: 'vms',
    wants: [
      {
        vm: vmIn(thisPc, vm.id),
        want: { adapters: Object.fromEntries(vm.adapters.map(({ id }) => [id, { macSpoofing: 'On' }])) },
      },
    ],
    consents: [],
  }));
  expect(toastOfRun(record, t)?.title).toBe('Lab DC 01: MAC address spoofing is on');
});

describe('a toast is shown', () => {
  test.each([
    ['news', true, false, true],
    ['news', true, true, false],
    ['news', false, false, false],
    ['news', false, true, false],
    // It answers a click of just now, and there is nowhere else to see what came of it.
    ['answer', true, true, true],
    ['answer', false, false, true],
  ] as const)('%s, wanted %s, looked at %s: %s', (kind, isWanted, isLookedAt, said) =>
    expect(isSaid(kind, { isWanted, isLookedAt })).toBe(said),
  );
});

test('a screen that did not open is said, and why', () => {
  const vm = vmIn(thisPc, 'vm');
  const called = { vm, name: 'dev-box' };
  expect(notConnected(called, false, t)).toMatchObject({
    title: 'dev-box: window didn’t open',
    body: expect.stringContaining('vmconnect didn’t start') as string,
    click: { kind: 'vm', vm },
  });
  expect(notConnected(called, true, t).body).toContain('simulated');
});

test('every outcome is said; one that is not known offers nothing that rests on it', async () => {
  const record = await ran('dev-box', nestingOn);
  const titles = (['done', 'partly', 'failed', 'cancelled', 'unknown'] satisfies RunOutcome[]).map((outcome) => {
    const toast = toastOfRun({ ...record, outcome }, t);
    if (outcome === 'unknown') expect(toast?.action).toBeUndefined();
    return toast?.title;
  });
  expect(new Set(titles).size).toBe(4);
  const { outcome: _outcome, ...running } = record;
  expect(toastOfRun(running, t)).toBeUndefined();
});

describe('a toast that outlives the app', () => {
  test('is shown on Windows only, by an installed app whose links Windows knows', () => {
    const installed = { isPackaged: true, handler: 'Hypernest' };
    expect(isLinked('win32', installed)).toBe(true);
    expect(isLinked('win32', { ...installed, handler: '' })).toBe(false);
    expect(isLinked('win32', { ...installed, isPackaged: false })).toBe(false);
    expect(isLinked('linux', installed)).toBe(false);
  });

  const vm = vmIn(thisPc, '0b1c2d3e-0000-4000-8000-000000000001');

  test('leads by links: to the change, and to the review of its undo, which nothing carries out', async () => {
    const toast = toastOfRun(await ran('dev-box', nestingOn), t);
    if (toast?.click.kind !== 'run') throw new Error('no run');
    const { run } = toast.click;
    expect(toastXml(toast)).toBe(
      `<toast activationType="protocol" launch="hypernest://history/${run}"><visual><binding template="ToastGeneric">` +
        '<text>dev-box can run VMs now</text><text>1 setting changed and verified.</text></binding></visual>' +
        `<actions><action content="Undo…" activationType="protocol" arguments="hypernest://undo/${run}"/></actions></toast>`,
    );
    expect(linkOf(`hypernest://undo/${run}`)).toEqual({ to: 'undo', run });
  });

  test('leads to each place that a toast leads to', () => {
    const targets = [
      { kind: 'run', run: 'r' },
      { kind: 'undo', run: 'r' },
      { kind: 'vm', vm },
      { kind: 'settings' },
    ] as const;
    expect(targets.map(linkOfTarget)).toEqual([
      { to: 'history', run: 'r' },
      { to: 'undo', run: 'r' },
      { to: 'vm', vm },
      { to: 'settings' },
    ]);
    expect(toastXml(trayHint(t))).not.toContain('<actions>');
  });

  test('holds a name as text, whatever it is', () => {
    const name = `"/><action arguments='calc:' & ]]> \u0007\u{1f600}`;
    const xml = toastXml(notConnected({ vm, name }, true, t));
    expect(xml.match(/</g)).toHaveLength(10);
    expect(xml).not.toMatch(/\p{Cc}/u);
    expect(xml).toContain('&#38; ]]&#62;');
  });
});
