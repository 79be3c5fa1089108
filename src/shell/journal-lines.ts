/**
 * The text of a journal: a first line with schema, app version, number, goal and plan, then a line an event or mark. Each line
 * ends with its checksum, so that what a disk or an editor has changed is noticed. Empty lines are room that is kept free. Pure.
 */
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { isRefText, rootOf, type HostId, type MachineRef, type VmRef } from '../core/cmdlets/ref.js';
import { cmdlets, type CatalogEntry, type CmdletName } from '../core/cmdlets/catalog.js';
import { roleNames } from '../core/machine/roles.js';
import type { Plan } from '../core/change/step.js';
import type { RunEvent, RunRecord } from '../core/run/record.js';

/** Raised when what a line means changes; a file of a higher one is shown, not acted on. */
export const SCHEMA = 1;

export type Head = Pick<RunRecord, 'id' | 'schema' | 'order' | 'appVersion' | 'goal' | 'plan' | 'span'>;
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

// Somebody may have written in it: no VM but by the form of its address and of the PC whose journal it is, no call but of the catalog,
// since scripts are made of them.
const DEEPEST = 3;
const refsOf = (at: HostId) => {
  const isVm = (ref: unknown): boolean => isRefText(ref, DEEPEST) && rootOf(ref) === at;
  return {
    vmSchema: z.custom<VmRef>(isVm),
    machineSchema: z.custom<MachineRef>((ref) => ref === at || isVm(ref)),
  };
};
type Refs = ReturnType<typeof refsOf>;

const looseObject = z.record(z.string(), z.unknown());
const messageSchema = z.looseObject({ key: z.string() });
const changesSchema = z.array(z.looseObject({ path: z.string() }));
const numberSchema = z.number().int().positive();
const targetSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.literal(true), z.object({ path: z.string(), id: z.string() })]),
);

function chainSchemaOf({ vmSchema, machineSchema }: Refs) {
  const callSchema = z
    .looseObject({ cmdlet: z.string(), params: looseObject, at: machineSchema, on: targetSchema.optional() })
    .refine(({ cmdlet, params }) => isCatalogued(cmdlet, Object.keys(params)));
  const waitSchema = z.union([
    z.looseObject({ vm: vmSchema, answers: z.literal(true) }),
    z.looseObject({ vm: vmSchema, role: z.enum(roleNames), is: z.boolean() }),
  ]);
  const stepSchema = z.looseObject({
    id: z.string(),
    number: numberSchema,
    vm: vmSchema,
    title: messageSchema,
    do: z.union([z.looseObject({ call: callSchema }), z.looseObject({ wait: waitSchema, atMost: numberSchema })]),
    makes: z.looseObject({ what: z.string(), at: machineSchema }).optional(),
    changes: changesSchema,
  });
  return z.looseObject({
    vm: vmSchema,
    name: z.string(),
    steps: z.array(stepSchema),
    basis: changesSchema,
    nested: z.array(z.looseObject({ name: z.string() })),
  });
}

function isCatalogued(cmdlet: string, params: readonly string[]): boolean {
  if (!Object.hasOwn(cmdlets, cmdlet)) return false;
  const entry: CatalogEntry = cmdlets[cmdlet as CmdletName];
  return params.every((name) => Object.hasOwn(entry.params, name) || Object.hasOwn(entry.fixed ?? {}, name));
}

