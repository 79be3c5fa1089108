/**
 * Which runs are kept. A journal is there to put back and to decide: the newest 200 stay whatever they did, and beyond them
 * a run stays while it waits for a decision, and while it can still be put back: until it was, or for 90 days. A journal of
 * a newer app is not ours to delete.
 */
import fs from 'node:fs/promises';
import type { RunRecord } from '../core/run.js';
import { begunAt, fileOf } from './journal.js';

const NEWEST_KEPT = 200;
const DAYS_KEPT = 90;
const DAY = 86_400_000;

/** Of records that are newest first: those that may go. */
export function outdated(records: readonly RunRecord[], now: Date): readonly RunRecord[] {
  const oldest = now.getTime() - DAYS_KEPT * DAY;
  return records.slice(NEWEST_KEPT).filter((record) => {
    const { outcome, settled, putBackBy, trouble } = record;
    if (trouble === 'newer-schema' || (outcome === undefined && settled === undefined)) return false;
    return putBackBy !== undefined || Date.parse(begunAt(record)) < oldest;
  });
}

/** Answers what is left. Called before any run is shown; a file that cannot be deleted goes on being one. */
export async function prune(folder: string, records: readonly RunRecord[], now: Date): Promise<readonly RunRecord[]> {
  const gone = new Set<string>();
  for (const { id } of outdated(records, now))
    await fs.rm(fileOf(folder, id)).then(
      () => gone.add(id),
      () => undefined,
    );
  return records.filter(({ id }) => !gone.has(id));
}
