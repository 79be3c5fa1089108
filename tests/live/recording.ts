/**
 * What a Hyper-V has answered, without any name: of each step and cmdlet the types of what it read, the ids of its errors and the time
 * that it took. A name that gets into it is a fault, and it is not written then.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { cmdlets, enums, type CatalogEntry } from '../../src/core/cmdlets/catalog.js';
import type { CallResult, Failure, HostCall } from '../../src/core/cmdlets/call.js';

const errorSchema = z.object({
  id: z.string(),
  category: z.string(),
  exception: z.string(),
  hresult: z.number().nullable(),
  /** As the app understands it. */
  kind: z.string(),
  property: z.string().optional(),
});
const callSchema = z.object({
  step: z.string(),
  cmdlet: z.string(),
  times: z.number(),
  /** `rows`, `failed` or `unknown`, each that there was. */
  outcomes: z.array(z.string()),
  /** By property what it was: `text`, `number`, `null`, `unread`, or the member of an enumeration. */
  reads: z.record(z.string(), z.array(z.string())),
  errors: z.array(errorSchema),
  /** Of the whole request that it was in. */
  milliseconds: z.object({ least: z.number(), most: z.number() }),
});
export const recordingSchema = z.object({
  schema: z.literal(1),
  of: z.enum(['windows', 'simulated']),
  /** Of the runner's image, of Windows and of PowerShell. */
  versions: z.record(z.string(), z.string()),
  calls: z.array(callSchema),
  /** Seconds. */
  seconds: z.record(z.string(), z.number()),
  /** What was found out besides, by a word of ours. */
  found: z.record(z.string(), z.string()),
});
export type Recording = z.infer<typeof recordingSchema>;
type Call = z.infer<typeof callSchema>;

/** An id of Windows is a word or a number of an error, and the command; whatever a script says in its place may hold a name. */
const anId = /^(HRESULT 0x[0-9a-f]{8}|Windows System Error \d+|[A-Za-z][\w.]*)(,[A-Za-z][\w.-]*)*$/i;
const idOf = (id: string): string => (id === '' || anId.test(id) ? id : 'of its own');

function errorOf({ kind, property, record }: Failure): Call['errors'][number] {
  return {
    id: idOf(record?.id ?? ''),
    category: idOf(record?.category ?? ''),
    exception: idOf(record?.exception ?? ''),
    hresult: record?.hresult ?? null,
    kind,
    ...(property === undefined ? {} : { property }),
  };
}

const enumerations = new Map<string, readonly string[]>(Object.entries(enums));
/** Of a type of the catalog; undefined: it is no enumeration. */
export const membersOf = (type: string): readonly string[] | undefined => enumerations.get(type.replace('?', ''));

function kindOf(type: string, value: unknown): string {
  if (value === undefined) return 'unread';
  if (value === null) return 'null';
  const members = membersOf(type);
  if (members && typeof value === 'string') return members.includes(value) ? value : 'no member that is known';
  if (Array.isArray(value)) return value.length === 0 ? 'empty list' : 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

const added = (list: readonly string[], more: string): string[] => [...new Set([...list, more])].toSorted();

export class Recorder {
  readonly #calls = new Map<string, Call>();
  readonly #seconds: Record<string, number> = {};
  readonly #found: Record<string, string> = {};
  readonly #names = new Set<string>();
  step = 'opening';

  constructor(private readonly of: Recording['of']) {}

  /** Never to be found in it. Short ones are words of any language. */
  hide(...names: readonly (string | null | undefined)[]): void {
    for (const name of names) if (name && name.length > 3) this.#names.add(name);
  }

  seconds(what: string, value: number): void {
    this.#seconds[what] = Math.round(value * 1000) / 1000;
  }

  found(what: string, value: string): void {
    this.#found[what] = idOf(value);
  }

  /** Entries of the catalog that were asked for. */
  get cmdlets(): ReadonlySet<string> {
    return new Set([...this.#calls.values()].map(({ cmdlet }) => cmdlet));
  }

  take(calls: readonly HostCall[], results: readonly CallResult[], milliseconds: number): void {
    for (const [index, { cmdlet }] of calls.entries()) {
      const result = results[index];
      if (!result) continue;
      const key = `${this.step}\n${cmdlet}`;
      const ms = Math.round(milliseconds);
      const before = this.#calls.get(key) ?? {
        step: this.step, cmdlet, times: 0, outcomes: [], reads: {}, errors: [], milliseconds: { least: ms, most: ms },
      }; // prettier-ignore
      this.#calls.set(key, withResult(before, result, ms));
    }
  }

  /** Throws where a name is in it. */
  recording(versions: Readonly<Record<string, string>>): Recording {
    const recording = recordingSchema.parse({
      schema: 1,
      of: this.of,
      versions: Object.fromEntries(Object.entries(versions).map(([name, one]) => [name, one.replace(/[^\w. -]/g, '')])),
      calls: [...this.#calls.values()],
      seconds: this.#seconds,
      found: this.#found,
    });
    const named = namesIn(JSON.stringify(recording), this.#names);
    if (named.length > 0) throw new Error(`${String(named.length)} names are in the recording`);
    return recording;
  }
}

function withResult(before: Call, result: CallResult, ms: number): Call {
  const entry: CatalogEntry = cmdlets[before.cmdlet as keyof typeof cmdlets];
  const outcome = 'rows' in result ? 'rows' : 'failed' in result ? 'failed' : 'unknown';
  const failures = 'rows' in result ? result.errors : 'failed' in result ? [result.failed] : [result.failure];
  const reads = { ...before.reads };
  for (const row of 'rows' in result ? (result.rows as readonly Readonly<Record<string, unknown>>[]) : [])
    for (const [property, type] of Object.entries(entry.reads))
      reads[property] = added(reads[property] ?? [], kindOf(type, row[property]));
  const errors = new Map([...before.errors, ...failures.map(errorOf)].map((error) => [JSON.stringify(error), error]));
  return {
    ...before,
    times: before.times + 1,
    outcomes: added(before.outcomes, outcome),
    reads,
    errors: [...errors.values()],
    milliseconds: { least: Math.min(before.milliseconds.least, ms), most: Math.max(before.milliseconds.most, ms) },
  };
}

/** Those of them that stand in a text, as a word or more. */
export function namesIn(text: string, names: Iterable<string>): readonly string[] {
  const lower = text.toLowerCase();
  const isWord = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  return [...names].filter((name) => {
    // As JSON writes it.
    const wanted = JSON.stringify(name).slice(1, -1).toLowerCase();
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1))
      if (!isWord(lower[at - 1]) && !isWord(lower[at + wanted.length])) return true;
    return false;
  });
}

/** Where the workflow finds it; nothing of it is kept in git. */
export function writeRecording(suite: 'live' | 'guest', recording: Recording): void {
  const folder = recording.of === 'windows' ? 'live' : 'live-simulated';
  const file = path.resolve('.cache', folder, suite === 'live' ? 'recording.json' : 'guest-recording.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(recording, null, 1)}\n`);
  console.log(`Recorded: ${file}`);
}

/** Those of real Windows that are checked in. */
export function keptRecordings(
  folder = path.resolve('tests/live/recordings'),
): readonly { readonly name: string; readonly recording: Recording }[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({
      name,
      recording: recordingSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))),
    }));
}
