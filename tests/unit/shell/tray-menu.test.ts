import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { enums } from '../../../src/core/cmdlets/catalog.js';
import type { TrayState } from '../../../src/core/machine/access.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import type { Connection } from '../../../src/ipc/schema.js';
import { usesOf } from '../../../src/core/run/recent.js';
import {
  escapeLabel,
  longestInMenu,
  longestMenu,
  mostVms,
  trayMenu,
  type TrayItem,
} from '../../../src/shell/tray-menu.js';
import { trayIcon, trayStatus, type TrayFacts } from '../../../src/shell/tray-status.js';
import { translator } from '../../../src/text/index.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { notConnected, toastOfRun } from '../../../src/shell/toasts.js';
import { detailLine } from '../../../renderer/machines/lines.js';
import { hostile, unseenIn } from '../../hostile.js';
import { chainOf, changeOf, eventsOf, planOf, runOf, stepEvent, stepOf } from '../renderer/fixtures.js';
import { readWorld, type ReadWorld } from './a-machine.js';

const t = translator('en', { longestName: longestInMenu });
const factsOf = (world: ReadWorld, change: Partial<TrayFacts> = {}): TrayFacts => ({
  connection: world.connection,
  machine: world.machine(),
  isSimulated: false,
  busy: new Set(),
  hasCutShort: false,
  isFailing: false,
  drifts: [],
  isLeaving: false,
  uses: usesOf(world.machine(), [], new Map()),
  ...change,
});
const lost: Connection = {
  kind: 'lost',
  failure: { kind: 'session-lost' },
  attempts: 1,
  retryAt: null,
  changing: false,
};

const all = (items: readonly TrayItem[]): readonly TrayItem[] =>
  items.flatMap((item) => [item, ...all(item.submenu ?? [])]);
function vmItem(world: ReadWorld, name: string, facts = factsOf(world)): (id: string) => TrayItem | undefined {
  const { id } = world.vm(name);
  const items = all(trayMenu(facts, t));
  return (part) => items.find((item) => item.id === `${part}:${id}`);
}

describe('the icon says by its shape what is so', () => {
  test.each([
    ['workstation', 'ready'],
    ['no-hyper-v', 'no-hyper-v'],
    ['windows-home', 'no-hyper-v'],
    ['not-admin', 'no-access'],
    ['joined-not-signed-out', 'no-access'],
    ['module-blocked', 'no-access'],
    ['constrained-language', 'no-access'],
    ['service-stopped', 'attention'],
    ['empty', 'ready'],
  ] satisfies [ScenarioName, TrayState][])('%s: %s', async (scenario, icon) => {
    const facts = factsOf(await readWorld(scenario));
    expect(trayIcon(facts)).toBe(icon);
    expect(trayStatus(facts, t)).not.toBe('');
  });

  test('a run under way, a run that was cut short, a session that is lost', async () => {
    const world = await readWorld();
    expect(trayIcon(factsOf(world, { busy: new Set([vmIn(thisPc, world.vm('dev-box').id)]) }))).toBe('working');
    expect(trayIcon(factsOf(world, { hasCutShort: true }))).toBe('attention');
    expect(trayIcon(factsOf(world, { connection: lost }))).toBe('attention');
    expect(trayIcon({ ...factsOf(world), connection: { kind: 'starting' }, machine: null })).toBe('working');
  });

  test('there is a picture of each, for light and dark, in every size', () => {
    const missing = (['ready', 'working', 'attention', 'no-access', 'no-hyper-v'] satisfies TrayState[]).flatMap(
      (state) =>
        ['light', 'dark'].flatMap((theme) =>
          [16, 20, 24, 32, 40, 48, 64]
            .map((size) => `tray-${state}-${theme}-${size}.png`)
            .filter((name) => !existsSync(path.resolve('assets', name))),
        ),
    );
    expect(missing).toEqual([]);
  });
});

