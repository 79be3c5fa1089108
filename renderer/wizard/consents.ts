/** The ticks that a plan needs: one for each thing that cannot be undone. Shutting down is agreed to by the button itself. */
import { idOf } from '../../src/core/cmdlets/ref.js';
import type { Consent } from '../../src/core/machine/goal.js';
import type { Plan } from '../../src/core/change/step.js';
import type { Message, Translator } from '../../src/text/index.js';
import { rowsOf } from './groups.js';
import { settingOf } from './path.js';

export interface Ask {
  readonly consent: Exclude<Consent, 'shut-down'>;
  readonly what: string;
  readonly know: string;
}

export function consentsOf(t: Translator, plan: Plan): readonly Ask[] {
  const names = new Map(plan.chains.map((chain) => [chain.vm, chain.name]));
  return plan.consents.flatMap(({ consent, vms, given }): Ask[] => {
    const [first, ...others] = vms;
    if (given || first === undefined) return [];
    const name = others.length === 0 ? (names.get(first) ?? idOf(first)) : t('app.machines', { count: vms.length });
    switch (consent) {
      case 'shut-down':
        return [];
      case 'upgrade-version': {
        const row = plan.chains
          .filter((chain) => vms.includes(chain.vm))
          .flatMap(rowsOf)
          .find(({ change }) => settingOf(change.path).key === 'version');
        const version = String(row?.change.to ?? '');
        return [{ consent, what: t('wizard.consentVersion', { name, version }), know: t('wizard.consentVersionKnow') }];
      }
      case 'drop-saved-state':
        return [{ consent, what: t('wizard.consentDrop', { name }), know: t('wizard.consentDropKnow') }];
      case 'turn-off':
        return [{ consent, what: t('wizard.consentTurnOff', { name }), know: t('wizard.consentTurnOffKnow') }];
      case 'interrupt-guest-network':
        return [{ consent, what: t('network.consentInterrupt', { name }), know: t('network.consentInterruptKnow') }];
      case 'remove-vm':
        return [{ consent, what: t('create.consentRemove', { name }), know: t('create.consentRemoveKnow') }];
    }
  });
}

/** Why the button waits. null: it does not. */
export function waitsFor(asks: readonly Ask[], given: ReadonlySet<Consent>): Message | null {
  const [first, ...others] = asks.filter(({ consent }) => !given.has(consent));
  if (first === undefined) return null;
  if (others.length > 0) return { key: 'wizard.waitsForTicks' };
  switch (first.consent) {
    case 'upgrade-version':
      return { key: 'wizard.waitsForVersion' };
    case 'drop-saved-state':
      return { key: 'wizard.waitsForDrop' };
    case 'turn-off':
      return { key: 'wizard.waitsForTurnOff' };
    case 'interrupt-guest-network':
      return { key: 'network.waitsForInterrupt' };
    case 'remove-vm':
      return { key: 'create.waitsForRemove' };
  }
}

/** What goes with the click: every tick that was given, and shutting down, which the button says. */
export function agreedTo(plan: Plan, given: ReadonlySet<Consent>): readonly Consent[] {
  return plan.consents.map(({ consent }) => consent).filter((consent) => consent === 'shut-down' || given.has(consent));
}
