/** Calls of one batch by name: an answer is found by the name of its call, never by its place. */
import type { CallResult, Host, HostCall } from './call.js';

export type Batch = Readonly<Record<string, HostCall>>;
export type Answers<Calls extends Batch> = { readonly [Name in keyof Calls]: CallResult<Calls[Name]['cmdlet']> };

/** One round trip. A call with `on: { call: 0 }` is about what the first call of the batch has returned. */
export async function ask<Calls extends Batch>(
  host: Pick<Host, 'call'>,
  calls: Calls,
  signal?: AbortSignal,
): Promise<Answers<Calls>> {
  return answersTo(calls, await host.call(Object.values(calls), signal));
}

/** What a host has answered to `Object.values(calls)`. */
export function answersTo<Calls extends Batch>(calls: Calls, results: readonly CallResult[]): Answers<Calls> {
  const named = Object.keys(calls).map((name, place) => [name, results[place]] as const);
  return Object.fromEntries(named) as Answers<Calls>; // by construction: the place of a name in both is the same
}
