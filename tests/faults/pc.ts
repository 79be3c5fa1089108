/** The simulated PC of a try: it outlives the app, which reaches it over a socket, and it can end the app at any call. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import { cmdlets } from '../../src/core/cmdlets/catalog.js';
import { epoch, manualClock, realClock, sleep } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { simulate } from '../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { World } from '../../simulator/world.js';
import { credentialsFrom } from '../pc.js';
import { askedSchema, type Account, type Answered } from './wire.js';

/** Where the app or its shell is ended. Calls are those that change something, counted from 1; messages are those of any kind. */
export type Point =
  | { readonly after: 'event'; readonly number: number }
  /** `sent`: it never arrives. `midway`: it is under way. `done`: it is done, and its answer never arrives. */
  | { readonly after: 'sent' | 'midway' | 'done'; readonly number: number }
  | { readonly after: 'message'; readonly number: number }
  | { readonly after: 'never' };

export interface Pc {
  readonly simulator: Simulator;
  readonly address: string;
  /** Ends the app at the point that this answers with, once the run on trial is planned. */
  arm(choose: (plan: { readonly steps: number; readonly calls: number }) => Point, kill: (shell: number) => void): void;
  /** Nothing is under way any more. */
  idle(): Promise<void>;
  close(): void;
}

export async function openPc(world: World, { speed }: { readonly speed: number | undefined }): Promise<Pc> {
  const clock = speed === undefined ? manualClock({ auto: true }) : realClock({ speed, start: epoch });
  const simulator = simulate(world, clock);
  const folder = mkdtempSync(path.join(tmpdir(), 'hn-faults-'));
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 's');
  const underWay = new Set<Promise<unknown>>();
  let armed: { choose: (plan: { steps: number; calls: number }) => Point; kill: (shell: number) => void } | undefined;
  let point: Point = { after: 'never' };
  let [calls, messages, shell] = [0, 0, 0];

  const kill = (): void => {
    point = { after: 'never' };
    armed?.kill(shell);
  };
  const isAt = (after: Point['after'], number: number): boolean =>
    point.after === after && 'number' in point && point.number === number;
  const isChange = ({ cmdlet }: HostCall): boolean => cmdlets[cmdlet].kind === 'change';

  // Through a real shell the calls come another way: there it is the shell that is ended, at the same points.
  const isShell = (): boolean => shell > 0;
  let invoked = 0;
  simulator.on((event) => {
    if (event.kind === 'changed') return;
    invoked += event.kind === 'call' ? 1 : -1;
    if (!isShell() || event.request.cmdlet.startsWith('Get-')) return;
    if (event.kind === 'call' && (isAt('midway', ++calls) || isAt('sent', calls))) kill();
    if (event.kind === 'reply' && isAt('done', calls)) kill();
  });

  async function carryOut(
    host: ReturnType<typeof simulatedHost>,
    batch: readonly HostCall[],
  ): Promise<readonly unknown[] | undefined> {
    const change = batch.some(isChange) ? ++calls : 0;
    if (isAt('sent', change)) {
      kill();
      return undefined;
    }
    const answer = host.call(batch);
    if (isAt('midway', change)) kill();
    const results = await answer;
    if (isAt('done', change)) kill();
    return results;
  }

  const server = net.createServer((socket) => {
    const accounts = new Map<VmRef, Account>();
    const host = simulatedHost(simulator, {
      credentials: credentialsFrom(accounts),
    });
    const answer = async (line: string): Promise<void> => {
      const asked = askedSchema.parse(JSON.parse(line));
      if (isAt('message', ++messages)) return kill();
      for (const one of asked.accounts ?? []) accounts.set(one.at, one);
      if (asked.opened !== undefined) shell = asked.opened;
      const more: Partial<Answered> = {};
      if (asked.trial && armed) {
        [calls, messages] = [0, 0];
        point = armed.choose(asked.trial);
        if (point.after === 'event') Object.assign(more, { dieAfter: point.number });
      }
      if (asked.wait !== undefined) await sleep(clock, asked.wait);
      const results = asked.calls && (await carryOut(host, asked.calls as readonly HostCall[]));
      if (asked.calls && !results) return;
      const said: Answered = { id: asked.id, now: clock.now(), ...(results ? { results: [...results] } : {}), ...more };
      if (!socket.destroyed) socket.write(`${JSON.stringify(said)}\n`);
    };
    socket.on('error', () => socket.destroy());
    const lines = readline.createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const now = answer(line).finally(() => underWay.delete(now));
      underWay.add(now);
    });
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));

  const isMoving = (): boolean =>
    [...world.host.vms.values()].some(({ state }) => !['Running', 'Off', 'Saved', 'Paused'].includes(state));
  return {
    simulator,
    address,
    arm(choose, end) {
      point = { after: 'never' };
      armed = { choose, kill: end };
    },
    async idle() {
      while (underWay.size > 0 || invoked > 0 || isMoving()) await sleep(clock, 1);
    },
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
