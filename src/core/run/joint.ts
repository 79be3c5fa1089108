/** The run of several PCs, as one: read from the runs of its parts, which are all that is carried out and written down. */
import { rootOf, type HostId } from '../cmdlets/ref.js';
import type { Consent, Goal, RunId } from '../machine/goal.js';
import { chainIn, joinPlans, numbersBefore, type PlanPart } from '../change/span.js';
import type { Plan } from '../change/step.js';
import { outcomeOf, type RunEvent, type RunOutcome, type RunRecord } from './record.js';

/** How a PC is called where there are several. */
export type LabelOf = (pc: HostId) => string;

/** The PC that a run is of. */
export const pcOf = ({ plan }: Pick<RunRecord, 'plan'>): HostId | undefined =>
  plan.chains[0] && rootOf(plan.chains[0].vm);

export const partsOf = (span: RunId, all: readonly RunRecord[]): readonly RunRecord[] =>
  all.filter((record) => record.span?.id === span).toSorted((a, b) => (a.span?.part ?? 0) - (b.span?.part ?? 0));

/** Of these of several PCs: a run of one, or what the parts with that id come to together. */
export function runCalled(id: RunId, all: readonly RunRecord[], labelOf: LabelOf): RunRecord | undefined {
  return all.find((record) => record.id === id) ?? joinRuns(partsOf(id, all), all, labelOf);
}

/** The same parts are the same run: whoever has it need not look at it anew. */
const records = new WeakMap<RunRecord, { readonly parts: readonly RunRecord[]; readonly run: RunRecord }>();

/** `all`: runs of all PCs, among which is what an undo undoes. */
function joinRuns(parts: readonly RunRecord[], all: readonly RunRecord[], labelOf: LabelOf): RunRecord | undefined {
  const [first] = parts;
  if (!first?.span) return undefined;
  const { id } = first.span;
  const plan = joinedPlan(id, parts, all, labelOf);
  const before = records.get(first);
  const isSame = before?.run.plan === plan && before.parts.every((part, index) => part === parts[index]);
  if (before && isSame) return before.run;
  // What was cut short and is settled was carried out in part, whatever another run has made of it.
  const known = parts.flatMap(({ outcome, settled }): readonly RunOutcome[] =>
    outcome ? [outcome] : settled ? ['partly'] : [],
  );
  const isOver = known.length === parts.length;
  // What became of the part of a PC that is not here any more, nobody knows.
  const outcome = outcomeOf(parts.length < first.span.parts ? [...known, 'unknown'] : known);
  const events = joinEvents(id, parts, labelOf);
  const undone = parts.map(({ undoneBy }) => all.find((one) => one.id === undoneBy)?.span?.id ?? undoneBy);
  const trouble = (['newer-schema', 'broken', 'damaged'] as const).find((one) =>
    parts.some((part) => part.trouble === one),
  );
  const run: RunRecord = {
    id,
    schema: first.schema,
    order: first.order,
    appVersion: first.appVersion,
    goal: plan.goal,
    plan,
    events: isOver ? [...events, endOf(id, events, parts, outcome)] : events,
    ...(isOver && { outcome }),
    ...(undone[0] !== undefined && undone.every((one) => one !== undefined) && { undoneBy: undone[0] }),
    ...(trouble && { trouble }),
  };
  records.set(first, { parts, run });
  return run;
}

/** Kept as long as its parts are: what is made of its events is told apart by it. */
const plans = new WeakMap<Plan, { readonly from: readonly PlanPart[]; readonly plan: Plan }>();

function joinedPlan(id: RunId, parts: readonly RunRecord[], all: readonly RunRecord[], labelOf: LabelOf): Plan {
  const from = parts.map((part): PlanPart => ({ plan: part.plan, label: labelIn(part, labelOf) }));
  const key = parts[0]?.plan;
  const before = key && plans.get(key);
  const isSame =
    before?.from.length === from.length &&
    before.from.every(({ plan, label }, index) => plan === from[index]?.plan && label === from[index].label);
  if (before && isSame) return before.plan;
  const plan = joinPlans({ id, goal: joinGoals(parts, all) }, from);
  if (key) plans.set(key, { from, plan });
  return plan;
}

const labelIn = (part: RunRecord, labelOf: LabelOf): string => {
  const pc = pcOf(part);
  return pc ? labelOf(pc) : '';
};

