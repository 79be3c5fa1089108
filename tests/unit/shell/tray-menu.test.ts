import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import { enums } from '../../../src/core/cmdlets/catalog.js';
import type { TrayState } from '../../../src/core/machine/access.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import type { Connection } from '../../../src/ipc/schema.js';
import { ifRead } from '../../../src/core/machine/reading.js';
import { usesOf } from '../../../src/core/run/recent.js';
import {
  escapeLabel,
  longestInMenu,
  keyed,
  mostListed,
  mostRecentVms,
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
  lastChange: undefined,
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

const changed = (world: ReadWorld, name: string, change: Partial<Vm>) => ({
  ...world.machine(),
  vms: ifRead(world.machine().vms, [], (known) => known.map((vm) => (vm.name === name ? { ...vm, ...change } : vm))),
});

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

/** As it is read: without the marks of its keys. */
const read = (label: string | undefined): string | undefined => label?.replaceAll(/&(?!&)/g, '');

describe('a VM', () => {
  test('that is off switches at once, and can be started, not shut down', async () => {
    const world = await readWorld();
    const of = vmItem(world, 'dev-box');
    expect(of('nesting')).toMatchObject({
      type: 'checkbox',
      label: '&Nested virtualization',
      checked: false,
      enabled: true,
      command: { kind: 'want', want: { nesting: true }, review: false },
    });
    expect(of('start')).toMatchObject({ enabled: true });
    expect(of('shut-down')).toBeUndefined();
  });

  test('that runs is reviewed first: a command that asks is no tick', async () => {
    const of = vmItem(await readWorld(), 'Lab DC 01');
    expect(of('nesting')).toMatchObject({
      type: 'normal',
      label: 'Turn on &nesting…',
      enabled: true,
      command: { review: true },
    });
    expect(of('nesting')).not.toHaveProperty('checked');
    expect(of('start')).toBeUndefined();
    expect(of('shut-down')).toMatchObject({ enabled: true, command: { want: { power: 'off' }, review: true } });
    expect(of('spoofing')).toMatchObject({ type: 'checkbox', enabled: true, command: { review: false } });
  });

  test('that has nesting on says so in the menu itself, and offers to turn it off', async () => {
    const world = await readWorld();
    const of = vmItem(world, '构建机');
    expect(of('vm')?.label).toMatch(/^构建机 \(Running · (Nesting on|Nesting in use|Probably in use)\)$/);
    expect(read(of('nesting')?.label)).toBe('Turn off nesting…');
    const off = vmItem(world, 'dev-box', factsOf(world, { machine: changed(world, 'dev-box', { nesting: true }) }));
    expect(off('nesting')).toMatchObject({ checked: true, command: { want: { nesting: false } } });
    expect(off('vm')?.label).toBe('dev-box (Off · Nesting on)');
    expect(vmItem(world, 'dev-box')('vm')?.label, 'off costs no word').toBe('dev-box (Off)');
  });

  test('of which nesting could not be read does not look as if it were off', async () => {
    const world = await readWorld();
    const of = vmItem(world, 'dev-box', factsOf(world, { machine: changed(world, 'dev-box', { nesting: undefined }) }));
    expect(of('vm')?.label).toBe('dev-box (Off · Nesting unknown)');
    expect(of('nesting')).toEqual({
      id: of('nesting')?.id,
      type: 'normal',
      label: 'Nesting unknown',
      enabled: false,
    });
  });

  test('with several adapters has no tick for them: it says how many, and asks', async () => {
    const world = await readWorld();
    const [adapter] = ifRead(world.vm('dev-box').adapters, [], (known) => known);
    if (!adapter) throw new Error('an adapter');
    const spoofing = (...values: readonly ('On' | 'Off' | undefined)[]) => {
      const adapters = values.map((macSpoofing, index) => ({ ...adapter, id: `${adapter.id}${index}`, macSpoofing }));
      return vmItem(world, 'dev-box', factsOf(world, { machine: changed(world, 'dev-box', { adapters }) }))('spoofing');
    };
    expect(spoofing('On')).toMatchObject({ type: 'checkbox', checked: true });
    expect(read(spoofing('On', 'Off')?.label)).toBe('MAC address spoofing (1 of 2)…');
    expect(read(spoofing('On', 'On')?.label)).toBe('Turn off MAC address spoofing…');
    expect(read(spoofing('Off', 'Off')?.label)).toBe('Turn on MAC address spoofing…');
    for (const item of [spoofing('On', 'Off'), spoofing('On', 'On'), spoofing('Off', 'Off')])
      expect(item).toMatchObject({ type: 'normal', command: { review: true } });
    expect(spoofing('On', undefined), 'unread is not off').toBeUndefined();
    expect(spoofing()).toBeUndefined();
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
    for (const part of ['nesting', 'spoofing', 'start']) expect(of(part), part).toMatchObject({ enabled: false });
    expect(of('open')).not.toMatchObject({ enabled: false });
  });

  test('on a host that cannot nest is not offered it', async () => {
    const world = await readWorld('amd-on-windows-10');
    const off = world.machine().vms?.find((vm) => vm.nesting === false && vm.state === 'Off');
    expect(vmItem(world, off?.name ?? '')('nesting')).toMatchObject({ enabled: false });
  });
});

test('the window comes first, then the status; what is no button cannot be clicked', async () => {
  const [first, second] = trayMenu(factsOf(await readWorld()), t);
  expect(first).toMatchObject({ id: 'open', command: { kind: 'show' } });
  expect(second).toMatchObject({ id: 'status', enabled: false });
});

test('the last change is undone from here where there is one, and all is read again', async () => {
  const world = await readWorld();
  const commandOf = (id: string, facts: TrayFacts) => trayMenu(facts, t).find((item) => item.id === id)?.command;
  expect(commandOf('undo', factsOf(world, { lastChange: 'run-7' }))).toEqual({ kind: 'undo', run: 'run-7' });
  expect(commandOf('undo', factsOf(world))).toBeUndefined();
  expect(commandOf('refresh', factsOf(world))).toEqual({ kind: 'refresh' });
  const away = factsOf(await readWorld('not-admin'), { lastChange: 'run-7' });
  expect(commandOf('undo', away), 'without access it would lead nowhere').toBeUndefined();
});

describe('access keys', () => {
  /** Each menu by itself: what its keys are. */
  const menus = (items: readonly TrayItem[]): readonly (readonly TrayItem[])[] => [
    items,
    ...items.flatMap(({ submenu }) => (submenu ? menus(submenu) : [])),
  ];
  const keyOf = (label: string | undefined): string | undefined =>
    /&(?!&)(.)/.exec(label?.replaceAll('&&', '') ?? '')?.[1]?.toLowerCase();

  test.each(['en', 'zh-CN'] as const)(
    'are there for all that is not a VM, and none twice in a menu: %s',
    async (language) => {
      const world = await readWorld();
      const words = translator(language, { longestName: longestInMenu });
      const drifts = [{ vm: vmIn(thisPc, world.vm('dev-box').id), name: 'dev-box', changes: [] }];
      const of300 = await readWorld('lab-of-300');
      for (const facts of [factsOf(world, { drifts, lastChange: 'run' }), factsOf(of300)])
        for (const menu of menus(trayMenu(facts, words))) {
          const own = menu.filter(({ id, type }) => type !== 'separator' && !/^(status|vm:)/.test(id));
          const keys = own.map(({ label }) => keyOf(label));
          expect(keys.filter((key) => key === undefined)).toEqual([]);
          expect(new Set(keys).size, own.map(({ label }) => label).join(' | ')).toBe(keys.length);
        }
    },
  );

  test('stand where a word begins with the letter, else in it, else behind', () => {
    expect(keyed('Turn on nesting…', 'n')).toBe('Turn on &nesting…');
    expect(keyed('Allow again…', 'l')).toBe('A&llow again…');
    expect(keyed('关机…', 'd')).toBe('关机(&D)…');
    expect(keyed('打开 Hypernest', 'o')).toBe('打开 Hypernest(&O)');
  });
});

test('without access there are no VMs in the menu, and the ways out are there', async () => {
  const ids = trayMenu(factsOf(await readWorld('not-admin')), t).map(({ id }) => id);
  expect(ids).toEqual(['open', 'status', 'after-status', 'settings', 'quit']);
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

describe('many VMs', () => {
  const someOf = (machine: ReturnType<ReadWorld['machine']>, count: number) => ({
    ...machine,
    vms: ifRead(machine.vms, [], (known) => known).slice(0, count),
  });
  const topsOf = (menu: readonly TrayItem[]) => menu.filter(({ id }) => id.startsWith('vm:'));

  test('up to fifty are all in the menu: the most recent in it, the rest by name under More', async () => {
    const world = await readWorld('lab-of-300');
    const menu = trayMenu(factsOf(world, { machine: someOf(world.machine(), mostListed) }), t);
    expect(topsOf(menu)).toHaveLength(mostVms);
    const more = menu.find(({ id }) => id === 'more');
    expect(read(more?.label)).toBe(`More (${mostListed - mostVms})`);
    const names = (more?.submenu ?? []).map(({ label }) => label);
    expect(names).toHaveLength(mostListed - mostVms);
    expect(names).toEqual(names.toSorted());
    expect(menu.some(({ id }) => id === 'all')).toBe(false);
  });

  test.each([mostListed + 1, 300])(
    'of %i the ten most recent, and the window with the cursor in the filter',
    async (count) => {
      const world = await readWorld('lab-of-300');
      const menu = trayMenu(factsOf(world, { machine: someOf(world.machine(), count) }), t);
      expect(topsOf(menu)).toHaveLength(mostRecentVms);
      const every = menu.find(({ id }) => id === 'all');
      expect(read(every?.label)).toBe(`All ${count} VMs…`);
      expect(every?.command).toEqual({ kind: 'open', page: 'machines', find: true });
      expect(menu.some(({ id }) => id === 'more')).toBe(false);
    },
  );

  test('what a run changes now comes first, wherever it was', async () => {
    const world = await readWorld('lab-of-300');
    const last = ifRead(world.machine().vms, undefined, (known) => known.at(-1))?.id ?? '';
    expect(topsOf(trayMenu(factsOf(world), t)).map(({ id }) => id)).not.toContain(`vm:${last}`);
    const busy = new Set([vmIn(thisPc, last)]);
    expect(topsOf(trayMenu(factsOf(world, { busy }), t))[0]?.id).toBe(`vm:${last}`);
  });

  test('the one used last comes before the others', async () => {
    const world = await readWorld();
    const second = topsOf(trayMenu(factsOf(world), t))[3]?.id.slice('vm:'.length) ?? '';
    const uses = new Map(factsOf(world).uses).set(second, { at: Number.MAX_SAFE_INTEGER - 1, state: 'Off' });
    expect(topsOf(trayMenu(factsOf(world, { uses }), t))[0]?.id).toBe(`vm:${second}`);
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
    ...[...toasts, notConnected({ vm: vmIn(thisPc, vm.id), name: vm.name }, false, t)].flatMap((toast) => [
      toast?.title ?? '',
      toast?.body ?? '',
    ]),
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
  expect(leads(one)).toEqual({ kind: 'open', page: 'machines', vm: vmIn(thisPc, vm.id) });
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