describe('the line of status', () => {
  test('says how many run, and that nothing real is touched', async () => {
    const world = await readWorld();
    expect(trayStatus(factsOf(world), t)).toBe('DEV-PC: ready, 4 of 8 running');
    expect(trayStatus(factsOf(world, { isSimulated: true }), t)).toBe('DEV-PC: ready, 4 of 8 running (simulated)');
    expect(trayStatus(factsOf(world), translator('zh-CN'))).toBe('DEV-PC：就绪，8 台中有 4 台正在运行');
  });

  test('names the VM that is being changed', async () => {
    const world = await readWorld();
    const busy = new Set([vmIn(thisPc, world.vm('dev-box').id)]);
    expect(trayStatus(factsOf(world, { busy }), t)).toBe('DEV-PC: changing dev-box');
    expect(trayStatus(factsOf(world, { busy: new Set([vmIn(thisPc, 'a'), vmIn(thisPc, 'b')]) }), t)).toBe(
      'DEV-PC: changing 2 VMs',
    );
    const leaving = factsOf(world, { busy, isLeaving: true });
    expect(trayStatus(leaving, t), 'and what comes after it').toBe('DEV-PC: changing dev-box, then Hypernest quits');
  });
});

describe('a VM', () => {
  test('that is off switches at once, and can be started, not shut down', async () => {
    const world = await readWorld();
    const of = vmItem(world, 'dev-box');
    expect(of('nesting')).toMatchObject({
      label: 'Nested virtualization',
      checked: false,
      enabled: true,
      command: { kind: 'want', want: { nesting: true }, review: false },
    });
    expect(of('start')).toMatchObject({ enabled: true });
    expect(of('shut-down')).toMatchObject({ enabled: false });
  });

  test('that runs is reviewed first, which the label says', async () => {
    const of = vmItem(await readWorld(), 'Lab DC 01');
    expect(of('nesting')).toMatchObject({ label: 'Nested virtualization…', enabled: true, command: { review: true } });
    expect(of('start')).toMatchObject({ enabled: false });
    expect(of('shut-down')).toMatchObject({ enabled: true, command: { want: { power: 'off' }, review: true } });
    expect(of('spoofing')).toMatchObject({ label: 'MAC address spoofing', enabled: true, command: { review: false } });
  });

  test('that has nesting on is ticked', async () => {
    expect(vmItem(await readWorld(), '构建机')('nesting')).toMatchObject({
      checked: true,
      command: { want: { nesting: false } },
    });
  });

  test('that is paused is resumed', async () => {
    const world = await readWorld();
    const of = vmItem(world, 'archive-2019 "cold"');
    expect(of('resume')).toMatchObject({ enabled: true });
    expect(of('start')).toBeUndefined();
  });

  test('that the app is changing cannot be changed from here as well', async () => {
    const world = await readWorld();
    const of = vmItem(world, 'dev-box', factsOf(world, { busy: new Set([vmIn(thisPc, world.vm('dev-box').id)]) }));
    for (const part of ['nesting', 'spoofing', 'start', 'shut-down'])
      expect(of(part), part).toMatchObject({ enabled: false });
    expect(of('open')).not.toMatchObject({ enabled: false });
  });

  test('on a host that cannot nest is not offered it', async () => {
    const world = await readWorld('amd-on-windows-10');
    const off = world.machine().vms?.find((vm) => vm.nesting === false && vm.state === 'Off');
    expect(vmItem(world, off?.name ?? '')('nesting')).toMatchObject({ enabled: false });
  });
});

test('without access there are no VMs in the menu, and the ways out are there', async () => {
  const ids = trayMenu(factsOf(await readWorld('not-admin')), t).map(({ id }) => id);
  expect(ids).toEqual(['status', 'after-status', 'open', 'settings', 'quit']);
});

