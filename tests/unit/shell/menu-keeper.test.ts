import type { VmRef } from '../../../src/core/cmdlets/ref.js';
import { expect, test } from 'vitest';
import { MenuKeeper } from '../../../src/shell/menu-keeper.js';
import { usesOf, type Uses } from '../../../src/core/run/recent.js';
import { trayMenu } from '../../../src/shell/tray-menu.js';
import { translator } from '../../../src/text/index.js';
import { worldOf } from './a-machine.js';

const t = translator('en');

/** The menu of a world that is read again and again, as compose.ts shows it. */
function watched() {
  const world = worldOf('lab-of-300');
  let sets = 0;
  const kept = new MenuKeeper(() => sets++);
  let uses: Uses = new Map();
  return {
    world,
    tick: async (): Promise<number> => {
      const reading = world.reader.read({ all: false, vms: [] });
      await world.clock.advance(2);
      await reading;
      const machine = world.machine();
      uses = usesOf(machine, [], uses);
      const facts = {
        ...world,
        machine,
        isSimulated: false,
        hasCutShort: false,
        drifts: [],
        isStartOff: false,
        isFailing: false,
        isLeaving: false,
        lastChange: undefined,
      };
      kept.show(trayMenu({ ...facts, busy: new Set<VmRef>(), uses }, t));
      return sets;
    },
    forget: () => kept.forget(),
  };
}

test('while nothing happens the menu is not set again: an open one would be closed under the mouse', async () => {
  const { tick } = watched();
  await tick();
  // The counters tell only the second time in which VMs a hypervisor runs.
  const sets = await tick();
  for (let ticks = 0; ticks < 20; ticks++) expect(await tick()).toBe(sets);
});

test('what changes is shown, once', async () => {
  const { tick, world } = watched();
  await tick();
  const off = world.machine().vms?.find((vm) => vm.state === 'Off' && vm.nesting === false);
  world.simulator.outside.set(off?.id ?? '', { nesting: true });
  expect(await tick()).toBe(2);
  expect(await tick()).toBe(2);
});

test('after a click has turned a tick it is set again, though nothing has changed', async () => {
  const { tick, forget } = watched();
  await tick();
  forget();
  expect(await tick()).toBe(2);
});
