/** What the two processes of a try say to each other: the app on trial, and the parent that holds the simulated PC. */
import { z } from 'zod';
import { guestRef } from '../../src/ipc/goal-schema.js';
import type { FoundShell } from '../../src/powershell/find.js';

const account = z.object({ at: guestRef, userName: z.string(), password: z.string() });

/** What a person does at this start of the app. */
const act = z.discriminatedUnion('kind', [
  /** A goal; with `undo` it is carried out whole, and undone then: that run is the one on trial. */
  z.object({ kind: z.literal('run'), wants: z.unknown(), undo: z.boolean() }),
  /** What was cut short is answered; where nothing was, the last run is undone, or its goal is asked for again. */
  z.object({ kind: z.literal('decide'), how: z.enum(['finish', 'undo', 'leave']) }),
]);

export const orderSchema = z.object({
  address: z.string(),
  folder: z.string(),
  accounts: z.array(account),
  act,
  /** A real shell between app and PC; absent: the simulator is called directly. */
  shell: z
    .object({
      executable: z.string(),
      env: z.record(z.string(), z.string()),
      standIn: z.object({ modules: z.string(), variables: z.array(z.string()) }),
    })
    .optional(),
});
export type Order = z.infer<typeof orderSchema>;

/** The part of an order that says which shell stands between app and PC; empty where there is none. */
export const shellOf = ({ executable, env, standIn }: Partial<FoundShell> = {}): Pick<Order, 'shell'> =>
  executable && standIn
    ? { shell: { executable, env: { ...env }, standIn: { ...standIn, variables: [...standIn.variables] } } }
    : {};
export type Act = Order['act'];
export type Account = Order['accounts'][number];

/** Of the app, on the socket. Each is answered once, with the time of the PC. */
export const askedSchema = z.object({
  id: z.number(),
  calls: z.array(z.unknown()).optional(),
  /** For the calls: who is signed in on the way in. */
  accounts: z.array(account).optional(),
  /** Simulated seconds. */
  wait: z.number().optional(),
  /** A session opens: through a shell with this id, or directly. */
  opened: z.number().optional(),
  /** The run on trial is about to begin: so many steps and calls. The answer says after which event the app ends itself. */
  trial: z.object({ steps: z.number(), calls: z.number() }).optional(),
});
export type Asked = z.infer<typeof askedSchema>;

export const answeredSchema = z.object({
  id: z.number(),
  now: z.number(),
  results: z.array(z.unknown()).optional(),
  dieAfter: z.number().optional(),
});
export type Answered = z.infer<typeof answeredSchema>;

/** Of the app, on its output: written at once, so that nothing that was told is lost with it. */
const told = z.object({ run: z.string(), seq: z.number(), what: z.string() });
export type Told = z.infer<typeof told>;
export const lineSchema = z.union([
  z.object({ event: told }),
  /** As read from the disk at the start. */
  z.object({ read: z.array(told), cutShort: z.array(z.string()) }),
  z.object({ done: z.string() }),
  z.object({ trouble: z.string() }),
]);
export type Line = z.infer<typeof lineSchema>;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
