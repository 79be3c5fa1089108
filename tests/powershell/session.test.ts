/** The held session on the real engine: lanes, deadlines, death, secrets, the allow-list. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import type { SessionClock } from '../../src/powershell/session.js';
import { childTransport } from '../../src/powershell/transport.js';
import { isAlive, killedParent } from './killed-parent.js';
import { hasPowerShell } from './runtime.js';
import { behindEngine, guidOf, type Behind } from './world.js';

const at = thisPc;
const list = { cmdlet: 'Get-VM', params: {}, at } as const;
const setNesting = (vm: string, on = true): HostCall => ({
  cmdlet: 'Set-VMProcessor',
  params: { ExposeVirtualizationExtensions: on },
  at,
  on: { vm },
});
const spoof = (vm: string, adapter: string, to: 'On' | 'Off'): HostCall => ({
  cmdlet: 'Set-VMNetworkAdapter',
  params: { MacAddressSpoofing: to },
  at,
  on: { vm, adapter },
});

/** Deadlines that pass when the test says so. */
function handClock(): SessionClock & { readonly pass: () => void } {
  const timers = new Set<() => void>();
  return {
    after(_milliseconds, act) {
      timers.add(act);
      return () => timers.delete(act);
    },
    pass: () => {
      for (const act of [...timers]) act();
    },
  };
}

