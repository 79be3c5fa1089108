/** What one start of the app hands on to the app that runs already, and what that answers. Both come from another process: data of a known shape, or nothing. */
import { z } from 'zod';
import { longestLink } from '../core/machine/link.js';

const longestWord = 200;
const answer = z.uuid();
const want = z.strictObject({ nesting: z.boolean().exactOptional(), spoofing: z.boolean().exactOptional() });
const review = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('apply'),
    vms: z.array(z.string().max(longestWord)).min(1).max(100).readonly(),
    want,
  }),
  z.strictObject({ kind: z.literal('undo'), run: z.string().max(longestWord).exactOptional() }),
]);

const handedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('show') }),
  /** As it came, cut where no link is that long. */
  z.strictObject({ kind: z.literal('link'), text: z.string().max(longestLink + 1) }),
  z.strictObject({ kind: z.literal('review'), review, answer }),
  z.strictObject({ kind: z.literal('end'), answer }),
]);
export type Handed = z.infer<typeof handedSchema>;

/** Of an older app, or of anybody: the window is shown, and nothing else. */
export function handedOf(data: unknown): Handed {
  const parsed = handedSchema.safeParse(data);
  return parsed.success ? parsed.data : { kind: 'show' };
}

const called = z.strictObject({ id: z.string().max(64), name: z.string().max(1000) });
const answerSchema = z.discriminatedUnion('kind', [
  /** The app has been asked: what it answers comes later. */
  z.strictObject({ kind: z.literal('here') }),
  /** The app waits for a change before it ends, so many seconds at most. */
  z.strictObject({ kind: z.literal('waits'), seconds: z.number().min(0).max(3600) }),
  /** The end of the line behind this word is that of the app. */
  z.strictObject({ kind: z.literal('ending') }),
  z.strictObject({ kind: z.literal('kept') }),
  z.strictObject({ kind: z.literal('opened') }),
  z.strictObject({ kind: z.literal('started'), change: z.string().max(64) }),
  z.strictObject({
    kind: z.literal('decided'),
    outcome: z.enum(['done', 'failed', 'closed']),
    change: z.string().max(64).nullable(),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    why: z.enum(['unknown-vm', 'several-vms', 'no-change', 'nothing-to-undo', 'unread']),
    word: z.string().max(longestWord),
    vms: z.array(called).max(1000),
  }),
]);
export type HandedAnswer = z.infer<typeof answerSchema>;

export function answerOf(line: string): HandedAnswer | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
