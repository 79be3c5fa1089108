/** Why a shell is gone, as a failure: what we did is told as ours, and what antivirus did by its own id. */
import type { Failure, ShellEnd } from '../core/cmdlets/call.js';
import type { TransportEnd } from './transport.js';

/** The id of the error when AMSI refuses a script; about the width of a console it may be broken over two lines. */
const isBlocked = (said: string): boolean => said.replaceAll(/\s+/g, '').includes('ScriptContainedMaliciousContent');

/** `why`: what we ended it for, if we did. */
export function lostFailure({ by, code }: TransportEnd, said: string, why?: ShellEnd['how']): Failure {
  const last = said.trim();
  const how = why ?? (by === 'exit' && code === '0' ? 'ended' : ways[by]);
  return {
    kind: isBlocked(said) ? 'antivirus' : 'session-lost',
    shell: { how, ...(code === '' || why !== undefined ? {} : { code }), ...(last === '' ? {} : { said: last }) },
  };
}

const ways: Readonly<Record<TransportEnd['by'], ShellEnd['how']>> = {
  exit: 'failed',
  signal: 'killed',
  'no-start': 'not-started',
  close: 'disconnected',
  flood: 'not-understood',
};
