/** Calls → requests of the bridge, replies → results. Rows come as arrays in the order of the catalog's `reads`. */
import { partOf, type CallResult, type ErrorRecord, type Failure, type HostCall } from '../core/cmdlets/call.js';
import { isIdText } from '../core/cmdlets/ref.js';
import { cmdlets, enums, type CatalogEntry, type ValueType } from '../core/cmdlets/catalog.js';
import { failureOf } from '../core/cmdlets/failure.js';
import type { ErrorFields, Reply } from './frames.js';

interface Stage {
  readonly cmdlet: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly from?: number;
  readonly as?: string;
}
type Keep = { readonly keep: { readonly property: string; readonly equals: string } };
type Wire = { readonly kind: 'read' | 'change'; readonly select?: readonly string[] } & (
  Stage | { readonly pipeline: readonly (Stage | Keep)[] }
);

const entryOf = (call: HostCall): CatalogEntry => cmdlets[call.cmdlet];

function wireOf(call: HostCall): Wire {
  const entry = entryOf(call);
  const params = Object.fromEntries(
    Object.entries({ ...call.params, ...entry.fixed } as Record<string, unknown>).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const own: Stage = { cmdlet: entry.cmdlet ?? call.cmdlet, params };
  /** What it takes is given to it by the bridge, as the allow-list says. */
  const given: Stage = { ...own, ...(entry.takes === undefined ? {} : { as: entry.takes }) };
  const select = Object.keys(entry.reads);
  const base = { kind: entry.kind, ...(select.length > 0 ? { select } : {}) };
  const { on } = call;
  if (!on) return { ...base, ...own };
  if ('call' in on) return { ...base, ...own, from: on.call, as: entry.takes ?? '' };
  if ('switch' in on) return { ...base, pipeline: [{ cmdlet: 'Get-VMSwitch', params: { Id: on.switch } }, own] };
  if ('disk' in on) {
    const { path, id } = on.disk;
    const same = [
      { keep: { property: 'DiskIdentifier', equals: id } },
      { keep: { property: 'Attached', equals: 'False' } },
    ];
    return { ...base, pipeline: [{ cmdlet: 'Get-VHD', params: { Path: path } }, ...same, given] };
  }
  if ('nat' in on)
    return {
      ...base,
      pipeline: [{ cmdlet: 'Get-NetNat', params: {} }, { keep: { property: 'InstanceID', equals: on.nat } }, own],
    };
  if ('mapping' in on) {
    const keep = { property: 'StaticMappingID', equals: on.mapping };
    return { ...base, pipeline: [{ cmdlet: 'Get-NetNatStaticMapping', params: {} }, { keep }, own] };
  }
  const vm: Stage = { cmdlet: 'Get-VM', params: { Id: on.vm } };
  if ('dvd' in on) return { ...base, pipeline: [vm, { cmdlet: 'Get-VMDvdDrive', params: {} }, given] };
  const one = partOf(on);
  if (!one) return { ...base, pipeline: [vm, own] };
  return {
    ...base,
    pipeline: [vm, { cmdlet: one.from, params: {} }, { keep: { property: 'Id', equals: one.id } }, own],
  };
}

export const wireCalls = (calls: readonly HostCall[]): string => JSON.stringify(calls.map(wireOf));

const recordOf = (error: ErrorFields): ErrorRecord => ({
  id: error.fqid ?? '',
  category: error.category ?? '',
  target: error.targetName === '' ? null : (error.targetName ?? null),
  exception: error.exceptionType ?? '',
  hresult: error.hresult ?? null,
  message: error.message ?? '',
});

function failureFrom(error: ErrorFields, call: HostCall | undefined): Failure {
  return {
    ...failureOf(recordOf(error), call?.cmdlet),
    ...(error.property === undefined ? {} : { property: error.property }),
    ...(error.objects === undefined ? {} : { objects: error.objects }),
  };
}

/** What a whole reply failed for; undefined: it did not. */
export const failureIn = ({ error }: Reply): Failure | undefined => error && failureFrom(error, undefined);

type Outcome =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly errors: readonly Failure[] }
  | { readonly failed: Failure }
  | { readonly unknown: true; readonly failure: Failure };

/** One result for each call: those before the one that failed, itself, and those that were not reached. */
export function resultsOf(answer: Reply, calls: readonly HostCall[]): readonly CallResult[] {
  const failedAt = answer.ok ? calls.length : (answer.call ?? 0);
  const outcomes = calls.map((call, index): Outcome => {
    const done = answer.results?.[index];
    if (done)
      return {
        rows: rowsOf(call, done),
        errors: done.errors.map((e) => failureFrom(e, call)),
      };
    if (answer.ok) return { failed: { kind: 'unexpected', cmdlet: call.cmdlet } };
    const failure = failureFrom(answer.error ?? {}, call);
    if (answer.unknown && entryOf(call).kind === 'change') return { unknown: true, failure };
    // Refused as a whole (allow-list, deadline, session of a guest): every call has the same answer.
    if (index === failedAt || answer.call === undefined) return { failed: failure };
    return { failed: { kind: 'cancelled', cmdlet: call.cmdlet } };
  });
  // Each row was made from the catalog entry of its call, value by value.
  return outcomes;
}

function rowsOf(
  call: HostCall,
  { rows, errors }: { readonly rows: readonly (readonly unknown[])[]; readonly errors: readonly ErrorFields[] },
): readonly Readonly<Record<string, unknown>>[] {
  const failed = new Set(errors.map(({ property }) => property));
  return rows.map((row) => rowOf(call, row, failed));
}

/** An empty property whose getter failed on some object is not known to be empty. */
function rowOf(
  call: HostCall,
  row: readonly unknown[],
  failed: ReadonlySet<string | undefined>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entryOf(call).reads).map(([name, type], index) => [
      name,
      failed.has(name) && row[index] === null ? undefined : valueOf(type, row[index]),
    ]),
  );
}

/**
 * A value as the catalog says it is; undefined where something else was given. Whatever it is, nothing of it is called: an object
 * becomes no text, since its `toString` may be anything.
 */
function valueOf(type: ValueType, value: unknown): unknown {
  const isNullable = type.endsWith('?');
  const base = isNullable ? type.slice(0, -1) : type;
  if (value === null || value === undefined) {
    if (base === 'String' && !isNullable) return value === undefined ? undefined : '';
    if (base === 'String[]') return [];
    return isNullable ? null : undefined;
  }
  switch (base) {
    case 'String':
      return textOf(value);
    case 'String[]': {
      const texts = (Array.isArray(value) ? value : [value]).map(textOf);
      return texts.includes(undefined) ? undefined : texts;
    }
    case 'Guid':
      return typeof value === 'string' && isIdText(value.toLowerCase()) ? value.toLowerCase() : undefined;
    case 'Boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'UInt64':
      return /^\d{1,20}$/.exec(textOf(value) ?? '')?.[0];
    case 'DateTime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
    case 'Byte':
    case 'Int32':
    case 'Int64':
    case 'UInt16':
    case 'UInt32':
    case 'TimeSpan':
      return numberOf(value);
    default:
      // Enumerations come as their names. Of a member that this Windows has and the catalog lacks, nobody knows what it means.
      return typeof value === 'string' && membersOf(base).includes(value) ? value : undefined;
  }
}

const membersOf = (type: string): readonly string[] =>
  Object.hasOwn(enums, type) ? enums[type as keyof typeof enums] : [];

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A type that JSON has no number for may come as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
