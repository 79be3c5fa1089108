/** Rows of the wire → rows of the catalog, as the bridge and the session make them together. */
import type { CatalogEntry } from '../src/core/cmdlets.js';
import type { WireError, WireReply } from './wire.js';

interface Unreadable {
  readonly property: string;
  /** On how many objects. */
  readonly objects: number;
  readonly error: WireError;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function thrownBy(value: unknown): WireError | undefined {
  const thrown = isRecord(value) ? value['$throws'] : undefined;
  // Only the simulator writes this property, and it writes a WireError.
  return isRecord(thrown) && typeof thrown['id'] === 'string' ? (thrown as unknown as WireError) : undefined;
}

/** Named properties only, in their order; one that throws is undefined in its row and counted once. */
export function project(reads: CatalogEntry['reads'], { rows }: WireReply) {
  const unreadable = new Map<string, Unreadable>();
  const projected = rows.map((row) =>
    Object.fromEntries(
      Object.entries(reads).map(([property, type]): [string, unknown] => {
        const value = row[property] ?? null;
        const error = thrownBy(value);
        if (!error) return [property, convert(value, type)];
        const key = `${property} ${error.id}`;
        unreadable.set(key, { property, objects: (unreadable.get(key)?.objects ?? 0) + 1, error });
        return [property, undefined];
      }),
    ),
  );
  return { rows: projected, unreadable: [...unreadable.values()] };
}

function convert(value: unknown, type: string): unknown {
  if (value === null) return type === 'String[]' ? [] : type === 'String' ? '' : null;
  if (type.startsWith('UInt64')) return typeof value === 'number' ? value.toFixed(0) : value;
  if (type.startsWith('Guid')) return typeof value === 'string' ? value.toLowerCase() : value;
  return value;
}
