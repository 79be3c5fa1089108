/** The one reading of a run: its plan and its events, reduced to where every chain stands. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Failure } from '../cmdlets/call.js';
import type { ChangePath, Thing } from '../machine/goal.js';
import type { Change, Chain, Estimate, Plan, PowerLine, Step, StepId } from '../change/step.js';
import type { RunEvent, RunOutcome, RunRecord, StepState } from './record.js';

export interface StepProgress {
  readonly step: Step;
  readonly state: 'pending' | StepState;
  /** ISO 8601 */
  readonly began?: string;
  readonly ended?: string;
  /** Seconds since the run began, by the clock that counts. */
  readonly beganAfter?: number;
  readonly endedAfter?: number;
  readonly found?: readonly Change[];
  readonly readBack?: readonly Change[];
  /** Ids of what it makes that were there before. */
  readonly before?: readonly string[];
  /** The thing that it made, by what Windows gave it. */
  readonly made?: Thing;
  readonly failure?: Failure;
}

type Stopped = Extract<RunEvent, { kind: 'stopped' }>;

export interface ChainProgress {
  readonly chain: Chain;
  readonly steps: readonly StepProgress[];
  /** The plan that stood before something changed, and what changed. */
  readonly replanned?: { readonly because: readonly Change[] };
  readonly stopped?: Pick<Stopped, 'why' | 'offer'>;
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'stopped' | 'cancelled';
}

export interface Progress {
  readonly chains: readonly ChainProgress[];
  readonly began?: string;
  readonly ended?: string;
  readonly endedAfter?: number;
  readonly outcome?: RunOutcome;
}

interface Known {
  readonly events: readonly RunEvent[];
  readonly progress: Progress;
  /** Where the chain of each VM stands among the others: planning anew leaves it there. */
  readonly places: ReadonlyMap<VmRef, number>;
}

/** Events come one by one, thousands for hundreds of machines: only what is new since the last time is taken in. */
const known = new WeakMap<Plan, Known>();

export function progressOf(plan: Plan, events: readonly RunEvent[]): Progress {
  const last = known.get(plan);
  const goesOn = last !== undefined && last.events.at(-1) === events[last.events.length - 1];
  const from: Known = goesOn
    ? last
    : {
        events: [],
        progress: { chains: plan.chains.map((chain) => ({ chain, steps: pending(chain), state: 'pending' })) },
        places: new Map(plan.chains.map((chain, place) => [chain.vm, place])),
      };
  const { places } = from;
  const fresh = events.slice(from.events.length);
  const progress = fresh.reduce((before, event) => advance(before, event, places), from.progress);
  known.set(plan, { events, progress, places });
  return progress;
}

const pending = (chain: Chain): StepProgress[] => chain.steps.map((step) => ({ step, state: 'pending' }));

function advance(progress: Progress, event: RunEvent, places: Known['places']): Progress {
  const onChain = (vm: VmRef, change: (chain: ChainProgress) => ChainProgress): Progress => {
    const place = places.get(vm) ?? -1;
    const chain = progress.chains[place];
    return chain ? { ...progress, chains: progress.chains.with(place, change(chain)) } : progress;
  };
  switch (event.kind) {
    case 'started':
      return { ...progress, began: progress.began ?? event.time };
    case 'step':
      return onChain(event.vm, (chain) => withStep(chain, event));
    case 'replanned':
      return onChain(event.vm, (chain) => plannedAnew(chain, event));
    case 'stopped':
      return onChain(event.vm, (chain) => ({
        ...chain,
        stopped: event.offer === undefined ? { why: event.why } : { why: event.why, offer: event.offer },
        state: 'stopped',
      }));
    case 'interrupted':
      return progress;
    case 'ended':
      return { ...progress, ended: event.time, endedAfter: event.elapsed, outcome: event.outcome };
  }
}

/** What has ended stays in sight; what was still to come is the new plan's. */
function plannedAnew(
  { chain, steps: old }: ChainProgress,
  { chain: next, because }: Extract<RunEvent, { kind: 'replanned' }>,
): ChainProgress {
  const ended = old.filter((step) => step.ended !== undefined);
  const ids = new Set(ended.map(({ step }) => step.id));
  const steps = [...ended, ...pending(next).filter(({ step }) => !ids.has(step.id))];
  const power = powerOver(chain.power, next.power, ids);
  return { chain: { ...next, power }, steps, replanned: { because }, state: stateOf(steps) };
}