function joinGoals(parts: readonly RunRecord[], all: readonly RunRecord[]): Goal {
  const goals = parts.map(({ goal }) => goal);
  const consents = [...new Set<Consent>(goals.flatMap((goal) => goal.consents))];
  const undos = goals.flatMap((goal) => (goal.kind === 'undo' ? [goal] : []));
  const [undo] = undos;
  if (!undo) return { kind: 'vms', wants: goals.flatMap((goal) => (goal.kind === 'vms' ? goal.wants : [])), consents };
  const also = undos.flatMap((one) => one.also ?? []);
  const only = undos.flatMap((one) => one.only ?? []);
  return {
    kind: 'undo',
    run: all.find(({ id }) => id === undo.run)?.span?.id ?? undo.run,
    ...(also.length > 0 && { also }),
    ...(undos.every((one) => one.only) && { only }),
    ...(undo.checkpoints && { checkpoints: true }),
    consents,
  };
}

/** In the order of their times, those of a part in their own; each of them counts from when the first part began. */
function joinEvents(run: RunId, parts: readonly RunRecord[], labelOf: LabelOf): readonly RunEvent[] {
  const begins = parts.flatMap(({ events }) => (events[0] ? [Date.parse(events[0].time)] : []));
  const began = Math.min(...begins);
  const by = numbersBefore(parts.map(({ plan }) => plan));
  const rest = parts.map((part, index) => ({
    // Said once for all: that they begin, and that they are over.
    events: part.events.filter(({ kind }) => kind !== 'started' && kind !== 'ended'),
    at: 0,
    how: {
      run,
      later: part.events[0] ? (Date.parse(part.events[0].time) - began) / 1000 : 0,
      by: by[index] ?? 0,
      label: labelIn(part, labelOf),
    },
  }));
  const [start] = parts.flatMap(({ events }) => events.filter(({ kind }) => kind === 'started')).toSorted(byTime);
  const joined: RunEvent[] = start ? [moved(start, { run, later: 0, by: 0, label: '', seq: 0 })] : [];
  for (;;) {
    const next = rest
      .filter(({ events, at }) => at < events.length)
      .reduce<(typeof rest)[number] | undefined>((least, one) => {
        const [a, b] = [least?.events[least.at], one.events[one.at]];
        return a && b && a.time <= b.time ? least : one;
      }, undefined);
    const event = next?.events[next.at++];
    if (!next || !event) return joined;
    joined.push(moved(event, { ...next.how, seq: joined.length }));
  }
}

/** ISO 8601 of one clock: as texts they are in order. */
const byTime = (a: RunEvent, b: RunEvent): number => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0);

interface Move {
  readonly run: RunId;
  /** Seconds that its part began after the first. */
  readonly later: number;
  /** What numbers of its part grow by. */
  readonly by: number;
  readonly label: string;
  readonly seq: number;
}
/** Thousands come one by one: what was moved once stays the same object, and what was made of it holds. */
const known = new WeakMap<RunEvent, Move & { readonly event: RunEvent }>();

function moved(event: RunEvent, move: Move): RunEvent {
  const before = known.get(event);
  const isSame =
    before?.seq === move.seq &&
    before.later === move.later &&
    before.by === move.by &&
    before.label === move.label &&
    before.run === move.run;
  if (before && isSame) return before.event;
  const { run, seq, later, by, label } = move;
  const elapsed = Math.round((event.elapsed + later) * 1000) / 1000;
  const placed = { ...event, run, seq, elapsed };
  const made: RunEvent = placed.kind === 'replanned' ? { ...placed, chain: chainIn(placed.chain, label, by) } : placed;
  known.set(event, { ...move, event: made });
  return made;
}

function endOf(run: RunId, events: readonly RunEvent[], parts: readonly RunRecord[], outcome: RunOutcome): RunEvent {
  const last = parts
    .flatMap((part) => part.events.slice(-1))
    .toSorted(byTime)
    .at(-1);
  const began = events[0];
  const time = last?.time ?? began?.time ?? '';
  const elapsed = began ? (Date.parse(time) - Date.parse(began.time)) / 1000 + began.elapsed : 0;
  return { kind: 'ended', outcome, run, seq: events.length, time, elapsed };
}
