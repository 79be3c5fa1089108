/**
 * The text of a journal: a first line with schema, app version, number, goal and plan, then a line an event or mark. Each line
 * ends with its checksum, so that what a disk or an editor has changed is noticed. Empty lines are room that is kept free. Pure.
 */
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Plan } from '../core/change/step.js';
import type { RunEvent, RunRecord } from '../core/run/record.js';

/** Raised when what a line means changes; a file of a higher one is shown, not acted on. */
export const SCHEMA = 1;

export type Head = Pick<RunRecord, 'id' | 'schema' | 'order' | 'appVersion' | 'goal' | 'plan'>;
export type Settled = NonNullable<RunRecord['settled']>;
export type Line = { readonly event: RunEvent } | { readonly settled: Settled } | { readonly undoneBy: string };

const sumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0');
const lineOf = (text: string): string => `${text} ${sumOf(text)}\n`;
export const lineFor = (line: Line): string => lineOf(JSON.stringify(line));
/** The first keys are schema and appVersion, so that any later version can tell by the beginning of the file. */
export const firstLine = ({ schema, appVersion, ...rest }: Head): string =>
  lineOf(JSON.stringify({ schema, appVersion, ...rest }));

/** undefined: not as it was written. */
function parsedLine(line: string): unknown {
  const text = line.slice(0, -9);
  if (line.slice(-9) !== ` ${sumOf(text)}`) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const looseObject = z.record(z.string(), z.unknown());
const changesSchema = z.array(z.looseObject({ path: z.string() }));
const chainSchema = z.looseObject({
  vm: z.string(),
  name: z.string(),
  steps: z.array(z.looseObject({ id: z.string(), vm: z.string(), do: looseObject, changes: changesSchema })),
});
const headSchema = z.looseObject({
  schema: z.number().int(),
  appVersion: z.string(),
  id: z.string(),
  order: z.number().int(),
  goal: z.looseObject({ kind: z.enum(['vms', 'undo']) }),
  plan: z.looseObject({
    id: z.string(),
    readAt: z.string(),
    chains: z.array(chainSchema),
    wants: z.array(z.looseObject({ vm: z.string(), want: looseObject })),
    consents: z.array(z.looseObject({ consent: z.string(), vms: z.array(z.string()) })),
    oneWay: z.array(looseObject),
    blocked: z.array(looseObject),
  }),
});
/** What every version's first line has. */
const anyHeadSchema = z.looseObject({
  schema: z.number().int(),
  appVersion: z.string(),
  id: z.string(),
  order: z.number().int().default(0),
});
const eventFields = { run: z.string(), seq: z.number().int(), time: z.string(), elapsed: z.number() };
const eventSchema = z.discriminatedUnion('kind', [
  z.looseObject({ ...eventFields, kind: z.enum(['started', 'interrupted']) }),
  z.looseObject({
    ...eventFields,
    kind: z.literal('step'),
    vm: z.string(),
    step: z.string(),
    state: z.enum(['running', 'done', 'failed', 'unknown', 'skipped', 'cancelled']),
    found: changesSchema.optional(),
    readBack: changesSchema.optional(),
  }),
  z.looseObject({
    ...eventFields,
    kind: z.literal('replanned'),
    vm: z.string(),
    because: changesSchema,
    chain: chainSchema,
  }),
  z.looseObject({
    ...eventFields,
    kind: z.literal('stopped'),
    vm: z.string(),
    why: z.looseObject({ key: z.string() }),
  }),
  z.looseObject({
    ...eventFields,
    kind: z.literal('ended'),
    outcome: z.enum(['done', 'partly', 'failed', 'cancelled', 'unknown']),
  }),
]);
const lineSchema = z.union([
  z.object({ event: eventSchema }),
  z.object({ settled: z.enum(['finished', 'undone', 'left']) }),
  z.object({ undoneBy: z.string() }),
]);

/** In the place of what cannot be read: that there was a run is shown all the same. `readAt`: ISO 8601. */
function unread(head: Omit<Head, 'goal' | 'plan'>, readAt: string, trouble: RunRecord['trouble']): RunRecord {
  const goal = { kind: 'vms', wants: [], consents: [] } as const;
  const plan = { id: head.id, goal, wants: [], readAt, chains: [], consents: [], oneWay: [], blocked: [] };
  return { ...head, goal, plan, events: [], ...(trouble && { trouble }) };
}

/** Nothing says when it was: it is shown first. */
const NO_ORDER = Number.MAX_SAFE_INTEGER;
/** `changedAt`: of its file. */
export const brokenRecord = (id: string, changedAt: string): RunRecord =>
  unread({ id, schema: SCHEMA, appVersion: '', order: NO_ORDER }, changedAt, 'broken');
export const hasOrder = ({ order }: RunRecord): boolean => order !== NO_ORDER;

/** A newer app may write what this one cannot read. */
function strangeHead(first: unknown): RunRecord | null {
  const head = anyHeadSchema.safeParse(first);
  if (!head.success || head.data.schema <= SCHEMA) return null;
  const { id, schema, order, appVersion } = head.data;
  return unread({ id, schema, order, appVersion }, '', 'newer-schema');
}

/** null: its first line is not one of ours, or no longer as it was written. */
export function parseJournal(text: string): RunRecord | null {
  const [first = '', ...rest] = text.split('\n');
  const parsedFirst = parsedLine(first);
  const head = headSchema.safeParse(parsedFirst);
  if (!head.success) return strangeHead(parsedFirst);
  const { id, schema, order, appVersion } = head.data;
  const { events, settled, undoneBy, trouble } = bodyOf(rest);
  const ended = events.findLast((event) => event.kind === 'ended');
  return {
    id,
    schema,
    order,
    appVersion,
    // Written by this app as a goal and a plan; the schema has checked what every reader relies on.
    goal: head.data.goal as unknown as RunRecord['goal'],
    plan: head.data.plan as unknown as Plan,
    events,
    ...(ended?.kind === 'ended' ? { outcome: ended.outcome } : {}),
    ...(settled ? { settled } : {}),
    ...(undoneBy === undefined ? {} : { undoneBy }),
    ...(schema > SCHEMA ? { trouble: 'newer-schema' } : trouble ? { trouble } : {}),
  };
}

type Body = Pick<RunRecord, 'settled' | 'undoneBy' | 'trouble'>;

/**
 * `damaged`: the last event was cut short, as the end of the app or of power does it: nothing after it was begun. `broken`: one
 * in the middle is missing, so that what was done is not known.
 */
function bodyOf(lines: readonly string[]): Body & { readonly events: readonly RunEvent[] } {
  const events: RunEvent[] = [];
  let body: Body = {};
  for (const line of lines) {
    if (line === '') continue;
    const parsed = lineSchema.safeParse(parsedLine(line));
    if (!parsed.success) body = { ...body, trouble: body.trouble ?? 'damaged' };
    else if ('event' in parsed.data) {
      // Written by this app as a RunEvent; the schema has checked what every reader relies on.
      const event = parsed.data.event as unknown as RunEvent;
      if (body.trouble !== undefined || event.seq !== events.length) body = { ...body, trouble: 'broken' };
      events.push(event);
    } else body = { ...body, ...parsed.data };
  }
  return { ...body, events };
}

/** bytes that the events of a plan take, rather too many: each step twice, with what is read before and after it. */
export function roomFor({ chains }: Plan): number {
  const bytes = chains.reduce(
    (sum, { steps }) =>
      sum + 1024 + steps.reduce((all, { changes }) => all + 700 + 3 * JSON.stringify(changes).length, 0),
    8192,
  );
  return Math.ceil(bytes / 4096) * 4096;
}