/** A VM that went down before it was planned anew ran before, and its off-period began then. */
function powerOver(old: PowerLine | null, next: PowerLine | null, ended: ReadonlySet<StepId>): PowerLine | null {
  const past = (ids: readonly StepId[]): readonly StepId[] => ids.filter((id) => ended.has(id));
  if (!old || past(old.down).length === 0) return next;
  // Somebody else has started it: nobody knows when.
  if (!next && past(old.up).length < old.up.length) return null;
  const over = (phase: 'down' | 'off' | 'up'): readonly StepId[] => [
    ...new Set([...past(old[phase]), ...(next?.[phase] ?? [])]),
  ];
  return { ...(next ?? old), before: old.before, down: over('down'), off: over('off'), up: over('up') };
}

function withStep(chain: ChainProgress, event: Extract<RunEvent, { kind: 'step' }>): ChainProgress {
  const steps = chain.steps.map((known): StepProgress => {
    if (known.step.id !== event.step) return known;
    const { failure, found, readBack, before, made } = event;
    return {
      ...known,
      state: event.state,
      ...(event.state === 'running'
        ? { began: event.time, beganAfter: event.elapsed }
        : { ended: event.time, endedAfter: event.elapsed }),
      ...(found ? { found } : {}),
      ...(readBack ? { readBack } : {}),
      ...(before ? { before } : {}),
      ...(made ? { made } : {}),
      ...(failure ? { failure } : {}),
    };
  });
  return { ...chain, steps, state: stateOf(steps) };
}

function stateOf(steps: readonly StepProgress[]): ChainProgress['state'] {
  const has = (...states: StepProgress['state'][]): boolean => steps.some((step) => states.includes(step.state));
  if (has('failed', 'unknown')) return 'failed';
  if (has('cancelled')) return 'cancelled';
  if (has('skipped')) return 'stopped';
  if (steps.every((step) => step.state === 'done')) return 'done';
  return has('running', 'done') ? 'running' : 'pending';
}

/** Seconds a step took, or has taken so far: that by the clock of the wall, which may have been set back. */
export function secondsOf({ began, beganAfter, endedAfter }: StepProgress, now: number): number | undefined {
  if (began === undefined || beganAfter === undefined) return undefined;
  return endedAfter === undefined ? soFar(began, now) : endedAfter - beganAfter;
}
const soFar = (began: string, now: number): number => Math.max(0, (now - Date.parse(began)) / 1000);

export type PowerPhase = 'before' | 'down' | 'off' | 'up' | 'after';

/** Where on the power line a chain is. */
export function phaseOf({ chain, steps, state }: ChainProgress): PowerPhase {
  if (chain.power === null || state === 'pending') return 'before';
  const ended = (ids: readonly StepId[]): boolean =>
    ids.every((id) => {
      const step = steps.find((one) => one.step.id === id);
      return step !== undefined && step.state !== 'pending' && step.state !== 'running';
    });
  if (!ended(chain.power.down)) return 'down';
  if (!ended(chain.power.off)) return 'off';
  return ended(chain.power.up) ? 'after' : 'up';
}

/** Seconds the VM has been off, from the start of going down to the end of coming up; undefined when it never went down. */
export function offSeconds({ chain, steps }: ChainProgress, now: number, endedAfter?: number): number | undefined {
  if (chain.power === null) return undefined;
  const of = (ids: readonly StepId[]): StepProgress[] => steps.filter(({ step }) => ids.includes(step.id));
  const { began, beganAfter } = of(chain.power.down)[0] ?? {};
  if (began === undefined || beganAfter === undefined) return undefined;
  const up = of(chain.power.up);
  const last = (up.length > 0 ? up : of([...chain.power.off, ...chain.power.down])).at(-1)?.endedAfter ?? endedAfter;
  return last === undefined ? soFar(began, now) : last - beganAfter;
}

