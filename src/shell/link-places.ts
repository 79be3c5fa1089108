/** Where a link leads in the window: somewhere in any case, and with a notice where what it names is not there. Pure. */
import { idsTo, outermostOf, rootOf, thisPc, type HostId } from '../core/cmdlets/ref.js';
import { ofHost } from '../core/machine/hosts.js';
import { linkOf, type Link } from '../core/machine/link.js';
import { ifRead } from '../core/machine/reading.js';
import { hasUndo } from '../core/run/record.js';
import type { Notice } from '../ipc/notices.js';
import type { AppEvent, AppState, HostState } from '../ipc/schema.js';

export interface LinkPlace {
  /** undefined: the page that is open. */
  readonly event?: Extract<AppEvent, { readonly kind: 'open' | 'wizard' }>;
  readonly notice?: Extract<Notice, { readonly kind: 'link' }>;
}
const notice = (why: Extract<Notice, { kind: 'link' }>['why']): Pick<LinkPlace, 'notice'> => ({
  notice: { kind: 'link', why },
});

/** This PC, and the hosts that were added. */
type Known = Pick<AppState, 'machine' | 'runs' | 'hosts' | 'others'>;
const stateOf = (host: HostId, known: Known) => ofHost<Pick<HostState, 'machine' | 'runs'>>(known, host);
const named = (host: HostId): { readonly host?: HostId } => (host === thisPc ? {} : { host });

export function placeOfLink(text: string, state: Known): LinkPlace {
  const link = linkOf(text);
  if (!link) return notice('unreadable');
  switch (link.to) {
    case 'vm':
      return placeOfVm(link, state);
    case 'check':
      return { event: { kind: 'open', page: 'host' } };
    case 'settings':
      return { event: { kind: 'open', page: 'settings' } };
    case 'error':
      return { event: { kind: 'open', page: 'errors', text: link.code } };
    case 'history':
    case 'undo':
      return placeOfRun(link, state);
  }
}

/** Of a VM in another the page of the one that is on its PC. What cannot be read is not known to be gone. */
function placeOfVm({ vm }: Extract<Link, { to: 'vm' }>, known: Known): LinkPlace {
  const [outer] = idsTo(vm);
  const of = stateOf(rootOf(vm), known);
  if (!of) return { event: { kind: 'open', page: 'machines' }, ...notice('no-vm') };
  const isThere = ifRead(of.machine?.vms, true, (all) => all.some(({ id }) => id === outer));
  if (!isThere) return { event: { kind: 'open', page: 'machines', ...named(rootOf(vm)) }, ...notice('no-vm') };
  return { event: { kind: 'open', page: 'machines', vm: outermostOf(vm) } };
}

function placeOfRun(link: Extract<Link, { to: 'history' | 'undo' }>, known: Known): LinkPlace {
  if (link.run === undefined) return { event: { kind: 'open', page: 'activity' } };
  for (const host of [thisPc, ...known.hosts.map(({ id }) => id)]) {
    const run = stateOf(host, known)?.runs.find(({ id }) => id === link.run);
    if (!run) continue;
    return link.to === 'undo' && hasUndo(run)
      ? { event: { kind: 'wizard', goal: { kind: 'undo', run: run.id, consents: [] }, ...named(host) } }
      : { event: { kind: 'open', page: 'activity', run: run.id, ...named(host) } };
  }
  return { event: { kind: 'open', page: 'activity' }, ...notice('no-change') };
}
