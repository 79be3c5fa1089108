/** Other PCs of this PC: what is kept for one goes with it, and this PC is none of them. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Host } from '../../../src/core/cmdlets/call.js';
import { textOf, type HostId } from '../../../src/core/cmdlets/ref.js';
import { HostsBeside } from '../../../simulator/hosts-beside.js';
import { HostPlaces } from '../../../src/host-places.js';
import { openPlace } from '../../../src/places.js';
import { machineOf } from '../../../src/powershell/host-test.js';
import { defaultSettings } from '../../../src/shell/settings.js';

vi.mock('electron', () => ({ default: {} }));

interface Open {
  follow: () => Promise<void>;
  world: { connection: Pick<Host, 'call'> } | undefined;
  worlds: { place: { at: HostId }; runs: { isBusy: boolean } }[];
}

async function places() {
  const userData = await mkdtemp(path.join(tmpdir(), 'hypernest-hosts-'));
  onTestFinished(() => rm(userData, { recursive: true }));
  const placing = {
    settings: defaultSettings,
    scenario: 'lab-of-3-hosts',
    speed: 1,
    userData,
    engine: undefined,
    owner: () => undefined,
    downloads: () => tmpdir(),
  };
  const open: Open = { follow: () => Promise.resolve(), world: undefined, worlds: [] };
  const hosts = new HostPlaces({
    placing: () => placing,
    file: { hosts: [], keepHosts: () => undefined },
    hosts: () => open,
    send: () => undefined,
  });
  return { hosts, userData, placing, open };
}

test('passwords that are kept for the VMs of a host are deleted with it; those of others stay', async () => {
  const { hosts, userData } = await places();
  const [first, second] = hosts.known;
  if (!first || !second) throw new Error('no hosts');
  const folder = path.join(userData, 'accounts');
  await mkdir(folder);
  for (const host of [first, second]) {
    const place = await hosts.open(host);
    await writeFile(path.join(folder, `${path.basename(place.journal)}.json`), '{}');
    await place.close();
  }
  expect(await hosts.book.remove(first.id)).toEqual({ kind: 'removed' });
  expect(await readdir(folder)).toEqual([`simulated-lab-of-3-hosts-${textOf(second.id)}.json`]);
  expect(await hosts.book.remove(second.id)).toEqual({ kind: 'removed' });
  expect(await readdir(folder)).toEqual([]);
});

test('a host stays while a change is under way on it; one on another host does not matter', async () => {
  const { hosts, open } = await places();
  const [first, second] = hosts.known;
  if (!first || !second) throw new Error('no hosts');
  open.worlds = [
    { place: { at: first.id }, runs: { isBusy: true } },
    { place: { at: second.id }, runs: { isBusy: false } },
  ];
  expect(await hosts.book.remove(first.id)).toEqual({ kind: 'busy' });
  expect(await hosts.book.remove(second.id)).toEqual({ kind: 'removed' });
  expect(hosts.known.map(({ id }) => id)).toContain(first.id);
});

test('this PC is none of its hosts, by whatever name it is reached', async () => {
  const { hosts, placing, open } = await places();
  const place = await openPlace(placing);
  const here = await place.open({ elevated: false, lost: () => undefined, credentials: () => undefined });
  open.world = { connection: here };
  const machine = await machineOf(here);
  if (!('id' in machine)) throw new Error(machine.kind);
  vi.spyOn(HostsBeside.prototype, 'test').mockResolvedValue({ passed: [], machine });
  await hosts.book.test('admin@localhost', undefined);
  expect(await hosts.book.add('admin@localhost', 'x')).toEqual({ kind: 'this-pc' });
  await here.close();
  await place.close();
});