const open: Behind[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
const world = async (scenario: Parameters<typeof behindEngine>[0] = 'workstation', options = {}): Promise<Behind> => {
  const one = await behindEngine(scenario, options);
  open.push(one);
  return one;
};

describe.skipIf(!(await hasPowerShell()))('a session', () => {
  it('says who it is before the first call: version, language mode, modules, rights', async () => {
    const { session } = await world();
    const { handshake } = session;
    expect(handshake.languageMode).toBe('FullLanguage');
    expect(handshake.pid).toBeGreaterThan(0);
    expect(handshake.shellVersion).toMatch(/^\d+\.\d+/);
    expect(handshake.modules.map(({ name, state }) => [name, state])).toEqual(
      expect.arrayContaining([
        ['Hyper-V', 'loaded'],
        ['CimCmdlets', 'loaded'],
      ]),
    );
    expect(handshake.identity).toMatchObject({ account: 'DEV-PC\\mei', inToken: true, isElevated: false });
  });

  it.each([
    ['no-hyper-v', 'missing'],
    ['module-blocked', 'blocked'],
  ] as const)('tells a module that is %s', async (scenario, state) => {
    const { session } = await world(scenario);
    const hyperV = session.handshake.modules.find(({ name }) => name === 'Hyper-V');
    expect(hyperV).toMatchObject({ name: 'Hyper-V', state });
    expect(hyperV?.record?.id).toBeTruthy();
    const [result] = await session.call([list]);
    expect(result).toMatchObject({ rows: [], errors: [{ kind: `module-${state}` }] });
  });

  it('reads go on while a change of one VM hangs, and so do the changes of another', async () => {
    const { session, simulator } = await world('workstation', { auto: true });
    const [slow, other] = [guidOf(simulator, 'dev-box'), guidOf(simulator, 'k8s-node-2')];
    const release = simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' }, vm: slow });
    const asked = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Set-VMProcessor');
    const stop = new AbortController();
    const hanging = session.call([setNesting(slow)], stop.signal);
    await asked;
    const [read] = await session.call([list]);
    expect('rows' in read && read.rows).toHaveLength(8);
    release();
    const [change] = await session.call([setNesting(other, false)]);
    expect(change).toEqual({ rows: [], errors: [] });
    stop.abort();
    const [cancelled] = await hanging;
    expect(cancelled).toMatchObject({ unknown: true, failure: { kind: 'cancelled' } });
  });

  it('carries out at most four changes at once, and the fifth when one has ended', async () => {
    const { session, simulator } = await world('workstation', { auto: true });
    const vms = [...simulator.world.host.vms.values()].slice(0, 5).map(({ id }) => id);
    // Whichever come first are asked and never answered: they count as long as they are not called off.
    for (const vm of vms) simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' }, vm });
    const begun: string[] = [];
    let heard: () => void = () => undefined;
    const off = simulator.on((event) => {
      if (event.kind !== 'call' || event.request.cmdlet !== 'Set-VMProcessor') return;
      begun.push(vms.find((vm) => JSON.stringify(event.request.parameters).includes(vm)) ?? '');
      heard();
    });
    const count = (many: number): Promise<void> =>
      new Promise((resolve) => {
        heard = () => {
          if (begun.length >= many) resolve();
        };
        heard();
      });
    const stops = new Map(vms.map((vm) => [vm, new AbortController()]));
    const changes = vms.map((vm) => session.call([setNesting(vm)], stops.get(vm)?.signal));
    await count(4);
    // Asked after the fifth change, which had every chance to begin until this is answered.
    await session.call([list]);
    expect(begun).toHaveLength(4);
    stops.get(begun[0] ?? '')?.abort();
    await count(5);
    for (const stop of stops.values()) stop.abort();
    for (const [result] of await Promise.all(changes))
      expect(result).toMatchObject({ unknown: true, failure: { kind: 'cancelled' } });
    off();
  });

  it('is not held up by a shell that floods its error stream, and keeps none of it', async () => {
    const { shell } = await world();
    const flood =
      "$bytes = [Text.Encoding]::ASCII.GetBytes('x' * 65536); $stream = [Console]::OpenStandardError(); foreach ($n in 1..2048) { $stream.Write($bytes, 0, $bytes.Length) }; [Console]::Out.WriteLine('after')\n";
    const transport = childTransport({ ...shell, bootstrap: flood });
    const said = new Promise<string>((resolve) => transport.onLine((line) => line === 'after' && resolve(line)));
    const held = (): number => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = held();
    expect(await said).toBe('after');
    const kept = held() - before;
    transport.end();
    await transport.ended;
    // 128 MB went by. What is not collected yet is far less than half of it; what is kept would be all.
    expect(kept).toBeLessThan(64 * 2 ** 20);
  });

  it('keeps the order of changes of one VM', async () => {
    const { session, simulator } = await world();
    const vm = [...simulator.world.host.vms.values()].find(({ name }) => name === 'dev-box');
    const adapter = vm?.settings.adapters[0]?.id ?? '';
    const id = vm?.id ?? '';
    const wanted = Array.from({ length: 9 }, (_, index) => (index % 2 === 0 ? 'On' : 'Off'));
    const seen: unknown[] = [];
    simulator.on((event) => {
      if (event.kind === 'call' && event.request.cmdlet === 'Set-VMNetworkAdapter')
        seen.push(event.request.parameters['MacAddressSpoofing']);
    });
    await Promise.all(wanted.map((to) => session.call([spoof(id, adapter, to)])));
    expect(seen).toEqual(wanted);
    expect(vm?.settings.adapters[0]?.macSpoofing).toBe('On');
  });

  it('answers by itself when the shell does not keep a deadline: a read is late, a change is unknown', async () => {
    const { simulator, open: openOne } = await world();
    const clock = handClock();
    const session = await openOne({ clock });
    const id = guidOf(simulator, 'dev-box');
    simulator.fault({ cmdlet: 'Get-VMHost', effect: { kind: 'hang' } });
    simulator.fault({ cmdlet: 'Set-VM', effect: { kind: 'hang' } });
    const asked = (cmdlet: string) =>
      simulator.once((event) => event.kind === 'call' && event.request.cmdlet === cmdlet);
    const both = [asked('Get-VMHost'), asked('Set-VM')];
    const read = session.call([{ cmdlet: 'Get-VMHost', params: {}, at }]);
    const change = session.call([{ cmdlet: 'Set-VM', params: { AutomaticStopAction: 'Save' }, at, on: { vm: id } }]);
    await Promise.all(both);
    clock.pass();
    expect(await read).toMatchObject([{ failed: { kind: 'timed-out' } }]);
    expect(await change).toMatchObject([{ unknown: true, failure: { kind: 'timed-out' } }]);
  });

  it('rejects nothing when the shell is killed: reads are lost, a change may have happened, and it is said once', async () => {
    const one = await world();
    const { session, simulator, lost } = one;
    simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'hang' } });
    simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' } });
    const asked = simulator.once((event) => event.kind === 'call');
    const read = session.call([list]);
    await asked;
    process.kill(session.pid ?? 0, 'SIGKILL');
    expect(await read).toMatchObject([{ failed: { kind: 'session-lost' } }]);
    expect(await session.call([list])).toMatchObject([{ failed: { kind: 'session-lost' } }]);
    expect(lost).toEqual(['session-lost']);
    // The next one is as good as the first.
    const again = await behindEngine('workstation');
    open.push(again);
    const [good] = await again.session.call([list]);
    expect('rows' in good && good.rows).toHaveLength(8);
  });

  it('says a change that was under way when the shell died as unknown', async () => {
    const { session, simulator } = await world();
    const id = guidOf(simulator, 'dev-box');
    simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' } });
    const asked = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Set-VMProcessor');
    const change = session.call([setNesting(id)]);
    await asked;
    process.kill(session.pid ?? 0, 'SIGKILL');
    expect(await change).toMatchObject([{ unknown: true, failure: { kind: 'session-lost' } }]);
  });

  it('runs nothing that is not in the catalog, not even as part of a batch', async () => {
    const { session, simulator } = await world();
    const id = guidOf(simulator, 'dev-box');
    let changes = 0;
    simulator.on(({ kind, request }: { kind: string; request?: { cmdlet: string } }) => {
      if (kind === 'call' && !request?.cmdlet.startsWith('Get-')) changes++;
    });
    const hostile = [
      [{ cmdlet: 'Get-VM', params: { ComputerName: 'x' }, at }],
      [{ cmdlet: 'Get-VM', params: { ErrorAction: 'Stop' }, at }],
      [setNesting(id), { cmdlet: 'Set-VM', params: { Passthru: true }, at, on: { vm: id } }],
      [{ cmdlet: 'Stop-VM', params: { Force: true }, at, on: { vm: id } }],
    ] as unknown as HostCall[][];
    for (const calls of hostile) {
      const results = await session.call(calls);
      expect(results.some((result) => 'rows' in result)).toBe(false);
      expect(results).toContainEqual(
        expect.objectContaining({ failed: expect.objectContaining({ kind: 'invalid-argument' }) as unknown }),
      );
    }
    expect(changes).toBe(0);
  });

  it('carries any name through unchanged', async () => {
    const { session, simulator } = await world('hostile-names');
    const [result] = await session.call([list]);
    const names = new Set([...simulator.world.host.vms.values()].map(({ name }) => name));
    expect(new Set('rows' in result ? result.rows.map(({ Name }) => Name) : [])).toEqual(names);
  });

  it('leaves when it is closed, and within two seconds when its parent is killed', async () => {
    const { session, simulator, shell } = await world();
    const pid = session.pid ?? 0;
    await session.close();
    expect(isAlive(pid)).toBe(false);

    expect(await killedParent(shell)).toEqual({ before: true, after: false });
    expect(simulator.world.host.vms.size).toBe(8);
  });
});
