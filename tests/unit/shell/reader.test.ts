import { describe, expect, test } from 'vitest';
import { isEmpty } from '../../../src/core/diff.js';
import { readWorld, worldOf, type ReadWorld } from './a-machine.js';

const nothing = { all: false, vms: [] } as const;

/** The cmdlets that Windows is asked to run from now on. */
function asked({ simulator }: ReadWorld): string[] {
  const names: string[] = [];
  simulator.on((event) => {
    if (event.kind === 'call') names.push(event.request.cmdlet);
  });
  return names;
}

/** Moves the simulated time until it is done. */
async function passing<T>(world: ReadWorld, work: Promise<T>): Promise<T> {
  await world.clock.advance(1);
  return await work;
}

test('the first reading knows every VM, without a call for each', async () => {
  const world = worldOf('lab-of-500');
  const names = asked(world);
  await passing(world, world.reader.read(nothing));
  expect(world.machine().vms).toHaveLength(500);
  expect(names.length).toBeLessThan(20);
});

test('where nothing has changed a tick is one query, and the window is told no more than the time', async () => {
  const world = await readWorld('empty');
  const names = asked(world);
  await passing(world, world.reader.read(nothing));
  expect(names).toEqual(['Get-CimInstance']);
  const last = world.readings.at(-1);
  expect(last && isEmpty(last.patch)).toBe(true);
});

test('what somebody else has changed is read in full, and nothing else is', async () => {
  const world = await readWorld();
  await world.clock.advance(5);
  await passing(world, world.reader.read(nothing)); // the second sample, which tells what runs inside
  const { id } = world.vm('dev-box');
  world.simulator.outside.set(id, { nesting: true });
  await passing(world, world.reader.read(nothing));
  expect(world.vm('dev-box').nesting).toBe(true);
  expect(world.readings.at(-1)?.patch.changed?.map((vm) => vm.id)).toEqual([id]);
});

test('a VM that came, went or was renamed is noticed', async () => {
  const world = await readWorld();
  await world.clock.advance(5);
  world.simulator.outside.remove(world.vm('k8s-node-2').id);
  world.simulator.outside.rename(world.vm('dev-box').id, 'renamed');
  await passing(world, world.reader.read(nothing));
  const names = world.machine().vms?.map(({ name }) => name);
  expect(names).toContain('renamed');
  expect(names).not.toContain('k8s-node-2');
});

test('a hypervisor inside is known soon after the start, not only after ten minutes', async () => {
  const world = await readWorld();
  expect(world.vm('构建机').inside).toBe('unknown');
  await world.clock.advance(2);
  await passing(world, world.reader.read(nothing));
  expect(world.vm('构建机').inside).toBe('probably');
});

test('after ten minutes everything is read again', async () => {
  const world = await readWorld();
  await world.clock.advance(600);
  const names = asked(world);
  await passing(world, world.reader.read(nothing));
  expect(names).toContain('Get-VMHost');
});

test('a VM that could not be read is tried again with the next tick', async () => {
  const world = await readWorld();
  await world.clock.advance(5);
  const { id } = world.vm('dev-box');
  world.simulator.outside.set(id, { nesting: true });
  const mend = world.simulator.fault({
    cmdlet: 'Get-VM',
    effect: { kind: 'error', error: 'access-denied' },
    onwards: true,
  });
  await passing(world, world.reader.read(nothing));
  expect(world.vm('dev-box').nesting).toBe(false);
  mend();
  await passing(world, world.reader.read(nothing));
  expect(world.vm('dev-box').nesting).toBe(true);
});

describe('a session that is gone', () => {
  test('leaves what was known as it was, and is heard as no news', async () => {
    const world = await readWorld();
    const before = world.machine();
    await world.host.close();
    await passing(world, world.reader.read({ all: true, vms: [] }));
    expect(world.machine()).toBe(before);
    expect(world.readings).toHaveLength(1);
  });

  test('is answered as a failure to who wants a VM now', async () => {
    const world = await readWorld();
    await world.host.close();
    expect(await passing(world, world.reader.readVms([world.vm('dev-box').id]))).toHaveProperty('kind');
  });
});

test('a VM read before a change goes into what all others see', async () => {
  const world = await readWorld();
  const { id } = world.vm('dev-box');
  world.simulator.outside.set(id, { nesting: true });
  const read = await passing(world, world.reader.readVms([id]));
  expect(read).toEqual([expect.objectContaining({ id, nesting: true })]);
  expect(world.vm('dev-box').nesting).toBe(true);
});
