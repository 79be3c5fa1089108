/** npm run faults: many tries, two at a time; what was reached stands in a file, so that it goes on where it was ended. */
import { createHash, randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { attempt, type Bed, type Tried } from './attempt.js';
import { kinds } from './kinds.js';

const reachedSchema = z.object({
  /** Of the app that was tried: another one begins anew. */
  app: z.string(),
  seed: z.number(),
  tries: z.number(),
  done: z.array(z.number()),
  wrong: z.number(),
  lost: z.number(),
  killed: z.record(z.string(), z.number()),
});
type Reached = z.infer<typeof reachedSchema>;

export interface Options extends Bed {
  /** Where what was reached is kept. */
  readonly file: string;
  readonly seed: number | undefined;
  readonly tries: number;
  readonly lanes: number;
}

function begun({ file, seed, tries, child }: Options): Reached {
  const app = createHash('sha256').update(fs.readFileSync(child)).digest('hex').slice(0, 16);
  const kept = fs.existsSync(file) ? reachedSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8'))) : undefined;
  const isSame = kept?.data?.app === app && kept.data.tries === tries && kept.data.done.length < tries;
  if (kept?.data && isSame && (seed ?? kept.data.seed) === kept.data.seed) return kept.data;
  return { app, seed: seed ?? randomInt(1_000_000) * kinds.length, tries, done: [], wrong: 0, lost: 0, killed: {} };
}

/** Answers whether nothing was wrong or lost. */
export async function run(options: Options): Promise<Reached> {
  const { file, tries, lanes } = options;
  const reached = begun(options);
  const { seed } = reached;
  const done = new Set(reached.done);
  console.log(`seeds ${String(seed)} to ${String(seed + tries - 1)}${done.size > 0 ? `, ${String(done.size)} of them tried before` : ''}`); // prettier-ignore
  const left = Array.from({ length: tries }, (_, index) => seed + index).filter((one) => !done.has(one));
  const keep = (tried: Tried): void => {
    reached.done.push(tried.seed);
    reached.killed[tried.killed] = (reached.killed[tried.killed] ?? 0) + 1;
    if (tried.wrong.length > 0) reached.wrong++;
    if (tried.lost.length > 0) reached.lost++;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, JSON.stringify(reached));
    fs.renameSync(`${file}.new`, file);
    for (const [kind, texts] of [['wrong', tried.wrong], ['lost', tried.lost]] as const) // prettier-ignore
      if (texts.length > 0)
        console.log(`${kind}: ${tried.what}\n  ${texts.slice(0, 12).join('\n  ')}\n  again: npm run faults -- --seed ${String(tried.seed)} --tries 1`); // prettier-ignore
    const count = reached.done.length;
    if (count % 50 === 0) console.log(`${String(count)} of ${String(tries)}`);
  };
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) keep(await attempt(next, options));
    }),
  );
  return reached;
}