describe('after the end of what was allowed for this session', () => {
  const asOf = new Date(2026, 10, 24, 14, 2).toISOString();
  async function ended(): Promise<{ readonly world: ReadWorld; readonly facts: TrayFacts }> {
    const world = await readWorld();
    if (world.connection.kind !== 'ready') throw new Error('no session');
    const connection: Connection = { ...world.connection, ended: { why: 'unused', asOf } };
    return { world, facts: factsOf(world, { connection }) };
  }

  test('the tray says as of when, by its words and its icon', async () => {
    const { facts } = await ended();
    expect(trayIcon(facts)).toBe('no-access');
    expect(trayStatus(facts, t)).toBe('DEV-PC as of 14:02: no longer has access to the VMs');
    expect(trayStatus(facts, translator('zh-CN'))).toContain('14:02');
  });

  test('the VMs are shown as they were, nothing can be done with them, and one click leads to allowing it again', async () => {
    const { world, facts } = await ended();
    const menu = trayMenu(facts, t);
    const vms = menu.filter(({ id }) => id.startsWith('vm:'));
    expect(vms.map(({ label }) => label)).toContain('dev-box (Off)');
    expect(vms).toHaveLength(world.machine().vms?.length ?? 0);
    for (const vm of vms) expect(vm).toMatchObject({ type: 'normal', enabled: false });
    expect(all(menu).filter(({ command }) => command?.kind === 'want' || command?.kind === 'connect')).toEqual([]);
    expect(menu.find(({ id }) => id === 'allow')).toMatchObject({ command: { kind: 'open', page: 'allow' } });
    expect(trayMenu(factsOf(world), t).some(({ id }) => id === 'allow')).toBe(false);
  });
});

describe('three hundred VMs', () => {
  test('are a menu that fits a screen: the most recent in it, the rest by name under More', async () => {
    const world = await readWorld('lab-of-300');
    const menu = trayMenu(factsOf(world), t);
    const tops = menu.filter(({ id }) => id.startsWith('vm:'));
    expect(tops).toHaveLength(mostVms);
    const more = menu.find(({ id }) => id === 'more');
    expect(more?.label).toBe(`More (${300 - mostVms})`);
    const [all, , ...parts] = more?.submenu ?? [];
    expect(all).toMatchObject({ label: 'All 300 VMs…', command: { kind: 'open', page: 'machines' } });
    const names = parts.flatMap(({ submenu }) => (submenu ?? []).map(({ label }) => label));
    expect(names).toHaveLength(300 - mostVms);
    expect(names).toEqual(names.toSorted());
    expect(parts[0]?.label).toMatch(/^lab-\d{4} – lab-\d{4}$/);
  });

  test.each(['lab-of-300', 'lab-of-1000'] as const)('no menu of %s is longer than a screen', async (scenario) => {
    const menu = trayMenu(factsOf(await readWorld(scenario)), t);
    const lengths = (items: readonly TrayItem[]): number[] => [
      items.length,
      ...items.flatMap(({ submenu }) => (submenu ? lengths(submenu) : [])),
    ];
    expect(Math.max(...lengths(menu))).toBeLessThanOrEqual(longestMenu + 2);
    const vms = all(menu).filter(({ id }) => id.startsWith('vm:'));
    expect(new Set(vms.map(({ id }) => id)).size).toBe(vms.length);
    expect(vms).toHaveLength(Number(scenario.slice('lab-of-'.length)));
  });

  test('what a run changes now comes first, wherever it was', async () => {
    const world = await readWorld('lab-of-300');
    const last = trayMenu(factsOf(world), t)
      .find(({ id }) => id === 'more')
      ?.submenu?.at(-1)
      ?.submenu?.at(-1);
    const vm = last?.id.slice('vm:'.length) ?? '';
    const [first] = trayMenu(factsOf(world, { busy: new Set([vmIn(thisPc, vm)]) }), t).filter(({ id }) =>
      id.startsWith('vm:'),
    );
    expect(first?.id).toBe(last?.id);
  });

  test('the one used last comes before the others', async () => {
    const world = await readWorld();
    const order = trayMenu(factsOf(world), t).filter(({ id }) => id.startsWith('vm:'));
    const second = order[3]?.id.slice('vm:'.length) ?? '';
    const uses = new Map(factsOf(world).uses).set(second, { at: Number.MAX_SAFE_INTEGER - 1, state: 'Off' });
    expect(trayMenu(factsOf(world, { uses }), t).find(({ id }) => id.startsWith('vm:'))?.id).toBe(`vm:${second}`);
  });
});

