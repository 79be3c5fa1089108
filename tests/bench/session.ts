/** The held session on the real engine, over the simulated workstation, beside the ways it replaces. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PowerShell } from 'node-powershell';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import { cmdlets, type ValueType } from '../../src/core/cmdlets/catalog.js';
import { lineText, renderCall } from '../../src/core/change/tokens.js';
import { snapshotCalls } from '../../src/core/machine/snapshot.js';
import { loaderText } from '../../src/powershell/elevated-texts.js';
import { childElevate, newAttempt, openElevatedSession } from '../../src/powershell/elevation.js';
import type { FoundShell } from '../../src/powershell/find.js';
import type { Session } from '../../src/powershell/session.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import type { Simulator } from '../../simulator/simulator.js';
import { hasPowerShell, shellFor } from '../powershell/runtime.js';
import { behindEngine, IDENTITY, type Behind } from '../powershell/world.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  /** Not given: printed, not judged. */
  readonly aim?: number;
  readonly note?: string;
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

async function repeated(times: number, act: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let run = 0; run < times; run++) all.push(await timed(act));
  return all;
}

const BLOCK = 25;

/**
 * Medians of acts done in turn, so that what else the machine does meets all of them alike; in blocks, since a call is only warm
 * after another one of its own: call by call, each finds the processor's caches full of the other shell.
 */
async function inTurn(blocks: number, acts: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const all = acts.map((): number[] => []);
  for (let block = 0; block < blocks; block++)
    for (const [index, act] of acts.entries()) all[index]?.push(...(await repeated(BLOCK, act)));
  return all.map(median);
}

/**
 * Until none of them gets faster any more. .NET compiles again in the background what runs often, as long as that takes: a fixed
 * number of calls ended before it on one machine and after it on another, up to three times the figure apart.
 */
async function warmUp(acts: readonly (() => Promise<unknown>)[]): Promise<void> {
  let best = acts.map(() => Number.POSITIVE_INFINITY);
  let since = 0;
  for (let round = 0; round < 30 && since < 4; round++) {
    const now = await inTurn(4, acts);
    since = now.some((time, index) => time < (best[index] ?? 0) * 0.95) ? 0 : since + 1;
    best = best.map((time, index) => Math.min(time, now[index] ?? time));
  }
}

/** A call that must be answered with rows, or a failure would be measured. */
async function rows(session: Session, calls: readonly HostCall[]): Promise<void> {
  for (const result of await session.call(calls))
    if (!('rows' in result)) throw new Error(`not answered: ${JSON.stringify(result)}`);
}

const anyVm = ({ world }: Simulator): string => [...world.host.vms.keys()][0] ?? '';
const one = (vm: string): HostCall => ({ cmdlet: 'Get-VM', params: { Id: vm }, at: thisPc });

/** PowerShell that gives what a call of Get-VM gives: the same properties, of the same types, as JSON. */
function sameAnswer(vm: string): string {
  const value = (name: string, type: ValueType): string => {
    switch (type.replace('?', '')) {
      case 'Boolean':
      case 'Int32':
      case 'Int64':
        return `$v.${name}`;
      case 'TimeSpan':
        return `$v.${name}.TotalSeconds`;
      case 'DateTime':
        return `$v.${name}.ToUniversalTime().ToString('o')`;
      default:
        return `[string]$v.${name}`;
    }
  };
  const values = Object.entries(cmdlets['Get-VM'].reads).map(([name, type]) => `${name}=${value(name, type)}`);
  return `$v = Get-VM -Id '${vm}'; ConvertTo-Json -Compress @{${values.join(';')}}`;
}

/** What goes on between two questions: how long it runs, what memory it asks for and so gets. */
const moving: ReadonlySet<string> = new Set(['Uptime', 'MemoryDemand', 'MemoryAssigned']);

/** Without what moves; what is written in two ways (a time, nothing) in one. */
const plain = (row: unknown): string =>
  JSON.stringify(
    Object.entries(row as Readonly<Record<string, unknown>>)
      .filter(([name]) => !moving.has(name))
      .map(([name, value]) => [name, name === 'CreationTime' ? Date.parse(String(value)) : (value ?? '')])
      .toSorted(),
  );

