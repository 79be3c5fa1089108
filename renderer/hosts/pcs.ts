/** The PCs as a person sees them: this one first, then the hosts that were added. */
import { thisPc, type HostId } from '../../src/core/cmdlets/ref.js';
import { titleOfFailure } from '../../src/core/errors/failures.js';
import type { Verdict } from '../../src/core/checks/check.js';
import { ifRead } from '../../src/core/machine/reading.js';
import type { AppState } from '../../src/ipc/schema.js';
import type { Translator, Words } from '../../src/text/index.js';
import type { Raw } from '../../src/text/shown.js';
import type { PcState } from '../state/pc-state.svelte.js';
import type { IconName } from '../ui/icons.js';

export interface Pc {
  readonly id: HostId;
  readonly name: Raw;
  /** Of this PC its name; undefined: it is not known yet. */
  readonly address: Raw | undefined;
  readonly face: Face;
  /** It was read at least once. */
  readonly isRead: boolean;
  /** How it stands, in a few words. */
  readonly words: Words;
}
interface Face {
  readonly icon: IconName;
  readonly verdict?: Verdict;
  readonly turning?: true;
}

export function pcsOf({ machine, hosts }: AppState, states: readonly PcState[], t: Translator): readonly Pc[] {
  return states.map((state) => {
    const host = hosts.find(({ id }) => id === state.id);
    const named =
      state.id === thisPc || !host
        ? { name: t('hosts.thisPc'), address: machine?.host.name }
        : { name: host.label, address: host.address };
    return { id: state.id, ...named, isRead: state.machine !== null, ...standOf(state, t) };
  });
}

/** How it stands, and how many VMs it has where that is all. */
export function standOf({ connection, machine, view, ended }: PcState, t: Translator): Pick<Pc, 'face' | 'words'> {
  if (connection?.kind === 'lost') {
    const { since, failure, retryAt } = connection;
    if (retryAt !== null && since !== undefined)
      return { face: { icon: 'unknown', verdict: 'unknown' }, words: t('hosts.awaySince', { since }) };
    return { face: { icon: 'blocker', verdict: 'blocker' }, words: t.message(titleOfFailure(failure)) };
  }
  if (view.kind === 'loading')
    return { face: { icon: 'ring', verdict: 'advice', turning: true }, words: t('hosts.connecting') };
  if (ended) return { face: { icon: 'unknown', verdict: 'unknown' }, words: t('rights.endedOff') };
  if (view.kind === 'list' || view.kind === 'empty')
    return {
      face: { icon: 'ok', verdict: 'ok' },
      words: t('app.machines', { count: ifRead(machine?.vms, 0, (all) => all.length) }),
    };
  return { face: { icon: 'warning', verdict: 'warning' }, words: t('app.verdict.blocker') };
}

/** Its VMs can be shown, as they are or were. */
export const isListed = ({ view }: PcState): boolean => view.kind === 'list' || view.kind === 'empty';
/** Its VMs are shown as they are: there is nothing else to say of it. */
export const isFine = (pc: PcState): boolean => isListed(pc) && pc.ended === undefined;
