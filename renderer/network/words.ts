/** What the ways are called, and the sentences around a choice: what is made, what is connected, what stops. */
import type { UplinkKind } from '../../src/core/network/uplinks.js';
import type { NetworkWant } from '../../src/core/machine/goal.js';
import type { Translator } from '../../src/text/index.js';
import type { Choice } from './choice.js';
import { problemOf } from './choice.js';

export const wayTitle = {
  'default-switch': 'network.wayDefaultSwitch',
  nat: 'network.wayNat',
  external: 'network.waySpoofing',
} as const satisfies Record<NetworkWant['kind'], string>;

export const uplinkKey = {
  wired: 'network.uplinkWired',
  wireless: 'network.uplinkWireless',
  external: 'network.uplinkExternal',
  internal: 'network.uplinkInternal',
  'default-switch': 'network.uplinkDefaultSwitch',
  private: 'network.uplinkPrivate',
  none: 'network.uplinkNotConnected',
  unknown: 'network.uplinkUnknown',
} as const satisfies Record<UplinkKind, string>;

/** Beside the button: why it waits, or what the click comes to. */
export function chooseNote(t: Translator, name: string, choice: Choice | undefined): string {
  if (!choice) return t('network.noteNone');
  const problem = problemOf(choice);
  if (problem) return t.message(problem);
  const connects = choice.nested.filter(({ isConnected, isThere }) => isConnected && !isThere).length;
  const interrupts = choice.kind === 'external' && !choice.isExisting;
  return [
    choice.makes === 0 ? t('network.noteMakesNone') : t('network.noteMakes', { count: choice.makes, name }),
    ...(connects === 0 ? [] : [t('network.noteConnects', { count: connects })]),
    t(interrupts ? 'network.noteInterrupts' : 'network.noteKeepsRunning', { name }),
  ].join(t('wizard.between'));
}
