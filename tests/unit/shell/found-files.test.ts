/** Which of the disks that are found a VM uses: asked only where it matters, and not known where it cannot be read. */
import { expect, test } from 'vitest';
import type { FoundFiles } from '../../../src/core/machine/files.js';
import { foundFiles } from '../../../src/shell/found-files.js';
import { scenarioWorld } from '../core/run-world.js';

const size = 2 ** 30;
const used = 'C:\\VMs\\used.vhdx';
const free = 'C:\\VMs\\free.vhdx';
const found: FoundFiles = { isos: [], disks: [used, free].map((path) => ({ path, size })) };
const place = {
  files: { find: () => Promise.resolve(found), look: () => Promise.resolve(new Map<string, never>()) },
  downloads: () => undefined,
};

async function pcWithDisk() {
  const pc = scenarioWorld('workstation');
  const id = pc.id('dev-box');
  pc.simulator.outside.set(id, { disks: [used.toUpperCase()] });
  return { pc, machine: await pc.read() };
}

test('the disk of a VM is told from one that is nobody’s, whatever the case of its path', async () => {
  const { pc, machine } = await pcWithDisk();
  const { disks } = await foundFiles(place, machine, pc.host, { uses: true });
  expect(disks).toEqual([
    { path: used, size, isUsed: true },
    { path: free, size, isUsed: false },
  ]);
});

test('no VM is asked where nobody wants to know, and nothing is said where none could be', async () => {
  const { pc, machine } = await pcWithDisk();
  const silent = { call: () => Promise.reject(new Error('asked')) };
  expect(await foundFiles(place, machine, silent, { uses: false })).toEqual(found);
  expect(await foundFiles(place, null, silent, { uses: true })).toEqual(found);
  const refused = { call: (calls: readonly unknown[]) => Promise.resolve(calls.map(() => ({ failed: { kind: 'access-denied' } }))) }; // prettier-ignore
  expect(await foundFiles(place, machine, refused as never, { uses: true })).toEqual(found);
  expect(pc.id('dev-box')).toBeTruthy();
});
