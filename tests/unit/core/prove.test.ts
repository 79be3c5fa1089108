/** The test of a network on simulated PCs: which hop fails, why, and what mends it. */
import { vmIn, thisPc, type MachineRef } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { networkWant } from '../../../src/core/network/resolve.js';
import type { Host } from '../../../src/core/cmdlets/call.js';
import type { Consent, Goal } from '../../../src/core/machine/goal.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import type { Proof } from '../../../src/core/network/proof.js';
import { prove } from '../../../src/core/network/prove.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { readyOf, scenarioWorld, type RunWorld } from './run-world.js';
import { guid, machineOf, vmOf } from './worlds.js';

const consents: readonly Consent[] = ['shut-down', 'interrupt-guest-network'];

interface Tried {
  readonly pc: RunWorld;
  /** Makes the network of that kind for the Windows VM inside. */
  readonly make: (kind: 'nat' | 'external' | 'default-switch') => Promise<void>;
  readonly proof: (how?: {
    readonly signal?: AbortSignal;
    readonly heard?: (proof: Proof) => void;
    readonly enter?: boolean;
  }) => Promise<Proof>;
  readonly fix: (goal: Goal) => Promise<void>;
}

async function labOn(name: ScenarioName): Promise<Tried> {
  const pc = scenarioWorld(name);
  const l1 = pc.id('lab');
  await pc.enter(vmIn(thisPc, l1), { userName: 'dev', password: 'lab' });
  const win = vmAt(pc.reader.machine, vmIn(thisPc, l1))?.guest?.vms?.find((vm) => vm.name === 'lab-win')?.id ?? '';
  await pc.enter(vmIn(vmIn(thisPc, l1), win), { userName: 'dev', password: 'lab-win' });
  const now = async () => {
    const root = await pc.readInside();
    const outer = vmAt(root, vmIn(thisPc, l1));
    const inner = vmAt(root, vmIn(vmIn(thisPc, l1), win));
    if (!outer || !inner) throw new Error('not read');
    return { root, l1: outer, l2: inner };
  };
  return {
    pc,
    async make(kind) {
      const { root, l1: outer, l2 } = await now();
      const [adapter] = l2.adapters ?? [];
      const network = adapter && networkWant(root, outer, kind, [{ vm: l2, adapter }]);
      if (network) await pc.do('lab', { network }, consents);
    },
    async proof({ signal = new AbortController().signal, heard = () => undefined, enter = true } = {}) {
      const { clock } = pc.simulator;
      return prove(
        { ...(await now()), at: vmIn(thisPc, l1), canEnter: enter },
        { host: pc.host, now: () => clock.now(), date: () => new Date(clock.now()), heard, signal },
      );
    },
    async fix(goal) {
      if (goal.kind !== 'vms') throw new Error('no goal for VMs');
      const plan = readyOf(await pc.planGoal({ ...goal, consents }));
      expect((await pc.carryOut(plan)).outcome).toBe('done');
    },
  };
}

const states = ({ hops }: Proof): string => hops.map(({ state }) => state).join(' ');

describe('a network that works', () => {
  it.each<[ScenarioName, 'nat' | 'external' | 'default-switch']>([
    ['wifi-laptop', 'nat'],
    ['wifi-laptop', 'default-switch'],
    ['server-l1', 'external'],
    ['server-l1', 'nat'],
    ['vpn-overlap', 'nat'],
  ])('on %s by %s is reached hop by hop, from inside the nested VM', async (name, kind) => {
    const lab = await labOn(name);
    await lab.make(kind);
    const proof = await lab.proof();
    expect([states(proof), proof.from, proof.state]).toEqual(['reached reached reached reached', 'lab-win', 'done']);
    expect(proof.hops.every(({ tried, milliseconds }) => tried !== undefined && milliseconds !== undefined)).toBe(true);
  });

  it('behind a gateway that answers no ping is not called broken', async () => {
    const lab = await labOn('cloud-host');
    await lab.make('nat');
    expect(states(await lab.proof({ enter: false }))).toBe('reached reached reached reached');
  });
});

