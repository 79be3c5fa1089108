/** The badge of a VM: what the nest glyph shows and says, and the disc of its state. */
import type { Vm } from '../../src/core/machine/machine.js';
import { isUp, plainState, type Badge } from '../../src/core/machine/vm-state.js';
import type { MessageKey } from '../../src/text/index.js';
import type { IconName } from '../ui/icons.js';

interface Look {
  readonly icon: IconName;
  readonly tone: 'none' | 'on' | 'inside' | 'unk';
  readonly key: Extract<MessageKey, `machines.badge${string}`>;
  readonly long: Extract<MessageKey, `machines.badge${string}`>;
}

const looks: Readonly<Record<Badge, Look>> = {
  off: { icon: 'nest-off', tone: 'none', key: 'machines.badgeOff', long: 'machines.badgeOffLong' },
  on: { icon: 'nest-on', tone: 'on', key: 'machines.badgeOn', long: 'machines.badgeOnLong' },
  probably: { icon: 'nest-inside', tone: 'inside', key: 'machines.badgeProbably', long: 'machines.badgeProbablyLong' },
  inside: { icon: 'nest-inside', tone: 'inside', key: 'machines.badgeInside', long: 'machines.badgeInsideLong' },
  unknown: { icon: 'nest-unknown', tone: 'unk', key: 'machines.badgeUnknown', long: 'machines.badgeUnknownLong' },
};

export const badgeLook = (badge: Badge): Look => looks[badge];

/** Full, half or empty; what starts and stops it are glyphs of buttons. */
export function stateIcon({ state, problem }: Pick<Vm, 'state' | 'problem'>): IconName {
  if (typeof problem === 'string') return 'disk';
  if (isUp(state)) return 'state-on';
  switch (state && plainState(state)) {
    case 'Saved':
    case 'FastSaved':
    case 'Paused':
      return 'state-kept';
    case 'Off':
    case 'Hibernated':
      return 'state-off';
    default:
      return 'state-unknown';
  }
}
