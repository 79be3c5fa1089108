/** The PCs as a person sees them: this one first, then the hosts that were added. */
import { thisPc, type HostId } from '../../src/core/cmdlets/ref.js';
import { titleOfFailure } from '../../src/core/errors/failures.js';
import type { Verdict } from '../../src/core/checks/check.js';
import { ofHost } from '../../src/core/machine/hosts.js';
import { ifRead } from '../../src/core/machine/reading.js';
import type { AppState, HostState } from '../../src/ipc/schema.js';
import type { Translator, Words } from '../../src/text/index.js';
import type { Raw } from '../../src/text/shown.js';
import { viewOf } from '../state/view.js';
import type { IconName } from '../ui/icons.js';

export interface Pc {
  readonly id: HostId;
  readonly name: Raw;
  /** Of this PC its name; undefined: it is not known yet. */
  readonly address: Raw | undefined;
  readonly face: { readonly icon: IconName; readonly verdict?: Verdict; readonly turning?: true };
  /** It was read at least once. */
  readonly isRead: boolean;
  /** How it stands, in a few words. */
  readonly words: Words;
}

export function pcsOf(all: AppState, t: Translator): readonly Pc[] {
  const own = { id: thisPc, name: t('hosts.thisPc'), address: all.machine?.host.name };
  const hosts = all.hosts.map(({ id, label, address }) => ({ id, name: label, address }));
  return [own, ...hosts].map((pc) => {
    const state: AppState = { ...all, ...ofHost<HostState>(all, pc.id) };
    return { ...pc, isRead: state.machine !== null, ...standOf(state, t) };
  });
}

function standOf(state: AppState, t: Translator): Pick<Pc, 'face' | 'words'> {
  const { connection, machine } = state;
  if (connection.kind === 'lost') {
    const { since, failure, retryAt } = connection;
    if (retryAt !== null && since !== undefined)
      return { face: { icon: 'unknown', verdict: 'unknown' }, words: t('hosts.awaySince', { since }) };
    return { face: { icon: 'blocker', verdict: 'blocker' }, words: t.message(titleOfFailure(failure)) };
  }
  const view = viewOf(state);
  if (view.kind === 'loading')
    return { face: { icon: 'ring', verdict: 'advice', turning: true }, words: t('hosts.connecting') };
  if (view.kind === 'list' || view.kind === 'empty')
    return {
      face: { icon: 'ok', verdict: 'ok' },
      words: t('app.machines', { count: ifRead(machine?.vms, 0, (all) => all.length) }),
    };
  return { face: { icon: 'warning', verdict: 'warning' }, words: t('app.verdict.blocker') };
}