/**
 * The same question of one VM with the same answer, through the session and by node-powershell's own invoke() on a shell that
 * is held too.
 */
async function warm({ session, simulator }: Behind): Promise<Figure> {
  const vm = anyVm(simulator);
  const server = await serveSimulator(simulator);
  const shell = await shellFor(simulator, server.address);
  const stock = new PowerShell({
    executable: shell.executable,
    executableOptions: { '-NoProfile': true, '-NonInteractive': true },
    spawnOptions: { env: { ...shell.env } },
    throwOnInvocationError: false,
  });
  const text = sameAnswer(vm);
  const invoke = async (): Promise<unknown> => JSON.parse((await stock.invoke(text)).raw) as unknown;
  const call = async (): Promise<unknown> => {
    const [result] = await session.call([one(vm)]);
    if (!('rows' in result)) throw new Error(`not answered: ${JSON.stringify(result)}`);
    return result.rows[0];
  };
  const [theirRow, ourRow] = [plain(await invoke()), plain(await call())];
  if (theirRow !== ourRow) throw new Error(`not the same answer: ${theirRow} ${ourRow}`);
  await warmUp([invoke, call]);
  const [theirs = Number.NaN, ours = Number.NaN] = await inTurn(40, [invoke, call]);
  await stock.dispose();
  await server.close();
  return {
    name: 'warm call ÷ stock node-powershell invoke',
    ratio: ours / theirs,
    aim: 0.5,
    note: `${ours.toFixed(2)} ms ÷ ${theirs.toFixed(2)} ms`,
  };
}

/** The first snapshot, against one process for each of its cmdlets, as tools do that hold no shell. */
async function snapshot({ session, simulator }: Behind): Promise<Figure> {
  const calls: readonly HostCall[] = Object.values(snapshotCalls(thisPc));
  const server = await serveSimulator(simulator);
  const shell = await shellFor(simulator, server.address);
  const texts = calls.map((call) => {
    const text = lineText(renderCall(call));
    return call.on && 'call' in call.on ? `Get-VM | ${text}` : text;
  });
  const processes = async () => {
    for (const text of texts)
      await promisify(execFile)(shell.executable, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', text], {
        env: { ...shell.env },
        maxBuffer: 2 ** 26,
      });
  };
  await repeated(5, () => session.call(calls));
  const ours = median(await repeated(21, () => session.call(calls)));
  const theirs = median(await repeated(3, processes));
  await server.close();
  return {
    name: 'snapshot of 10 VMs ÷ one process for each cmdlet',
    ratio: ours / theirs,
    aim: 0.1,
    note: `${ours.toFixed(0)} ms, ${String(calls.length)} cmdlets`,
  };
}

/** From the kill of the shell to the next good reply, against a start from nothing to the first one. */
async function killed({ open, simulator }: Behind): Promise<Figure> {
  const vm = anyVm(simulator);
  const [starts, kills]: [number[], number[]] = [[], []];
  for (let run = 0; run < 5; run++) {
    let session: Session | undefined;
    starts.push(
      await timed(async () => {
        session = await open();
        await rows(session, [one(vm)]);
      }),
    );
    await session?.close();
    let tell = (): void => undefined;
    const lost = new Promise<void>((resolve) => (tell = resolve));
    const doomed = await open({ lost: () => tell() });
    await rows(doomed, [one(vm)]);
    kills.push(
      await timed(async () => {
        process.kill(doomed.pid ?? 0, 'SIGKILL');
        await lost;
        session = await open();
        await rows(session, [one(vm)]);
      }),
    );
    await session?.close();
  }
  const [start, kill] = [median(starts), median(kills)];
  return {
    name: 'kill of the shell → next good reply ÷ cold start',
    ratio: kill / start,
    aim: 1.3,
    note: `${kill.toFixed(0)} ms ÷ ${start.toFixed(0)} ms`,
  };
}