test('every item has an id of its own', async () => {
  const ids = all(trayMenu(factsOf(await readWorld('hostile-names')), t)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('& in a name marks no key', () => {
  expect(escapeLabel('R&D')).toBe('R&&D');
});

test('of a world whose names are all hostile the menu, the tooltip and the toasts show nothing unseen, and nothing that goes on', async () => {
  const world = await readWorld('workstation');
  const machine = hostile(world.machine());
  const [vm] = machine.vms ?? [];
  if (!vm) throw new Error('a VM');
  const facts = { ...factsOf(world), machine };
  const chain = chainOf([stepOf(vm.id, 1, 'setting', [changeOf(vm.id, 'nesting', false, true)])], {
    vm: vmIn(thisPc, vm.id),
    name: vm.name,
  });
  const ran = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done'));
  const toasts = (['done', 'partly', 'failed', 'cancelled', 'unknown'] as const).map((outcome) =>
    toastOfRun(runOf(planOf([chain]), ran, { outcome }), t),
  );
  const drifts = [{ vm: vmIn(thisPc, vm.id), name: vm.name, changes: [] }];
  const seen = [
    ...all(trayMenu(facts, t)).flatMap(({ label }) => label ?? []),
    trayStatus({ ...facts, drifts }, t),
    trayStatus({ ...facts, busy: new Set([vmIn(thisPc, vm.id)]), isSimulated: true, isLeaving: true }, t),
    ...[...toasts, notConnected(vm, false, t)].flatMap((toast) => [toast?.title ?? '', toast?.body ?? '']),
  ];
  expect(seen.filter((text) => text.includes('⟨U+202E⟩')).length).toBeGreaterThan(10);
  for (const text of seen) expect(unseenIn(text, longestInMenu), text).toEqual([]);
});

test('a tray whose machines can no longer be read does not look as if all were well', async () => {
  const facts = factsOf(await readWorld(), { isFailing: true });
  expect(trayIcon(facts)).toBe('attention');
  expect(trayStatus(facts, t)).toBe(t('tray.failing', { pc: 'DEV-PC' }));
});

test('a VM that something else has changed is named in the tray, and one click away', async () => {
  const world = await readWorld();
  const [vm, other] = world.machine().vms ?? [];
  if (!vm || !other) throw new Error('two VMs');
  const drift = { vm: vmIn(thisPc, vm.id), name: vm.name, changes: [] };
  const one = factsOf(world, { drifts: [drift] });
  expect(trayIcon(one)).toBe('attention');
  expect(trayStatus(one, t)).toBe(t('tray.drifted', { pc: 'DEV-PC', name: vm.name }));
  const leads = (facts: TrayFacts) => trayMenu(facts, t).find(({ id }) => id === 'drift')?.command;
  expect(leads(one)).toEqual({ kind: 'open', page: 'machines', vm: vm.id });
  expect(leads(factsOf(world, { drifts: [drift, { ...drift, vm: vmIn(thisPc, other.id) }] }))).toEqual({
    kind: 'open',
    page: 'machines',
  });
  expect(leads(factsOf(world))).toBeUndefined();
});

test.each(enums.VMState)('tray and window have one word for %s', async (state) => {
  const world = await readWorld('workstation');
  const vm: Vm = { ...world.vm('dev-box'), state, problem: null, uptime: undefined };
  const label = trayMenu(factsOf(world, { machine: { ...world.machine(), vms: [vm] } }), t).find(
    ({ id }) => id === `vm:${vm.id}`,
  )?.label;
  expect(label).toBe(t('tray.vm', { name: vm.name, state: detailLine(t, vm, 0)[0] ?? '' }));
});
