/** What the button of a check of this PC says, and where it leads. */
import type { Check, Fix } from '../../src/core/checks/check.js';
import type { Message, Translator } from '../../src/text/index.js';
import { route } from '../state/route.svelte.js';

type Act = Extract<Fix, { kind: 'act' }>['act'];

const words: Readonly<Record<Act, Message>> = {
  'join-group': { key: 'host.fixJoin' },
  'allow-session': { key: 'host.fixSession' },
  'sign-out': { key: 'host.fixSignOut' },
  'enable-hyper-v': { key: 'host.fixEnable' },
  'hypervisor-auto': { key: 'host.fixHypervisor' },
  'start-service': { key: 'host.fixService' },
};

export const hostFixWord = (t: Translator, { fix }: Check): string | undefined =>
  fix?.kind === 'act' ? t.message(words[fix.act]) : undefined;

/** Windows will ask. */
export const asksWindows = ({ fix }: Check): boolean => fix?.kind === 'act' && fix.act !== 'sign-out';

export function fixHost({ fix }: Check): void {
  if (fix?.kind !== 'act') return;
  const { act } = fix;
  // Both ways to get access, and signing out, have a page of their own.
  if (act === 'sign-out' || act === 'join-group') route.go({ page: 'machines' });
  else route.go({ page: 'elevate', act, from: 'host' });
}