describe('a network that does not', () => {
  it('says that the adapter is not connected, and connecting it mends it', async () => {
    const lab = await labOn('server-l1');
    const proof = await lab.proof();
    expect(states(proof)).toBe('failed not-tried not-tried not-tried');
    expect(proof.hops[0]).toMatchObject({ cause: { key: 'proof.notConnected' } });
    const { fix } = proof.hops[0] ?? {};
    if (!fix) throw new Error('nothing is offered');
    await lab.fix(fix);
    expect(states(await lab.proof())).toBe('reached reached reached reached');
  });

  it('says that spoofing is off under an external switch, and turning it on mends it', async () => {
    const lab = await labOn('server-l1');
    await lab.make('external');
    const [adapter] = lab.pc.simulator.outside.vm('lab').settings.adapters;
    if (!adapter) throw new Error('no adapter');
    lab.pc.simulator.outside.set(lab.pc.id('lab'), { adapters: [{ ...adapter, macSpoofing: 'Off' }] });
    const proof = await lab.proof();
    const failed = proof.hops.find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ cause: { key: 'proof.spoofingOff' } });
    if (!failed?.fix) throw new Error('nothing is offered');
    await lab.fix(failed.fix);
    expect(states(await lab.proof())).toBe('reached reached reached reached');
  });

  it('over Wi-Fi with frames of another sender reaches nothing', async () => {
    const lab = await labOn('wifi-laptop');
    await lab.make('external');
    expect(states(await lab.proof())).not.toBe('reached reached reached reached');
  });
});

describe('a test', () => {
  it('is told hop by hop and can be stopped at any moment: what was not tried is said so', async () => {
    const lab = await labOn('server-l1');
    await lab.make('nat');
    for (let hops = 0; hops < 4; hops++) {
      const stop = new AbortController();
      let tried = 0;
      const proof = await lab.proof({
        signal: stop.signal,
        heard: (now) => {
          if (now.hops.some(({ state }) => state === 'trying') && tried++ === hops) stop.abort();
        },
      });
      expect(proof.state).toBe('stopped');
      expect(proof.hops.map(({ state }) => state)).not.toContain('trying');
      expect(proof.hops.map(({ state }) => state)).not.toContain('waiting');
    }
  });

  it('stands in L1 where the nested VM cannot be entered', async () => {
    const lab = await labOn('server-l1');
    const proof = await lab.proof({ enter: false });
    expect([proof.from, proof.vm, states(proof)]).toEqual(['lab', null, 'reached reached reached reached']);
  });

  it.each([true, false])('asks the machine that it is about, however deep that is in this PC', async (canEnter) => {
    const at = vmIn(vmIn(thisPc, guid(1)), guid(2));
    const asked = new Set<MachineRef>();
    const host: Pick<Host, 'call'> = {
      call: (calls) => {
        for (const call of calls) asked.add(call.at);
        return Promise.resolve(calls.map(() => ({ rows: [], errors: [] }))) as never;
      },
    };
    const deps = {
      host,
      now: () => 0,
      date: () => new Date(0),
      heard: () => undefined,
      signal: new AbortController().signal,
    };
    const proof = await prove({ root: machineOf({}), at, l1: vmOf(2), l2: vmOf(3), canEnter }, deps);
    const inner = vmIn(at, guid(3));
    expect([proof.at, proof.vm, [...asked]]).toEqual([at, canEnter ? inner : null, [canEnter ? inner : at]]);
  });

  it('whose account is refused says so at the first hop', async () => {
    const lab = await labOn('server-l1');
    for (const [path] of lab.pc.accounts) lab.pc.accounts.set(path, { userName: 'dev', password: 'wrong' });
    const proof = await lab.proof();
    expect(proof.hops[0]).toMatchObject({ state: 'failed', failure: { kind: 'credential-refused' } });
  });
});
