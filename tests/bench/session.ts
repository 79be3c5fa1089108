/** The held session on the real engine, over the simulated workstation, beside the ways it replaces. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PowerShell } from 'node-powershell';
import type { HostCall } from '../../src/core/call.js';
import { lineText, renderCall } from '../../src/core/render.js';
import { snapshotCalls } from '../../src/core/snapshot.js';
import type { Session } from '../../src/powershell/session.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import type { Simulator } from '../../simulator/simulator.js';
import { hasPowerShell, shellFor } from '../powershell/runtime.js';
import { behindEngine, type Behind } from '../powershell/world.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
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

/** A call that must be answered with rows, or a failure would be measured. */
async function rows(session: Session, calls: readonly HostCall[]): Promise<void> {
  for (const result of await session.call(calls))
    if (!('rows' in result)) throw new Error(`not answered: ${JSON.stringify(result)}`);
}

const anyVm = ({ world }: Simulator): string => [...world.host.vms.keys()][0] ?? '';
const one = (vm: string): HostCall => ({ cmdlet: 'Get-VM', params: { Id: vm }, at: [] });

/** The same question of one VM: through the session, and by node-powershell's own invoke() on a shell that is held too. */
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
  const invoke = () => stock.invoke(`(Get-VM -Id '${vm}').Name`);
  const call = () => rows(session, [one(vm)]);
  // Warm: compilers of both engines are done.
  await repeated(200, invoke);
  await repeated(200, call);
  const [theirs, ours] = [median(await repeated(300, invoke)), median(await repeated(300, call))];
  await stock.dispose();
  await server.close();
  return {
    name: 'warm call ÷ stock node-powershell invoke',
    ratio: ours / theirs,
    aim: 0.5,
    note: `${ours.toFixed(2)} ms`,
  };
}

/** The first snapshot, against one process for each of its cmdlets, as tools do that hold no shell. */
async function snapshot({ session, simulator }: Behind): Promise<Figure> {
  const calls: readonly HostCall[] = snapshotCalls([]);
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

/** How long a read takes while a change of three seconds is under way, against none. */
async function besides({ session, simulator }: Behind): Promise<Figure> {
  const vm = anyVm(simulator);
  const read = () => rows(session, [one(vm)]);
  await repeated(300, read);
  const takeBack = simulator.fault({ cmdlet: 'Set-VM', effect: { kind: 'slow', seconds: 3 } });
  const state = { isOver: false };
  const change = session
    .call([{ cmdlet: 'Set-VM', params: { AutomaticStopAction: 'ShutDown' }, at: [], on: { vm } }])
    .finally(() => (state.isOver = true));
  const during: number[] = [];
  while (!state.isOver) during.push(await timed(read));
  await change;
  takeBack();
  const after = median(await repeated(during.length, read));
  return {
    name: 'read while a change takes 3 s ÷ otherwise',
    ratio: median(during) / after,
    aim: 1.5,
    note: `${after.toFixed(2)} ms, ${String(during.length)} reads`,
  };
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
  return figures;
}
