/** The rows of one answer: each once, and by the VM that they are of. */
import type { Failure, Guid } from '../cmdlets/call.js';
import { isOfWholeCall } from '../cmdlets/reads.js';

/** Of rows that name one id twice the first counts: whoever shows a list goes by its ids. */
export function once<Row>(rows: readonly Row[], idOf: (row: Row) => string | number | undefined): readonly Row[] {
  const first = new Map<unknown, Row>();
  for (const row of rows) if (!first.has(idOf(row))) first.set(idOf(row), row);
  return first.size === rows.length ? rows : [...first.values()];
}

/** The rows of a list by VM: gone through once for all VMs. */
export interface Groups<Row> {
  readonly isRead: boolean;
  /** Whether each row says whose it is. */
  readonly isComplete: boolean;
  readonly mayLack: boolean;
  readonly of: ReadonlyMap<Guid, readonly Row[]>;
}

export function groupByVm<Row extends { readonly VMId: string | undefined }>(read: {
  readonly rows: readonly Row[] | undefined;
  readonly errors: readonly Failure[];
}): Groups<Row> {
  const groups = new Map<Guid, Row[]>();
  let isComplete = true;
  for (const row of read.rows ?? []) {
    const id = row.VMId?.toLowerCase();
    if (id === undefined) {
      isComplete = false;
      continue;
    }
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return { isRead: read.rows !== undefined, isComplete, mayLack: read.errors.some(isOfWholeCall), of: groups };
}

/**
 * What a VM has of a list. A list that lacks it after an error, or with a row that does not say whose or which it is, is not
 * known: an empty one would be taken for "none".
 */
export function listOf<Row extends { readonly Id: string | undefined }>(
  groups: Groups<Row>,
  vm: Guid,
): readonly Row[] | undefined {
  const own = groups.of.get(vm);
  if (!groups.isRead || !groups.isComplete) return undefined;
  if (own?.some(({ Id }) => Id === undefined)) return undefined;
  return own ? once(own, ({ Id }) => Id?.toLowerCase()) : groups.mayLack ? undefined : [];
}