/** How long a read takes while a change of three seconds is under way, against before and after it. */
async function besides({ session, simulator }: Behind): Promise<Figure> {
  const vm = anyVm(simulator);
  const read = () => rows(session, [one(vm)]);
  await warmUp([read]);
  const [during, otherwise]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    otherwise.push(...(await repeated(1000, read)));
    const takeBack = simulator.fault({ cmdlet: 'Set-VM', effect: { kind: 'slow', seconds: 3 } });
    const state = { isOver: false };
    const change = session
      .call([{ cmdlet: 'Set-VM', params: { AutomaticStopAction: 'ShutDown' }, at: thisPc, on: { vm } }])
      .finally(() => (state.isOver = true));
    while (!state.isOver) during.push(await timed(read));
    await change;
    takeBack();
    otherwise.push(...(await repeated(1000, read)));
  }
  return {
    name: 'read while a change takes 3 s ÷ otherwise',
    ratio: median(during) / median(otherwise),
    aim: 1.5,
    note: `${median(during).toFixed(2)} ms ÷ ${median(otherwise).toFixed(2)} ms, ${String(during.length)} reads`,
  };
}

const callerSid = 'S-1-5-21-1004336348-1177238915-682003330-1001';

/** From what is sent over the pipe until the first byte that it makes run, which has nothing else to do. */
async function answered(shell: FoundShell, length: number): Promise<number> {
  const payload = `$args[1].WriteByte(10); $args[1].Flush() #${'x'.repeat(length)}\0\0`;
  const pipe = path.join(os.tmpdir(), `bench-${randomUUID().slice(0, 8)}.sock`);
  const text = loaderText({
    pipe,
    callerSid,
    payload,
    platform: process.platform,
    kept: shell.standIn?.variables ?? [],
  });
  await childElevate(shell, () => true)(text);
  const connect = (): Promise<net.Socket | undefined> =>
    new Promise((resolve) => {
      const socket = net.connect(pipe);
      socket.once('connect', () => resolve(socket));
      socket.once('error', () => resolve(undefined));
    });
  let socket = await connect();
  while (!socket) [socket] = [await connect(), await setTimeout(20)];
  const heard = new Promise((resolve) => socket.once('data', resolve));
  // It takes the connection some time after the system has.
  await setTimeout(300);
  const took = await timed(async () => {
    socket.write(payload);
    await heard;
  });
  socket.destroy();
  return took;
}

/** Off Windows only, where the pipe has the name of a file. */
async function elevated(): Promise<Figure[]> {
  if (process.platform === 'win32') return [];
  const simulator = createScenario('lab-of-10');
  const server = await serveSimulator(simulator);
  const [shell, plain] = [await shellFor(simulator, server.address, { elevated: true }), await behindEngine(simulator)];
  const [opens, starts, fulls, empties]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let run = 0; run < 5; run++) {
    const opened: Session[] = [];
    const attempt = newAttempt(callerSid, { identity: IDENTITY, standIn: shell.standIn });
    starts.push(await timed(async () => opened.push(await plain.open())));
    const elevate = childElevate(shell, () => true);
    opens.push(await timed(async () => opened.push(await openElevatedSession(elevate, attempt))));
    for (const session of opened) await session.close();
    fulls.push(await answered(shell, attempt.payload.length));
    empties.push(await answered(shell, 0));
  }
  await plain.close();
  await server.close();
  // What both do besides, the first use of everything in a new process, is not reading.
  const [open, start, read] = [median(opens), median(starts), Math.max(0, median(fulls) - median(empties))];
  return [
    {
      name: 'opening of an elevated session ÷ of one without rights',
      ratio: open / start,
      note: `${open.toFixed(0)} ms ÷ ${start.toFixed(0)} ms, without the prompt`,
    },
    { name: 'payload of an elevated session read ÷ 50 ms', ratio: read / 50, aim: 1, note: `${read.toFixed(1)} ms` },
  ];
}

export async function run(): Promise<Figure[]> {
  if (!(await hasPowerShell())) return [];
  const figures: Figure[] = [];
  for (const measure of [warm, snapshot, killed, besides]) {
    const behind = await behindEngine(createScenario('lab-of-10'));
    try {
      figures.push(await measure(behind));
    } finally {
      await behind.close();
    }
  }
  return [...figures, ...(await elevated())];
}