function headSchemaOf({ vmSchema }: Refs, chainSchema: ReturnType<typeof chainSchemaOf>) {
  const wantsSchema = z.array(z.looseObject({ vm: vmSchema, want: looseObject }));
  return z.looseObject({
    schema: z.number().int(),
    appVersion: z.string(),
    id: z.string(),
    order: z.number().int(),
    span: z.object({ id: z.string(), part: numberSchema, parts: numberSchema }).optional(),
    goal: z.discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('vms'), wants: wantsSchema }),
      z.looseObject({ kind: z.literal('create'), vm: looseObject }),
      z.looseObject({
        kind: z.literal('undo'),
        run: z.string(),
        also: z.array(z.looseObject({ vm: vmSchema, path: z.string() })).optional(),
        only: z.array(vmSchema).optional(),
        checkpoints: z.literal(true).optional(),
      }),
    ]),
    plan: z.looseObject({
      id: z.string(),
      readAt: z.string(),
      chains: z.array(chainSchema),
      wants: wantsSchema,
      consents: z.array(z.looseObject({ consent: z.string(), vms: z.array(vmSchema) })),
      oneWay: z.array(z.looseObject({ vm: vmSchema, path: z.string() })),
      blocked: z.array(z.looseObject({ vm: vmSchema, name: z.string() })),
    }),
  });
}
/** What every version's first line has. */
const anyHeadSchema = z.looseObject({
  schema: z.number().int(),
  appVersion: z.string(),
  id: z.string(),
  order: z.number().int().default(0),
});
const eventFields = { run: z.string(), seq: z.number().int(), time: z.string(), elapsed: z.number() };
function lineSchemaOf({ vmSchema, machineSchema }: Refs, chainSchema: ReturnType<typeof chainSchemaOf>) {
  const eventSchema = z.discriminatedUnion('kind', [
    z.looseObject({ ...eventFields, kind: z.enum(['started', 'interrupted']) }),
    z.looseObject({
      ...eventFields,
      kind: z.literal('step'),
      vm: vmSchema,
      step: z.string(),
      state: z.enum(['running', 'done', 'failed', 'unknown', 'skipped', 'cancelled']),
      found: changesSchema.optional(),
      readBack: changesSchema.optional(),
      made: z.looseObject({ what: z.string(), at: machineSchema }).optional(),
    }),
    z.looseObject({
      ...eventFields,
      kind: z.literal('replanned'),
      vm: vmSchema,
      because: changesSchema,
      chain: chainSchema,
    }),
    z.looseObject({ ...eventFields, kind: z.literal('stopped'), vm: vmSchema, why: messageSchema }),
    z.looseObject({
      ...eventFields,
      kind: z.literal('ended'),
      outcome: z.enum(['done', 'partly', 'failed', 'cancelled', 'unknown']),
    }),
  ]);
  return z.union([
    z.object({ event: eventSchema }),
    z.object({ settled: z.enum(['finished', 'undone', 'left']) }),
    z.object({ undoneBy: z.string() }),
  ]);
}

function schemasOf(at: HostId) {
  const refs = refsOf(at);
  const chainSchema = chainSchemaOf(refs);
  return { headSchema: headSchemaOf(refs, chainSchema), lineSchema: lineSchemaOf(refs, chainSchema) };
}
type Schemas = ReturnType<typeof schemasOf>;
const known = new Map<HostId, Schemas>();
function schemasFor(at: HostId): Schemas {
  const schemas = known.get(at) ?? schemasOf(at);
  known.set(at, schemas);
  return schemas;
}

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

/** `at`: the PC whose journal it is. null: its first line is not one of its runs, or no longer as it was written. */
export function parseJournal(text: string, at: HostId): RunRecord | null {
  const { headSchema, lineSchema } = schemasFor(at);
  const [first = '', ...rest] = text.split('\n');
  const parsedFirst = parsedLine(first);
  const head = headSchema.safeParse(parsedFirst);
  if (!head.success) return strangeHead(parsedFirst);
  const { id, schema, order, appVersion, span } = head.data;
  const { events, settled, undoneBy, trouble } = bodyOf(rest, lineSchema);
  const ended = events.findLast((event) => event.kind === 'ended');
  return {
    id,
    schema,
    order,
    appVersion,
    // Written by this app as a goal and a plan; the schema has checked what every reader relies on.
    goal: head.data.goal as unknown as RunRecord['goal'],
    plan: head.data.plan as unknown as Plan,
    ...(span && { span }),
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
function bodyOf(
  lines: readonly string[],
  lineSchema: Schemas['lineSchema'],
): Body & { readonly events: readonly RunEvent[] } {
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
