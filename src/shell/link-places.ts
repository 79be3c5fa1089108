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

/** A change of several PCs has an id of its own, by which it is undone; History has the part of one PC. */
function placeOfRun({ to, run: wanted }: Extract<Link, { to: 'history' | 'undo' }>, known: Known): LinkPlace {
  if (wanted === undefined) return { event: { kind: 'open', page: 'activity' } };
  const all = [thisPc, ...known.hosts.map(({ id }) => id)].flatMap((host) =>
    (stateOf(host, known)?.runs ?? []).map((record) => ({ record, host: named(host) })),
  );
  const one = all.find(({ record }) => record.id === wanted);
  const parts = one ? [one] : all.filter(({ record }) => record.span?.id === wanted);
  const [first] = parts;
  if (!first) return { event: { kind: 'open', page: 'activity' }, ...notice('no-change') };
  return to === 'undo' && parts.every(({ record }) => hasUndo(record))
    ? { event: { kind: 'wizard', goal: { kind: 'undo', run: wanted, consents: [] }, ...one?.host } }
    : { event: { kind: 'open', page: 'activity', run: first.record.id, ...first.host } };
}