/** Of the VMs that ran before and run again, the longest. */
export function longestOff({ chains, endedAfter }: Progress): number | undefined {
  const times = chains.flatMap((chain) => {
    const { power } = chain.chain;
    const isBack = chain.state === 'done' && power !== null && power.before !== 'off' && power.after === 'running';
    return (isBack ? offSeconds(chain, 0, endedAfter) : undefined) ?? [];
  });
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** The step at work, or the first that is still to come. */
export const currentOf = (chain: ChainProgress): StepProgress | undefined =>
  chain.steps.find((step) => step.state === 'running') ?? chain.steps.find((step) => step.state === 'pending');

/** A value after the run: what it was, what was asked, and what was read again. */
export interface Outcome {
  readonly step: Step;
  readonly change: Change;
  readonly was: Change['from'];
  readonly is: Change['to'] | undefined;
  readonly took: 'yes' | 'no' | 'not-done' | 'unknown';
}

/** A value that takes two steps (a role and its restart, an address in place of another) is one: as it was first, as it is last. */
export function outcomesOf(chain: ChainProgress): readonly Outcome[] {
  const outcomes = new Map<ChangePath, Outcome>();
  for (const outcome of everyOutcome(chain)) {
    const { path } = outcome.change;
    const before = outcomes.get(path);
    outcomes.set(path, before?.took === 'yes' ? { ...outcome, was: before.was, is: outcome.is ?? before.is } : outcome);
  }
  return [...outcomes.values()];
}

function everyOutcome(chain: ChainProgress): readonly Outcome[] {
  return chain.steps
    .filter(({ step }) => step.kind !== 'power')
    .flatMap((progress) =>
      [...progress.step.changes, ...sideEffectsOf(progress)].map((change): Outcome => {
        const same = (list: readonly Change[] | undefined): Change | undefined =>
          list?.find(({ path }) => path === change.path);
        const found = same(progress.found);
        const is = same(progress.readBack)?.to;
        const was = found ? found.from : change.from;
        const base = { step: progress.step, change, was };
        if (progress.state === 'unknown') return { ...base, is, took: 'unknown' };
        if (progress.state === 'done')
          return { ...base, is, took: is === undefined || is === change.to ? 'yes' : 'no' };
        if (progress.state === 'failed') return { ...base, is, took: 'no' };
        return { ...base, is, took: 'not-done' };
      }),
    );
}

/** What Windows changed along with what was written. */
export const sideEffectsOf = ({ step, readBack = [] }: StepProgress): readonly Change[] =>
  readBack.filter(({ path, from, to }) => from !== to && !step.changes.some((change) => change.path === path));

/** VMs that ran, that the run has brought down, and that it did not start again though it should have. */
export const leftOff = ({ chains }: Progress): readonly string[] =>
  chains.filter(isLeftOff).map(({ chain }) => chain.name);

function isLeftOff({ chain, steps }: ChainProgress): boolean {
  const index = steps.findLastIndex(({ step }) => goes(step, 'off') && step.changes[0]?.from === 'running');
  const down = steps[index];
  if (!down || chain.power?.after !== 'running') return false;
  const up = steps.slice(index + 1).find(({ step }) => goes(step, 'running'));
  // A guest that was asked in vain runs on, unless it was found off a moment later.
  const isDown = down.state === 'done' || down.state === 'unknown' || up?.state === 'failed' || up?.state === 'unknown';
  return isDown && up?.state !== 'done';
}

const goes = ({ kind, changes }: Step, to: 'off' | 'running'): boolean =>
  kind === 'power' && changes.some((change) => change.to === to);

/** How many chains stand where, for the head of a run of many. */
export function countsOf(progress: Progress): Readonly<Record<ChainProgress['state'], number>> {
  const counts = { pending: 0, running: 0, done: 0, failed: 0, stopped: 0, cancelled: 0 };
  for (const { state } of progress.chains) counts[state] += 1;
  return counts;
}

type Told = Pick<RunRecord, 'plan' | 'events'>;

/** All steps, each with its chain; of a chain in the order in which they were carried out. */
export const stepsOf = ({ plan, events }: Told): readonly (StepProgress & { readonly chain: Chain })[] =>
  progressOf(plan, events).chains.flatMap(({ chain, steps }) => steps.map((step) => ({ ...step, chain })));

/** The plan as it was carried out: what was planned anew on the way stands in its place. */
export const carriedOut = ({ plan, events }: Told): Plan => ({
  ...plan,
  chains: progressOf(plan, events).chains.map(({ chain, steps }) => ({
    ...chain,
    steps: steps.map(({ step }) => step),
  })),
});

/** The values that were read back after they were written, and when. */
export const verifiedIn = (run: Told): readonly (Change & { readonly time: string; readonly chain: Chain })[] =>
  stepsOf(run).flatMap(({ step, chain, state, ended: time, readBack = step.changes }) =>
    state === 'done' && time !== undefined ? readBack.map((change) => ({ ...change, time, chain })) : [],
  );

/** Seconds that shutting down and starting took the last time, for each VM. Records: the newest first. */
export function estimatesOf(records: readonly Told[]): ReadonlyMap<VmRef, Estimate> {
  const estimates = new Map<VmRef, Estimate>();
  for (const { step, chain, state, beganAfter, endedAfter } of records.toReversed().flatMap(stepsOf)) {
    if (state !== 'done' || beganAfter === undefined || endedAfter === undefined) continue;
    const seconds = Math.round(endedAfter - beganAfter);
    const vm = chain.vm;
    if (chain.power?.down.includes(step.id)) estimates.set(vm, { ...estimates.get(vm), down: seconds });
    if (chain.power?.up.includes(step.id)) estimates.set(vm, { ...estimates.get(vm), up: seconds });
  }
  return estimates;
}
