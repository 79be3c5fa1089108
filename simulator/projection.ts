/** Rows of the wire → rows of the catalog, as the bridge and the session make them together. */
import type { CatalogEntry } from '../src/core/cmdlets/catalog.js';
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
  // What nobody reads is not sent back: a cmdlet that makes something gives it out all the same.
  if (Object.keys(reads).length === 0) return { rows: [], unreadable: [] };
  const unreadable = new Map<string, Unreadable>();
  const columns = Object.entries(reads).map(([property, type]) => ({ property, convert: converterOf(type) }));
  const projected = rows.map((row) => {
    // A thousand VMs make ten thousand rows: a plain loop over columns that are prepared once.
    const made: Record<string, unknown> = {};
    for (const { property, convert } of columns) {
      const value = row[property] ?? null;
      const error = typeof value === 'object' ? thrownBy(value) : undefined;
      made[property] = error ? undefined : convert === asIs ? value : convert(value);
      if (!error) continue;
      const key = `${property} ${error.id}`;
      unreadable.set(key, { property, objects: (unreadable.get(key)?.objects ?? 0) + 1, error });
    }
    return made;
  });
  return { rows: projected, unreadable: [...unreadable.values()] };
}

const asIs = (value: unknown) => value;

function converterOf(type: string): (value: unknown) => unknown {
  if (type === 'String') return (value) => (typeof value === 'number' ? String(value) : (value ?? ''));
  if (type === 'String[]') return (value) => value ?? [];
  if (type.startsWith('UInt64')) return (value) => (typeof value === 'number' ? value.toFixed(0) : value);
  if (type.startsWith('Guid')) return (value) => (typeof value === 'string' ? value.toLowerCase() : value);
  return asIs;
}
