/** The badge of a VM: what the nest glyph shows and says. */
import type { Badge } from '../../src/core/machine/vm-state.js';
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
