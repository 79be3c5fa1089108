/** A guest that hangs again and again, on the real engine: what it may take of this PC is bounded, and given back. */
import { vmIn, thisPc, type MachineRef } from '../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallResult } from '../../src/core/cmdlets/call.js';
import { guests } from './guests.js';
import { hasPowerShell } from './runtime.js';
import { behindEngine, type Behind } from './world.js';

const open: Behind[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

async function entered(options?: { readonly auto: boolean }) {
  const made = guests(options);
  const behind = await behindEngine(made.simulator, { credentials: made.credentials });
  open.push(behind);
  const { session } = behind;
  const { simulator } = made;
  const at: MachineRef = vmIn(thisPc, made.l1.id);
  /** Asks the guest, and gives up as soon as it hangs. */
  const hang = async (): Promise<CallResult> => {
    const stop = new AbortController();
    const call = session.call([system(at)], stop.signal);
    const begun = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Get-CimInstance');
    await Promise.race([begun, call]);
    stop.abort();
    const [result] = await call;
    return result;
  };
  return { ...made, behind, session, at, hang };
}

const system = (at: MachineRef) => ({ cmdlet: 'Get-CimInstance/Win32_ComputerSystem', params: {}, at }) as const;
const hostOf = { cmdlet: 'Get-VMHost', params: {}, at: thisPc } as const;

/** What a process takes; undefined where the system does not say. */
function taken(pid: number | undefined) {
  const status = fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const number = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  const children = fs.readdirSync(`/proc/${String(pid)}/task`).flatMap((task) =>
    fs
      .readFileSync(`/proc/${String(pid)}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean),
  );
  return { megabytes: Math.round(number('VmRSS') / 1024), threads: number('Threads'), processes: 1 + children.length };
}

describe.skipIf(!(await hasPowerShell()))('a guest that hangs', () => {
  it.skipIf(process.platform !== 'linux')('takes no more after 100 calls than after two', async () => {
    const { session, simulator, behind, at, hang } = await entered();
    await session.call([system(at)]);
    // What the engine compiles and keeps for itself is not what is measured.
    for (let calls = 1; calls <= 200; calls++) await session.call([hostOf]);
    simulator.fault({ cmdlet: 'Get-CimInstance', onwards: true, effect: { kind: 'hang' } });
    const kinds: string[] = [];
    const figures = [taken(session.pid)];
    for (let calls = 1; calls <= 100; calls++) {
      const result = await hang();
      kinds.push('failed' in result ? result.failed.kind : 'answered');
      expect(await session.call([hostOf])).toMatchObject([{ rows: [{}] }]);
      if (calls === 2 || calls === 10 || calls === 100) figures.push(taken(session.pid));
    }
    const [before, , ten, hundred] = figures;
    console.info('a guest that hangs, before, after 2, 10 and 100 calls:', JSON.stringify(figures));
    expect(kinds.slice(0, 3)).toEqual(['cancelled', 'cancelled', 'guest-busy']);
    expect(new Set(kinds.slice(2))).toEqual(new Set(['guest-busy']));
    expect(hundred?.processes).toBe(before?.processes);
    // A lane is a thread or two and some megabytes; a hundred of them would be far beyond this.
    expect((hundred?.threads ?? Infinity) - (ten?.threads ?? 0)).toBeLessThan(20);
    expect((hundred?.megabytes ?? Infinity) - (ten?.megabytes ?? 0)).toBeLessThan(100);
    expect(behind.lost).toEqual([]);
  });

  it('is asked again as soon as a call of it has ended', async () => {
    const { session, simulator, clock, behind, at, hang, machine } = await entered({ auto: false });
    await session.call([system(at)]);
    const takeBack = simulator.fault({
      cmdlet: 'Get-CimInstance',
      onwards: true,
      effect: { kind: 'slow', seconds: 3600 },
    });
    for (const kind of ['cancelled', 'cancelled', 'guest-busy'])
      expect(await hang()).toMatchObject({ failed: { kind } });
    takeBack();
    await clock.advance(3601);
    for (;;) {
      const [result] = await session.call([system(at)]);
      if ('rows' in result) {
        expect(result.rows[0]?.Name).toBe(machine.name);
        break;
      }
      expect(result).toMatchObject({ failed: { kind: 'guest-busy' } });
    }
    expect(behind.lost).toEqual([]);
  });

  it('refuses what waits behind two that hang, and never its neighbours', async () => {
    const { session, simulator, at, l2, hang } = await entered();
    const takeBack = simulator.fault({ cmdlet: 'Get-CimInstance', onwards: true, effect: { kind: 'hang' } });
    await hang();
    const stop = new AbortController();
    const begun = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Get-CimInstance');
    const second = session.call([system(at)], stop.signal);
    const waiting = [session.call([system(at)]), session.call([system(at)])];
    await begun;
    stop.abort();
    expect(await second).toMatchObject([{ failed: { kind: 'cancelled' } }]);
    for (const one of waiting) expect(await one).toMatchObject([{ failed: { kind: 'guest-busy' } }]);
    takeBack();
    expect(await session.call([system(vmIn(at, l2.id))])).toMatchObject([{ rows: [{ Name: 'RUNNER-W' }] }]);
  });
});
