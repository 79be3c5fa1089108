/** The app on trial: does what one person does at one start of it, and says what becomes of it, until it is killed or done. */
import { depthOf } from '../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import type { Goal, VmGoal } from '../../src/core/machine/goal.js';
import { vmAt } from '../../src/core/machine/tree.js';
import type { Machine } from '../../src/core/machine/machine.js';
import type { RunEvent, RunRecord } from '../../src/core/run/record.js';
import { consents, openApp } from './app.js';
import { RemotePc } from './remote.js';
import { orderSchema, type Line, type Order, type Told } from './wire.js';

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''));
/** Simulated seconds between two tries to sign in to a guest that boots, and how many. */
const [PAUSE, TRIES] = [5, 60] as const;

const say = (line: Line): void => void fs.writeSync(1, `${JSON.stringify(line)}\n`);
const toldOf = (event: RunEvent): Told => ({
  run: event.run,
  seq: event.seq,
  what: event.kind === 'step' ? `${event.step} ${event.state}` : event.kind,
});

const pc = new RemotePc(order);
let machine: Machine | null = null;
let isOnTrial = false;
/** Events of the run on trial until the app ends itself. */
let left = Infinity;
const world = await openApp(pc.place, {
  heard: (reading) => (machine = reading.machine),
  ran(event) {
    say({ event: toldOf(event) });
    if (isOnTrial && left-- <= 0) process.kill(process.pid, 'SIGKILL');
  },
  trouble: (trouble) => say({ trouble }),
});
const { runs } = world;
const recordOf = (id: string): RunRecord | undefined => runs.records.find((one) => one.id === id);

/** Where a VM is off nobody can sign in; one that boots is asked again. */
async function signIn(): Promise<void> {
  for (const { at, userName, password } of order.accounts)
    for (let tries = 0; tries < TRIES; tries++) {
      await world.watcher.refresh();
      if (depthOf(at) === 1 && vmAt(machine, at)?.state !== 'Running') return;
      if ((await world.guests.enter({ at, userName, password, remember: false })).kind === 'open') break;
      await pc.wait(PAUSE);
    }
}

/** What is asked for is planned, shown, agreed to and carried out. */
async function carryOut(goal: Goal, isTrial: boolean): Promise<string> {
  const shown = await runs.plan(goal);
  if ('kind' in shown) return shown.kind;
  const { result } = shown;
  if (result.kind === 'blocked') return `blocked ${JSON.stringify(result.by)}`;
  if (result.kind !== 'ready') return result.kind;
  const steps = result.plan.chains.flatMap((chain) => chain.steps);
  if (isTrial) {
    const calls = steps.filter((step) => 'call' in step.do).length;
    left = (await pc.ask({ trial: { steps: steps.length, calls } })).dieAfter ?? Infinity;
    isOnTrial = true;
  }
  const started = await runs.start(result.plan.id, consents);
  await runs.idle();
  isOnTrial = false;
  return started.kind === 'started' ? (recordOf(started.run)?.outcome ?? 'cut') : started.kind;
}

/** As long as the app says that it is not undone, and another try may do it: a VM runs by then, so that one can sign in. */
async function undo(run: string): Promise<string> {
  let said = await carryOut({ kind: 'undo', run, consents }, true);
  for (
    let tries = 0;
    tries < 2 && recordOf(run)?.undoneBy === undefined && recordOf(run)?.settled === undefined;
    tries++
  ) {
    await signIn();
    said += `, ${await carryOut({ kind: 'undo', run, consents }, false)}`;
  }
  return said;
}

/** As the last page does: what ran before runs again. A VM that is off is started first, where one has to look into it. */
async function again({ goal, plan }: RunRecord): Promise<string> {
  if (goal.kind === 'undo') return await undo(goal.run);
  if (goal.kind === 'create') throw new Error('no VM is created here');
  const wants = plan.wants.map((one): VmGoal => {
    const power = plan.chains.find((chain) => chain.vm === one.vm)?.power;
    return power?.after === 'running' ? { ...one, want: { power: 'running', ...one.want } } : one;
  });
  const said = await carryOut({ ...goal, wants }, true);
  if (!said.startsWith('blocked')) return said;
  const off = wants
    .filter(({ want }) => want.power === 'running')
    .map((one) => ({ ...one, want: { power: 'running' as const } }));
  const started = await carryOut({ ...goal, wants: off }, false);
  await signIn();
  return `${said.slice(0, 7)}, start ${started}, ${await carryOut({ ...goal, wants }, false)}`;
}

/** Where a VM had to be started first, one signs in to it and chooses again, as the page says. */
async function settle(run: string, how: 'finish' | 'undo' | 'leave'): Promise<string> {
  const settled = await runs.settle(run, how);
  await runs.idle();
  if (settled.kind === 'changed') return `changed ${settled.plan.result.kind}`;
  if (settled.kind !== 'starts-first') return settled.kind;
  await signIn();
  const again = await runs.settle(run, how);
  await runs.idle();
  return `starts first, then ${again.kind}`;
}

async function decide(how: 'finish' | 'undo' | 'leave'): Promise<string> {
  const cut = runs.cutShort;
  const [last] = runs.records;
  if (cut.length === 0 && last) {
    if (how === 'leave') return 'nothing to leave';
    // It had ended: who wants it finished asks for the same again.
    return how === 'undo' ? await undo(last.id) : await again(last);
  }
  const said: string[] = [];
  for (const { id } of cut) {
    // The oldest is what is decided about. One that was to do so, and was cut short as well, is carried on first.
    const isOldest = id === cut.at(-1)?.id;
    if (isOldest && how === 'undo') said.push(await undo(id));
    else {
      said.push(await settle(id, isOldest ? how : 'finish'));
    }
  }
  return said.join(', ');
}

async function main({ act }: Order): Promise<string> {
  say({ read: runs.records.flatMap(({ events }) => events.map(toldOf)), cutShort: runs.cutShort.map(({ id }) => id) });
  await signIn();
  if (act.kind === 'decide') return await decide(act.how);
  // As the parent has made them, for a simulated PC of its own.
  const goal: Goal = { kind: 'vms', wants: act.wants as readonly VmGoal[], consents };
  const outcome = await carryOut(goal, !act.undo);
  const [first] = runs.records;
  return act.undo && first ? await carryOut({ kind: 'undo', run: first.id, consents }, true) : outcome;
}

say({ done: await main(order) });
process.exit(0);
