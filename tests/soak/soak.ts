/** npm run soak: an hour of the app's time in a few minutes, and whether what it holds of the machine is flat. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { serveSimulator } from '../../simulator/server.js';
import { openPc } from '../faults/pc.js';
import { randomOf, shellOf } from '../faults/wire.js';
import { shellFor } from '../powershell/runtime.js';
import { measure, type Measured } from './measure.js';
import { misbehave, somebodyElse, soakWorld } from './others.js';
import { saidSchema, type Said } from './wire.js';

export interface Options {
  readonly child: string;
  readonly hasEngine: boolean;
  /** Real minutes for the hour. */
  readonly minutes: number;
}

const HOUR = 3600;
const SAMPLES = 40;
const MiB = 2 ** 20;

type Sample = Measured & { readonly heap: number };
/** How much more the second half may hold than the first, and how many more it may in any case. */
const limits: Readonly<Record<keyof Sample, { readonly ratio: number; readonly more: number }>> = {
  heap: { ratio: 1.1, more: 2 * MiB },
  memory: { ratio: 1.15, more: 16 * MiB },
  handles: { ratio: 1.05, more: 4 },
  processes: { ratio: 1, more: 0 },
  threads: { ratio: 1.1, more: 4 },
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** What grows, with its two medians. The first fifth is left out: the app and its shell come up then. */
export function growing(samples: readonly Sample[]): readonly string[] {
  const warm = samples.slice(Math.floor(samples.length / 5));
  const middle = Math.floor(warm.length / 2);
  return (Object.keys(limits) as (keyof Sample)[]).flatMap((what) => {
    const early = median(warm.slice(0, middle).map((sample) => sample[what]));
    const late = median(warm.slice(middle).map((sample) => sample[what]));
    const { ratio, more } = limits[what];
    return late > early * ratio && late > early + more ? [`${what} ${String(early)} -> ${String(late)}`] : [];
  });
}

const row = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(10)).join('');
const inMiB = (bytes: number): string => `${(bytes / MiB).toFixed(1)} MB`;

/** Answers what grows; nothing: it is flat. */
export async function run({ child, hasEngine, minutes }: Options): Promise<readonly string[]> {
  const speed = HOUR / (minutes * 60);
  const { world, accounts } = soakWorld();
  const pc = await openPc(world, { speed });
  const { simulator } = pc;
  const server = hasEngine ? await serveSimulator(simulator) : undefined;
  const found = server && (await shellFor(simulator, server.address));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hn-soak-'));
  console.log(`an hour in ${String(minutes)} minutes, ${String(world.host.vms.size)} VMs, ${hasEngine ? 'through the PowerShell engine' : 'the simulator called directly'}\n`); // prettier-ignore

  const order = { address: pc.address, folder, accounts, speed, ...shellOf(found) };
  const app = spawn(process.execPath, ['--expose-gc', child, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => app.on('close', resolve));
  let said: Said | undefined;
  readline.createInterface({ input: app.stdout }).on('line', (line) => (said = saidSchema.parse(JSON.parse(line))));
  let isOver = false;
  const random = randomOf(7);
  misbehave(simulator, random);
  const other = somebodyElse(simulator, random, () => isOver);

  const samples: Sample[] = [];
  console.log(row(['minute', 'heap', 'memory', 'handles', 'processes', 'threads', 'readings', 'changes', 'refused']));
  for (let index = 1; index <= SAMPLES && app.exitCode === null; index++) {
    await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / SAMPLES));
    if (!said) continue;
    const sample = { ...measure(app.pid ?? 0), heap: said.heap };
    samples.push(sample);
    const { handles, processes, threads } = sample;
    console.log(row([((60 / SAMPLES) * index).toFixed(1), inMiB(sample.heap), inMiB(sample.memory), handles, processes, threads, said.readings, said.changes, said.refused])); // prettier-ignore
  }
  isOver = true;
  const hasDied = app.exitCode !== null;
  app.stdin.end();
  await Promise.all([ended, other]);
  pc.close();
  await server?.close();
  fs.rmSync(folder, { recursive: true, force: true });
  if (hasDied) return ['the app ended'];
  if (samples.length < SAMPLES / 2) return ['too little was measured'];
  if (said && said.troubles > 0) return [`${String(said.troubles)} faults of the app's own`];
  return growing(samples);
}
