/** Whether machines can be seen and changed, in one line. */
import type { Connection } from '../../src/ipc/schema.js';

export type RightsLine =
  | { readonly kind: 'elevated' | 'unknown' }
  | { readonly kind: 'group' | 'sign-out' | 'none'; readonly account: string };

export function rightsOf(connection: Connection | undefined): RightsLine {
  if (connection?.kind !== 'ready') return { kind: 'unknown' };
  const { identity } = connection.handshake;
  if (connection.elevated || identity?.isElevated) return { kind: 'elevated' };
  if (identity === null) return { kind: 'unknown' };
  const { account } = identity;
  if (identity.inToken) return { kind: 'group', account };
  return { kind: identity.isMember ? 'sign-out' : 'none', account };
}
