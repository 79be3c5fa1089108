/** Changes of others that the user has chosen to keep: `kept-changes.json`, beside the journal of the runs that they undo. */
import { isRefText, type VmRef } from '../core/cmdlets/ref.js';
import path from 'node:path';
import { z } from 'zod';
import type { ChangePath } from '../core/machine/goal.js';
import { parsePath } from '../core/change/paths.js';
import type { Drift, KeptChange } from '../core/run/drift.js';
import { keyOfWay } from '../core/run/undo.js';
import { KeptList } from './kept-list.js';
import type { Keeping } from './saving.js';

const schema = z.object({
  kept: z.array(
    z.object({
      vm: z.custom<VmRef>((ref) => isRefText(ref, 1)),
      path: z.custom<ChangePath>((text) => typeof text === 'string' && parsePath(text) !== undefined),
      wroteAt: z.string(),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  ),
});

export class KeptChanges {
  readonly #list: KeptList<KeptChange>;

  /** A file that is not ours is as good as none: what is not kept is asked about once more. */
  constructor(folder: string, keeping: Keeping) {
    this.#list = new KeptList({
      file: path.join(folder, 'kept-changes.json'),
      parse: (text) => schema.parse(JSON.parse(text)).kept,
      write: (kept) => JSON.stringify({ kept }),
      keyOf: keyOfWay,
      ...keeping,
    });
  }

  get list(): readonly KeptChange[] {
    return this.#list.entries;
  }

  keep({ vm, changes }: Drift): void {
    this.#list.put(changes.map(({ path: of, wroteAt, now }) => ({ vm, path: of, wroteAt, value: now })));
  }

  close(): void {
    this.#list.close();
  }
}
