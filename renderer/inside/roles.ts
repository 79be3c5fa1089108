/** Roles of a guest in words. */
import type { RoleState } from '../../src/core/machine/machine.js';
import type { Message } from '../../src/text/index.js';

/** Windows' seven states as a person says them. */
export function roleWord(state: RoleState | undefined): Message {
  switch (state) {
    case undefined:
      return { key: 'inside.roleUnread' };
    case 'Enabled':
      return { key: 'inside.roleOn' };
    case 'EnablePending':
      return { key: 'inside.roleOnPending' };
    case 'DisablePending':
      return { key: 'inside.roleOffPending' };
    case 'PartiallyInstalled':
      return { key: 'inside.rolePartly' };
    case 'Absent':
      return { key: 'inside.roleAbsent' };
    case 'Disabled':
    case 'DisabledWithPayloadRemoved':
    case 'Superseded':
      return { key: 'inside.roleOff' };
  }
}

/** It is on, or will be with the next restart. */
export const isOnOrWill = (state: RoleState | undefined): boolean => state === 'Enabled' || state === 'EnablePending';
