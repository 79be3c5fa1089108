/**
 * Which runs are kept. A journal is there to undo and to decide: the newest 200 stay whatever they did, and beyond them
 * a run stays while it waits for a decision, and while it can still be undone, up to a thousand. A journal of a newer app is not
 * ours to delete. What cannot be read at all goes after ninety days: nothing else is known of it.
 */
import fs from 'node:fs/promises';
import { isSound, type RunRecord } from '../core/run/record.js';
import { hasOrder } from './journal-lines.js';
import { fileOf, removeUnfinished } from './journal.js';

const NEWEST_KEPT = 200;
const MOST_KEPT = 1000;
const DAYS_KEPT = 90;
const DAY = 86_400_000;

/** Of records that are newest first: those that may go. By their number, not by the clock: that may be wrong. */
export function outdated(records: readonly RunRecord[], now: Date): readonly RunRecord[] {
  const oldest = now.getTime() - DAYS_KEPT * DAY;
  const unread = records.filter((record) => !hasOrder(record));
  const known = records.filter(hasOrder);
  return [
    ...unread.filter(({ plan }) => Date.parse(plan.readAt) < oldest),
    ...known.filter((record, index) => {
      const { outcome, settled, undoneBy, trouble } = record;
      if (index < NEWEST_KEPT || trouble === 'newer-schema') return false;
      if (!isSound(record) || undoneBy !== undefined) return true;
      return index >= MOST_KEPT && (outcome !== undefined || settled !== undefined);
    }),
  ];
}

/** Answers what is left. Called before any run is shown; a file that cannot be deleted goes on being one. */
export async function prune(folder: string, records: readonly RunRecord[], now: Date): Promise<readonly RunRecord[]> {
  await removeUnfinished(folder);
  const gone = new Set<string>();
  for (const { id } of outdated(records, now))
    await fs.rm(fileOf(folder, id)).then(
      () => gone.add(id),
      () => undefined,
    );
  return records.filter(({ id }) => !gone.has(id));
}
