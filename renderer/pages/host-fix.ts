/** What the button of a check of this PC says, and where it leads. */
import type { Check, Fix } from '../../src/core/checks/check.js';
import type { Message, Translator } from '../../src/text/index.js';
import { app } from '../state/app.svelte.js';
import { restart } from '../state/leaving.js';
import { route, type ElevatedFrom, type WizardRoute } from '../state/route.svelte.js';

type Act = Extract<Fix, { kind: 'act' }>['act'];

const words: Readonly<Record<Act, Message>> = {
  'join-group': { key: 'host.fixJoin' },
  'allow-session': { key: 'host.fixSession' },
  'sign-out': { key: 'host.fixSignOut' },
  'enable-hyper-v': { key: 'host.fixEnable' },
  restart: { key: 'checks.fixRestart' },
  'hypervisor-auto': { key: 'host.fixHypervisor' },
  'start-service': { key: 'host.fixService' },
};

export const hostFixWord = (t: Translator, { fix }: Pick<Check, 'fix'>): string | undefined =>
  fix?.kind === 'act' ? t.message(words[fix.act]) : undefined;

/** What mends another PC is done there. */
export const canFixHost = ({ fix }: Pick<Check, 'fix'>): boolean => fix?.kind === 'act' && app.isHere;

/** Windows will ask. */
export const asksWindows = ({ fix }: Pick<Check, 'fix'>): boolean =>
  fix?.kind === 'act' && fix.act !== 'sign-out' && fix.act !== 'restart';

/** `from`: the page that it leads back to. `then`: what could not be done before. */
export function fixHost({ fix }: Pick<Check, 'fix'>, from: ElevatedFrom = 'host', then?: WizardRoute): void {
  if (fix?.kind !== 'act') return;
  const { act } = fix;
  if (act === 'restart') return void restart();
  // Both ways to get access, and signing out, have a page of their own; where that shows the VMs as they were, it has not.
  if (act === 'join-group' && app.ended) route.go({ page: 'elevate', act, from });
  else if (act === 'sign-out' || act === 'join-group') route.go({ page: 'machines' });
  else route.go({ page: 'elevate', act, from, ...(then && { then }) });
}
