/** What a session does with a shell that writes noise, torn lines or another shape, and with calls that are called off. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import { openSession } from '../../src/powershell/session.js';
import type { Transport, TransportEnd } from '../../src/powershell/transport.js';
import { hasPowerShell } from './runtime.js';
import { behindEngine, guidOf, type Behind } from './world.js';

const at = thisPc;
const list = { cmdlet: 'Get-VMHost', params: {}, at } as const;
const vm = '0f3c2d1e-5a6b-4c7d-8e9f-001122334455';
const change: HostCall = { cmdlet: 'Set-VM', params: { AutomaticStopAction: 'Save' }, at, on: { vm } };
const ready = {
  id: 0,
  ok: true,
  ready: { psVersion: '5.1', edition: 'Desktop', languageMode: 'FullLanguage', pid: 1, modules: [], identity: null },
};
const good = (id: number) => ({ id, ok: true, results: [{ rows: [['PC', 8, 1, ['10.0']]], errors: [] }] });

/** A shell that answers each request with the lines that the test says. */
function scripted(answer: (id: number) => readonly string[]): Transport {
  const listeners: ((line: string) => void)[] = [];
  const say = (lines: readonly string[]) =>
    queueMicrotask(() => lines.forEach((line) => listeners.forEach((to) => to(line))));
  let end: (how: TransportEnd) => void = () => undefined;
  const ended = new Promise<TransportEnd>((resolve) => (end = resolve));
  return {
    pid: 1,
    onLine(listener) {
      listeners.push(listener);
      say(['WARNING: a profile says hello', '{"id":', '{"id":"x"}', JSON.stringify(ready)]);
    },
    write(line) {
      say(answer(Number(line.split(' ')[1])));
    },
    onSaid: () => undefined,
    ended,
    end: () => end({ by: 'exit', code: '0' }),
    kill: () => end({ by: 'signal', code: 'SIGKILL' }),
  };
}

describe('a session with a shell that', () => {
  it('writes noise between its replies is not misled by it', async () => {
    const session = await openSession({
      transport: scripted((id) => ['noise', '{"id":4711,"ok":true}', '{torn', JSON.stringify(good(id))]),
    });
    const [result] = await session.call([list]);
    expect(result).toMatchObject({ rows: [{ Name: 'PC', LogicalProcessorCount: 8 }] });
    await session.close();
  });

  it('writes a row that is no array is not believed: a read failed, a change may have happened', async () => {
    const bad = (id: number) => [
      JSON.stringify({ id, ok: true, results: [{ rows: { value: [1], Count: 1 }, errors: [] }] }),
    ];
    const session = await openSession({ transport: scripted(bad) });
    expect(await session.call([list])).toMatchObject([{ failed: { kind: 'unexpected' } }]);
    expect(await session.call([change])).toMatchObject([{ unknown: true, failure: { kind: 'unexpected' } }]);
    await session.close();
  });

  it('gives a value of another type is not believed for that value', async () => {
    const odd = (id: number) => [
      JSON.stringify({ id, ok: true, results: [{ rows: [['PC', 'many', null, ['10.0']]], errors: [] }] }),
    ];
    const session = await openSession({ transport: scripted(odd) });
    const [result] = await session.call([list]);
    expect(result).toMatchObject({ rows: [{ Name: 'PC', SupportedVmVersions: ['10.0'] }] });
    expect('rows' in result && [result.rows[0]?.LogicalProcessorCount, result.rows[0]?.MemoryCapacity]).toEqual([
      undefined,
      undefined,
    ]);
    await session.close();
  });

  it('is no bridge at all is told from one that is ready', async () => {
    const transport = {
      ...scripted(() => []),
      onLine: (listener: (line: string) => void) => listener('{"id":0,"ok":true}'),
    };
    await expect(openSession({ transport })).rejects.toMatchObject({
      failure: { kind: 'session-lost', shell: { how: 'not-understood' } },
    });
  });
});

const open: Behind[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

describe.skipIf(!(await hasPowerShell()))('a call that is called off', () => {
  it('never runs when it was waiting for its turn, and the lane goes on', async () => {
    const behind = await behindEngine('workstation');
    open.push(behind);
    const { session, simulator } = behind;
    const id = guidOf(simulator, 'dev-box');
    const ran: unknown[] = [];
    simulator.on((event) => {
      if (event.kind === 'call' && event.request.cmdlet === 'Set-VM')
        ran.push(event.request.parameters['AutomaticStopAction']);
    });
    const set = (action: 'Save' | 'ShutDown' | 'TurnOff'): HostCall => ({
      ...change,
      params: { AutomaticStopAction: action },
      on: { vm: id },
    });
    const release = simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' }, vm: id });
    const asked = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Set-VMProcessor');
    const [first, second] = [new AbortController(), new AbortController()];
    const hanging = session.call(
      [{ cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions: true }, at, on: { vm: id } }],
      first.signal,
    );
    await asked;
    const queued = session.call([set('TurnOff')], second.signal);
    second.abort();
    expect(await queued).toMatchObject([{ failed: { kind: 'cancelled' } }]);
    // What is under way may have happened: only reading it again tells.
    first.abort();
    expect(await hanging).toMatchObject([{ unknown: true, failure: { kind: 'cancelled' } }]);
    release();
    expect(await session.call([set('ShutDown')])).toEqual([{ rows: [], errors: [] }]);
    expect(ran).toEqual(['ShutDown']);
  });

  it('is answered at once when it only reads', async () => {
    const behind = await behindEngine('workstation');
    open.push(behind);
    const { session, simulator } = behind;
    const release = simulator.fault({ cmdlet: 'Get-VMHost', effect: { kind: 'hang' } });
    const asked = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Get-VMHost');
    const stop = new AbortController();
    const read = session.call([list], stop.signal);
    await asked;
    stop.abort();
    expect(await read).toMatchObject([{ failed: { kind: 'cancelled' } }]);
    release();
    expect(await session.call([list])).toMatchObject([
      { rows: [{ LogicalProcessorCount: expect.any(Number) as number }] },
    ]);
  });
});
