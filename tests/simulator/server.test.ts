import { statSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { serveSimulator, type SimulatorServer } from '../../simulator/server.js';
import type { WireReply } from '../../simulator/wire.js';
import { scenario } from './world.js';

const open: { readonly server?: SimulatorServer; readonly socket?: net.Socket }[] = [];
afterEach(async () => {
  for (const { server, socket } of open.splice(0)) {
    socket?.destroy();
    await server?.close();
  }
});

async function serve(name: Parameters<typeof scenario>[0] = 'workstation') {
  const simulator = scenario(name);
  let died = 0;
  const server = await serveSimulator(simulator, { onDied: () => (died += 1) });
  open.push({ server });
  const connect = async () => {
    const socket = net.connect(process.platform === 'win32' ? `\\\\.\\pipe\\${server.address}` : server.address);
    open.push({ socket });
    await once(socket, 'connect');
    return lines(socket);
  };
  return { simulator, server, connect, died: () => died };
}

function lines(socket: net.Socket) {
  const replies: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const next = waiting.shift();
      if (next) next(part);
      else replies.push(part);
    }
  });
  const next = () =>
    new Promise<string>((resolve) => {
      const ready = replies.shift();
      if (ready === undefined) waiting.push(resolve);
      else resolve(ready);
    });
  const ask = async (cmdlet: string, parameters: object = {}): Promise<WireReply> => {
    socket.write(`${JSON.stringify({ machine: '', elevated: false, cmdlet, parameters })}\n`);
    return JSON.parse(await next()) as WireReply;
  };
  return { socket, next, ask };
}

describe('the pipe to the simulated modules', () => {
  it('answers each line with a line, in turn, for many connections at once', async () => {
    const { connect, simulator } = await serve();
    const connections = await Promise.all(Array.from({ length: 5 }, connect));
    const slow = simulator.outside.vm('dev-box');
    const [first] = connections;
    first?.socket.write(
      `${JSON.stringify({ machine: '', elevated: false, cmdlet: 'Start-VM', parameters: { VM: { $ref: { type: 'VirtualMachine', id: slow.id } } } })}\n`,
    );
    const state = first?.ask('Get-VM', { Id: slow.id });
    for (const { ask } of connections.slice(1)) expect((await ask('Get-VM')).rows).toHaveLength(8);
    // The start is answered first; only then is the question behind it looked at.
    expect((await state)?.rows).toEqual([]);
    expect(await first?.next()).toContain('"State":"Running"');
  });

  it.skipIf(process.platform === 'win32')('is for this user only', async () => {
    const { server } = await serve();
    expect(statSync(server.address).mode & 0o777).toBe(0o600);
  });

  it('refuses what is no request, and goes on', async () => {
    const { connect } = await serve();
    const { socket, next, ask } = await connect();
    socket.write('hello\n');
    expect(JSON.parse(await next())).toMatchObject({ rows: [], errors: [{ id: 'NotSupported' }] });
    expect((await ask('Get-VM', { Name: 'dev-box' })).rows).toMatchObject([{ Name: 'dev-box' }]);
  });

  it('lets another user act meanwhile, and says what cannot be done', async () => {
    const { connect, simulator } = await serve();
    const { ask } = await connect();
    const act = (given: Readonly<Record<string, unknown>>) => ask('Invoke-SimulatedOutside', given);
    const vm = simulator.outside.vm('dev-box');
    expect((await act({ act: 'checkpoint', vm: 'dev-box', name: 'clean' })).errors).toEqual([]);
    expect((await act({ act: 'nesting', vm: 'dev-box', on: true })).errors).toEqual([]);
    expect(vm.settings.nesting).toBe(true);
    expect((await act({ act: 'applyCheckpoint', vm: 'dev-box', name: 'clean' })).errors).toEqual([]);
    expect(vm.settings.nesting).toBe(false);
    expect((await act({ act: 'service', name: 'vmms', state: 'Stopped' })).errors).toEqual([]);
    expect(simulator.world.host.services['vmms']?.state).toBe('Stopped');
    expect((await act({ act: 'loseGroup' })).errors).toEqual([]);
    expect(simulator.world.host.identity.inToken).toBe(false);
    for (const wrong of [
      { act: 'no such' },
      {},
      { act: 'applyCheckpoint', vm: 'dev-box', name: 'none' },
      { act: 'nesting', vm: 7 },
    ])
      expect((await act(wrong)).errors).toHaveLength(1);
  });

  it('dies and talks nonsense when a fault says so', async () => {
    const { connect, simulator, died } = await serve();
    simulator.fault({ cmdlet: 'Get-VMHost', effect: { kind: 'garbage' } });
    simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'die' } });
    const { socket, next } = await connect();
    socket.write(`${JSON.stringify({ machine: '', elevated: false, cmdlet: 'Get-VMHost', parameters: {} })}\n`);
    const garbage = await next();
    expect(() => JSON.parse(garbage) as unknown).toThrow();
    const closed = once(socket, 'close');
    socket.write(`${JSON.stringify({ machine: '', elevated: false, cmdlet: 'Get-VM', parameters: {} })}\n`);
    await closed;
    expect(died()).toBe(1);
  });
});
