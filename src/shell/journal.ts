/**
 * One file a run: a first line with schema, app version, goal and plan, then a line an event. Each line is flushed to the disk
 * before it counts. A damaged last line, a foreign file or a newer schema never hides the other runs.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Plan } from '../core/plan.js';
import type { RunEvent, RunRecord } from '../core/run.js';

/** Raised when what a line means changes; a file of a higher one is shown, not acted on. */
export const SCHEMA = 1;

type Head = Pick<RunRecord, 'id' | 'schema' | 'appVersion' | 'goal' | 'plan'>;
type Settled = NonNullable<RunRecord['settled']>;
type Line = { readonly event: RunEvent } | { readonly settled: Settled } | { readonly putBackBy: string };

export interface Writer {
  /** Resolves when the event is on the disk. In the order of the calls. */
  record(event: RunEvent): Promise<void>;
  close(): Promise<void>;
}

const extension = '.jsonl';
export const fileOf = (folder: string, run: string): string => path.join(folder, `${run}${extension}`);

async function flushed(file: fs.FileHandle, text: string): Promise<void> {
  await file.appendFile(text);
  await file.sync();
}

/** A new file is only there after a crash when its folder was flushed too (not possible, and not needed, on Windows). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function beginJournal(folder: string, head: Head): Promise<Writer> {
  await fs.mkdir(folder, { recursive: true });
  const file = await fs.open(fileOf(folder, head.id), 'ax');
  // The first keys are schema and appVersion, so that any later version can tell by the beginning of the file.
  const { schema, appVersion, ...rest } = head;
  await flushed(file, `${JSON.stringify({ schema, appVersion, ...rest })}\n`);
  await syncFolder(folder);
  // After a line that could not be written whole nothing is written any more: the next one would be lost in its rest.
  let last: Promise<void> = Promise.resolve();
  return {
    record(event) {
      last = last.then(() => flushed(file, `${JSON.stringify({ event } satisfies Line)}\n`));
      return last;
    },
    async close() {
      await last.catch(() => undefined);
      await file.close();
    },
  };
}

/** Adds a line to a run that has ended or was cut short. */
async function append(folder: string, run: string, line: Line): Promise<void> {
  const file = await fs.open(fileOf(folder, run), 'a+');
  try {
    // A last line that was cut short must not swallow this one.
    const { size } = await file.stat();
    const end = Buffer.alloc(1);
    if (size > 0) await file.read(end, 0, 1, size - 1);
    await flushed(file, `${size > 0 && end.toString() !== '\n' ? '\n' : ''}${JSON.stringify(line)}\n`);
  } finally {
    await file.close();
  }
}

export const markSettled = (folder: string, run: string, settled: Settled): Promise<void> =>
  append(folder, run, { settled });
export const markPutBack = (folder: string, run: string, by: string): Promise<void> =>
  append(folder, run, { putBackBy: by });

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
  goal: z.looseObject({ kind: z.enum(['vms', 'put-back']) }),
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
const anyHeadSchema = z.looseObject({ schema: z.number().int(), appVersion: z.string(), id: z.string() });
const eventFields = { run: z.string(), seq: z.number().int(), time: z.string() };
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
  z.object({ settled: z.enum(['finished', 'put-back', 'left']) }),
  z.object({ putBackBy: z.string() }),
]);

function parsedLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A newer app may write what this one cannot read: that there was a run is shown all the same. */
function strangeHead(first: unknown): RunRecord | null {
  const head = anyHeadSchema.safeParse(first);
  if (!head.success || head.data.schema <= SCHEMA) return null;
  const { id, schema, appVersion } = head.data;
  const goal = { kind: 'vms', wants: [], consents: [] } as const;
  const plan = { id, goal, wants: [], readAt: '', chains: [], consents: [], oneWay: [], blocked: [] };
  return { id, schema, appVersion, goal, plan, events: [], trouble: 'newer-schema' };
}

/** null: no journal of ours (its first line is not one). */
export function parseJournal(text: string): RunRecord | null {
  const [first = '', ...rest] = text.split('\n');
  const parsedFirst = parsedLine(first);
  const head = headSchema.safeParse(parsedFirst);
  if (!head.success) return strangeHead(parsedFirst);
  const isNewer = head.data.schema > SCHEMA;
  let trouble: RunRecord['trouble'] = isNewer ? 'newer-schema' : undefined;
  const events: RunEvent[] = [];
  let settled: RunRecord['settled'];
  let putBackBy: string | undefined;
  for (const line of rest) {
    if (line === '') continue;
    const parsed = lineSchema.safeParse(parsedLine(line));
    if (!parsed.success) {
      trouble ??= 'damaged';
      continue;
    }
    // Written by this app as a RunEvent; the schema has checked what every reader relies on.
    if ('event' in parsed.data) events.push(parsed.data.event as unknown as RunEvent);
    else if ('settled' in parsed.data) settled = parsed.data.settled;
    else putBackBy = parsed.data.putBackBy;
  }
  const ended = events.findLast((event) => event.kind === 'ended');
  return {
    id: head.data.id,
    schema: head.data.schema,
    appVersion: head.data.appVersion,
    goal: head.data.goal as unknown as RunRecord['goal'],
    plan: head.data.plan as unknown as Plan,
    events,
    ...(ended?.kind === 'ended' ? { outcome: ended.outcome } : {}),
    ...(settled ? { settled } : {}),
    ...(putBackBy === undefined ? {} : { putBackBy }),
    ...(trouble ? { trouble } : {}),
  };
}

/** ISO 8601: when it began; what was cut before its first event, when it was planned. */
export const begunAt = ({ events, plan }: RunRecord): string => events[0]?.time ?? plan.readAt;

/** Newest first. A file that cannot be read, or is not ours, is left alone and left out. */
export async function readJournals(folder: string): Promise<readonly RunRecord[]> {
  const names = await fs.readdir(folder).catch((): string[] => []);
  const records = await Promise.all(
    names
      .filter((name) => name.endsWith(extension))
      .map(async (name) => {
        const record = parseJournal(await fs.readFile(path.join(folder, name), 'utf8').catch(() => ''));
        // A copy of another run's file, or a name from elsewhere: what is added later would go into another file.
        return record && `${record.id}${extension}` === name ? record : null;
      }),
  );
  return records
    .filter((record): record is RunRecord => record !== null)
    .toSorted((a, b) => (begunAt(a) < begunAt(b) ? 1 : -1));
}
