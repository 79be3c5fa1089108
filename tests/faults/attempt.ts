/** One try: a run is cut short by SIGKILL, the app is started again, a person decides, and the PC is looked at. */
import { idOf } from '../../src/core/cmdlets/ref.js';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { serveSimulator } from '../../simulator/server.js';
import { shellFor } from '../powershell/runtime.js';
import { notAsBefore, notAsWanted, notTheSame } from './judge.js';
import { kinds, there } from './kinds.js';
import { openPc, type Pc, type Point } from './pc.js';
import { stateOf, type State } from './state.js';
import { lineSchema, randomOf, shellOf, type Act, type Line, type Order, type Told } from './wire.js';

export interface Tried {
  readonly seed: number;
  readonly what: string;
  readonly wrong: readonly string[];
  readonly lost: readonly string[];
  /** Where the first kill fell; `none`: the run had ended before. */
  readonly killed: 'between the first and the last event' | 'before or after' | 'none';
}

/** Real milliseconds after which a start of the app counts as hung. */
const HANG = 600_000;
/** Simulated seconds in one, where time passes by itself and the app is started again in the middle of what Windows does. */
const SPEED = 60;

interface Started {
  readonly lines: readonly Line[];
  readonly isKilled: boolean;
}

/** The app, from its start to its end. */
function start(child: string, order: Order, listen: (kill: () => void) => void): Promise<Started> {
  return new Promise((resolve) => {
    const app = spawn(process.execPath, [child, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: Line[] = [];
    const hang = setTimeout(() => {
      lines.push({ trouble: 'the app hung' });
      app.kill('SIGKILL');
    }, HANG);
    listen(() => app.kill('SIGKILL'));
    readline
      .createInterface({ input: app.stdout })
      .on('line', (line) => lines.push(lineSchema.parse(JSON.parse(line))));
    app.on('close', (code, signal) => {
      clearTimeout(hang);
      if (signal === null && code !== 0) lines.push({ trouble: `the app ended with ${String(code)}` });
      resolve({ lines, isKilled: signal !== null });
    });
  });
}

const toldIn = (lines: readonly Line[]): readonly Told[] =>
  lines.flatMap((line) => ('event' in line ? [line.event] : []));
const troublesIn = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap((line) => ('trouble' in line ? [line.trouble] : []));
const doneIn = (lines: readonly Line[]): string =>
  lines.map((line) => ('done' in line ? line.done : '')).join('') || 'killed';
const keyOf = ({ run, seq, what }: Told): string => `${run} ${String(seq)} ${what}`;

/** All points of a plan, each once, in an order that is the same for each try of the kind. */
export function pointsOf(
  { steps, calls }: { readonly steps: number; readonly calls: number },
  seed: number,
): readonly Point[] {
  const points: Point[] = Array.from({ length: 2 * steps + 1 }, (_, number) => ({ after: 'event', number }));
  for (let number = 1; number <= calls; number++)
    for (const after of ['sent', 'midway', 'done'] as const) points.push({ after, number });
  const random = randomOf(seed);
  return points.map((point) => ({ point, by: random() })).toSorted((a, b) => a.by - b.by).map(({ point }) => point); // prettier-ignore
}

export interface Bed {
  /** The bundled app. */
  readonly child: string;
  readonly hasEngine: boolean;
}

/** What the seed says: everything of a try but the time that processes take. */
function drawn(seed: number, hasEngine: boolean) {
  const index = seed % kinds.length;
  const kind = kinds[index];
  if (!kind) throw new Error('no kinds');
  const visit = Math.floor(seed / kinds.length);
  const random = randomOf(seed);
  const isUndo = kind.undo && (visit + index) % 3 === 2;
  // What was made and has been removed is not made again.
  const canBack = !isUndo || !Object.values(kind.goal).includes(there);
  const dice = random();
  const how = dice < 0.15 ? 'leave' : dice < 0.55 || !canBack ? 'finish' : 'undo';
  const ends = hasEngine && seed % 20 === 7 ? (random() < 0.7 ? 'shell' : 'app, through a shell') : 'app';
  const again = how !== 'leave' && random() < 0.2;
  const at = ({ steps, calls }: { readonly steps: number; readonly calls: number }): Point => {
    if (random() < 0.2) return { after: 'message', number: 1 + Math.floor(random() * 6 * steps) };
    const points = pointsOf({ steps, calls }, index).filter(({ after }) => ends !== 'shell' || after !== 'event');
    return points[visit % points.length] ?? { after: 'never' };
  };
  return { kind, isUndo, how, ends, again, at, speed: (visit + index) % 4 === 3 ? SPEED : undefined } as const;
}

/** One with a real shell at a time: two would wait for each other's processors. */
let shells: Promise<unknown> = Promise.resolve();

export function attempt(seed: number, bed: Bed): Promise<Tried> {
  const what = drawn(seed, bed.hasEngine);
  if (what.ends === 'app') return attemptOf(seed, bed, what);
  const now = shells.then(() => attemptOf(seed, bed, what));
  shells = now.catch(() => undefined);
  return now;
}

async function attemptOf(seed: number, { child }: Bed, what: ReturnType<typeof drawn>): Promise<Tried> {
  const { kind, isUndo, how, ends, again, at, speed } = what;
  const world = kind.world();
  const pc: Pc = await openPc(world, { speed });
  const before = stateOf(world);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hn-runs-'));
  const wants = kind.wants(world);
  const names = [...world.host.vms.values()]
    .filter(({ id }) => wants.some(({ vm }) => idOf(vm) === id))
    .map(({ name }) => name);
  const server = ends === 'app' ? undefined : await serveSimulator(pc.simulator);
  const found = server && (await shellFor(pc.simulator, server.address));
  const order: Omit<Order, 'act'> = {
    address: pc.address,
    folder,
    accounts: [...kind.accounts(world)],
    ...shellOf(found),
  };

  let atTrial: State = before;
  let where = 'never';
  const run = (act: Act, choose: Parameters<Pc['arm']>[0]): Promise<Started> =>
    start(child, { ...order, act }, (kill) => pc.arm(choose, (pid) => (ends === 'shell' ? killShell(pid) : kill())));
  const first = await run({ kind: 'run', wants, undo: isUndo }, (plan) => {
    atTrial = stateOf(world);
    const point = at(plan);
    where = 'number' in point ? `${point.after} ${String(point.number)}` : point.after;
    return point;
  });
  await pc.idle();
  const between = stateOf(world);
  const journals = fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length;
  // Killed before there was anything to decide about.
  const decided = journals < (isUndo ? 2 : 1) ? 'leave' : how;
  const starts: Started[] = [first];
  const isAgain = again && decided === how && first.isKilled;
  if (isAgain) starts.push(await run({ kind: 'decide', how: decided }, at));
  await pc.idle();
  const settled = await run({ kind: 'decide', how: decided }, () => ({ after: 'never' }));
  starts.push(settled);
  await pc.idle();
  const after = stateOf(world);

  const told = starts.slice(0, -1).flatMap(({ lines }) => toldIn(lines));
  const read = new Set(settled.lines.flatMap((line) => ('read' in line ? line.read.map(keyOf) : [])));
  const lost = told.filter((one) => !read.has(keyOf(one))).map((one) => `told and not read again: ${keyOf(one)}`);
  const judged = { goal: kind.goal, oneWay: kind.oneWay, names };
  const isReached = isUndo ? decided === 'undo' : decided === 'finish';
  const wrong = [
    ...starts.flatMap(({ lines }) => troublesIn(lines)),
    ...(isUndo ? notAsWanted(before, atTrial, judged).map((one) => `before the undo: ${one}`) : []),
    ...(decided === 'leave'
      ? notTheSame(between, after)
      : isReached
        ? notAsWanted(before, after, judged)
        : notAsBefore(before, after, judged)),
    ...cutShortOf(first, settled, decided, isAgain),
  ];
  const words = `${kind.name}${isUndo ? ', its undo' : ''}; ${ends} killed: ${where}${isAgain ? ', and again' : ''}; then ${decided}: ${starts.map(({ lines }) => doneIn(lines)).join(' | ')}`;
  pc.close();
  await server?.close();
  fs.rmSync(folder, { recursive: true, force: true });
  return { seed, what: words, wrong, lost, killed: whenOf(first, ends, where) };
}

/** A run that has begun and not ended is asked about; one that has ended is not. */
function cutShortOf(first: Started, last: Started, decided: string, isAgain: boolean): readonly string[] {
  const told = toldIn(first.lines);
  const asked = last.lines.flatMap((line) => ('cutShort' in line ? line.cutShort : []));
  const run = told.at(-1)?.run;
  if (run === undefined || isAgain) return [];
  const isCut = first.isKilled && told.at(-1)?.what !== 'ended';
  if (isCut === asked.includes(run)) return [];
  // Written down, and ended before it could be told.
  return isCut && decided !== 'leave' && asked.length === 0
    ? []
    : [`cut short ${String(isCut)}, asked about ${asked.join(' ')}`];
}

function whenOf(first: Started, ends: string, where: string): Tried['killed'] {
  if (ends === 'shell') return where === 'never' ? 'none' : 'between the first and the last event';
  if (!first.isKilled) return 'none';
  const last = toldIn(first.lines).at(-1)?.what;
  return last === undefined || last === 'ended' ? 'before or after' : 'between the first and the last event';
}

function killShell(pid: number): void {
  if (pid > 0) process.kill(pid, 'SIGKILL');
}
