/** Why the VMs of a PC are left out of a change of several, or that a PC is missing from one. Pure. */
import { facts, say, type Check } from '../core/checks/check.js';
import type { Failure } from '../core/cmdlets/call.js';
import { titleOfFailure } from '../core/errors/failures.js';

const ofHost = (said: Pick<Check, 'verdict' | 'title' | 'why'>): Check => ({ id: 'host', ...said, evidence: [] });

// `host`: as a person calls it.
export const connecting = (host: string): Check => ofHost(say('blocker', 'plan.hostConnecting', { host }));
export const journalUnread = (host: string): Check => ofHost(say('blocker', 'plan.hostJournal', { host }));
export const stillRunning = (host: string): Check => ofHost(say('blocker', 'plan.hostRunning', { host }));

/** `since`: ISO 8601; undefined: it is there, but what was asked of it failed. */
export function unread(host: string, failure: Failure, since?: string): Check {
  const evidence = facts('ssh', failure.kind);
  if (since !== undefined) return { id: 'host', ...say('blocker', 'plan.hostAway', { host, since }), evidence };
  const title = { key: 'plan.hostUnread', params: { host } } as const;
  return { id: 'host', verdict: 'blocker', title, why: titleOfFailure(failure), evidence };
}

/** Nothing is known any more of the part that each of them had. */
export const missing = (count: number): Check => ofHost(say('warning', 'plan.pcsMissing', { count }));
