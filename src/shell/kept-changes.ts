/** Changes of others that the user has chosen to keep: `kept-changes.json`, beside the journal of the runs that they undo. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ChangePath } from '../core/goal.js';
import { parsePath } from '../core/vm-settings.js';
import type { Drift } from '../ipc/schema.js';
import type { KeptChange } from './drift.js';

const schema = z.object({
  kept: z.array(
    z.object({
      path: z.custom<ChangePath>((text) => typeof text === 'string' && parsePath(text) !== undefined),
      wroteAt: z.string(),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  ),
});

export class KeptChanges {
  readonly #file: string;
  #list: readonly KeptChange[];

  /** A file that cannot be read is as good as none: what is not kept is asked about once more. */
  constructor(folder: string) {
    this.#file = path.join(folder, 'kept-changes.json');
    this.#list = read(this.#file);
  }

  get list(): readonly KeptChange[] {
    return this.#list;
  }

  keep({ changes }: Drift): void {
    const added = changes.map(({ path: of, wroteAt, now }) => ({ path: of, wroteAt, value: now }));
    this.#list = [...this.#list.filter((one) => !added.some(({ path: of }) => of === one.path)), ...added];
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    // Beside it and renamed: a crash leaves the old one or the new one.
    const next = `${this.#file}.new`;
    fs.writeFileSync(next, JSON.stringify({ kept: this.#list }));
    fs.renameSync(next, this.#file);
  }
}

function read(file: string): readonly KeptChange[] {
  try {
    const parsed = schema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data.kept : [];
  } catch {
    return [];
  }
}
