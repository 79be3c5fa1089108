/**
 * Inside a Windows guest with Hyper-V and a VM in it: the one that guest.ps1 has made on this Windows (HYPERNEST_LIVE=1), or one of the
 * simulated workstation. What it shows on real Windows is in docs/live.md.
 */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { vmIn, type VmRef } from '../../src/core/cmdlets/ref.js';
import { networkWant } from '../../src/core/network/resolve.js';
import { vmAt } from '../../src/core/machine/tree.js';
import { samplesOf } from '../../src/core/machine/running-inside.js';
import { readyOf } from '../pc.js';
import { liveDuring } from './suite.js';
import { hasTarget, isLive } from './target.js';

const guestSchema = z.object({ vm: z.string(), userName: z.string(), password: z.string() });
const guest = guestSchema.parse(
  isLive
    ? JSON.parse(fs.readFileSync(path.resolve('.cache', 'live-guest.json'), 'utf8'))
    : { vm: '构建机', userName: 'builder', password: 'build-01' },
);
const { vm: name, ...account } = guest;

describe.skipIf(!(await hasTarget()))('a Windows guest', () => {
  const live = liveDuring('guest');
  const at = (): VmRef => live().pc.ref(name);
  beforeAll(async () => {
    const { pc, recorder } = live();
    recorder.hide(guest.userName);
    await pc.read();
  });

  it('refuses a wrong password by an error that is understood', async () => {
    const { pc, recorder } = live();
    pc.accounts.set(at(), { ...account, password: 'not the password' });
    const answer = await pc.reader.readGuest(at(), { roles: false });
    recorder.found('a wrong password', 'kind' in answer ? (answer.record?.id ?? answer.kind) : 'let in');
    expect(answer).toMatchObject({ kind: 'credential-refused' });
    pc.accounts.delete(at());
  });

  it('is entered by its account, with what is inside it and its VMs', async () => {
    const { pc } = live();
    const inside = await pc.enter(at(), account);
    expect(inside.inside?.roles['hyper-v']).toBe('Enabled');
    expect(inside.vms?.length).toBeGreaterThan(0);
  });

  it('runs a hypervisor for certain, and enters its VMs: three levels', async () => {
    const { pc, ask, target } = live();
    await pc.readInside();
    expect(vmAt(pc.reader.machine, at())).toMatchObject({ inside: 'certainly' });
    const entries = async (): Promise<bigint> => {
      const counted = samplesOf(await ask('Get-CimInstance/HyperVHypervisorVirtualProcessor', {}), 0);
      return counted?.sums.get(name) ?? 0n;
    };
    const first = await entries();
    await target.time.wait(5);
    expect((await entries()) - first).toBeGreaterThan(0n);
  });

  it('gets a network for its VMs, and is as it was when that is undone', async () => {
    const { pc } = live();
    const root = await pc.readInside();
    const vm = vmAt(root, at());
    const [nested] = (vm?.guest?.vms ?? []).filter(({ adapters }) => (adapters ?? []).length > 0);
    const [adapter] = nested?.adapters ?? [];
    if (!vm || !nested || !adapter) throw new Error('no VM with an adapter inside');
    const network = networkWant(root, vm, 'nat', [{ vm: nested, adapter }]);
    if (!network) throw new Error('no network to be had');
    const record = await pc.run(await pc.ready(name, { network }, ['interrupt-guest-network']));
    expect(record.outcome).toBe('done');
    const made = vmAt(await pc.readInside(), vmIn(at(), nested.id));
    expect(made?.adapters?.[0]?.switchName).toBe('switchName' in network ? network.switchName : '');
    const undo = await pc.run(readyOf(await pc.undoPlan({ record })));
    expect(undo.outcome).toBe('done');
    const after = vmAt(await pc.readInside(), vmIn(at(), nested.id));
    expect(after?.adapters?.[0]?.switchId).toBe(adapter.switchId);
  });
});
